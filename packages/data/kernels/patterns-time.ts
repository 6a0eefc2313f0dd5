// Times as RFC 3339 has them, what IsoTimeParser of the formats gives: with seconds, and an offset or none. Others are left.
// The minute of the time before is kept, as lines of a log mostly share it.

import { twoDigits } from "./aggregate-find";
import { daysOf, monthDays } from "./aggregate-time";

const minuteBytes: usize = 16;

// `2026-11-25T23:00`, none at first.
const minute = memory.data(16, 16);
let minuteMs: f64 = 0;

/** Parse the time from `at` up to `end`. @returns milliseconds since 1970, or NaN. */
export function parseIsoTime(at: usize, end: usize): f64 {
  if (end - at < minuteBytes + 3 || load<u8>(at, 16) != 0x3a) return NaN;
  if (v128.any_true(v128.xor(v128.load(at), v128.load(minute)))) {
    const ms = parseMinute(at);
    if (isNaN(ms)) return NaN;
    v128.store(minute, v128.load(at));
    minuteMs = ms;
  }
  const seconds = twoDigits(at + 17);
  if (<u32>seconds > 60) return NaN;
  let ms = minuteMs + <f64>(seconds * 1000);
  at += minuteBytes + 3;
  if (at < end && (load<u8>(at) == 0x2e || load<u8>(at) == 0x2c)) {
    const from = ++at;
    // Digits below a millisecond are cut.
    let weight: f64 = 100;
    for (; at < end; at++) {
      const digit = <u32>load<u8>(at) - 48;
      if (digit > 9) break;
      if (at - from < 3) ms += <f64>digit * weight;
      weight = at - from == 0 ? 10 : 1;
    }
    if (at == from || at - from > 9) return NaN;
  }
  return ms - zoneMs(at, end);
}

function parseMinute(at: usize): f64 {
  const century = twoDigits(at);
  const inCentury = twoDigits(at + 2);
  const month = twoDigits(at + 5);
  const day = twoDigits(at + 8);
  const hour = twoDigits(at + 11);
  const minutes = twoDigits(at + 14);
  if (load<u8>(at, 4) != 0x2d || load<u8>(at, 7) != 0x2d || load<u8>(at, 13) != 0x3a) return NaN;
  const between = load<u8>(at, 10);
  if (between != 0x54 && between != 0x74 && between != 0x20) return NaN;
  if (century < 0 || inCentury < 0 || month < 1 || month > 12 || day < 1) return NaN;
  if (<u32>hour > 23 || <u32>minutes > 59) return NaN;
  const year = century * 100 + inCentury;
  const isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (day > <i32>load<u8>(monthDays + (month - 1)) + <i32>(month == 2 && isLeap)) return NaN;
  return <f64>daysOf(year, month - 1, day) * 86_400_000 + <f64>(hour * 60 + minutes) * 60_000;
}

/** The offset that fills the rest. */
function zoneMs(at: usize, end: usize): f64 {
  if (at == end) return 0;
  const sign = load<u8>(at);
  if (sign == 0x5a || sign == 0x7a) return at + 1 == end ? 0 : NaN;
  if (sign != 0x2d && sign != 0x2b) return NaN;
  const hours = twoDigits(at + 1);
  const minutesAt = load<u8>(at, 3) == 0x3a ? at + 4 : at + 3;
  const minutes = twoDigits(minutesAt);
  if (<u32>hours > 23 || <u32>minutes > 59 || minutesAt + 2 != end) return NaN;
  const ms = <f64>(hours * 60 + minutes) * 60_000;
  return sign == 0x2d ? -ms : ms;
}
