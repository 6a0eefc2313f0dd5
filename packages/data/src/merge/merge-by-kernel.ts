// Merges cursors into one partition of a run by kernels: pairs as they are, or sums of equal keys. What is not plain goes
// pair by pair, or group by group.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { ByteRange } from "../bytes/byte-range.ts";
import type { RunWriter } from "../run/run-writer.ts";
import { foldGroup } from "./fold-group.ts";
import { type MergeKernel, made } from "./merge-kernel.ts";
import { StateFold } from "./state-fold.ts";

/** Write all that a merge gives into a partition. @param aggregator - one that counts. */
export function mergeByKernel(
  kernel: MergeKernel,
  { writer, partition }: { readonly writer: RunWriter; readonly partition: number },
  aggregator?: Aggregator<never, unknown>,
): void {
  const fold = aggregator === undefined ? undefined : new StateFold(aggregator);
  const key = new ByteRange();
  const whole = (bytes: Uint8Array): ByteRange => key.set(bytes, 0, bytes.length);
  for (let isDone = false; !isDone;) {
    // The writer may have left the kernels' memory for a pair that no block had room for.
    kernel.make(!writer.takesSorted ? made.none : aggregator === undefined ? made.pairs : made.states);
    const stopped = fillBlock(kernel, writer, partition);
    if (stopped === "room") writer.closeBlock();
    if (stopped === "twin") {
      writer.keepKey(whole(kernel.writtenKey));
      if (fold === undefined) {
        const { currentKey } = kernel;
        appendCurrent(kernel, { writer, partition }, whole(currentKey));
        kernel.noteWritten(currentKey);
        kernel.noteTaken();
      } else {
        isDone = foldGroup(kernel, fold);
        writer.append(partition, whole(kernel.lastKey), fold.encoded(new ByteRange()));
        kernel.noteWritten(kernel.lastKey);
      }
    } else if (stopped === "done") isDone = true;
  }
}

function fillBlock(kernel: MergeKernel, writer: RunWriter, partition: number): ReturnType<MergeKernel["run"]> {
  let stopped: ReturnType<MergeKernel["run"]> = "done";
  writer.fillBlock(partition, (place) => {
    kernel.setBody(place);
    stopped = kernel.run();
    return { end: kernel.end, pairs: kernel.records };
  });
  return stopped;
}

function appendCurrent(
  kernel: MergeKernel,
  { writer, partition }: { readonly writer: RunWriter; readonly partition: number },
  key: ByteRange,
): void {
  const cursor = kernel.takeCurrent();
  if (cursor.isApart) {
    const apart = cursor.openApart();
    writer.appendApart(partition, key, { length: cursor.valueLength, read: (_offset, into) => apart.read(into) });
  } else writer.append(partition, key, new ByteRange().set(cursor.block, cursor.valueStart, cursor.valueEnd));
}
