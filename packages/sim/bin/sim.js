#!/usr/bin/env node
// The simulator's command: `npm run sim -- --seeds N [--seed S]`. Built by `tsc -b packages/sim`.

import { main } from "../dist/main.js";

process.exitCode = await main(process.argv.slice(2));
