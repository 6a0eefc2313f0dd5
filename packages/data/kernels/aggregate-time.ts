// The time of an access log, `10/Oct/2000:13:55:36 -0700`: what LogTimeParser of the formats gives, and NaN where it
// gives NaN. The time before, its minute and its zone are kept, as lines of a log mostly share them.

import { twoDigits } from "./aggregate-find";

export const logTimeBytes: usize = 26;

const months = memory.data<u8>(
  [
    74, 97, 110, 0, 70, 101, 98, 0, 77, 97, 114, 0, 65, 112, 114, 0, 77, 97, 121, 0, 74, 117, 110, 0, 74, 117, 108, 0,
    65, 117, 103, 0, 83, 101, 112, 0, 79, 99, 116, 0, 78, 111, 118, 0, 68, 101, 99, 0,
  ],
  16,
);
/** Days of the months of a year that is no leap year. */
export const monthDays = memory.data<u8>([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], 16);

// `10/Oct/2000:13:55:` and `-0700`, none at first.
const minute = memory.data(24, 16);
let minuteMs: f64 = 0;
let zoneHead: u32 = 0;
let zoneTail: u32 = 0;
let zoneMs: f64 = 0;

// All of the time before, none at first.
const time = memory.data(26, 16);
let timeMs: f64 = 0;

/** Parse the 26 bytes at `at`. @returns milliseconds since 1970, or NaN. */
@inline
export function parseLogTime(at: usize): f64 {
  const head = v128.xor(v128.load(at), v128.load(time));
  const tail = v128.xor(v128.load(at, 10), v128.load(time, 10));
  return v128.any_true(v128.or(head, tail)) ? parseTime(at) : timeMs;
}

function parseTime(at: usize): f64 {
  if (v128.any_true(v128.xor(v128.load(at), v128.load(minute))) || load<u16>(at, 16) != load<u16>(minute, 16)) {
    const ms = parseMinute(at);
    if (isNaN(ms)) return NaN;
    v128.store(minute, v128.load(at));
    store<u16>(minute, load<u16>(at, 16), 16);
    minuteMs = ms;
  }
  const seconds = twoDigits(at + 18);
  if (<u32>seconds > 60 || load<u8>(at, 20) != 0x20) return NaN;
  if (load<u32>(at, 21) != zoneHead || <u32>load<u8>(at, 25) != zoneTail) {
    const ms = parseZone(at + 21);
    if (isNaN(ms)) return NaN;
    zoneHead = load<u32>(at, 21);
    zoneTail = <u32>load<u8>(at, 25);
    zoneMs = ms;
  }
  v128.store(time, v128.load(at));
  v128.store(time, v128.load(at, 10), 10);
  timeMs = minuteMs + <f64>(seconds * 1000) - zoneMs;
  return timeMs;
}

function parseMinute(at: usize): f64 {
  const day = twoDigits(at);
  const century = twoDigits(at + 7);
  const inCentury = twoDigits(at + 9);
  const hour = twoDigits(at + 12);
  const minutes = twoDigits(at + 15);
  if (load<u8>(at, 2) != 0x2f || load<u8>(at, 6) != 0x2f || load<u8>(at, 11) != 0x3a) return NaN;
  if (load<u8>(at, 14) != 0x3a || load<u8>(at, 17) != 0x3a) return NaN;
  if (day < 1 || century < 0 || inCentury < 0 || <u32>hour > 23 || <u32>minutes > 59) return NaN;
  const name = load<u32>(at, 3) & 0xff_ffff;
  let month: i32 = 0;
  while (month < 12 && load<u32>(months + (<usize>month << 2)) != name) month++;
  if (month == 12) return NaN;
  const year = century * 100 + inCentury;
  const isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > <i32>load<u8>(monthDays + month) + <i32>(month == 1 && isLeap)) return NaN;
  return <f64>daysOf(year, month, day) * 86_400_000 + <f64>(hour * 60 + minutes) * 60_000;
}

/** Days since 1970 in the Gregorian calendar, `month` being from 0; years begin in March, so that leap days come last. */
export function daysOf(year: i32, month: i32, day: i32): i32 {
  // A year of 400 years earlier has the same days: none is below 0.
  const shifted = year + 400 - <i32>(month < 2);
  const era = shifted / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear = (153 * (month < 2 ? month + 10 : month - 2) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return (era - 1) * 146_097 + dayOfEra - 719_468;
}

function parseZone(at: usize): f64 {
  const sign = load<u8>(at);
  const hours = twoDigits(at + 1);
  const minutes = twoDigits(at + 3);
  const offset = hours * 60 + minutes;
  if ((sign != 0x2b && sign != 0x2d) || hours < 0 || <u32>minutes > 59 || offset > 900) return NaN;
  return <f64>(sign == 0x2d ? -offset : offset) * 60_000;
}
