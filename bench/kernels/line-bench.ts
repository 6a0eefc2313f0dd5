// The kernel that finds lines, in the split reader.

import { createHash } from "node:crypto";
import { createSplitReader } from "@millrace/data";
import type { KernelMemory, RecordBatch } from "@millrace/data";
import { accessLog, batchesOf } from "./batches.ts";
import type { KernelBench, PreparedBench, Side } from "./kernel-bench.ts";

/** Where lines of a log begin and end. */
export const lineBench: KernelBench = {
  name: "lines",
  about: "where lines of a log begin and end",
  prepare: (options): PreparedBench => {
    const [batch] = batchesOf(accessLog(options.seed), 1, options);
    if (batch === undefined) throw new Error("one batch was asked for");
    const bytes = batch.bytes.subarray(0, (batch.offsets[2 * batch.count - 1] ?? 0) + 1);
    return { bytes: bytes.length, open: (memory) => openSide(memory, bytes) };
  },
};

function openSide(memory: KernelMemory, bytes: Uint8Array): Side {
  memory.chunk.set(bytes);
  const chunk = memory.chunk.subarray(0, bytes.length);
  return {
    pass: () => {
      eachBatch(memory, chunk, () => undefined);
    },
    // Read once more: what compares must not be part of what is timed.
    answer: () => {
      const digest = createHash("sha256");
      let lines = 0;
      eachBatch(memory, chunk, ({ count, offsets }) => {
        lines += count;
        digest.update(new Uint32Array(offsets.subarray(0, 2 * count)));
      });
      return `${lines} lines, ${digest.digest("hex")}`;
    },
  };
}

function eachBatch(memory: KernelMemory, chunk: Uint8Array, see: (batch: RecordBatch) => void): void {
  let isRead = false;
  const source = {
    seek: (): void => undefined,
    next: () => {
      const next = isRead ? undefined : chunk;
      isRead = true;
      return next;
    },
  };
  const framing = { kind: "delimited", delimiter: "line" } as const;
  const reader = createSplitReader({ source, start: 0, end: chunk.length, framing, memory });
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) see(batch);
}
