// Builds the workspace after `npm ci`, so that one command is enough on a fresh machine: compiles it, then joins the
// programs of task hosts and the command into few files, which load in half the time.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const tsc = join(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../node_modules/typescript/bin/tsc");
if (existsSync(tsc)) {
  const run = spawnSync(process.execPath, [tsc, "-b"], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
  if (process.exitCode === 0) {
    await import("./remove-orphans.mjs");
    await import("../packages/task-host/scripts/bundle-hosts.mjs");
    await import("../packages/cli/scripts/bundle-command.mjs");
  }
}
