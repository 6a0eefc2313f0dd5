// Records of splits into the first operator of a stage: reads the bytes of a part, cuts them by the format's framing,
// makes records and calls the author's map. Used by map attempts, which own what they read, and by samples.

import { formatBytes, limits } from "@millrace/core";
import type { CompressionCodec, OwnedRange, SplitPart } from "@millrace/core";
import { createSplitReader } from "@millrace/data";
import type { BatchStep, ChunkSource, KernelMemory, RecordBatch, SplitReader } from "@millrace/data";
import { Bzip2Source } from "@millrace/formats/engine";
import { badRecord, noRecord } from "@millrace/sdk/engine";
import type { InputFormat, Operator, RecordReader, StepEmit } from "@millrace/sdk/engine";
import { isOwnError } from "../failure/attempt-error.ts";
import { hostLimits } from "../host-limits.ts";
import { addToMeter, meterCells } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import { BatchLines, type BatchLinesOptions } from "./batch-lines.ts";
import type { InputBytes } from "./attempt-io.ts";
import type { PartScope } from "./part-scope.ts";

/** What a feeder is made of. */
export interface FeederOptions {
  readonly format: InputFormat<unknown>;
  /** The function that records are handed to. */
  readonly operator: Operator;
  /** What it is given. */
  readonly emit: StepEmit;
  /** Takes what it can of each batch before the function does. */
  readonly batch?: BatchStep | undefined;
  /** The shuffle that `emit` leads straight into. */
  readonly shuffle?: BatchLinesOptions["shuffle"];
}

/** Hand records to a map function. One for each attempt. */
export class RecordFeeder {
  /** Records handed over. */
  records = 0;
  readonly #run: AttemptRun;
  readonly #format: InputFormat<unknown>;
  readonly #reader: RecordReader<unknown>;
  readonly #map: Operator["map"];
  readonly #emit: StepEmit;
  readonly #batch: BatchStep | undefined;
  /** Takes all of each batch instead of the function. */
  readonly #lines: BatchLines | undefined;
  readonly #scope: PartScope;
  /** Parts that were read before. */
  #parts = 0;
  /** Where the last record of the part began. */
  #lastOffset = 0;
  /** Whether the next record is the first of a file, and the reader one that is told: it may skip a mark there, and there alone. */
  #isFirst = false;

  constructor(run: AttemptRun, { format, operator, emit, batch, shuffle }: FeederOptions) {
    this.#run = run;
    this.#format = format;
    this.#reader = format.createReader({ count: run.counters.add });
    this.#map = operator.map;
    this.#emit = emit;
    this.#batch = batch;
    const { mapBatch, part } = operator;
    if (mapBatch !== undefined && format.layout?.kind === "line")
      this.#lines = new BatchLines(run, { mapBatch, emit, caller: { name: "map", part }, shuffle });
    this.#scope = run.scope(operator.part);
    run.part = operator.part;
  }

  /** Map the records that a part owns. @returns the bytes that they and their delimiters take in the file. */
  readPart(planned: SplitPart): OwnedRange {
    if (this.#format.splitting === "numbers") return this.#countPart(planned);
    const { io, meter } = this.#run.input;
    const { uri, bytes, fileBytes } = planned;
    const before = meter[meterCells.done] ?? 0;
    this.#enterPart(planned);
    meter[meterCells.part] = this.#parts++;
    const input = io.openInput(planned, this.#memoryFor(planned)?.chunk);
    const part = { ...planned, codec: input.codec };
    try {
      const unpacked = unpackedBlocks(input, part);
      const range = rangeOf(part, unpacked);
      const reader = this.#open(unpacked ?? input.source, uri, range);
      this.#mapBatches(reader, range.start, (at) => {
        // How far a file is that is unpacked elsewhere is not known from what it unpacks to.
        if (part.codec === "none") meter[meterCells.done] = before + Math.min(bytes, at - range.start);
        else if (unpacked !== undefined)
          meter[meterCells.done] = before + Math.min(bytes, Math.max(0, unpacked.fileOffset - part.offset));
        return true;
      });
      meter[meterCells.done] = before + bytes;
      input.checkUnchanged();
      if (unpacked !== undefined) return { uri, ...unpacked.owned() };
      if (part.codec !== "none") return { uri, begin: 0, end: fileBytes };
      return { uri, ...reader.owned() };
    } finally {
      input.close();
    }
  }

  /**
   * Map records of a piece of a part until they have `bytesMax` bytes, for a sample: nothing is owned.
   *
   * @param piece - the part with the offset where to begin, and bytes up to the part's end.
   * @returns bytes of the records and what lies between them.
   */
  readPiece(piece: SplitPart, bytesMax: number): number {
    const cut = { ...piece, bytes: Math.min(piece.bytes, bytesMax) };
    if (this.#format.splitting === "numbers") {
      this.#countPart(cut);
      return cut.bytes;
    }
    this.#enterPart(piece);
    // A packed file is looked for as it is; how much of it is read is decided below.
    const input = this.#run.input.io.openInput(piece.codec === "none" ? cut : piece);
    const part = { ...cut, codec: input.codec };
    try {
      const unpacked = unpackedBlocks(input, { ...piece, codec: input.codec });
      const range = rangeOf(part, unpacked);
      const reader = this.#open(unpacked ?? input.source, piece.uri, range);
      return this.#mapBatches(reader, range.start, (at) => at - range.start < bytesMax) - range.start;
    } finally {
      input.close();
    }
  }

  /** Tell how a part is compressed, by a look into the file where its plan does not say. */
  codecOf(part: SplitPart): CompressionCodec {
    if (part.codec !== "detect") return part.codec;
    const input = this.#run.input.io.openInput(part);
    input.close();
    return input.codec;
  }

  /**
   * The memory in which kernels find what is read. Only for formats of our own: others may use functions that take no
   * shared memory. Small parts are not worth the kernels' start.
   */
  #memoryFor(part: SplitPart): KernelMemory | undefined {
    const isWorth = (this.#batch ?? this.#lines) !== undefined || part.bytes >= hostLimits.readBytes;
    return isWorth && this.#format.layout !== undefined ? this.#run.input.memory : undefined;
  }

  #open(source: ChunkSource, uri: string, range: { readonly start: number; readonly end: number }): SplitReader {
    const reader = createSplitReader({
      source,
      ...range,
      framing: this.#format.framing,
      recordBytesMax: limits.recordBytesMax,
      longRecords: "cut",
      uri,
      memory: this.#run.input.memory,
    });
    this.#isFirst = this.#reader.begin !== undefined && range.start === 0;
    if (this.#reader.begin !== undefined) this.#inFormat(() => this.#reader.begin?.({ uri, offset: range.start }));
    return reader;
  }

  /**
   * Map batch after batch while `goesOn`, which is told where each ended in the file.
   *
   * @returns where the last one ended.
   */
  #mapBatches(reader: SplitReader, start: number, goesOn: (at: number) => boolean): number {
    const { meter } = this.#run.input;
    let at = start;
    for (let batch = this.#next(reader); batch !== undefined; batch = this.#next(reader)) {
      const end = batchEnd(batch);
      addToMeter(meter, "bytes", end - at);
      at = end;
      this.#mapBatch(batch);
      if (!goesOn(at)) break;
    }
    this.#finish();
    return at;
  }

  #enterPart(part: SplitPart): void {
    const { meter } = this.#run.input;
    meter[meterCells.part] = -1;
    meter[meterCells.offset] = -1;
    this.#run.place.uri = part.uri;
    this.#lastOffset = part.offset;
    this.#run.enterSplit({ uri: part.uri, offset: part.offset });
  }

  /** What the reader has kept back of records that go over several is the last record of the part. */
  #finish(): void {
    if (this.#reader.finish === undefined) return;
    const { place } = this.#run;
    place.offset = this.#lastOffset;
    const record = this.#inFormat(() => this.#reader.finish?.());
    if (record === noRecord || record === undefined) return;
    place.record = new Uint8Array();
    if (record === badRecord) this.#noteBad();
    else {
      this.#mapOne(record);
      place.record = undefined;
    }
  }

  #next(reader: SplitReader): RecordBatch | undefined {
    // Of all framings these run code of the format's maker.
    const { kind } = this.#format.framing;
    if (kind !== "events" && kind !== "sync-mark") return reader.nextBatch();
    return this.#inFormat(reader.nextBatch);
  }

  /** Call a format, which can be the author's own: what it throws is the job's fault. */
  #inFormat<T>(act: () => T): T {
    try {
      return act();
    } catch (thrown) {
      throw this.#blameFormat(thrown);
    }
  }

  #blameFormat(thrown: unknown): unknown {
    if (isOwnError(thrown)) return thrown;
    return this.#run.note.note(thrown, { running: `input format ${this.#format.name}`, part: this.#run.part });
  }

  #mapBatch(batch: RecordBatch): void {
    if (batch.isCut === true) {
      this.#place(batch, 0);
      this.#noteBad(`longer than ${formatBytes(limits.recordBytesMax)}`);
      this.#lastOffset = this.#run.place.offset;
      return;
    }
    const { count } = batch;
    if (this.#lines !== undefined) {
      this.#lines.map(batch);
      this.records += count;
      this.#run.input.meter[meterCells.records] = this.records;
    } else if (this.#batch === undefined) this.#mapRecords(batch, 0, count);
    else {
      const first = this.#isFirst ? 1 : 0;
      if (first > 0) this.#mapRecords(batch, 0, first);
      for (let index = this.#mapByBatch(batch, first); index < count; index = this.#mapByBatch(batch, index + 1))
        this.#mapRecords(batch, index, index + 1);
    }
    this.#isFirst = false;
    this.#lastOffset = batch.place?.begin ?? batch.fileOffset + (batch.offsets[2 * count - 2] ?? 0);
  }

  /** @returns the first record from `first` on that is left to the function. */
  #mapByBatch(batch: RecordBatch, first: number): number {
    if (first >= batch.count) return first;
    const next = this.#batch?.mapFrom(batch, first) ?? first;
    this.records += next - first;
    this.#run.input.meter[meterCells.records] = this.records;
    return next;
  }

  /** Map records [first, last) of a batch one by one. */
  #mapRecords(batch: RecordBatch, first: number, last: number): void {
    const { gate, note, input } = this.#run;
    const { bytes, offsets } = batch;
    // A record out of an unpacked block is where the block is.
    const [base, step] = batch.place === undefined ? [batch.fileOffset, 1] : [batch.place.begin, 0];
    const { meter } = input;
    const reader = this.#reader;
    const map = this.#map;
    const emit = this.#emit;
    const { context } = this.#scope;
    const records = this.records - first;
    let bad = 0;
    let index = first;
    try {
      for (; index < last; index++) {
        const begin = offsets[2 * index] ?? 0;
        const end = offsets[2 * index + 1] ?? 0;
        const record = reader.read(bytes, begin, end);
        if (record === badRecord || record === noRecord) {
          bad += 1;
          if (record === badRecord) {
            this.#place(batch, index);
            this.#noteBad();
          }
          continue;
        }
        // For who has to say where an endless loop is.
        meter[meterCells.offset] = base + step * begin;
        gate.running = "map";
        const returned = map(record, emit, context);
        // One comparison for the usual case; the gate stays open for the place of an error.
        if (returned !== undefined) this.#run.checkReturned(returned, "map");
        gate.running = undefined;
        if (note.failed) note.check();
        meter[meterCells.records] = records + index + 1 - bad;
      }
    } catch (thrown) {
      this.#place(batch, index);
      throw gate.running === undefined ? this.#blameFormat(thrown) : thrown;
    }
    this.records = records + last - bad;
  }

  /** Numbers are their own records: nothing is read. */
  #countPart(part: SplitPart): OwnedRange {
    this.#enterPart(part);
    const { place, input } = this.#run;
    const end = part.offset + part.bytes;
    for (let number = part.offset; number < end; number++) {
      try {
        this.#mapOne(number);
      } catch (thrown) {
        place.offset = number;
        place.record = new TextEncoder().encode(String(number));
        throw thrown;
      }
      input.meter[meterCells.done] = (input.meter[meterCells.done] ?? 0) + 1;
    }
    return { uri: part.uri, begin: part.offset, end };
  }

  #mapOne(record: unknown): void {
    const { gate, note, input } = this.#run;
    gate.running = "map";
    const returned = this.#map(record, this.#emit, this.#scope.context);
    if (returned !== undefined) this.#run.checkReturned(returned, "map");
    gate.running = undefined;
    if (note.failed) note.check();
    input.meter[meterCells.records] = ++this.records;
  }

  #noteBad(reason = this.#reader.reason()): void {
    const { place, badRecords } = this.#run;
    badRecords.note(place, place.record ?? new Uint8Array(), reason);
    place.record = undefined;
  }

  #place(batch: RecordBatch, index: number): void {
    const begin = batch.offsets[2 * index] ?? 0;
    const { place } = this.#run;
    place.offset = batch.place?.begin ?? batch.fileOffset + begin;
    place.record = batch.bytes.subarray(begin, batch.offsets[2 * index + 1]);
  }
}

/** Bytes of a part whose records are read. What a packed file unpacks to is not known before: its source or its one split says. */
function rangeOf(
  { offset, bytes, codec }: SplitPart,
  unpacked: Bzip2Source | undefined,
): { readonly start: number; readonly end: number } {
  if (codec === "none") return { start: offset, end: offset + bytes };
  return { start: unpacked?.start() ?? 0, end: Number.MAX_SAFE_INTEGER };
}

/** A file that can be read from the middle is unpacked here, where it is known which blocks are the split's. */
function unpackedBlocks({ source }: InputBytes, part: SplitPart): Bzip2Source | undefined {
  if (part.codec !== "bzip2") return undefined;
  const { uri, offset, bytes, fileBytes } = part;
  return new Bzip2Source({ source, begin: offset, end: offset + bytes, fileBytes, uri });
}

function batchEnd(batch: RecordBatch): number {
  return batch.place?.end ?? batch.fileOffset + (batch.offsets[2 * batch.count - 1] ?? 0);
}
