// Bytes by country: a table of users joined with an access log. Users stand in memory while their key is reduced, hits
// stream. What no user matches goes to an output of its own.

import { combinedLog, csv, defineJoin, int, jsonLines, object, text } from "millrace";

export default defineJoin({
  name: "user-bytes",
  inputs: {
    users: {
      input: csv({ columns: { name: text(), country: text() } }),
      value: text(),
      map: (user, emit) => emit(user.name, user.country),
    },
    hits: {
      input: combinedLog(),
      value: int(),
      map: (hit, emit) => {
        if (hit.user !== null) emit(hit.user, hit.bytes ?? 0);
      },
    },
  },
  reduce: (user, { users, hits }, emit, context) => {
    let bytes = 0;
    let count = 0;
    for (const each of hits) {
      bytes += each;
      count += 1;
    }
    const [country] = users;
    if (country !== undefined) emit({ user, country, hits: count, bytes });
    else context.outputs.unknown({ user, hits: count });
  },
  output: jsonLines(object({ user: text(), country: text(), hits: int(), bytes: int() })),
  outputs: { unknown: jsonLines(object({ user: text(), hits: int() })) },
});
