// Access logs with the time that each request took, in: nginx's combined format and the times behind it.

import { type KeyCodec, type Table, double, optional } from "@millrace/sdk";
import { type InputFormat, createTable } from "@millrace/sdk/engine";
import { createLineReader } from "../columns/line-reader.ts";
import { parseDouble } from "../columns/parse-value.ts";
import { type CombinedLog, type CombinedLogRecord, LogRecord, combinedColumns } from "./combined-log.ts";
import { endOfList, isEmptyList, sumOfList } from "./number-list.ts";
import { type LogFields, LogLineParser } from "./parse-log-line.ts";

/** One request, a view of its line as a {@link CombinedLogRecord} is. */
export type TimedLogRecord<Time = number> = CombinedLogRecord & {
  /** Seconds from the first byte of the request to the last of the response, to the millisecond; `null` only when not required. */
  readonly requestTime: Time;
  /** Seconds that upstreams took, summed when there were several; `null` when there was none. */
  readonly upstreamResponseTime: number | null;
};

/** The columns of {@link nginxTimed}, and how they are encoded. */
export type TimedLog<Time = KeyCodec<number, "double">> = CombinedLog & {
  readonly requestTime: Time;
  readonly upstreamResponseTime: OptionalDouble;
};

type OptionalDouble = KeyCodec<number | null, { readonly optional: "double" }>;

/** How lines without times are taken. */
export interface TimedLogOptions<R extends boolean = boolean> {
  /** Whether a line without the time of its request is a bad record, or one whose times are `null`. Default true. */
  readonly required?: R;
}

const strictColumns: TimedLog = {
  ...combinedColumns,
  requestTime: double(),
  upstreamResponseTime: optional(double()),
};
const lenientColumns: TimedLog<OptionalDouble> = { ...strictColumns, requestTime: optional(double()) };

/**
 * Read access logs in Combined Log Format with `$request_time` behind the user agent, then `$upstream_response_time` or
 * nothing, each in quotes or not: the list of an upstream time (`0.001, 0.002 : 0.003`) is its sum, `-` is `null`. What
 * follows is passed over. A line without the time of its request is a bad record, as is what `combinedLog` refuses; with
 * `required: false` it is a record without times, so that logs with and without them are read alike, Common Log Format too.
 * Times that stand elsewhere are for `logFormat`.
 *
 * @see nginx, ngx_http_log_module, `$request_time`; ngx_http_upstream_module, `$upstream_response_time`.
 * @example
 * ```ts
 * input: nginxTimed(),
 * map: (hit, emit) => emit(hit.path, hit.requestTime),
 * reduce: quantile(double(), 0.99),
 * ```
 */
export function nginxTimed<const R extends boolean = true>({ required }: TimedLogOptions<R> = {}): R extends true
  ? Table<TimedLog, TimedLogRecord>
  : Table<TimedLog<OptionalDouble>, TimedLogRecord<number | null>> {
  const isRequired = required !== false;
  const table = createTable(createInput(isRequired), isRequired ? strictColumns : lenientColumns);
  // One of the two, as the option says.
  return table as never;
}

function createInput(isRequired: boolean): InputFormat<TimedLogRecord<number | null>> {
  return {
    name: "nginx-timed",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    layout: { kind: "log", times: isRequired ? "required" : "optional" },
    createReader: (options) => {
      const parser = new LogLineParser();
      const times = new TailParser();
      return createLineReader(options, {
        parse: (line) => {
          const reason = parser.parse(line);
          if (reason !== "") return reason;
          const inTimes = times.parse(line, parser.fields.userAgentEnd);
          return isRequired ? inTimes : "";
        },
        make: (line) => new TimedRecord(line, parser.fields, times),
      });
    },
  };
}

const quoteMark = 0x22;
const blank = 0x20;

/** Parses what stands behind the user agent. */
class TailParser {
  /** -1 for none. */
  requestTime = -1;
  /** -1 for none. */
  upstreamResponseTime = -1;

  /** @param userAgentEnd place of the quote that ends the user agent, or -1. */
  parse(line: string, userAgentEnd: number): string {
    this.requestTime = -1;
    this.upstreamResponseTime = -1;
    const at = userAgentEnd + 2;
    if (userAgentEnd < 0 || at >= line.length || line.charCodeAt(at - 1) !== blank)
      return "no time of the request behind the user agent";
    const begin = line.charCodeAt(at) === quoteMark ? at + 1 : at;
    const end = endOfList(line, begin, begin > at ? '"' : "");
    const time = end < 0 ? undefined : parseDouble(line, begin, end);
    if (time === undefined || !(time >= 0 && time < Infinity)) return "the time of the request is no number";
    this.requestTime = time;
    return this.#parseUpstream(line, begin > at ? end + 1 : end);
  }

  #parseUpstream(line: string, from: number): string {
    if (from >= line.length) return "";
    const at = from + 1;
    const begin = line.charCodeAt(at) === quoteMark ? at + 1 : at;
    const end = endOfList(line, begin, begin > at ? '"' : "");
    if (end < 0) return "";
    if (isEmptyList(line, begin, end)) return "";
    const sum = sumOfList(line, begin, end);
    if (sum === undefined) return "the time of the upstream is no number";
    this.upstreamResponseTime = sum;
    return "";
  }
}

class TimedRecord extends LogRecord implements TimedLogRecord<number | null> {
  readonly #requestTime: number;
  readonly #upstream: number;

  constructor(line: string, fields: LogFields, times: TailParser) {
    super(line, fields);
    this.#requestTime = times.requestTime;
    this.#upstream = times.upstreamResponseTime;
  }

  get requestTime(): number | null {
    return this.#requestTime < 0 ? null : this.#requestTime;
  }

  get upstreamResponseTime(): number | null {
    return this.#upstream < 0 ? null : this.#upstream;
  }

  override toJSON(): TimedLogRecord<number | null> {
    const { requestTime, upstreamResponseTime } = this;
    return { ...super.toJSON(), requestTime, upstreamResponseTime };
  }
}
