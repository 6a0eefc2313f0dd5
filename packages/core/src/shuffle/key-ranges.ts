// Key ranges for a total order: from samples of keys to the cuts between partitions. The cuts depend on the sampled keys
// alone, never on which task told which or when, so that every reign of a coordinator makes the same.

import { limits } from "../limits.ts";

/** How many keys a task of a sample stage may report: its share of all, within bounds, so that few tasks tell much. */
export function sampleKeysMaxOf(tasks: number): number {
  const share = Math.ceil(limits.sampleKeysMax / Math.max(tasks, 1));
  return Math.max(limits.sampleKeysTaskMin, Math.min(limits.sampleKeysTaskMax, share));
}

/**
 * Cut sampled keys into ranges that hold as equal shares of them as whole keys allow. A key goes to the first partition
 * whose cut is above it, else to the last. Cuts ascend strictly as long as the sample has enough distinct keys; what is
 * missing then repeats the last one, which leaves partitions empty. Without any key all that comes goes to partition 0,
 * but for keys above 64 bytes of 0xff.
 * @param samples Beginnings of encoded keys in lower-case hexadecimal, whose order is that of their bytes; in any order.
 * @param partitions 1 or more.
 * @returns `partitions` − 1 cuts, ascending. Cost: sorting the keys.
 */
export function cutKeyRanges(samples: Iterable<string>, partitions: number): readonly string[] {
  // Hexadecimal digits sort as the bytes that they stand for, a beginning before what it begins.
  const keys = [...samples].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const last = keys.at(-1);
  if (last === undefined) return Array.from({ length: partitions - 1 }, () => "ff".repeat(limits.sampleKeyBytesMax));
  const starts = distinctStarts(keys);
  // A cut at the least key would leave the partition before it to keys that the sample has not seen.
  const cuts = chooseCuts(starts, keys.length, partitions).map((index) => keys[starts[index] ?? 0] ?? last);
  while (cuts.length < partitions - 1) cuts.push(cuts.at(-1) ?? last);
  return cuts;
}

/** Positions in sorted keys where another key begins. */
function distinctStarts(keys: readonly string[]): readonly number[] {
  return keys.flatMap((key, index) => (index === 0 || key !== keys[index - 1] ? [index] : []));
}

/**
 * Choose which distinct keys begin partitions 1, 2 and so on: each partition takes what comes nearest to an equal share
 * of the keys that are left, at least one distinct key, and leaves one for each partition to come, while there are any.
 */
function chooseCuts(starts: readonly number[], keys: number, partitions: number): readonly number[] {
  const chosen: number[] = [];
  const wanted = Math.min(partitions, starts.length);
  let at = 0;
  for (let left = wanted; left > 1; left -= 1) {
    const begin = starts[at] ?? 0;
    const share = (keys - begin) / left;
    const latest = starts.length - left + 1;
    let next = at + 1;
    while (next < latest && (starts[next] ?? keys) - begin < share) next += 1;
    const over = (starts[next] ?? keys) - begin - share;
    const under = share - ((starts[next - 1] ?? 0) - begin);
    if (next - 1 > at && under <= over) next -= 1;
    chosen.push(next);
    at = next;
  }
  return chosen;
}
