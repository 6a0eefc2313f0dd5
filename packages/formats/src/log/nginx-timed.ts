// Access logs with the time that each request took, in: nginx's combined format and the times behind it.

import { type KeyCodec, type Table, double, optional } from "@millrace/sdk";
import { type InputFormat, createTable } from "@millrace/sdk/engine";
import { createLineReader } from "../columns/line-reader.ts";
import { parseDouble } from "../columns/parse-value.ts";
import { type CombinedLog, type CombinedLogRecord, LogRecord, combinedColumns } from "./combined-log.ts";
import { endOfList, isEmptyList, sumOfList } from "./number-list.ts";
import { type LogFields, LogLineParser } from "./parse-log-line.ts";

/** One request, a view of its line as a {@link CombinedLogRecord} is. */
export type TimedLogRecord = CombinedLogRecord & {
  /** Seconds from the first byte of the request to the last of the response, to the millisecond. */
  readonly requestTime: number;
  /** Seconds that upstreams took, summed when there were several; `null` when there was none. */
  readonly upstreamResponseTime: number | null;
};

/** The columns of {@link nginxTimed}, and how they are encoded. */
export type TimedLog = CombinedLog & {
  readonly requestTime: KeyCodec<number, "double">;
  readonly upstreamResponseTime: KeyCodec<number | null, { readonly optional: "double" }>;
};

const columns: TimedLog = {
  ...combinedColumns,
  requestTime: double(),
  upstreamResponseTime: optional(double()),
};

/**
 * Read access logs in Combined Log Format with `$request_time` behind the user agent, then `$upstream_response_time` or
 * nothing, each in quotes or not: the list of an upstream time (`0.001, 0.002 : 0.003`) is its sum, `-` is `null`. What
 * follows is passed over. A line without the time of its request is a bad record, as is what `combinedLog` refuses.
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
export function nginxTimed(): Table<TimedLog, TimedLogRecord> {
  return createTable(format, columns);
}

const format: InputFormat<TimedLogRecord> = {
  name: "nginx-timed",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  createReader: (options) => {
    const parser = new LogLineParser();
    const times = new TailParser();
    return createLineReader(options, {
      parse: (line) => parser.parse(line) || times.parse(line, parser.fields.userAgentEnd),
      make: (line) => new TimedRecord(line, parser.fields, times),
    });
  },
};

const quoteMark = 0x22;
const blank = 0x20;

/** Parses what stands behind the user agent. */
class TailParser {
  requestTime = 0;
  /** -1 for none. */
  upstreamResponseTime = -1;

  /** @param userAgentEnd place of the quote that ends the user agent, or -1. */
  parse(line: string, userAgentEnd: number): string {
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
    this.upstreamResponseTime = -1;
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

class TimedRecord extends LogRecord implements TimedLogRecord {
  readonly requestTime: number;
  readonly #upstream: number;

  constructor(line: string, fields: LogFields, times: TailParser) {
    super(line, fields);
    this.requestTime = times.requestTime;
    this.#upstream = times.upstreamResponseTime;
  }

  get upstreamResponseTime(): number | null {
    return this.#upstream < 0 ? null : this.#upstream;
  }

  override toJSON(): TimedLogRecord {
    const { requestTime, upstreamResponseTime } = this;
    return { ...super.toJSON(), requestTime, upstreamResponseTime };
  }
}
