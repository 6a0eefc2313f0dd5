// Finds the fields of lines of a log by the pattern of its server, as PatternParser of the formats does. A line that it would
// refuse, in which a text ends at another place than the first, that has a list of several, escapes, other characters than
// those of ASCII, or a number that is hard, is marked as left. Columns are those of aggregate-log.ts.
//
// Pattern, words of 4 bytes: 0 address and 1 length of what stands before the first value, 2 number of steps, 3 unused. Then
// steps, 40 bytes each: 0 address and 4 length of the text behind the value, 8 how its end is found, 12 what it is read as,
// 16 whether `-` is a missing value, 20 number and 24 address of its columns, 32 a double that it is divided by. A column is
// its address, its part, and whether it may be missing.

import { findByte, isPlain, plainNumber, plainNumberEnd } from "./aggregate-find";
import { logTimeBytes, parseLogTime } from "./aggregate-time";
import { setMissingText, setText } from "./columns";
import { halvesUp } from "./decimal";
import { parseIsoTime } from "./patterns-time";

const lineBytesMax: usize = 8192;
const headBytes: usize = 16;
const stepBytes: usize = 40;
const columnBytes: usize = 12;
/** A number behind a text, with what follows it, is looked for in so many bytes. */
const lookAheadBytes: usize = 128;
const dash: u8 = 0x2d;
const blank: u8 = 0x20;

const endText: u32 = 1;
const endList: u32 = 2;
const endLocal: u32 = 3;
const endBracketed: u32 = 4;

const readText: u32 = 0;
const readInt: u32 = 1;
const readDouble: u32 = 2;
const readUnix: u32 = 3;
const readSum: u32 = 4;
const readLocal: u32 = 5;

const partMethod: u32 = 1;
const partPath: u32 = 2;
const partProtocol: u32 = 3;
const partEmptyForDash: u32 = 4;

/**
 * Find the fields of `count` lines, whose begins and ends stand at `offsets` less `base`, and say at `left`, 4 bytes a
 * line, which are left: all ones, else 0. Up to 16 bytes beyond a line are read.
 */
export function findPatternFields(base: usize, offsets: usize, count: u32, pattern: usize, left: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const pair = offsets + (<usize>row << 3);
    const begin = base + <usize>load<u32>(pair);
    const end = base + <usize>load<u32>(pair, 4);
    const isFound =
      begin < end && end - begin <= lineBytesMax && isPlain(begin, end) && findFields(begin, end, pattern, row);
    store<i32>(left + (<usize>row << 2), isFound ? 0 : -1);
  }
}

/** End of the line at hand. */
let lineEnd: usize = 0;

function findFields(begin: usize, end: usize, pattern: usize, row: u32): bool {
  const prefix = <usize>load<u32>(pattern, 4);
  if (prefix > end - begin || memory.compare(begin, <usize>load<u32>(pattern), prefix) != 0) return false;
  lineEnd = end;
  let at = begin + prefix;
  let isBehindText = false;
  const last = pattern + headBytes + <usize>load<u32>(pattern, 8) * stepBytes;
  for (let step = pattern + headBytes; step < last; step += stepBytes) {
    const valueEnd = endOf(step, at, end);
    if (valueEnd == 0) return false;
    const next = valueEnd + <usize>load<u32>(step, 4);
    const reading = load<u32>(step, 12);
    // Further away it is not looked for, and the text before may end elsewhere.
    if (isBehindText && reading != readText && reading != readLocal && next - at > lookAheadBytes) return false;
    if (!note(step, at, valueEnd, row, isBehindText)) return false;
    isBehindText = load<u32>(step, 8) == endText;
    at = next;
  }
  return at == end;
}

/** Where a text stands first; 0 when it does not. */
@inline
function findLiteral(at: usize, end: usize, literal: usize, length: usize): usize {
  const first = load<u8>(literal);
  for (let found = findByte(at, end, first); found < end; found = findByte(found + 1, end, first)) {
    if (found + length > end) return 0;
    if (isSame(found, literal, length)) return found;
  }
  return 0;
}

@inline
function isSame(at: usize, literal: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index++)
    if (load<u8>(at + index) != load<u8>(literal + index)) return false;
  return true;
}

/** The end of the value at `at`, with its text behind it; 0 when there is none. */
function endOf(step: usize, at: usize, end: usize): usize {
  const literal = <usize>load<u32>(step);
  const length = <usize>load<u32>(step, 4);
  const kind = load<u32>(step, 8);
  if (kind >= endLocal) {
    const found = at + logTimeBytes + (kind == endBracketed ? 2 : 0);
    return found + length <= end && isSame(found, literal, length) ? found : 0;
  }
  if (kind == endText) return length == 0 ? end : findLiteral(at, end, literal, length);
  // What is no text is not empty.
  const found = length == 0 ? findByte(at, end, blank) : findLiteral(at, end, literal, length);
  if (found <= at) return 0;
  return kind == endList && isBetween(found, end) ? 0 : found;
}

/** Whether the blank at `at` may stand in a list. */
@inline
function isBetween(at: usize, end: usize): bool {
  if (at >= end || load<u8>(at) != blank) return false;
  return load<u8>(at - 1) == 0x2c || load<u8>(at - 1) == 0x3a || load<u8>(at, 1) == 0x3a;
}

/** Note a value in its columns. @param isSought - whether the text before it ends here only if it is one. */
function note(step: usize, from: usize, to: usize, row: u32, isSought: bool): bool {
  const count = load<u32>(step, 20);
  const reading = load<u32>(step, 12);
  if (count == 0 && (!isSought || reading == readText)) return true;
  const isMissing = load<u32>(step, 16) != 0 && to - from == 1 && load<u8>(from) == dash;
  const value = isMissing || reading == readText ? 0 : valueOf(step, reading, from, to);
  if (isNaN(value)) return false;
  const first = <usize>load<u32>(step, 24);
  for (let column = first; column < first + <usize>count * columnBytes; column += columnBytes) {
    const cell = <usize>load<u32>(column) + (<usize>row << 3);
    if (isMissing && load<u32>(column, 8) != 0) {
      if (reading == readText) setMissingText(cell);
      else store<f64>(cell, NaN);
    } else if (reading == readText) setPart(cell, load<u32>(column, 4), from, to);
    else store<f64>(cell, value);
  }
  return true;
}

/** The number of a value, NaN for what is none or is hard. */
function valueOf(step: usize, reading: u32, from: usize, to: usize): f64 {
  if (reading == readLocal) {
    if (load<u32>(step, 8) != endBracketed) return parseLogTime(from);
    return load<u8>(from) == 0x5b && load<u8>(to - 1) == 0x5d ? parseLogTime(from + 1) : NaN;
  }
  if (reading > readLocal) return parseIsoTime(from, to);
  if (plainNumberEnd(from, to) != to) return NaN;
  const value = plainNumber;
  if (reading == readInt) return findByte(from, to, 0x2e) == to ? value : NaN;
  const by = load<f64>(step, 32);
  if (reading == readUnix) {
    const time = floor((value * 1000) / by + 0.0005);
    return abs(time) <= 9_007_199_254_740_991 ? time : NaN;
  }
  if (reading == readDouble) return value / by;
  // A list of one, to the microsecond; halves up.
  return halvesUp(value * 1e6) / 1e6;
}

/** Note a text, or a part of the request line that it is. */
function setPart(cell: usize, part: u32, from: usize, to: usize): void {
  const isDash = to - from == 1 && load<u8>(from) == dash;
  if (part == 0 || part == partEmptyForDash) {
    setText(cell, from, part != 0 && isDash ? from : to);
    return;
  }
  const methodEnd = findByte(from, to, blank);
  if (methodEnd == to) {
    if (part == partProtocol) setMissingText(cell);
    else setText(cell, from, part == partMethod || isDash ? from : to);
    return;
  }
  if (part == partMethod) {
    setText(cell, from, methodEnd);
    return;
  }
  // The protocol is the last word, when it looks like one.
  let last = to - 1;
  while (load<u8>(last) != blank) last--;
  const isProtocol =
    last > methodEnd && last + 6 <= lineEnd && load<u32>(last, 1) == 0x5054_5448 && load<u8>(last, 5) == 0x2f;
  if (part == partPath) setText(cell, methodEnd + 1, isProtocol ? last : to);
  else if (isProtocol && last + 1 <= to) setText(cell, last + 1, to);
  else setMissingText(cell);
}
