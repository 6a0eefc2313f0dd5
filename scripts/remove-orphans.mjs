// Part of `npm run build`: removes from each package's dist what the compiler made of sources that are gone.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { removeOrphans } from "./built-files.mjs";

const packages = fileURLToPath(new URL("../packages/", import.meta.url));
for (const name of readdirSync(packages)) removeOrphans(join(packages, name));
