// The number that a line begins with, as a job that sorts lines reads it:
// /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/u, here of a line of ASCII.

import { powerOfTen } from "./decimal";

export const leadsNone: u32 = 0;
export const leadsNumber: u32 = 1;
/** An exponent, or more digits than one division gives the nearest double of. */
export const leadsHard: u32 = 2;

/** More do not fit into 64 bits, or the division's error is not known. */
const digitsMax: u32 = 18;
const integerMax: u64 = 9007199254740992;

let found: f64 = 0;

/** The number that {@link readLeading} found. */
@inline
export function leadingNumber(): f64 {
  return found;
}

/** Look at a line from one address up to another. @returns what it begins with. */
export function readLeading(at: usize, end: usize): u32 {
  while (at < end && isBlank(load<u8>(at))) at++;
  let isNegative = false;
  if (at < end) {
    const sign = load<u8>(at);
    isNegative = sign == 45;
    if (isNegative || sign == 43) at++;
  }
  let digits: u64 = 0;
  let count: u32 = 0;
  for (; at < end && isDigit(load<u8>(at)); at++, count++) digits = digits * 10 + (load<u8>(at) - 48);
  let scale: u32 = 0;
  if (at < end && load<u8>(at) == 46) {
    at++;
    for (; at < end && isDigit(load<u8>(at)); at++, scale++) digits = digits * 10 + (load<u8>(at) - 48);
  }
  if (count + scale == 0) return leadsNone;
  if (count + scale > digitsMax || digits > integerMax) return leadsHard;
  if (at < end && (load<u8>(at) | 0x20) == 101) return leadsHard;
  const magnitude = <f64>digits / powerOfTen(<usize>scale);
  found = isNegative ? -magnitude : magnitude;
  return leadsNumber;
}

@inline
function isBlank(byte: u8): bool {
  return byte == 32 || <u8>(byte - 9) < 5;
}

@inline
function isDigit(byte: u8): bool {
  return <u8>(byte - 48) < 10;
}

/** A number's double, in an order of bytes that is the order of numbers: as src/codec/number-codecs.ts has it. */
@inline
export function sortedBits(value: f64): u64 {
  // Adding 0 turns -0 into 0.
  const bits = reinterpret<u64>(value + 0);
  return bits >> 63 != 0 ? ~bits : bits ^ 0x8000000000000000;
}
