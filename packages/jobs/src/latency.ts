// How long requests took: percentiles of groups and windows. Shipped as `latency`. No type syntax in a shipped job: its
// file is run as it stands.

import { jsonLines, nginxTimed } from "@millrace/formats";
import {
  before,
  boolean,
  choice,
  choose,
  count,
  defineAggregation,
  floorTime,
  isMissing,
  max,
  mean,
  not,
  outputOf,
  quantile,
  textOf,
} from "@millrace/sdk";

const of = choice("requestTime", "upstreamResponseTime", "bytes", {
  default: "requestTime",
  about: "what is measured: seconds of the request or its upstreams, or bytes",
});
const group = choice("path", "method", "status", "host", "all", { default: "path", about: "what hits are grouped by" });
const window = choice("1m", "5m", "15m", "1h", "1d", { default: "1h", about: "the width of the windows" });
const query = boolean({ default: false, about: "whether /a?x=1 and /a?x=2 are different paths" });

const log = nginxTimed({ required: false });
const measure = choose(of, {
  requestTime: log.requestTime,
  upstreamResponseTime: log.upstreamResponseTime,
  bytes: log.bytes,
});
const path = choose(query, { true: log.path, false: before(log.path, "?") });

const latency = defineAggregation({
  name: "latency",
  params: { of, group, window, query },
  input: log,
  where: not(isMissing(measure)),
  counters: { "latency.without": isMissing(measure) },
  aggregations: {
    groups: {
      groupBy: {
        window: floorTime(log.time, window),
        group: choose(group, { path, method: log.method, status: textOf(log.status), host: log.host, all: null }),
      },
      reduce: {
        hits: count(),
        mean: mean(measure),
        p50: quantile(measure, 0.5),
        p90: quantile(measure, 0.9),
        p95: quantile(measure, 0.95),
        p99: quantile(measure, 0.99),
        max: max(measure),
      },
      output: jsonLines(),
    },
  },
});

/**
 * For each window and group of an access log: hits, mean, the 50th, 90th, 95th and 99th percentile within 1 %, and the
 * greatest, of the time that requests took, by window, then by group. Reads what `nginxTimed` reads. Hits without the
 * time are counted in `latency.without`.
 */
export default outputOf(latency, "groups");
