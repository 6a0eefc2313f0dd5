// The tools of GNU in the C locale: pipelines that a user types.

import { askVersion } from "./find-program.ts";
import type { Peer, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";

const sort = 'sort --parallel="$THREADS" -T "$SCRATCH" ${MEMORY:+-S "$((MEMORY / 2))b"}';

const programs: Readonly<Partial<Record<Task, string>>> = {
  "word-count": `tr -s ' ' '\\n' < "$IN" | ${sort} | uniq -c | awk '{ print $2 "\\t" $1 }' > "$OUT"`,
  "sort-lines": `${sort} "$IN" > "$OUT"`,
  grep: `grep -c -E "$PATTERN" "$IN" > "$OUT"`,
  "grep-lines": `grep -E "$PATTERN" "$IN" > "$OUT"`,
  join: `${sort} -t "$TAB" -k 1,1 "$IN" > "$SCRATCH/orders" && ${sort} -t "$TAB" -k 1,1 "$IN2" > "$SCRATCH/customers" &&
    join -t "$TAB" "$SCRATCH/orders" "$SCRATCH/customers" > "$OUT"`,
};

/** The peer. */
export const gnuTools: Peer = {
  name: "gnu",
  kind: "tool",
  find: async () => {
    const version = askVersion("sort", ["--version"], /(?<=GNU coreutils\) )\S+/u);
    if (version === undefined) return { kind: "missing", reason: "`sort` is not GNU's; install coreutils" };
    return {
      kind: "found",
      version,
      command: (task, run) => {
        const program = programs[task];
        if (program === undefined) return undefined;
        return {
          file: "bash",
          args: ["-o", "pipefail", "-c", program],
          env: { ...variablesOf(run), TAB: "\t" },
        };
      },
    };
  },
};
