// Finds the fields of lines that are flat JSON objects, as JSON.parse and the format's codec do. A line that is no such
// object, is not of the codec, or has what is not plain (escapes, other characters than those of ASCII, nested values,
// numbers with exponents or more than 15 digits, a field twice) is marked as left.
//
// Fields, 24 bytes each: address and length of the name, kind of value, whether it may be missing, address of the column.

import { plainNumber, plainNumberEnd } from "./aggregate-find";
import { setMissingText, setText } from "./columns";

const lineBytesMax: usize = 8192;
const fieldBytes: usize = 24;

const textKind: u32 = 0;
const wholeKind: u32 = 1;
const doubleKind: u32 = 2;
const booleanKind: u32 = 3;

const quoteMark: u8 = 0x22;

/** Set by {@link takeValue}: what stands there, {@link textKind} and so on. */
let valueKind: u32 = 0;
const nullKind: u32 = 4;
let valueFrom: usize = 0;
let valueTo: usize = 0;
let valueNumber: f64 = 0;

/** Whether all bytes are from 32 to 127, and none is a backslash. */
function isPlainJson(at: usize, end: usize): bool {
  const backslash = i8x16.splat(0x5c);
  const least = i8x16.splat(0x20);
  for (; at < end; at += 16) {
    const bytes = v128.load(at);
    let mask: u32 = i8x16.bitmask(v128.or(i8x16.lt_s(bytes, least), i8x16.eq(bytes, backslash)));
    if (at + 16 > end) mask &= (1 << (<u32>(end - at))) - 1;
    if (mask != 0) return false;
  }
  return true;
}

@inline
function skipBlanks(at: usize, end: usize): usize {
  while (at < end && load<u8>(at) == 0x20) at++;
  return at;
}

/** The quote that ends a text; `end` when there is none. */
@inline
function textEnd(at: usize, end: usize): usize {
  const wanted = i8x16.splat(quoteMark);
  for (; at < end; at += 16) {
    const mask = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (mask != 0) return min(end, at + ctz(mask));
  }
  return end;
}

/**
 * Find the fields of `count` lines, whose begins and ends stand at `offsets` less `base`, and say at `left`, 4 bytes a
 * line, which are left: all ones, else 0. Up to 16 bytes beyond a line are read.
 *
 * @param fields - `fieldCount` of them, 32 at most.
 */
export function findJsonFields(
  base: usize,
  offsets: usize,
  count: u32,
  fields: usize,
  fieldCount: u32,
  left: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    const pair = offsets + (<usize>row << 3);
    const begin = base + <usize>load<u32>(pair);
    const end = base + <usize>load<u32>(pair, 4);
    const isFound =
      end - begin <= lineBytesMax && isPlainJson(begin, end) && findFields(begin, end, fields, fieldCount, row);
    store<i32>(left + (<usize>row << 2), isFound ? 0 : -1);
  }
}

function findFields(begin: usize, end: usize, fields: usize, fieldCount: u32, row: u32): bool {
  let at = skipBlanks(begin, end);
  if (at == end || load<u8>(at) != 0x7b) return false;
  at = skipBlanks(at + 1, end);
  let seen: u32 = 0;
  // Fields mostly come in one order.
  let next: u32 = 0;
  if (at < end && load<u8>(at) == 0x7d) return isEnd(at + 1, end) && setMissing(seen, fields, fieldCount, row);
  while (true) {
    if (at >= end || load<u8>(at) != quoteMark) return false;
    const nameEnd = textEnd(at + 1, end);
    if (nameEnd == end) return false;
    const field = fieldOf(fields, fieldCount, next, at + 1, nameEnd);
    at = skipBlanks(nameEnd + 1, end);
    if (at >= end || load<u8>(at) != 0x3a) return false;
    at = takeValue(skipBlanks(at + 1, end), end);
    if (at == 0) return false;
    if (field < fieldCount) {
      if ((seen & (1 << field)) != 0 || !setField(fields + <usize>field * fieldBytes, row)) return false;
      seen |= 1 << field;
      next = field + 1;
    }
    at = skipBlanks(at, end);
    if (at >= end) return false;
    const mark = load<u8>(at);
    if (mark == 0x7d) return isEnd(at + 1, end) && setMissing(seen, fields, fieldCount, row);
    if (mark != 0x2c) return false;
    at = skipBlanks(at + 1, end);
  }
}

@inline
function isEnd(at: usize, end: usize): bool {
  return skipBlanks(at, end) == end;
}

/** Which field has the name; `count` when none has. */
function fieldOf(fields: usize, count: u32, next: u32, from: usize, to: usize): u32 {
  const length = <u32>(to - from);
  for (let tried: u32 = 0; tried < count; tried++) {
    const index = next + tried < count ? next + tried : next + tried - count;
    const field = fields + <usize>index * fieldBytes;
    if (load<u32>(field, 4) == length && memory.compare(<usize>load<u32>(field), from, length) == 0) return index;
  }
  return count;
}

/** Read the value that begins there. @returns its end, or 0 when it is none or not plain. */
function takeValue(at: usize, end: usize): usize {
  if (at >= end) return 0;
  const first = load<u8>(at);
  if (first == quoteMark) {
    valueKind = textKind;
    valueFrom = at + 1;
    valueTo = textEnd(at + 1, end);
    return valueTo == end ? 0 : valueTo + 1;
  }
  if (first == 0x2d || <u32>first - 48 <= 9) return takeNumber(at, end);
  if (at + 4 > end) return 0;
  const word = load<u32>(at);
  if (word == 0x6c6c_756e) {
    valueKind = nullKind;
    return at + 4;
  }
  valueKind = booleanKind;
  if (word == 0x6575_7274) return at + 4;
  return at + 5 <= end && word == 0x736c_6166 && load<u8>(at, 4) == 0x65 ? at + 5 : 0;
}

function takeNumber(at: usize, end: usize): usize {
  const isNegative = load<u8>(at) == 0x2d;
  const from = at + <usize>isNegative;
  const to = plainNumberEnd(from, end);
  if (to == 0) return 0;
  // Of zeros only one stands before others, and -0 is no number that codecs keep.
  if (load<u8>(from) == 0x30 && to > from + 1 && load<u8>(from, 1) != 0x2e) return 0;
  if (isNegative && plainNumber == 0) return 0;
  valueKind = doubleKind;
  valueNumber = isNegative ? -plainNumber : plainNumber;
  return to;
}

/** Set the column of a field. @returns false when the value is not of its codec. */
function setField(field: usize, row: u32): bool {
  const kind = load<u32>(field, 8);
  const cell = <usize>load<u32>(field, 16) + (<usize>row << 3);
  if (valueKind == nullKind) return setNull(field, row);
  if (kind == textKind) {
    setText(cell, valueFrom, valueTo);
    return valueKind == textKind;
  }
  if (kind == booleanKind) return valueKind == booleanKind;
  store<f64>(cell, valueNumber);
  return valueKind == doubleKind && (kind != wholeKind || valueNumber == floor(valueNumber));
}

/** @returns false when the field may not be missing. */
function setNull(field: usize, row: u32): bool {
  const cell = <usize>load<u32>(field, 16) + (<usize>row << 3);
  if (load<u32>(field, 8) == textKind) setMissingText(cell);
  else store<f64>(cell, NaN);
  return load<u32>(field, 12) != 0;
}

/** Set the fields that were not there. @returns false when one may not be missing. */
function setMissing(seen: u32, fields: usize, count: u32, row: u32): bool {
  const all: u32 = count == 32 ? 0xffff_ffff : (1 << count) - 1;
  for (let absent = all & ~seen; absent != 0; absent &= absent - 1)
    if (!setNull(fields + <usize>ctz(absent) * fieldBytes, row)) return false;
  return true;
}
