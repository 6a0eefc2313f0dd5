// Access logs of web servers, in: Combined Log Format, and Common Log Format, which is its beginning.

import { type KeyCodec, type Table, int, optional, text, time } from "@millrace/sdk";
import { type InputFormat, type RecordReader, badRecord, createTable, noRecord } from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";
import { type LogFields, LogLineParser } from "./parse-log-line.ts";
import { methodOf, pathOf } from "./request-line.ts";
import { unescapeLogText } from "./unescape-log-text.ts";

/**
 * One request, a view of its line: a column costs something only when it is read. Pick columns by name
 * (`hit.path`, `({ path }) => …`); a spread (`{ ...hit }`) copies none of them, `JSON.stringify` and formats see all.
 */
export type CombinedLogRecord = {
  /** Name or address of the client. */
  readonly host: string;
  /** Who was logged in; `null` for `-`. */
  readonly user: string | null;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Such as `GET`; empty when the client sent no request line (`-`, or bytes that are none). */
  readonly method: string;
  /** With its query; everything that the client sent when that is no request line. Empty for `-`. */
  readonly path: string;
  readonly status: number;
  /** Of the body; `null` for `-`. */
  readonly bytes: number | null;
  /** `null` for `-` and in Common Log Format. */
  readonly referrer: string | null;
  /** `null` for `-` and in Common Log Format. */
  readonly userAgent: string | null;
};

/** The columns of {@link combinedLog}, and how they are encoded. */
export type CombinedLog = {
  readonly host: KeyCodec<string, "text">;
  readonly user: KeyCodec<string | null, { readonly optional: "text" }>;
  readonly time: KeyCodec<number, "time">;
  readonly method: KeyCodec<string, "text">;
  readonly path: KeyCodec<string, "text">;
  readonly status: KeyCodec<number, "int">;
  readonly bytes: KeyCodec<number | null, { readonly optional: "int" }>;
  readonly referrer: KeyCodec<string | null, { readonly optional: "text" }>;
  readonly userAgent: KeyCodec<string | null, { readonly optional: "text" }>;
};

/** Codecs of the columns. */
export const combinedColumns: CombinedLog = {
  host: text(),
  user: optional(text()),
  time: time(),
  method: text(),
  path: text(),
  status: int(),
  bytes: optional(int()),
  referrer: optional(text()),
  userAgent: optional(text()),
};

/**
 * Read access logs in Combined or Common Log Format, as real servers write them: escaped and bare quotes, `-`, IPv6,
 * user names with blanks, any method, fields added at the end. Escapes (`\"`, `\x0A`) are undone. A line that is cut off
 * or has no such form is a bad record; an empty line is none. Its columns stand on it for aggregations: `log.status`.
 *
 * @see Apache HTTP Server, "Log Files", Combined Log Format; nginx, `log_format combined`.
 * @example
 * ```ts
 * input: combinedLog(),
 * map: (hit, emit) => emit(hit.path, hit.bytes ?? 0),
 * reduce: sum(),
 * ```
 */
export function combinedLog(): Table<CombinedLog, CombinedLogRecord> {
  return createTable(format, combinedColumns);
}

const format: InputFormat<CombinedLogRecord> = {
  name: "combined-log",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  layout: { kind: "log" },
  createReader: ({ count }): RecordReader<CombinedLogRecord> => {
    const decoder = new TextDecoderOfRecords(count);
    const parser = new LogLineParser();
    let reason = "";
    const read = (
      bytes: Uint8Array,
      begin: number,
      end: number,
    ): CombinedLogRecord | typeof badRecord | typeof noRecord => {
      if (begin === end) return noRecord;
      const text = decoder.decode(bytes, begin, end);
      const line = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
      reason = parser.parse(line);
      return reason === "" ? new LogRecord(line, parser.fields) : badRecord;
    };
    return { read, reason: () => reason };
  },
};

/** A line and the places of its fields. Keeps the line alone, never the chunk it came from. */
export class LogRecord implements CombinedLogRecord {
  readonly #line: string;
  readonly #hostEnd: number;
  readonly #userBegin: number;
  readonly #userEnd: number;
  readonly #time: number;
  readonly #requestBegin: number;
  readonly #requestEnd: number;
  readonly #status: number;
  readonly #bytes: number;
  readonly #referrerBegin: number;
  readonly #referrerEnd: number;
  readonly #userAgentBegin: number;
  readonly #userAgentEnd: number;

  constructor(line: string, fields: LogFields) {
    this.#line = line;
    this.#hostEnd = fields.hostEnd;
    this.#userBegin = fields.userBegin;
    this.#userEnd = fields.userEnd;
    this.#time = fields.time;
    this.#requestBegin = fields.requestBegin;
    this.#requestEnd = fields.requestEnd;
    this.#status = fields.status;
    this.#bytes = fields.bytes;
    this.#referrerBegin = fields.referrerBegin;
    this.#referrerEnd = fields.referrerEnd;
    this.#userAgentBegin = fields.userAgentBegin;
    this.#userAgentEnd = fields.userAgentEnd;
  }

  get host(): string {
    return this.#line.slice(0, this.#hostEnd);
  }

  get user(): string | null {
    // Without an ident the user's place is empty.
    return this.#optional(this.#userBegin, this.#userEnd) || null;
  }

  get time(): number {
    return this.#time;
  }

  get method(): string {
    return methodOf(this.#line, this.#requestBegin, this.#requestEnd);
  }

  get path(): string {
    return pathOf(this.#line, this.#requestBegin, this.#requestEnd);
  }

  get status(): number {
    return this.#status;
  }

  get bytes(): number | null {
    return this.#bytes < 0 ? null : this.#bytes;
  }

  get referrer(): string | null {
    return this.#optional(this.#referrerBegin, this.#referrerEnd);
  }

  get userAgent(): string | null {
    return this.#optional(this.#userAgentBegin, this.#userAgentEnd);
  }

  /** All columns, for JSON.stringify and writers. */
  toJSON(): CombinedLogRecord {
    const { host, user, time, method, path, status, bytes, referrer, userAgent } = this;
    return { host, user, time, method, path, status, bytes, referrer, userAgent };
  }

  #optional(begin: number, end: number): string | null {
    if (begin < 0) return null;
    const text = this.#line.slice(begin, end);
    return text === "-" ? null : unescapeLogText(text);
  }
}
