// How much counters of NGINX Plus rose, from snapshots of its status API, one JSON object a line. A counter begins again
// at 0 when its process does: then what it shows has been added since. `requests.total` is of the whole server,
// `ssl.handshakes` of each process.

import { defineJob, int, jsonLines, object, text, time } from "millrace";

export default defineJob({
  name: "nginx-requests",
  input: jsonLines(
    object({
      address: text(),
      pid: int(),
      timestamp: time(),
      requests: object({ total: int() }),
      ssl: object({ handshakes: int() }),
    }),
  ),
  key: object({ server: text(), counter: text() }),
  orderBy: time(),
  value: int(),
  map: ({ address, pid, timestamp, requests, ssl }, emit) => {
    emit({ server: address, counter: "requests.total" }, requests.total, timestamp);
    emit({ server: address, counter: `ssl.handshakes of ${pid}` }, ssl.handshakes, timestamp);
  },
  reduce: ({ server, counter }, values, emit) => {
    let increase = 0;
    let before: number | undefined;
    for (const value of values) {
      if (before !== undefined) increase += value >= before ? value - before : value;
      before = value;
    }
    emit({ server, counter, increase });
  },
  output: jsonLines(object({ server: text(), counter: text(), increase: int() })),
});
