// Where kernels find the offsets of a batch's records.

import type { KernelPlace } from "../memory/kernel-memory.ts";
import type { RecordBatch } from "../split/split-reader.ts";

/**
 * Make what gives the address of a batch's offsets. Those that lie elsewhere than in kernel memory are copied, once a batch:
 * the address is good until the next one.
 */
export function batchOffsets({
  words,
  offsets: address,
}: Pick<KernelPlace, "words" | "offsets">): (batch: Pick<RecordBatch, "offsets" | "count">) => number {
  let copied: object | undefined;
  return (batch) => {
    const { offsets, count } = batch;
    if (offsets.buffer === words.buffer) return offsets.byteOffset;
    if (copied !== batch) words.set(offsets.subarray(0, 2 * count), address >>> 2);
    copied = batch;
    return address;
  };
}
