// From an access log in one scan: hits and bytes of each day, and the pages with the most hits.

import { combinedLog, count, defineAggregation, floorTime, integer, jsonLines, sum } from "millrace";

const log = combinedLog();

export default defineAggregation({
  name: "top-urls",
  params: { pages: integer({ default: 3, min: 1, max: 1000, about: "pages in the list" }) },
  input: log,
  aggregations: {
    days: {
      groupBy: { day: floorTime(log.time, "1d") },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      output: jsonLines(),
    },
    pages: {
      groupBy: { path: log.path },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      top: { by: "hits", count: 3 },
      output: jsonLines(),
    },
  },
});
