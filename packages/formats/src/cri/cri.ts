// Logs of containers as Kubernetes keeps them: `2026-11-25T23:00:01.123456789Z stdout F what the program wrote`.

import { limits } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import { type KeyCodec, type Table, boolean, text, time } from "@millrace/sdk";
import {
  type InputFormat,
  type RecordReader,
  type RecordReaderOptions,
  badRecord,
  createTable,
  noRecord,
} from "@millrace/sdk/engine";
import { IsoTimeParser } from "../columns/iso-time.ts";
import { type MakeRecord, createPlaces, createRecordMaker, setNumber, setText } from "../columns/line-record.ts";
import { planColumns } from "../columns/plan-columns.ts";
import { TextDecoderOfRecords } from "../text/decode-text.ts";

/** One line that a program wrote. */
export type CriRecord = {
  /** Milliseconds since 1970 at which the runtime got the line, or the first part of it. */
  readonly time: number;
  /** `stdout` or `stderr`. */
  readonly stream: string;
  /** What the program wrote, without the line's end. */
  readonly log: string;
  /** Whether the line goes on in the next record of its stream: never where parts are joined. */
  readonly partial: boolean;
};

/** The columns of {@link cri}, and how they are encoded. */
export type CriLog = {
  readonly time: KeyCodec<number, "time">;
  readonly stream: KeyCodec<string, "text">;
  readonly log: KeyCodec<string, "text">;
  readonly partial: KeyCodec<boolean, "boolean">;
};

/** How lines that the runtime has cut are read. */
export interface CriOptions {
  /**
   * Whether the parts of a line are put together, for each stream by itself: then a file is read by one task, for no
   * place in it tells what lies open. With `false` each part is a record, marked `partial`, and files are split. Default
   * true.
   */
  readonly joinPartial?: boolean;
}

const columns: CriLog = { time: time(), stream: text(), log: text(), partial: boolean() };

/**
 * Read logs of containers in the format of the Container Runtime Interface, as under `/var/log/pods`. The runtime cuts
 * long lines into parts (tag `P`, the last one `F`), which are joined again, bytes before text, so that a character may
 * lie across. A line that is not of the format is a bad record, as is one whose last part the file does not have, and one
 * whose parts have more than 64 MiB; an empty line is none.
 *
 * @see Kubernetes, "CRI: Log management for container stdout/stderr streams".
 * @example
 * ```ts
 * input: cri(),
 * map: (line, emit) => { if (line.stream === "stderr") emit(line.log, 1); },
 * reduce: sum(),
 * ```
 */
export function cri({ joinPartial = true }: CriOptions = {}): Table<CriLog, CriRecord> {
  const make = createRecordMaker<CriRecord>(
    planColumns("cri", columns),
    () => (line, begin, end) => line.slice(begin, end),
  );
  const format: InputFormat<CriRecord> = {
    name: "cri",
    splitting: joinPartial ? "none" : "delimiter",
    // A part may end in a CR of the line, which is no line end there.
    framing: { kind: "delimited", delimiter: Uint8Array.of(lineFeed) },
    createReader: (options) => new CriReader(make, joinPartial, options),
  };
  return createTable(format, columns);
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const colon = 0x3a;
const upperF = 0x46;
const upperP = 0x50;

type Read = CriRecord | typeof badRecord | typeof noRecord;

/** The parts of a line so far. */
interface OpenLine {
  time: number;
  readonly bytes: ByteSink;
}

class CriReader implements RecordReader<CriRecord> {
  readonly #make: MakeRecord<CriRecord>;
  readonly #joinPartial: boolean;
  readonly #decoder: TextDecoderOfRecords;
  readonly #times = new IsoTimeParser();
  readonly #places = createPlaces(4);
  /** Lines whose last part is to come, by stream. */
  readonly #open = new Map<string, OpenLine>();
  /** Streams with a line that was given up, whose last part is to come. */
  readonly #givenUp = new Set<string>();
  // Of the line that was looked at last.
  #time = 0;
  #stream = "";
  #isPartial = false;
  #logBegin = 0;
  #reason = "";

  constructor(make: MakeRecord<CriRecord>, joinPartial: boolean, { count }: RecordReaderOptions) {
    this.#make = make;
    this.#joinPartial = joinPartial;
    this.#decoder = new TextDecoderOfRecords(count);
  }

  readonly begin = (): void => {
    this.#open.clear();
    this.#givenUp.clear();
  };

  readonly read = (bytes: Uint8Array, begin: number, end: number): Read => {
    if (begin === end || (end - begin === 1 && bytes[begin] === carriageReturn)) return noRecord;
    this.#reason = this.#parseHead(bytes, begin, end);
    if (this.#reason !== "") return badRecord;
    if (this.#givenUp.has(this.#stream)) {
      if (!this.#isPartial) this.#givenUp.delete(this.#stream);
      return noRecord;
    }
    const open = this.#joinPartial ? this.#open.get(this.#stream) : undefined;
    if (open !== undefined) return this.#goOn(open, bytes, end);
    if (this.#joinPartial && this.#isPartial) {
      const first: OpenLine = { time: this.#time, bytes: new ByteSink() };
      this.#open.set(this.#stream, first);
      return this.#goOn(first, bytes, end);
    }
    const log = this.#decoder.decode(
      bytes,
      this.#logBegin,
      this.#isPartial ? end : withoutReturn(bytes, this.#logBegin, end),
    );
    return this.#record(this.#time, log);
  };

  readonly finish = (): Read => {
    if (this.#open.size === 0) return noRecord;
    const streams = [...this.#open.keys()].toSorted().join(" and ");
    this.#open.clear();
    this.#reason = `the file ends before the last part of a line of ${streams}`;
    return badRecord;
  };

  readonly reason = (): string => this.#reason;

  /** Add a part to its line. */
  #goOn(open: OpenLine, bytes: Uint8Array, end: number): Read {
    if (open.bytes.length + end - this.#logBegin > limits.recordBytesMax) {
      this.#open.delete(this.#stream);
      if (this.#isPartial) this.#givenUp.add(this.#stream);
      this.#reason = `the parts of a line have more than ${limits.recordBytesMax} bytes`;
      return badRecord;
    }
    open.bytes.writeBytes(bytes, this.#logBegin, end);
    if (this.#isPartial) return noRecord;
    this.#open.delete(this.#stream);
    const whole = open.bytes;
    return this.#record(open.time, this.#decoder.decode(whole.bytes, 0, withoutReturn(whole.bytes, 0, whole.length)));
  }

  #record(ms: number, log: string): CriRecord {
    // Stream and log stand in one text, so that a record is like those of other lines.
    const line = this.#stream + log;
    setNumber(this.#places, 0, ms);
    setText(this.#places, 1, 0, this.#stream.length);
    setText(this.#places, 2, this.#stream.length, line.length);
    setNumber(this.#places, 3, this.#isPartial ? 1 : 0);
    return this.#make(line, this.#places);
  }

  /** Find time, stream and tags. @returns an empty text, or why the line is no record. */
  #parseHead(bytes: Uint8Array, begin: number, end: number): string {
    const timeEnd = indexOf(bytes, blank, begin, Math.min(end, begin + headBytesMax));
    const streamEnd = timeEnd < 0 ? -1 : indexOf(bytes, blank, timeEnd + 1, Math.min(end, timeEnd + headBytesMax));
    if (streamEnd < 0) return "no time, stream and tag";
    const head = this.#decoder.decode(bytes, begin, streamEnd);
    this.#time = this.#times.parse(head, 0, timeEnd - begin);
    if (Number.isNaN(this.#time)) return "no time such as 2026-11-25T23:00:01.123456789Z";
    const stream = head.slice(timeEnd - begin + 1);
    if (stream !== "stdout" && stream !== "stderr") return "no stream stdout or stderr after the time";
    this.#stream = stream;
    const tag = bytes[streamEnd + 1];
    const found = indexOf(bytes, blank, streamEnd + 1, end);
    const tagsEnd = found < 0 ? withoutReturn(bytes, streamEnd + 1, end) : found;
    if (tagsEnd <= streamEnd + 1 || (tag !== upperF && tag !== upperP)) return "no tag F or P after the stream";
    // Tags that later versions may add stand behind a colon.
    if (tagsEnd > streamEnd + 2 && bytes[streamEnd + 2] !== colon) return "no tag F or P after the stream";
    this.#isPartial = tag === upperP;
    this.#logBegin = found < 0 ? end : found + 1;
    return "";
  }
}

/** Bytes in which each of the first words ends: a time has at most 35. */
const headBytesMax = 64;

function indexOf(bytes: Uint8Array, byte: number, begin: number, end: number): number {
  for (let at = begin; at < end; at++) if (bytes[at] === byte) return at;
  return -1;
}

/** End of a line without the CR that it may end with. */
function withoutReturn(bytes: Uint8Array, begin: number, end: number): number {
  return end > begin && bytes[end - 1] === carriageReturn ? end - 1 : end;
}
