// Hand-written C for the machine at hand: no framing, no shuffle, no promise about the output. It shows what the hardware
// allows and is no peer. Compiled once for each text of a program.

import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchCache } from "../data/cache-directory.ts";
import { askVersion } from "./find-program.ts";
import type { Peer, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";

const tasks: ReadonlySet<Task> = new Set<Task>(["word-count", "traffic", "terasort"]);
const flags = ["-O3", "-march=native", "-pthread"] as const;
const compileTimeoutMs = 120_000;

/** The reference. */
export const nativeC: Peer = {
  name: "native-c",
  kind: "reference",
  find: async () => {
    const version = askVersion("cc", ["-dumpfullversion"]);
    if (version === undefined) return { kind: "missing", reason: "there is no `cc`; install a compiler for C" };
    return {
      kind: "found",
      version: `cc ${version}`,
      command: (task, run) => (tasks.has(task) ? { file: compiled(task), args: [], env: variablesOf(run) } : undefined),
    };
  },
};

/** Give the program of a task. @throws {Error} when the compiler refuses it. */
function compiled(task: Task): string {
  const source = fileURLToPath(new URL(`./native-c/${task}.c`, import.meta.url));
  const shared = fileURLToPath(new URL("./native-c/", import.meta.url));
  const hash = createHash("sha256");
  for (const name of [`${task}.c`, "threads.h"]) hash.update(readFileSync(join(shared, name)));
  const program = join(benchCache("native-c"), `${task}-${hash.digest("hex").slice(0, 16)}`);
  if (existsSync(program)) return program;
  const staged = `${program}.${process.pid}`;
  const run = spawnSync("cc", [...flags, "-o", staged, source], { encoding: "utf8", timeout: compileTimeoutMs });
  if (run.status !== 0) throw new Error(`Cannot compile "${source}": ${run.stderr.slice(-600)}`);
  renameSync(staged, program);
  return program;
}
