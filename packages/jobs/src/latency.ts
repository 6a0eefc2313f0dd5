// How long requests took: percentiles of groups and windows. Shipped as `latency`. No type syntax in a shipped job: its
// file is run as it stands.

import { jsonLines, nginxTimed } from "@millrace/formats";
import {
  boolean,
  chain,
  choice,
  count,
  defineJob,
  double,
  fields,
  int,
  max,
  mean,
  object,
  optional,
  quantile,
  records,
  text,
  time,
} from "@millrace/sdk";

const widths = { "1m": 60_000, "5m": 300_000, "15m": 900_000, "1h": 3_600_000, "1d": 86_400_000 };
const key = object({ window: time(), group: optional(text()) });
const seconds = optional(double());
const groups = records(
  object({
    key,
    value: object({ hits: int(), mean: seconds, p50: seconds, p90: seconds, p95: seconds, p99: seconds, max: seconds }),
  }),
);

/** What a hit is grouped by. */
const groupOf = {
  path: ({ path = "" }, withQuery = false) => (withQuery ? path : path.split("?", 1)[0]),
  method: ({ method = "" }) => method,
  status: ({ status = 0 }) => String(status),
  host: ({ host = "" }) => host,
  all: () => null,
};

const measured = defineJob({
  name: "latency-groups",
  params: {
    of: choice("requestTime", "upstreamResponseTime", "bytes", {
      default: "requestTime",
      about: "what is measured: seconds of the request or its upstreams, or bytes",
    }),
    group: choice("path", "method", "status", "host", "all", { default: "path", about: "what hits are grouped by" }),
    window: choice("1m", "5m", "15m", "1h", "1d", { default: "1h", about: "the width of the windows" }),
    query: boolean({ default: false, about: "whether /a?x=1 and /a?x=2 are different paths" }),
  },
  setup: ({ params }) => ({ width: widths[params.window], group: groupOf[params.group] }),
  input: nginxTimed({ required: false }),
  key,
  map: (hit, emit, { count: raise, params, state }) => {
    const value = hit[params.of];
    if (value === null) {
      raise("latency.without");
      return;
    }
    const window = Math.floor(hit.time / state.width) * state.width;
    emit(
      { window, group: state.group(hit, params.query) ?? null },
      { mean: value, p50: value, p90: value, p95: value, p99: value, max: value },
    );
  },
  reduce: fields({
    hits: count(),
    mean: mean(),
    p50: quantile(double(), 0.5),
    p90: quantile(double(), 0.9),
    p95: quantile(double(), 0.95),
    p99: quantile(double(), 0.99),
    max: max(double()),
  }),
  output: groups,
});

/**
 * For each window and group of an access log: hits, mean, the 50th, 90th, 95th and 99th percentile within 1 %, and the
 * greatest, of the time that requests took, by window, then by group. Reads what `nginxTimed` reads. Hits without the
 * time are counted in `latency.without`.
 */
const written = defineJob({
  name: "latency",
  input: groups,
  map: (row, emit) => emit({ ...row.key, ...row.value }),
  output: jsonLines(),
});

export default chain(measured, written);
