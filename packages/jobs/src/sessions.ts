// Visits: the hits of a visitor that follow each other, up to a pause. Shipped as `sessions`. No type syntax in a shipped
// job: its file is run as it stands.

import { combinedLog, jsonLines } from "@millrace/formats";
import { choice, defineJob, int, object, optional, text, time, tuple } from "@millrace/sdk";

const minuteMs = 60_000;

/**
 * Cut the hits of each visitor into sessions: a session ends where no hit follows for `gap` minutes. A row for each, by
 * visitor, then by time: begin and end, seconds between them, hits, bytes, the first and the last path. Hits come in order
 * of time by secondary sort, so nothing of a session is kept but its row. Hits without a user are left out, and counted in
 * `sessions.anonymous`, where visitors are users.
 */
export default defineJob({
  name: "sessions",
  params: {
    gap: int({ default: 30, min: 1, max: 10_080, about: "minutes without a hit that end a session" }),
    visitor: choice("agent", "host", "user", {
      default: "agent",
      about: "who a visitor is: a host with a user agent, a host, or a user who is logged in",
    }),
  },
  input: combinedLog(),
  key: tuple(text(), optional(text())),
  value: object({ at: time(), path: text(), bytes: optional(int()) }),
  orderBy: time(),
  map: (hit, emit, { count, params }) => {
    const { time: at, path, bytes } = hit;
    const visitor = params.visitor === "user" ? hit.user : hit.host;
    if (visitor === null) count("sessions.anonymous");
    else emit([visitor, params.visitor === "agent" ? hit.userAgent : null], { at, path, bytes }, at);
  },
  reduce: ([visitor, userAgent], hits, emit, { params }) => {
    const gapMs = params.gap * minuteMs;
    const session = { begin: 0, end: 0, seconds: 0, hits: 0, bytes: 0, entry: "", exit: "" };
    const flush = () => {
      session.seconds = (session.end - session.begin) / 1000;
      if (session.hits > 0) emit({ visitor, userAgent, ...session });
    };
    for (const { at, path, bytes } of hits) {
      if (session.hits === 0 || at - session.end > gapMs) {
        flush();
        Object.assign(session, { begin: at, hits: 0, bytes: 0, entry: path });
      }
      session.end = at;
      session.hits += 1;
      session.bytes += bytes ?? 0;
      session.exit = path;
    }
    flush();
  },
  output: jsonLines(),
});
