// Folds the group that a merge by kernels is at, pair by pair: what they have added up of it and the rest.

import { ByteSink } from "../bytes/byte-sink.ts";
import { writeInt } from "../codec/number-codecs.ts";
import { type MergeKernel, made } from "./merge-kernel.ts";
import type { StateFold } from "./state-fold.ts";

const sumBytes = new ByteSink(16);

/**
 * Fold one group, whose key is then the merge's last.
 *
 * @returns whether nothing is left.
 */
export function foldGroup(kernel: MergeKernel, fold: StateFold): boolean {
  fold.clear();
  const sum = kernel.takeSum();
  if (sum !== undefined) {
    sumBytes.clear();
    writeInt(sum, sumBytes);
    fold.takeBytes(sumBytes.bytes, 0, sumBytes.length);
    // The pair at hand is of the next group: this one's had no room of its own.
    if (!kernel.isSame) return false;
  }
  kernel.make(made.none);
  let isDone = false;
  do {
    fold.take(kernel.takeCurrent());
    kernel.noteTaken();
    isDone = kernel.run() === "done";
  } while (!isDone && kernel.isSame);
  return isDone;
}
