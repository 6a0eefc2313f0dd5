// What the states of exact sums have in common: the weights of their digits, and reading them as sign and magnitude.
//
// Wide form: int16 index of the lowest digit, uint8 specials, uint8 unused, uint32 additions since the last carry,
// then the digits as doubles. Digit i weighs 2^(24 (i - 93)); an addition moves a digit by less than 2^47.

import type { StateCell } from "./aggregator.ts";

/** Bytes of the sum of nothing, all zero. */
export const emptySumBytes = 8;
/** Bytes before the digits of the wide form. */
export const headBytes = 8;
/** Digits have 24 bits. */
export const base = 0x100_0000;
/** The digit of weight 1. Below it the square of the least double, 2^-2148, and 53 bits of its product: 93 × 24 = 2232. */
export const unitDigit = 93;
/** Above it squares up to 2^2048, and 2^300 of them: 99 × 24 = 2376. */
export const digitCountMax = 192;
/** What a sum saw beside finite numbers. */
export const specials = { nan: 1, positive: 2, negative: 4 } as const;

/** Where {@link readMagnitude} leaves the digits: valid until the next call. */
export const digits = new Float64Array(digitCountMax);

/** Sign and magnitude: digits [low, high) of the scratch array, each in [0, 2^24), first and last not zero. */
export interface Magnitude {
  readonly negative: boolean;
  readonly flags: number;
  readonly low: number;
  readonly high: number;
}

/** Read the wide form of a sum that fills `cell` from `at` to its end, into {@link digits}. */
export function readMagnitude(cell: StateCell, at: number): Magnitude {
  const head = cell.offset + at;
  const first = cell.view.getInt16(head, true);
  const count = (cell.length - at - headBytes) / 8;
  for (let index = 0; index < count; index++)
    digits[first + index] = cell.view.getFloat64(head + headBytes + index * 8, true);
  // A digit is below 2^53: its carry takes two more.
  const end = Math.min(digitCountMax, first + count + 3);
  digits.fill(0, first + count, end);
  carryDigits(first, end);
  const negative = digits[end - 1]! < 0;
  if (negative) {
    for (let index = first; index < end; index++) digits[index] = -digits[index]!;
    carryDigits(first, end);
  }
  let low = first;
  let high = end;
  while (high > low && digits[high - 1] === 0) high--;
  while (low < high && digits[low] === 0) low++;
  return { negative, flags: cell.view.getUint8(head + 2), low, high };
}

/** Bring all digits but the top one into [0, 2^24). */
function carryDigits(first: number, end: number): void {
  let over = 0;
  for (let index = first; index < end - 1; index++) {
    const digit = digits[index]! + over;
    over = Math.floor(digit / base);
    digits[index] = digit - over * base;
  }
  digits[end - 1]! += over;
}
