// Values and times of samples, as metric-number.ts of the formats has them, where their doubles are exact.

import { digitsEnd, digitsRead, halvesUp, pointRead, powerMax, powerOfTen } from "./decimal";

/** Of a time, before its point. */
const digitsMax: usize = 15;
const safeIntegerMax: f64 = 9_007_199_254_740_991;
const unitMilliseconds: u32 = 1;
const unitSeconds: u32 = 2;
/** From here on a time of no known unit is milliseconds: in seconds it is the year 5138. */
const detectedMillisecondsMin: f64 = 100_000_000_000;

/** The number that {@link decimalEnd} found last. */
export let decimal: f64 = 0;
/** Milliseconds since 1970 that {@link sampleTimeEnd} found last. */
export let sampleTime: f64 = 0;

/** Read a number: a sign, digits with a point, an exponent. @returns its end, or 0 for none and for one that is hard. */
export function decimalEnd(at: usize, end: usize): usize {
  const sign = at < end ? load<u8>(at) : 0;
  if (sign == 0x2d || sign == 0x2b) at++;
  at = digitsEnd(at, end);
  if (at == 0) return 0;
  const digits = digitsRead;
  let power = pointRead == 0 ? 0 : -(<i32>(at - pointRead) - 1);
  if (at < end && (load<u8>(at) | 0x20) == 0x65) {
    at = exponentEnd(at + 1, end);
    if (at == 0) return 0;
    power += exponent;
  }
  if (abs(power) > <i32>powerMax) return 0;
  const scale = powerOfTen(<usize>abs(power));
  const value = power < 0 ? digits / scale : digits * scale;
  decimal = sign == 0x2d ? -value : value;
  return at;
}

let exponent: i32 = 0;

/** Read up to 3 digits behind a sign or none. @returns their end, or 0. */
function exponentEnd(at: usize, end: usize): usize {
  const sign = at < end ? load<u8>(at) : 0;
  if (sign == 0x2d || sign == 0x2b) at++;
  const first = at;
  let value: i32 = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) break;
    if (at - first == 3) return 0;
    value = value * 10 + <i32>digit;
  }
  exponent = sign == 0x2d ? -value : value;
  return at == first ? 0 : at;
}

/**
 * Read a time: whole milliseconds or seconds, or seconds with a point.
 *
 * @param unit - 0 when its number decides.
 * @returns its end, or 0.
 */
export function sampleTimeEnd(at: usize, end: usize, unit: u32): usize {
  const mark = load<u8>(at);
  const sign: f64 = mark == 0x2d ? -1 : 1;
  if (mark == 0x2d || mark == 0x2b) at++;
  const first = at;
  let digits: u64 = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) break;
    digits = digits * 10 + digit;
    if (at - first == digitsMax) return 0;
  }
  if (at == first) return 0;
  const whole = <f64>digits;
  if (at < end && load<u8>(at) == 0x2e) {
    if (unit == unitMilliseconds) return 0;
    at = fractionEnd(at + 1, end);
    return keepTime(sign * whole * 1000 + halvesUp(sign * fraction)) ? at : 0;
  }
  const isMilliseconds = unit == unitMilliseconds || (unit != unitSeconds && whole >= detectedMillisecondsMin);
  return keepTime(sign * (isMilliseconds ? whole : whole * 1000)) ? at : 0;
}

@inline
function keepTime(ms: f64): bool {
  // `+ 0` makes 0 of -0.
  sampleTime = ms + 0;
  return abs(ms) <= safeIntegerMax;
}

/** Thousandths with their rest, added up in the order of the digits. */
let fraction: f64 = 0;

function fractionEnd(at: usize, end: usize): usize {
  let weight: f64 = 100;
  fraction = 0;
  for (; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) break;
    fraction += <f64>digit * weight;
    weight /= 10;
  }
  return at;
}
