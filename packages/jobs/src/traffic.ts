// What a web server did: five reports of one scan. Shipped as `traffic`. No type syntax in a shipped job: its file is run
// as it stands.

import { combinedLog, jsonLines } from "@millrace/formats";
import { count, defineAggregation, distinct, floorTime, int, quantile, sum } from "@millrace/sdk";

const log = combinedLog();
const top = int({ default: 100, min: 1, max: 10_000, about: "rows of each top list" });

/**
 * Reports of an access log in Combined or Common Log Format, each in its folder: `minutes` (for each status and minute
 * hits, bytes and the 50th, 95th and 99th percentile of bytes), `paths` (by bytes), `visitors` (hits, bytes and different
 * visitors of each day, a visitor being a host with a user agent), `referrers` and `agents` (by hits). Times are in UTC.
 */
export default defineAggregation({
  name: "traffic",
  params: { top },
  input: log,
  aggregations: {
    minutes: {
      groupBy: { status: log.status, minute: floorTime(log.time, "1m") },
      reduce: {
        hits: count(),
        bytes: sum(log.bytes),
        p50: quantile(log.bytes, 0.5),
        p95: quantile(log.bytes, 0.95),
        p99: quantile(log.bytes, 0.99),
      },
      output: jsonLines(),
    },
    paths: {
      groupBy: { path: log.path },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      top: { by: "bytes", count: top },
      output: jsonLines(),
    },
    visitors: {
      groupBy: { day: floorTime(log.time, "1d") },
      reduce: { hits: count(), bytes: sum(log.bytes), visitors: distinct(log.host, log.userAgent) },
      output: jsonLines(),
    },
    referrers: {
      groupBy: { referrer: log.referrer },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      top: { by: "hits", count: top },
      output: jsonLines(),
    },
    agents: {
      groupBy: { userAgent: log.userAgent },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      top: { by: "hits", count: top },
      output: jsonLines(),
    },
  },
});
