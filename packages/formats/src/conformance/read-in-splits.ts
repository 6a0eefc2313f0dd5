// Reads a file in memory as the engine would, in any splits and chunks, with everything overwritten that a reader may
// not keep.

import { type ChunkSource, type RecordBatch, createSplitReader } from "@millrace/data";
import { type InputFormat, type RecordReader, badRecord, noRecord } from "@millrace/sdk/engine";
import { showRecord } from "./show-record.ts";

/** What came of the bytes of a record; those that hold nothing are left out. */
export type Outcome = { readonly record: string } | { readonly bad: string };

/** How a file is read. */
export interface ReadPlan {
  /** Where splits after the first begin, ascending. */
  readonly cuts: readonly number[];
  /** Bytes of a chunk, 1 or more. */
  readonly chunkBytes: number;
  /** What stands around each record, 0 to 127; something made of it replaces the record once it is read. */
  readonly filler: number;
}

/** A file. */
export interface SampleFile {
  readonly uri: string;
  readonly bytes: Uint8Array;
}

/** Read all splits of a file, each by a reader of its own. */
export function readInSplits(format: InputFormat<unknown>, file: SampleFile, plan: ReadPlan): readonly Outcome[] {
  const starts = [0, ...plan.cuts];
  return starts.flatMap((start, index) => {
    const split = { start, end: starts[index + 1] ?? file.bytes.length };
    return readPart(createReader(format), format, { file, split, plan });
  });
}

/** Read several files one after the other by one reader, as a split of small files is. */
export function readPacked(
  format: InputFormat<unknown>,
  files: readonly SampleFile[],
  plan: ReadPlan,
): readonly Outcome[] {
  const reader = createReader(format);
  return files.flatMap((file) => readPart(reader, format, { file, split: { start: 0, end: file.bytes.length }, plan }));
}

function createReader(format: InputFormat<unknown>): RecordReader<unknown> {
  // Counters are the engine's; what they are raised by is no part of the records.
  return format.createReader({ count: () => undefined });
}

interface Part {
  readonly file: SampleFile;
  readonly split: { readonly start: number; readonly end: number };
  readonly plan: ReadPlan;
}

type Found = { readonly value: unknown } | { readonly bad: string };

function readPart(reader: RecordReader<unknown>, format: InputFormat<unknown>, part: Part): readonly Outcome[] {
  const { file, split, plan } = part;
  const splits = createSplitReader({
    source: new OverwritingSource(file.bytes, plan),
    ...split,
    framing: format.framing,
    uri: file.uri,
  });
  const found: Found[] = [];
  reader.begin?.({ uri: file.uri, offset: split.start });
  for (let batch = splits.nextBatch(); batch !== undefined; batch = splits.nextBatch()) {
    for (let index = 0; index < batch.count; index++) note(found, reader, readOne(reader, batch, { index, plan }));
  }
  if (reader.finish !== undefined) note(found, reader, reader.finish());
  // Records are looked at after all bytes are gone.
  return found.map((each) => ("bad" in each ? each : { record: showRecord(each.value) }));
}

/** Hand over a copy of the record between other bytes, then overwrite it. */
function readOne(
  reader: RecordReader<unknown>,
  { bytes, offsets }: RecordBatch,
  { index, plan }: { readonly index: number; readonly plan: ReadPlan },
): unknown {
  const record = bytes.subarray(offsets[2 * index], offsets[2 * index + 1]);
  const around = plan.filler % 5;
  const copy = new Uint8Array(record.length + around + 3).fill(plan.filler);
  copy.set(record, around);
  const value = reader.read(copy, around, around + record.length);
  // Another letter for each filler, so that what is read later differs from reading to reading.
  copy.fill(plan.filler ^ 0x55);
  return value;
}

function note(found: Found[], reader: RecordReader<unknown>, value: unknown): void {
  if (value === noRecord) return;
  found.push(value === badRecord ? { bad: reader.reason() } : { value });
}

/** Hands out chunks, each of which is overwritten when the next is asked for. */
class OverwritingSource implements ChunkSource {
  readonly #bytes: Uint8Array;
  readonly #plan: ReadPlan;
  #at = 0;
  #last: Uint8Array = new Uint8Array(0);

  constructor(bytes: Uint8Array, plan: ReadPlan) {
    this.#bytes = bytes;
    this.#plan = plan;
  }

  seek(offset: number): void {
    this.#at = offset;
  }

  next(): Uint8Array | undefined {
    this.#last.fill(this.#plan.filler);
    if (this.#at >= this.#bytes.length) return undefined;
    const end = Math.min(this.#bytes.length, this.#at + this.#plan.chunkBytes);
    this.#last = this.#bytes.slice(this.#at, end);
    this.#at = end;
    return this.#last;
  }
}
