// What a web server did, for each status and minute. Shipped as `log-status`. No type syntax in a shipped job: its file
// is run as it stands.

import { combinedLog, jsonLines } from "@millrace/formats";
import { count, defineJob, fields, int, object, quantile, sum, time } from "@millrace/sdk";

const minuteMs = 60_000;

/**
 * For each status and minute of a Combined or Common access log: hits, the exact sum of bytes, and the 99th percentile
 * of bytes within 1 %, `null` where no response had a size.
 */
export default defineJob({
  name: "log-status",
  input: combinedLog(),
  key: object({ status: int(), minute: time() }),
  map: (hit, emit) => {
    const { bytes } = hit;
    emit({ status: hit.status, minute: Math.floor(hit.time / minuteMs) * minuteMs }, { bytes, p99: bytes });
  },
  reduce: fields({ hits: count(), bytes: sum(), p99: quantile(int(), 0.99) }),
  output: jsonLines(),
});
