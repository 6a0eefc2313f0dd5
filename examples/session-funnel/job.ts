// How far visits come on the way from looking to buying: the events of a user in order of time, cut into sessions where
// nothing happened for half an hour. The order is made on the way (`orderBy`), so that a user's events only stream by.

import { defineJob, int, integer, jsonLines, object, text, time } from "millrace";

const minuteMs = 60_000;

/** What a visit goes through, in this order. */
const steps = ["view", "cart", "pay"];

export default defineJob({
  name: "session-funnel",
  params: { gap: integer({ default: 30, min: 1, about: "minutes without an event that end a session" }) },
  input: jsonLines(object({ user: text(), at: time(), event: text() })),
  key: text(),
  orderBy: time(),
  value: object({ at: time(), event: text() }),
  map: ({ user, at, event }, emit) => emit(user, { at, event }, at),
  reduce: (user, events, emit, context) => {
    const gapMs = context.params.gap * minuteMs;
    let session = { user, began: 0, events: 0, reached: 0 };
    let lastMs = -Infinity;
    for (const { at, event } of events) {
      if (at - lastMs > gapMs) {
        if (session.events > 0) emit(session);
        session = { user, began: at, events: 0, reached: 0 };
      }
      lastMs = at;
      session.events += 1;
      if (event === steps[session.reached]) session.reached += 1;
    }
    emit(session);
  },
  output: jsonLines(object({ user: text(), began: time(), events: int(), reached: int() })),
});
