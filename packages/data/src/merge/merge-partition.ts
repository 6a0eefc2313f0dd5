// Merges cursors into one partition of a run: pairs as they are, or states of one key folded into one.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { countsInDouble } from "../aggregate/kernel-state.ts";
import { ByteRange } from "../bytes/byte-range.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { RunWriter } from "../run/run-writer.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";
import { MergedCursor } from "./loser-tree.ts";
import { mergeByKernel } from "./merge-by-kernel.ts";
import { StateFold } from "./state-fold.ts";
import { MergeKernel, type MergeKernels } from "./merge-kernel.ts";

type AnyAggregator = Aggregator<never, unknown>;

/** How cursors are merged. */
export interface MergePartitionOptions {
  readonly aggregator?: AnyAggregator | undefined;
  /** Of the memory that the cursors read into; without, and with an aggregator that does more than count, they are merged pair by pair. */
  readonly byKernel?: MergeKernels | undefined;
}

/** Merge cursors, which are read to their ends, into `partition` of a run. */
export function mergePartition(
  cursors: readonly SegmentCursor[],
  { writer, partition }: { readonly writer: RunWriter; readonly partition: number },
  { aggregator, byKernel }: MergePartitionOptions = {},
): void {
  const canKernels = aggregator === undefined || countsInDouble(aggregator);
  if (byKernel !== undefined && canKernels && writer.takesSorted) {
    const kernel = new MergeKernel(byKernel, { cursors, isStates: aggregator !== undefined });
    mergeByKernel(kernel, { writer, partition }, aggregator);
    return;
  }
  const merged = new MergedCursor(cursors);
  if (aggregator === undefined) copyPairs(merged, writer, partition);
  else foldStates(merged, writer, partition, aggregator);
}

function copyPairs(merged: MergedCursor, writer: RunWriter, partition: number): void {
  const key = new ByteRange();
  const value = new ByteRange();
  while (merged.next()) {
    const cursor = merged.current!;
    key.set(cursor.key, 0, cursor.keyLength);
    if (cursor.isApart) {
      const apart = cursor.openApart();
      writer.appendApart(partition, key, { length: cursor.valueLength, read: (_offset, into) => apart.read(into) });
    } else writer.append(partition, key, value.set(cursor.block, cursor.valueStart, cursor.valueEnd));
  }
}

function foldStates(merged: MergedCursor, writer: RunWriter, partition: number, aggregator: AnyAggregator): void {
  const fold = new StateFold(aggregator);
  const key = new ByteRange();
  const value = new ByteRange();
  const open = new ByteSink(256);
  let isOpen = false;
  while (merged.next()) {
    if (!merged.sameKey) {
      if (isOpen) writer.append(partition, key.set(open.bytes, 0, open.length), fold.encoded(value));
      isOpen = true;
      open.clear();
      open.writeBytes(merged.key, 0, merged.keyLength);
      fold.clear();
    }
    fold.take(merged.current!);
  }
  if (isOpen) writer.append(partition, key.set(open.bytes, 0, open.length), fold.encoded(value));
}
