#!/usr/bin/env node
// The `millrace` command as npm installs it.
import "@millrace/cli/bin";
