// The exact sum of doubles: a fixed-point accumulator that is rounded once, when it is read. While every value is an
// integer and the sum stays below 2^53 it is one double; else digits of base 2^24 in a window as wide as the values.
//
// After R. Neal, "Fast Exact Summation Using Small and Large Superaccumulators" (2015), with wider digits kept in
// doubles, which JavaScript adds at full speed, and a window, so that a state costs 40 bytes and not 700.
//
// Squares are added exactly too: as the two doubles that make up the product of 53 by 53 bits (T. Dekker, "A
// floating-point technique for extending the available precision", 1971), far from the ends of the range.

import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import { readInt, writeInt } from "../codec/number-codecs.ts";
import type { StateCell } from "./aggregator.ts";
import {
  base,
  digitCountMax,
  digits,
  emptySumBytes,
  headBytes,
  type Magnitude,
  readMagnitude,
  specials,
  unitDigit,
} from "./exact-sum-digits.ts";

/** 33 additions of 2^47 (a square is two) stay below 2^53 beside a carried digit. */
const pendingMax = 32;
/** The lowest bit of a double with exponent field e weighs 2^(e - 1075), which is bit e + 1157 of the digits. */
const lowestBitShift = 24 * unitDigit - 1075;
const wideTag = 0;
const signBit = 8;

const bits = new DataView(new ArrayBuffer(8));

/** Add `value` to the sum that fills `cell` from `at` (relative to its offset) to its end. @returns false when the cell could not grow. */
export function addToSum(cell: StateCell, at: number, value: number): boolean {
  if (cell.length - at === emptySumBytes) {
    const sum = cell.view.getFloat64(cell.offset + at, true) + value;
    if (Number.isInteger(value) && Number.isSafeInteger(sum)) {
      cell.view.setFloat64(cell.offset + at, sum + 0, true);
      return true;
    }
    if (!widen(cell, at)) return false;
  }
  return addWide(cell, at, value);
}

/** Add the square of `value`, exactly, as {@link addToSum} adds a value. The square of an infinity is ∞. */
export function addSquareToSum(cell: StateCell, at: number, value: number): boolean {
  const square = value * value;
  if (!Number.isFinite(value)) return addToSum(cell, at, square);
  if (Number.isInteger(value) && Number.isSafeInteger(square)) return addToSum(cell, at, square);
  if (cell.length - at === emptySumBytes && !widen(cell, at)) return false;
  return addWideSquare(cell, at, value);
}

/** Append the canonical encoding: an int when the sum is a safe integer, else the trimmed digits of its magnitude. */
export function encodeSum(cell: StateCell, at: number, sink: ByteSink): void {
  if (cell.length - at === emptySumBytes) {
    writeInt(cell.view.getFloat64(cell.offset + at, true), sink);
    return;
  }
  const sum = readMagnitude(cell, at);
  const integer = sum.flags === 0 ? safeIntegerOf(sum) : undefined;
  if (integer !== undefined) {
    writeInt(integer, sink);
    return;
  }
  sink.writeByte(wideTag);
  sink.writeByte(sum.flags | (sum.negative ? signBit : 0));
  sink.writeByte(sum.high - sum.low);
  sink.writeByte(sum.low < sum.high ? sum.low : 0);
  for (let index = sum.low; index < sum.high; index++) {
    const digit = digits[index]!;
    sink.writeByte(digit & 0xff);
    sink.writeByte((digit >>> 8) & 0xff);
    sink.writeByte(digit >>> 16);
  }
}

/** Add an encoded sum and leave the reader after it. @returns false, with sum and reader unchanged, when the cell could not grow. */
export function mergeSum(cell: StateCell, at: number, reader: ByteReader): boolean {
  const start = reader.at;
  if (reader.bytes[start] !== wideTag || reader.done) {
    const done = addToSum(cell, at, readInt(reader));
    if (!done) reader.at = start;
    return done;
  }
  reader.readByte();
  const flags = reader.readByte();
  const count = reader.readByte();
  const low = reader.readByte();
  if (low + count > digitCountMax) throw new RangeError("sum beyond its range");
  const from = reader.take(count * 3);
  if (
    (cell.length - at === emptySumBytes && !widen(cell, at)) ||
    !makeRoom(cell, at, count === 0 ? unitDigit : low, count === 0 ? unitDigit : low + count)
  ) {
    reader.at = start;
    return false;
  }
  const view = cell.view;
  const head = cell.offset + at;
  view.setUint8(head + 2, view.getUint8(head + 2) | (flags & 7));
  view.setUint32(head + 4, view.getUint32(head + 4, true) + 1, true);
  const first = head + headBytes + (low - view.getInt16(head, true)) * 8;
  for (let index = 0, place = from; index < count; index++, place += 3) {
    const digit = reader.bytes[place]! | (reader.bytes[place + 1]! << 8) | (reader.bytes[place + 2]! << 16);
    const where = first + index * 8;
    view.setFloat64(where, view.getFloat64(where, true) + (flags & signBit ? -digit : digit), true);
  }
  return true;
}

/** Turn the one-double form into digits. */
function widen(cell: StateCell, at: number): boolean {
  const value = cell.view.getFloat64(cell.offset + at, true);
  // A safe integer has at most 3 digits above the point, one more takes carries.
  if (!cell.resize(at + headBytes + 4 * 8)) return false;
  const head = cell.offset + at;
  cell.bytes.fill(0, head, head + headBytes + 4 * 8);
  cell.view.setInt16(head, unitDigit, true);
  const rest = Math.trunc(value / base);
  cell.view.setFloat64(head + headBytes, value % base, true);
  cell.view.setFloat64(head + headBytes + 8, rest % base, true);
  cell.view.setFloat64(head + headBytes + 16, Math.trunc(rest / base), true);
  return true;
}

function addWide(cell: StateCell, at: number, value: number): boolean {
  if (!Number.isFinite(value)) {
    const head = cell.offset + at;
    const flag = Number.isNaN(value) ? specials.nan : value > 0 ? specials.positive : specials.negative;
    cell.view.setUint8(head + 2, cell.view.getUint8(head + 2) | flag);
    return true;
  }
  if (value === 0) return true;
  const lowest = lowestDigit(value);
  if (!makeRoom(cell, at, lowest, lowest + 3)) return false;
  addFinite(cell, at, value, 0);
  return true;
}

/** Index of the digit that holds the lowest bit of a finite double's 53. */
function lowestDigit(value: number): number {
  bits.setFloat64(0, value);
  const exponent = (bits.getUint32(0) >>> 20) & 0x7ff;
  return Math.floor(((exponent === 0 ? 1 : exponent) + lowestBitShift) / 24);
}

/** Add `value` × 2^(24 × `shift`), finite, to digits that are all inside the window. */
function addFinite(cell: StateCell, at: number, value: number, shift: number): void {
  const view = cell.view;
  const head = cell.offset + at;
  bits.setFloat64(0, value);
  const top = bits.getUint32(0);
  const low = bits.getUint32(4);
  const exponent = (top >>> 20) & 0x7ff;
  const position = (exponent === 0 ? 1 : exponent) + lowestBitShift;
  const digit = Math.floor(position / 24);
  const scale = (top >>> 31 === 1 ? -1 : 1) * 2 ** (position - digit * 24);
  const high = (top & 0xfffff) | (exponent === 0 ? 0 : 0x10_0000);
  // The 53 bits as 24, 24 and 5; shifted by less than 24 each stays below 2^47.
  const where = head + headBytes + (digit + shift - view.getInt16(head, true)) * 8;
  view.setFloat64(where, view.getFloat64(where, true) + (low & 0xff_ffff) * scale, true);
  view.setFloat64(where + 8, view.getFloat64(where + 8, true) + ((low >>> 24) | ((high & 0xffff) << 8)) * scale, true);
  view.setFloat64(where + 16, view.getFloat64(where + 16, true) + (high >>> 16) * scale, true);
  view.setUint32(head + 4, view.getUint32(head + 4, true) + 1, true);
}

/** Add the square of a finite double as two doubles, which have room or are not added. */
function addWideSquare(cell: StateCell, at: number, value: number): boolean {
  bits.setFloat64(0, value);
  const top = bits.getUint32(0) & 0x7fff_ffff;
  const exponent = Math.max(1, top >>> 20) - 1075;
  // value = whole × 2^(12 shift), so that the square is whole² × 2^(24 shift); whole is an integer below 2^64.
  const shift = Math.floor(exponent / 12);
  const mantissa = ((top & 0xfffff) + (top >>> 20 === 0 ? 0 : 0x10_0000)) * 0x1_0000_0000 + bits.getUint32(4);
  const whole = mantissa * 2 ** (exponent - shift * 12);
  const square = whole * whole;
  const rest = productError(whole, square);
  const low = Math.min(lowestDigit(square), rest === 0 ? Number.POSITIVE_INFINITY : lowestDigit(rest)) + shift;
  if (!makeRoom(cell, at, low, lowestDigit(square) + shift + 3)) return false;
  addFinite(cell, at, square, shift);
  if (rest !== 0) addFinite(cell, at, rest, shift);
  return true;
}

/** What the rounded `square` of an integer below 2^64 lacks, exactly. */
function productError(whole: number, square: number): number {
  // Dekker: halves of 26 bits, whose products are exact.
  const scaled = whole * 0x800_0001;
  const high = scaled - (scaled - whole);
  const low = whole - high;
  return low * low - (square - high * high - 2 * high * low);
}

/** Make the window span digits [low, high) and one more for carries, and carry when it is time. */
function makeRoom(cell: StateCell, at: number, low: number, high: number): boolean {
  const head = cell.offset + at;
  const first = cell.view.getInt16(head, true);
  const count = (cell.length - at - headBytes) / 8;
  const topIsLarge = Math.abs(cell.view.getFloat64(head + headBytes + (count - 1) * 8, true)) > 2 ** 48;
  const newFirst = Math.min(first, low);
  const newEnd = Math.max(first + count + (topIsLarge ? 1 : 0), high + 1);
  if (newFirst !== first || newEnd !== first + count) {
    if (!cell.resize(at + headBytes + (newEnd - newFirst) * 8)) return false;
    const body = cell.offset + at + headBytes;
    const moved = body + (first - newFirst) * 8;
    cell.bytes.copyWithin(moved, body, body + count * 8);
    cell.bytes.fill(0, body, moved);
    cell.bytes.fill(0, moved + count * 8, body + (newEnd - newFirst) * 8);
    cell.view.setInt16(body - headBytes, newFirst, true);
  }
  if (cell.view.getUint32(cell.offset + at + 4, true) >= pendingMax) carry(cell, at);
  return true;
}

/** Bring all digits but the top one into [0, 2^24). */
function carry(cell: StateCell, at: number): void {
  const view = cell.view;
  const end = cell.offset + cell.length - 8;
  let over = 0;
  for (let where = cell.offset + at + headBytes; where < end; where += 8) {
    const digit = view.getFloat64(where, true) + over;
    over = Math.floor(digit / base);
    view.setFloat64(where, digit - over * base, true);
  }
  view.setFloat64(end, view.getFloat64(end, true) + over, true);
  view.setUint32(cell.offset + at + 4, 0, true);
}

function safeIntegerOf(sum: Magnitude): number | undefined {
  if (sum.low >= sum.high) return 0;
  if (sum.low < unitDigit || sum.high > unitDigit + 3) return undefined;
  // Exact only up to 2^53, and a rounded one is above it too.
  const value = digits[unitDigit]! + digits[unitDigit + 1]! * base + digits[unitDigit + 2]! * base * base;
  if (value > Number.MAX_SAFE_INTEGER) return undefined;
  return sum.negative ? -value : value;
}
