// Plain scripts for Node, as one writes them without an engine. Slow and simple, they are what the smoke run takes for
// true.

import { fileURLToPath } from "node:url";
import type { Peer, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";

const tasks: ReadonlySet<Task> = new Set<Task>([
  "word-count",
  "traffic",
  "terasort",
  "sort-lines",
  "grep",
  "grep-lines",
  "join",
  "shuffle",
]);

/** The peer. */
export const nodeScript: Peer = {
  name: "node",
  kind: "script",
  find: async () => ({
    kind: "found",
    version: process.versions.node,
    command: (task, run) =>
      tasks.has(task)
        ? {
            file: process.execPath,
            args: [fileURLToPath(new URL(`./node-scripts/${task}.mjs`, import.meta.url))],
            env: variablesOf(run),
          }
        : undefined,
  }),
};
