// The question of the workload `traffic`: for each status and minute hits, bytes and their 99th percentile; the 100 paths
// with the most bytes.

import { combinedLog, count, defineAggregation, floorTime, jsonLines, quantile, sum } from "millrace";

const log = combinedLog();

export default defineAggregation({
  name: "bench-traffic",
  input: log,
  aggregations: {
    minutes: {
      groupBy: { status: log.status, minute: floorTime(log.time, "1m") },
      reduce: { hits: count(), bytes: sum(log.bytes), p99: quantile(log.bytes, 0.99) },
      output: jsonLines(),
    },
    paths: {
      groupBy: { path: log.path },
      reduce: { bytes: sum(log.bytes) },
      top: { by: "bytes", count: 100 },
      output: jsonLines(),
    },
  },
});
