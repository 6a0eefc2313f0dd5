// From an access log in one scan: hits and bytes of each day, and the pages with the most hits, redirects and errors
// left out.

import { combinedLog, count, defineAggregation, floorTime, integer, jsonLines, lessThan, sum } from "millrace";

const log = combinedLog();
const pages = integer({ default: 3, min: 1, max: 1000, about: "pages in the list" });

export default defineAggregation({
  name: "top-urls",
  params: { pages },
  input: log,
  aggregations: {
    days: {
      groupBy: { day: floorTime(log.time, "1d") },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      output: jsonLines(),
    },
    pages: {
      where: lessThan(log.status, 300),
      groupBy: { path: log.path },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      top: { by: "hits", count: pages },
      output: jsonLines(),
    },
  },
});
