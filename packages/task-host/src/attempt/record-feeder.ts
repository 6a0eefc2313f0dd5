// Records of splits into the first operator of a stage: reads the bytes of a part, cuts them by the format's framing,
// makes records and calls the author's map. Used by map attempts, which own what they read, and by samples.

import { limits } from "@millrace/core";
import type { OwnedRange, SplitPart } from "@millrace/core";
import { createSplitReader } from "@millrace/data";
import type { RecordBatch, SplitReader } from "@millrace/data";
import { badRecord, noRecord } from "@millrace/sdk/engine";
import type { InputFormat, Operator, RecordReader, StepEmit } from "@millrace/sdk/engine";
import { isOwnError } from "../failure/attempt-error.ts";
import { addToMeter, meterCells } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import type { PartScope } from "./part-scope.ts";

/** What a feeder is made of. */
export interface FeederOptions {
  readonly format: InputFormat<unknown>;
  /** The function that records are handed to. */
  readonly operator: Operator;
  /** What it is given. */
  readonly emit: StepEmit;
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
  readonly #scope: PartScope;
  /** Where the last record of the part began. */
  #lastOffset = 0;

  constructor(run: AttemptRun, { format, operator, emit }: FeederOptions) {
    this.#run = run;
    this.#format = format;
    this.#reader = format.createReader({ count: run.counters.add });
    this.#map = operator.map;
    this.#emit = emit;
    this.#scope = run.scope(operator.part);
    run.part = operator.part;
  }

  /** Map the records that a part owns. @returns the bytes that they and their delimiters take in the file. */
  readPart(part: SplitPart): OwnedRange {
    if (this.#format.splitting === "numbers") return this.#countPart(part);
    const { io, meter } = this.#run.input;
    const packed = part.codec !== "none";
    this.#enterPart(part);
    const input = io.openInput(part);
    try {
      const reader = createSplitReader({
        source: input.source,
        start: packed ? 0 : part.offset,
        // What a packed file unpacks to is not known before: its one split owns all.
        end: packed ? Number.MAX_SAFE_INTEGER : part.offset + part.bytes,
        framing: this.#format.framing,
        recordBytesMax: limits.recordBytesMax,
        uri: part.uri,
      });
      this.#begin(part);
      const before = meter[meterCells.done] ?? 0;
      let at = packed ? 0 : part.offset;
      for (let batch = this.#next(reader); batch !== undefined; batch = this.#next(reader)) {
        const end = batchEnd(batch);
        addToMeter(meter, "bytes", end - at);
        at = end;
        this.#mapBatch(batch);
        if (!packed) meter[meterCells.done] = before + Math.min(part.bytes, end - part.offset);
      }
      this.#finish();
      meter[meterCells.done] = before + part.bytes;
      input.checkUnchanged();
      if (packed) return { uri: part.uri, begin: 0, end: part.fileBytes };
      return { uri: part.uri, ...reader.owned() };
    } finally {
      input.close();
    }
  }

  /**
   * Map records of a piece of a part until they have `bytesMax` bytes. Nothing is owned, no record is a bad one.
   *
   * @param piece - the part with the offset where to begin, and bytes up to the part's end.
   * @returns bytes of the records and what lies between them.
   */
  readPiece(piece: SplitPart, bytesMax: number): number {
    if (this.#format.splitting === "numbers") {
      const range = this.#countPart({ ...piece, bytes: Math.min(piece.bytes, bytesMax) });
      return range.end - range.begin;
    }
    const packed = piece.codec !== "none";
    const start = packed ? 0 : piece.offset;
    this.#enterPart(piece);
    const input = this.#run.input.io.openInput(packed ? piece : { ...piece, bytes: Math.min(piece.bytes, bytesMax) });
    try {
      const reader = createSplitReader({
        source: input.source,
        start,
        end: packed ? Number.MAX_SAFE_INTEGER : start + Math.min(piece.bytes, bytesMax),
        framing: this.#format.framing,
        recordBytesMax: limits.recordBytesMax,
        uri: piece.uri,
      });
      this.#begin(piece);
      let at = start;
      for (let batch = this.#next(reader); batch !== undefined; batch = this.#next(reader)) {
        at = batchEnd(batch);
        this.#mapBatch(batch);
        if (at - start >= bytesMax) break;
      }
      this.#finish();
      addToMeter(this.#run.input.meter, "bytes", at - start);
      return at - start;
    } finally {
      input.close();
    }
  }

  #enterPart(part: SplitPart): void {
    this.#run.place.uri = part.uri;
    this.#lastOffset = part.offset;
    this.#run.enterSplit({ uri: part.uri, offset: part.offset });
  }

  #begin(part: SplitPart): void {
    if (this.#reader.begin === undefined) return;
    const { uri } = part;
    // A packed file is read from its begin, whatever its bytes are.
    const offset = part.codec === "none" ? part.offset : 0;
    this.#inFormat(() => this.#reader.begin?.({ uri, offset }));
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
    // Of all framings this one runs code of the format's maker.
    if (this.#format.framing.kind !== "events") return reader.nextBatch();
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
    const { gate, note, input } = this.#run;
    const { bytes, offsets, count } = batch;
    const reader = this.#reader;
    const map = this.#map;
    const emit = this.#emit;
    const { context } = this.#scope;
    const records = this.records;
    let bad = 0;
    let index = 0;
    try {
      for (; index < count; index++) {
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
        gate.running = "map";
        const returned = map(record, emit, context);
        // One comparison for the usual case; the gate stays open for the place of an error.
        if (returned !== undefined) this.#run.checkReturned(returned, "map");
        gate.running = undefined;
        if (note.failed) note.check();
        input.meter[meterCells.records] = records + index + 1 - bad;
      }
    } catch (thrown) {
      this.#place(batch, index);
      throw gate.running === undefined ? this.#blameFormat(thrown) : thrown;
    }
    this.records = records + count - bad;
    this.#lastOffset = batch.fileOffset + (offsets[2 * count - 2] ?? 0);
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

  #noteBad(): void {
    const { place, badRecords } = this.#run;
    badRecords.note(place, place.record ?? new Uint8Array(), this.#reader.reason());
    place.record = undefined;
  }

  #place(batch: RecordBatch, index: number): void {
    const begin = batch.offsets[2 * index] ?? 0;
    const { place } = this.#run;
    place.offset = batch.fileOffset + begin;
    place.record = batch.bytes.subarray(begin, batch.offsets[2 * index + 1]);
  }
}

function batchEnd(batch: RecordBatch): number {
  return batch.fileOffset + (batch.offsets[2 * batch.count - 1] ?? 0);
}
