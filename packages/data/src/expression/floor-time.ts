// Cuts time into stretches of equal width, in UTC or by the clock of a time zone.
//
// In a zone, a clock on the wall is floored: "1h" gives 14:00, "1d" midnight, "1w" Monday's midnight, "6h" 00:00, 06:00,
// 12:00 or 18:00, whatever was done to the clock that day; a day has 23 or 25 hours when it was set. Where the clock
// was set forward over the begin of a stretch, the stretch begins where it was set. Where it was set back, and showed the
// begin of a stretch twice, a stretch of up to an hour begins each time (so 02:00 to 03:00 makes two groups), and a
// longer one the first time (so a day stays one group). Days are counted from 1970-01-01, weeks from a Monday.

import type { DurationUnit } from "./expression.ts";

/** A stretch in which a zone's offset does not change. */
export interface ZonePeriod {
  /** Milliseconds since 1970. */
  readonly from: number;
  /** Exclusive. */
  readonly until: number;
  /** What its clock shows, less UTC. */
  readonly offsetMs: number;
}

/** A time zone, from whoever knows them. Periods may be cut anywhere, but they tile time, always in the same way. */
export interface TimeZone {
  readonly periodAt: (time: number) => ZonePeriod;
}

/** How wide stretches are. */
export interface TimeWidth {
  readonly count: number;
  readonly unit: DurationUnit;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const unitMs: Readonly<Record<DurationUnit, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: hourMs,
  d: dayMs,
  w: 7 * dayMs,
};
/** 1970-01-01 was a Thursday: weeks begin three days before it. */
const mondayMs = -3 * dayMs;
/** No clock was ever set by more than a day (at the date line). */
const jumpMsMax = dayMs;

/** Milliseconds of a width. */
export function widthMs(width: TimeWidth): number {
  return width.count * unitMs[width.unit];
}

/** Make the function that floors times. @param zone - absent for UTC. It keeps the last answer: not for two threads. */
export function createTimeFloor(width: TimeWidth, zone?: TimeZone): (time: number) => number {
  const ms = widthMs(width);
  const origin = width.unit === "w" ? mondayMs : 0;
  if (zone === undefined) return (time) => floorFrom(time, ms, origin);
  let period: ZonePeriod = { from: 0, until: 0, offsetMs: 0 };
  let shown = Number.NaN;
  let floor = 0;
  return (time) => {
    // Times of a log mostly lie in the stretch of the time before.
    const same = time >= period.from && time < period.until;
    if (!same) period = zone.periodAt(time);
    const wanted = floorFrom(time + period.offsetMs, ms, origin);
    if (same && wanted === shown) return floor;
    shown = wanted;
    floor = beginOf(wanted, period, { zone, ms });
    return floor;
  };
}

/** The greatest `origin + n * ms` that is not above `time`, exactly for any safe integer. */
function floorFrom(time: number, ms: number, origin: number): number {
  const rest = (time - origin) % ms;
  return time - (rest < 0 ? rest + ms : rest);
}

/** When the clock showed `wanted`: as late as possible from `period` on backwards, but see the head of this file. */
function beginOf(wanted: number, period: ZonePeriod, cut: { readonly zone: TimeZone; readonly ms: number }): number {
  for (let current = period; ;) {
    const begin = wanted - current.offsetMs;
    if (begin >= current.from) return cut.ms > hourMs ? firstShown(wanted, begin, current, cut.zone) : begin;
    const before = cut.zone.periodAt(current.from - 1);
    // The clock was set forward over it.
    if (wanted - before.offsetMs >= current.from) return current.from;
    // Beyond what the zone knows, which is more than any clock will show.
    if (!(before.from < current.from)) return begin;
    current = before;
  }
}

/** When the clock first showed `wanted`, which it shows at `begin`: it may have been set back since. */
function firstShown(wanted: number, begin: number, period: ZonePeriod, zone: TimeZone): number {
  let first = begin;
  for (let current = period; current.from > begin - jumpMsMax;) {
    const before = zone.periodAt(current.from - 1);
    if (!(before.from < current.from)) break;
    const earlier = wanted - before.offsetMs;
    if (earlier >= before.from && earlier < current.from) first = earlier;
    current = before;
  }
  return first;
}
