// Builds run files from plain pairs and reads them back, for tests.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import { compareBytes } from "../../src/index.ts";
import type { BlockCodec, RunTools, SegmentSummary } from "../../src/index.ts";
import { ByteRange } from "../../src/bytes/byte-range.ts";
import { crc32 } from "../../src/hash/crc32.ts";
import { MemoryRunStore, memorySource } from "../../src/run/memory-store.ts";
import { openRunFile } from "../../src/run/run-file.ts";
import { RunWriter, type RunWriterOptions, type WrittenRun } from "../../src/run/run-writer.ts";
import { SegmentCursor } from "../../src/run/segment-cursor.ts";

export interface Pair {
  readonly partition: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export const deflate: BlockCodec = {
  id: 2,
  name: "deflate",
  compress: (raw) => deflateRawSync(raw),
  decompress: (stored, rawBytes) => inflateRawSync(stored, { maxOutputLength: rawBytes }),
};

export const tools: RunTools = { crc32, codecs: [deflate] };
export const origin = { name: "test", code: "E_SEGMENT" } as const;

export interface BuiltRun extends WrittenRun {
  readonly bytes: Uint8Array;
}

/** Sort pairs by (partition, key), keeping the order of equal ones. */
export function sortPairs(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted((a, b) => a.partition - b.partition || compareBytes(a.key, b.key));
}

/** Write pairs, which are in order, as a run file. */
export function buildRun(
  pairs: readonly Pair[],
  options: Partial<RunWriterOptions> & { readonly partitions: number },
): BuiltRun {
  const store = new MemoryRunStore();
  const writer = new RunWriter({
    target: store.createRun("run"),
    crc32,
    kind: "values",
    sources: "single",
    ...options,
  });
  for (const pair of pairs) writer.append(pair.partition, new ByteRange(pair.key), new ByteRange(pair.value));
  const written = writer.finish();
  return { ...written, bytes: store.files.get("run")! };
}

/** The pair that a cursor stands on. */
export function pairAt(cursor: SegmentCursor, partition: number): Pair {
  const value = cursor.isApart
    ? new Uint8Array(cursor.valueLength)
    : cursor.block.slice(cursor.valueStart, cursor.valueEnd);
  if (cursor.isApart) cursor.openApart().read(value);
  return { partition, key: cursor.key.slice(0, cursor.keyLength), value };
}

/** Read the pairs that a cursor has. */
export function readCursor(cursor: SegmentCursor, partition: number): Pair[] {
  const pairs: Pair[] = [];
  while (cursor.next()) pairs.push(pairAt(cursor, partition));
  return pairs;
}

/** Read a whole run file. */
export function readRun(bytes: Uint8Array, expected?: readonly SegmentSummary[]): Pair[] {
  const source = memorySource(bytes);
  const file = openRunFile(source, tools, origin);
  return file.segments.flatMap((segment, partition) => {
    const cursor = new SegmentCursor({
      source,
      offset: segment.offset,
      bytes: segment.bytes,
      expected: expected?.[partition] ?? segment,
      tools,
      origin,
      kind: file.kind,
    });
    return readCursor(cursor, partition);
  });
}

/** Pairs as text, to compare and to show. */
export function show(pairs: readonly Pair[]): string[] {
  return pairs.map(
    (pair) =>
      `${pair.partition} ${Buffer.from(pair.key).toString("hex")} ${pair.value.length > 40 ? `${pair.value.length} bytes, crc ${crc32(pair.value)}` : Buffer.from(pair.value).toString("hex")}`,
  );
}
