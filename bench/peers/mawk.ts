// mawk, the fastest of the awks: one program a task. Sums are printed as whole numbers of any size; it has no quantiles.

import { askVersion } from "./find-program.ts";
import type { Peer, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";

const programs: Readonly<Partial<Record<Task, string>>> = {
  "word-count": `mawk '{ for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) print w "\\t" n[w] }' "$IN" > "$OUT"`,
  traffic: `mawk -v minutes="$OUT/minutes" -v paths="$OUT/unsorted" '
    { m = $9 "\\t" substr($4, 2, 17); hits[m]++; bytes[m] += $10; total[$7] += $10 }
    END {
      for (m in hits) printf "%s\\t%d\\t%.0f\\n", m, hits[m], bytes[m] > minutes
      for (p in total) printf "%s\\t%.0f\\n", p, total[p] > paths
    }' "$IN" && sort -t "$TAB" -k 2,2nr -k 1,1 "$OUT/unsorted" | head -n 100 > "$OUT/paths"`,
  grep: `mawk -v pattern="$PATTERN" '$0 ~ pattern { n++ } END { print n + 0 }' "$IN" > "$OUT"`,
  "grep-lines": `mawk -v pattern="$PATTERN" '$0 ~ pattern' "$IN" > "$OUT"`,
  join: `mawk -F "$TAB" 'NR == FNR { text[$1] = $2; next } $1 in text { print $0 FS text[$1] }' "$IN2" "$IN" > "$OUT"`,
};

/** The peer. */
export const mawk: Peer = {
  name: "mawk",
  kind: "tool",
  find: async () => {
    const version = askVersion("mawk", ["-W", "version"], /(?<=mawk )\S+/u);
    if (version === undefined)
      return { kind: "missing", reason: "there is no `mawk`; install it by the system's packages" };
    return {
      kind: "found",
      version,
      command: (task, run) => {
        const program = programs[task];
        return program === undefined
          ? undefined
          : { file: "bash", args: ["-c", program], env: { ...variablesOf(run), TAB: "\t" } };
      },
    };
  },
};
