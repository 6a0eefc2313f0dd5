// ripgrep, from PyPI into the bench's environment, or from PATH.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { askVersion } from "./find-program.ts";
import type { Peer, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";
import { pythonEnvironment } from "./python-peers.ts";

const programs: Readonly<Partial<Record<Task, string>>> = {
  grep: `"$RG" --no-config -j "$THREADS" -c -e "$PATTERN" "$IN" > "$OUT"`,
  "grep-lines": `"$RG" --no-config -j "$THREADS" -e "$PATTERN" "$IN" > "$OUT"`,
};

/** The peer. */
export const ripgrep: Peer = {
  name: "ripgrep",
  kind: "tool",
  find: async () => {
    const own = join(pythonEnvironment(), "bin", "rg");
    const program = existsSync(own) ? own : "rg";
    const version = askVersion(program, ["--version"], /(?<=ripgrep )\S+/u);
    if (version === undefined)
      return {
        kind: "missing",
        reason: "not installed; `npm run bench -- install-peers` does, or the system's packages",
      };
    return {
      kind: "found",
      version,
      command: (task, run) => {
        const script = programs[task];
        return script === undefined
          ? undefined
          : { file: "bash", args: ["-c", script], env: { ...variablesOf(run), RG: program } };
      },
    };
  },
};
