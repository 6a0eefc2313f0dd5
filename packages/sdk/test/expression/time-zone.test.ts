// floorTime by the clocks of real zones, against a plain reading of what it promises: go through time in steps of a
// quarter of an hour and note when a stretch begins.

import { createTimeFloor, type TimeWidth, widthMs } from "@millrace/data";
import { describe, expect, it } from "vitest";
import { floorTime } from "../../src/index.ts";
import { createExpr } from "../../src/expression/expr.ts";
import { checkTimeZone, openTimeZone } from "../../src/expression/time-zone.ts";

const quarterMs = 15 * 60_000;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What a clock on the wall shows, as if it were UTC. */
function wallClock(zone: string): (time: number) => number {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    hourCycle: "h23",
  });
  return (time) => {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"]);
  };
}

/** Floor what the clock shows. */
function floorWall(wall: number, width: TimeWidth): number {
  const origin = width.unit === "w" ? Date.UTC(1969, 11, 29) : 0;
  const ms = widthMs(width);
  return Math.floor((wall - origin) / ms) * ms + origin;
}

/** For each quarter of an hour from `from` to `until`, the begin of its stretch. */
function* stretches(
  zone: string,
  width: TimeWidth,
  range: { readonly from: number; readonly until: number },
): Generator<[number, number]> {
  const wallAt = wallClock(zone);
  const begins = new Map<number, number>();
  let shown = Number.NaN;
  let begin = Number.NaN;
  // Two widths and a day before, so that the first stretch that is compared began in sight.
  for (let time = range.from - 2 * widthMs(width) - dayMs; time < range.until; time += quarterMs) {
    const wall = wallAt(time);
    const floor = floorWall(wall, width);
    if (widthMs(width) <= hourMs) {
      // A stretch of up to an hour begins whenever its begin is shown.
      if (floor !== shown || wall === floor) begin = time;
      shown = floor;
    } else {
      // A longer one the first time that a time of it is shown.
      if (!begins.has(floor)) begins.set(floor, time);
      begin = begins.get(floor)!;
    }
    if (time >= range.from) yield [time, begin];
  }
}

const widths: readonly TimeWidth[] = [
  { count: 15, unit: "m" },
  { count: 30, unit: "m" },
  { count: 1, unit: "h" },
  { count: 2, unit: "h" },
  { count: 6, unit: "h" },
  { count: 1, unit: "d" },
  { count: 3, unit: "d" },
  { count: 1, unit: "w" },
];

describe("floorTime in a zone", () => {
  it.each([
    ["Europe/Berlin", "2024-03-31"],
    ["Europe/Berlin", "2024-10-27"],
    ["America/New_York", "2024-03-10"],
    ["America/New_York", "2024-11-03"],
    // Midnight is skipped, or shown twice.
    ["America/Sao_Paulo", "2018-11-04"],
    ["America/Sao_Paulo", "2018-02-18"],
    ["America/Havana", "2024-03-10"],
    ["America/Havana", "2024-11-03"],
    ["Asia/Beirut", "2024-10-27"],
    // By half an hour.
    ["Australia/Lord_Howe", "2024-04-07"],
    ["Australia/Lord_Howe", "2024-10-06"],
    // By two hours, over the begin of a stretch.
    ["Antarctica/Troll", "2024-03-31"],
    ["Antarctica/Troll", "2024-10-27"],
    // Offsets that are no whole hours, and a day that was left out.
    ["Asia/Kathmandu", "2024-01-01"],
    ["Pacific/Apia", "2011-12-30"],
    ["Africa/Casablanca", "2024-03-10"],
    ["UTC", "2024-02-29"],
  ])("of %s around %s follows the clock on the wall", (zone, day) => {
    const middle = Date.parse(`${day}T00:00:00Z`);
    for (const width of widths) {
      const floor = createTimeFloor(width, openTimeZone(zone));
      for (const [time, begin] of stretches(zone, width, { from: middle - 3 * dayMs, until: middle + 3 * dayMs }))
        if (floor(time) !== begin)
          expect.fail(
            `${width.count}${width.unit} of ${new Date(time).toISOString()} is ${new Date(floor(time)).toISOString()}, not ${new Date(begin).toISOString()}`,
          );
    }
  });

  it("gives the same answers in any order of times", () => {
    const zone = openTimeZone("Europe/Berlin");
    const width: TimeWidth = { count: 1, unit: "d" };
    const times = Array.from(
      { length: 2_000 },
      (_, index) => Date.UTC(2024, 0, 1) + ((index * 7_919) % 2_000) * 5 * hourMs,
    );
    const jumping = createTimeFloor(width, zone);
    for (const time of times) expect(jumping(time)).toBe(createTimeFloor(width, openTimeZone("Europe/Berlin"))(time));
  });

  it("keeps a day of 25 hours one group, and makes two of an hour that comes twice", () => {
    const zone = openTimeZone("Europe/Berlin");
    const day = createTimeFloor({ count: 1, unit: "d" }, zone);
    const hour = createTimeFloor({ count: 1, unit: "h" }, zone);
    const midnight = Date.parse("2024-10-26T22:00:00Z");
    expect(day(midnight + 25 * hourMs - 1)).toBe(midnight);
    expect(day(midnight + 25 * hourMs)).toBe(midnight + 25 * hourMs);
    expect([hour(midnight + 2 * hourMs), hour(midnight + 3 * hourMs)]).toEqual([
      midnight + 2 * hourMs,
      midnight + 3 * hourMs,
    ]);
  });

  it("is total: the ends of what a time can be", () => {
    const floor = createTimeFloor({ count: 1, unit: "d" }, openTimeZone("America/New_York"));
    for (const time of [8.64e15, -8.64e15, 2 ** 53 - 1, -(2 ** 53 - 1 - 7 * dayMs)]) {
      const begin = floor(time);
      expect(begin).toBeLessThanOrEqual(time);
      expect(time - begin).toBeLessThan(dayMs);
      expect(floor(begin)).toBe(begin);
    }
  });

  it("knows offsets of whole seconds, from before there were zones", () => {
    const day = createTimeFloor({ count: 1, unit: "d" }, openTimeZone("Europe/Berlin"));
    // Local mean time, 53 minutes and 28 seconds ahead.
    expect(new Date(day(Date.parse("1880-06-01T12:00:00Z"))).toISOString()).toBe("1880-05-31T23:06:32.000Z");
  });
});

describe("floorTime()", () => {
  const time = createExpr("time", {
    node: "column",
    name: "time",
    wire: "time",
    optional: false,
    from: "property",
    table: { name: "log" },
  });

  it.each([
    ["Europe/Berlim", 'there is none of this name (did you mean "Europe/Berlin"?)'],
    ["Mars", "there is none of this name"],
    ["", "there is none of this name"],
  ])("refuses the zone %j with the nearest", (zone, message) => {
    expect(() => floorTime(time, "1d", { zone })).toThrow(message);
    expect(() => checkTimeZone(zone)).toThrow(`Cannot use the time zone "${zone}"`);
  });

  it.each(["1 minute", "0m", "-1m", "1.5h", "1y", "m", "", "99999999999999999d"])("refuses the width %j", (width) => {
    expect(() => floorTime(time, width as never)).toThrow("it is no width of time");
  });

  it("floors in UTC when no zone is named, weeks to a Monday", () => {
    const week = createTimeFloor({ count: 1, unit: "w" });
    expect(new Date(week(Date.parse("2026-01-01T10:00:00Z"))).toISOString()).toBe("2025-12-29T00:00:00.000Z");
    expect(new Date(week(-1)).toISOString()).toBe("1969-12-29T00:00:00.000Z");
    const minute = createTimeFloor({ count: 5, unit: "m" });
    expect(minute(299_999)).toBe(0);
    expect(minute(-1)).toBe(-300_000);
  });
});
