// Time zones by name, from the platform's own tables (IANA's, as the Node of a job's version has them).

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { TimeZone, ZonePeriod } from "@millrace/data";

const dayMs = 24 * 3_600_000;
/** Dates that the platform can tell apart end here (ECMA-262, 21.4.1.1); clocks before and after are those of the ends. */
const dateMsMax = 8.64e15;
/** Days whose periods are kept: 10 MB at most, more than a century. */
const daysMax = 50_000;

/**
 * Check the name of a time zone.
 *
 * @throws {MillraceError} E_JOB_INVALID with the nearest name that there is.
 */
export function checkTimeZone(name: string): void {
  try {
    createOffsets(name);
  } catch (thrown) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot use the time zone ${quote(name)}: there is none of this name${didYouMean(name, Intl.supportedValuesOf("timeZone"))}; name one such as "Europe/Berlin"`,
      { cause: thrown },
    );
  }
}

/** Open a time zone. Days are looked up once and kept. @throws {RangeError} for a name that {@link checkTimeZone} refuses. */
export function openTimeZone(name: string): TimeZone {
  const offsetAt = createOffsets(name);
  const days = new Map<number, readonly ZonePeriod[]>();
  const periodAt = (time: number): ZonePeriod => {
    const day = Math.floor(time / dayMs);
    let periods = days.get(day);
    if (periods === undefined) {
      if (days.size >= daysMax) days.clear();
      periods = periodsOfDay(day * dayMs, offsetAt);
      days.set(day, periods);
    }
    const [first, second] = periods;
    return second !== undefined && time >= second.from ? second : (first as ZonePeriod);
  };
  return { periodAt };
}

/** One period, or two when clocks were set that day: no place ever did it twice in one. */
function periodsOfDay(begin: number, offsetAt: (time: number) => number): readonly ZonePeriod[] {
  const end = begin + dayMs;
  const before = offsetAt(begin);
  const after = offsetAt(end);
  if (before === after) return [{ from: begin, until: end, offsetMs: before }];
  let low = begin;
  let high = end;
  // Clocks are set at whole seconds; 18 halvings of a day find one.
  while (high - low > 1_000) {
    const middle = Math.floor((low + high) / 2 / 1_000) * 1_000;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return [
    { from: begin, until: high, offsetMs: before },
    { from: high, until: end, offsetMs: after },
  ];
}

/** Make the function that gives what a zone's clock shows, less UTC, in milliseconds. */
function createOffsets(name: string): (time: number) => number {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: name, timeZoneName: "longOffset" });
  return (time) => {
    const within = Math.min(dateMsMax, Math.max(-dateMsMax, time));
    const part = format.formatToParts(within).find(({ type }) => type === "timeZoneName");
    return parseOffset(part?.value ?? "GMT");
  };
}

/** `GMT`, `GMT+05:30`, `GMT-00:01:15`. */
function parseOffset(text: string): number {
  const match = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/u.exec(text);
  if (match === null) return 0;
  const [, sign, hours, minutes, seconds = "0"] = match;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return (sign === "-" ? -offset : offset) * 1_000;
}
