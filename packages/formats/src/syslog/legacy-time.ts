// Times of RFC 3164: `Nov  5 23:00:01`, which say neither year nor zone. Both are the author's, so that the answer does
// not depend on the day on which a job runs.

import { monthNumbers, twoDigits } from "../columns/digits.ts";

/** Characters of `Nov  5 23:00`, and of the whole time. */
const minuteLength = 12;
export const legacyTimeLength = 15;
/** A leap second. */
const secondsMax = 60;
const colon = 0x3a;
const blank = 0x20;
/** A 29 February lies at most so many years before any other date: 1896 to 1904 has no leap year between. */
const yearsBackMax = 8;

/** Which year times without one belong to, and how far their clock was ahead of UTC. */
export interface LegacyClock {
  /** The year of all times. */
  readonly year?: number;
  /** Milliseconds since 1970: each time is the last one of its date that is not after this. */
  readonly untilMs?: number;
  readonly offsetMs: number;
}

/** Parses times; lines of a log mostly share the minute of the line before. */
export class LegacyTimeParser {
  readonly #clock: LegacyClock;
  #minute = "";
  #minuteMs = 0;

  constructor(clock: LegacyClock) {
    this.#clock = clock;
  }

  /** @returns milliseconds since 1970, NaN when there is no time at `at`, or undefined when it has no year. */
  parse(line: string, at: number): number | undefined {
    const seconds = twoDigits(line, at + minuteLength + 1);
    if (line.charCodeAt(at + minuteLength) !== colon || seconds < 0 || seconds > secondsMax) return Number.NaN;
    if (this.#minute === "" || !line.startsWith(this.#minute, at)) {
      const ms = this.#parseMinute(line, at, seconds);
      if (ms === undefined || Number.isNaN(ms)) return ms;
      // The minute in which the log ends is of two years: its seconds are looked at one by one.
      const isOfOneYear = this.#parseMinute(line, at, 0) === this.#parseMinute(line, at, secondsMax);
      this.#minute = isOfOneYear ? line.slice(at, at + minuteLength) : "";
      this.#minuteMs = ms;
    }
    return this.#minuteMs + seconds * 1000;
  }

  /** The begin of the minute, in the year that it has with these seconds. */
  #parseMinute(line: string, at: number, seconds: number): number | undefined {
    const month = monthNumbers.get(line.slice(at, at + 3));
    // A day below 10 has a blank before it, with some senders a zero.
    const day = line.charCodeAt(at + 4) === blank ? twoDigits(`0${line.charAt(at + 5)}`, 0) : twoDigits(line, at + 4);
    const hour = twoDigits(line, at + 7);
    const minute = twoDigits(line, at + 10);
    const marks =
      line.charCodeAt(at + 3) === blank && line.charCodeAt(at + 6) === blank && line.charCodeAt(at + 9) === colon;
    if (!marks || month === undefined || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59)
      return Number.NaN;
    return this.#inYear({ month, day }, (hour * 60 + minute) * 60_000, seconds * 1000);
  }

  #inYear(
    date: { readonly month: number; readonly day: number },
    ofDayMs: number,
    ofMinuteMs: number,
  ): number | undefined {
    const { year, untilMs, offsetMs } = this.#clock;
    if (year !== undefined) return startOf(year, date) + ofDayMs - offsetMs;
    if (untilMs === undefined) return undefined;
    const last = new Date(untilMs + offsetMs).getUTCFullYear();
    for (let back = 0; back <= yearsBackMax; back++) {
      const ms = startOf(last - back, date) + ofDayMs - offsetMs;
      if (ms + ofMinuteMs <= untilMs) return ms;
    }
    return Number.NaN;
  }
}

/** Midnight of a day, or NaN when the year does not have it. */
function startOf(year: number, { month, day }: { readonly month: number; readonly day: number }): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month, day);
  return date.getUTCMonth() === month ? date.getTime() : Number.NaN;
}
