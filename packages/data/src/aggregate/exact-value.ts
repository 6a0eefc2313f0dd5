// What an exact sum is in the end: a rational number, rounded once to the nearest double, ties to even.

import { invariant } from "../data-error.ts";
import type { StateCell } from "./aggregator.ts";
import { digits, emptySumBytes, readMagnitude, specials, unitDigit } from "./exact-sum-digits.ts";

/** A sum: `special` when it is no finite number, else `value` × 2^`exponent`. */
export interface ExactValue {
  readonly special: number | undefined;
  readonly value: bigint;
  readonly exponent: number;
}

/** Read the sum that fills `cell` from `at` to its end. `special` is NaN when NaN, or both infinities, were added. */
export function exactValueOf(cell: StateCell, at: number): ExactValue {
  if (cell.length - at === emptySumBytes)
    return { special: undefined, value: BigInt(cell.view.getFloat64(cell.offset + at, true)), exponent: 0 };
  const { negative, flags, low, high } = readMagnitude(cell, at);
  let value = 0n;
  for (let index = high - 1; index >= low; index--) value = (value << 24n) | BigInt(digits[index]!);
  return {
    special: flags === 0 ? undefined : specialOf(flags),
    value: negative ? -value : value,
    exponent: low < high ? 24 * (low - unitDigit) : 0,
  };
}

/** The sum as a double, rounded once. */
export function presentSum(cell: StateCell, at: number): number {
  if (cell.length - at === emptySumBytes) return cell.view.getFloat64(cell.offset + at, true);
  const { special, value, exponent } = exactValueOf(cell, at);
  return special ?? roundRatio(value, 1n, exponent);
}

/** The sum divided by `count`, rounded once: finite whenever all values are. NaN for a count of 0. */
export function presentMean(cell: StateCell, at: number, count: number): number {
  // Both exact, so that the machine's division is the one rounding.
  if (cell.length - at === emptySumBytes) return cell.view.getFloat64(cell.offset + at, true) / count;
  const { special, value, exponent } = exactValueOf(cell, at);
  return special ?? roundRatio(value, BigInt(count), exponent);
}

/** The sum of integers, exactly. @throws {DataInvariantError} when something else was added. */
export function integerOfSum(cell: StateCell, at: number): bigint {
  const { special, value, exponent } = exactValueOf(cell, at);
  invariant(special === undefined && exponent >= 0, "a sum of integers has no fraction");
  return value << BigInt(exponent);
}

/**
 * `numerator` / `denominator` × 2^`exponent` as the nearest double, ties to even; beyond the greatest by half a step an
 * infinity, 0 never negative.
 *
 * @param denominator - 1 or more.
 */
export function roundRatio(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) return 0;
  const magnitude = numerator < 0n ? -numerator : numerator;
  // A quotient of 55 bits or more, of which the last only says that something lies below.
  const widen = denominator === 1n ? 0 : Math.max(0, 55 - bitLength(magnitude) + bitLength(denominator));
  const widened = magnitude << BigInt(widen);
  let quotient = widened / denominator;
  let scale = exponent - widen;
  if (denominator !== 1n) {
    quotient = (quotient << 1n) | (quotient * denominator === widened ? 0n : 1n);
    scale--;
  }
  // 53 bits are kept, fewer where the result is below the least normal number.
  const drop = Math.max(bitLength(quotient) - 53, -1074 - scale);
  if (drop > 0) {
    quotient = shiftAndRound(quotient, BigInt(drop));
    scale += drop;
  }
  const rounded = timesPower(Number(quotient), scale);
  return numerator < 0n ? -rounded : rounded;
}

/** Shift right to the nearest, ties to even. */
function shiftAndRound(value: bigint, by: bigint): bigint {
  const kept = value >> by;
  const rest = value - (kept << by);
  const half = 1n << (by - 1n);
  return rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept;
}

/** `integer` × 2^`scale` for a result that needs no rounding, or overflows. */
function timesPower(integer: number, scale: number): number {
  // In two steps, so that neither factor leaves the range of doubles before the product does.
  return scale < -1000 ? integer * 2 ** -1000 * 2 ** (scale + 1000) : integer * 2 ** scale;
}

function bitLength(value: bigint): number {
  const hexadecimal = value.toString(16);
  return hexadecimal.length * 4 - (Math.clz32(Number.parseInt(hexadecimal[0]!, 16)) - 28);
}

function specialOf(flags: number): number {
  if (flags === specials.positive) return Number.POSITIVE_INFINITY;
  return flags === specials.negative ? Number.NEGATIVE_INFINITY : Number.NaN;
}
