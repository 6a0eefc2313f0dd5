// What is scraped for generated metrics: processes with counters, gauges, a histogram and a summary, that restart, are
// replaced, and are silent for a while.

import type { RandomStream } from "./random.ts";
import { ascii } from "./write-ascii.ts";

/** How a series moves from scrape to scrape. `observations` is the bucket `+Inf`, before the others of its histogram. */
export type SeriesKind = "counter" | "observations" | "bucket" | "sum" | "gauge" | "start";

/** A series of a target. */
export interface MetricSeries {
  /** Name, labels and a blank, as a line begins. */
  readonly text: Uint8Array;
  readonly kind: SeriesKind;
}

/** A process that is scraped. */
export interface MetricTarget {
  readonly series: readonly MetricSeries[];
  /** Current value of each series: sums and gauges in thousandths, NaN for a gauge that does not answer. */
  readonly values: Float64Array;
  /** Milliseconds of the scrape interval at which it is scraped. */
  readonly offsetMs: number;
  /** Scrapes that it is still silent for. */
  silent: number;
  /** Scrapes until another takes its place. */
  left: number;
}

const handlers = ["/", "/api/v1/orders", "/static/app.js"];
const codes = ["200", "404", "500"];
/** Upper bounds of buckets, from the top, so that each can have a part of what the one before it has. */
const bounds = ["+Inf", "5", "1", "0.5", "0.1", "0.05", "0.01", "0.005"];
const quantiles = ["0.5", "0.9", "0.99"];
/** Bytes of label values with all that has to be escaped, as they are written. */
const devices = [String.raw`C:\\DATA`, String.raw`net \"eth0\"`, String.raw`two\nlines`];

/** What stands at the head of a file: the families' types. */
export const metricHead = ascii(
  [
    ["http_requests", "counter", "Requests by handler and code."],
    ["http_request_duration_seconds", "histogram", String.raw`How long requests took.\nBy handler.`],
    ["queue_wait_seconds", "summary", "How long jobs waited."],
    ["device_bytes", "counter", "Bytes by device."],
    ["temperature_celsius", "gauge", "NaN where a sensor does not answer."],
    ["process_start_time_seconds", "gauge", "When the process began."],
  ]
    .map(([name, type, help]) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
    .join(""),
);

/** Make a target. @param name tells it from all others, before and beside it. */
export function createTarget(name: string, offsetMs: number, random: RandomStream): MetricTarget {
  const series = seriesOf(name);
  return {
    series,
    values: new Float64Array(series.length),
    offsetMs,
    silent: 0,
    // Lives for 150 to 661 scrapes: of many targets one is replaced every few minutes.
    left: 150 + (random.next() & 511),
  };
}

/** The series of a target; the start time is the last. */
function seriesOf(name: string): readonly MetricSeries[] {
  const series: MetricSeries[] = [];
  const add = (kind: SeriesKind, text: string): void => {
    series.push({ kind, text: ascii(`${text} `) });
  };
  const target = `instance="${name}:8080",job="api"`;
  for (const handler of handlers)
    for (const code of codes) add("counter", `http_requests_total{code="${code}",handler="${handler}",${target}}`);
  for (const handler of handlers) {
    // As exporters write it: `le` last, not in the order of the names.
    for (const bound of bounds)
      add(
        bound === "+Inf" ? "observations" : "bucket",
        `http_request_duration_seconds_bucket{handler="${handler}",${target},le="${bound}"}`,
      );
    add("sum", `http_request_duration_seconds_sum{handler="${handler}",${target}}`);
  }
  for (const quantile of quantiles) add("gauge", `queue_wait_seconds{${target},quantile="${quantile}"}`);
  for (const device of devices) add("counter", `device_bytes_total{device="${device}",${target}}`);
  add("gauge", `temperature_celsius{${target}}`);
  add("start", `process_start_time_seconds{${target}}`);
  return series;
}

/** Begin anew: every counter falls to nothing. */
export function restartTarget(target: MetricTarget, second: number): void {
  for (const [index, { kind }] of target.series.entries()) target.values[index] = kind === "start" ? second : 0;
}
