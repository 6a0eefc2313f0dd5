// Finds the parts of lines of Prometheus text and OpenMetrics, as SampleParser of the formats does. A line that is no
// sample, that it would refuse, whose series is not written in its canonical way, or that has an exemplar, other
// characters than those of ASCII, or a number that is hard, is marked as left.
//
// Block, words of 4 bytes: addresses of the columns of name, series, value and time, 16 unit of times, 20 labels that are
// columns, then for each address and length of its name and address of its column. Columns are those of aggregate-log.ts.

import { setMissingText, setText } from "./columns";
import { decimal, decimalEnd, sampleTime, sampleTimeEnd } from "./samples-numbers";

const lineBytesMax: usize = 8192;
const labelsAt: usize = 24;
const labelBytes: usize = 12;

/** What characters may be in a name: 1 first in a label's, 2 later in a label's, 4 and 8 the same in a metric's. */
const classes = memory.data<u8>(
  [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 12, 0, 0, 0, 0, 0,
    0, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 0, 0, 0, 0, 15,
    0, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 0, 0, 0, 0, 0,
  ],
  16,
);

/** Whether the value that was passed last has escapes. */
let hasEscapes = false;

/**
 * Find the samples of `count` lines, whose begins and ends stand at `offsets` less `base`, and say at `left`, 4 bytes a
 * line, which are left: all ones, else 0. Up to 16 bytes beyond a line are read.
 */
export function findSamples(base: usize, offsets: usize, count: u32, block: usize, left: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const pair = offsets + (<usize>row << 3);
    const begin = base + <usize>load<u32>(pair);
    const end = base + <usize>load<u32>(pair, 4);
    const isFound = end - begin <= lineBytesMax && isAscii(begin, end) && findSample(begin, end, block, row);
    store<i32>(left + (<usize>row << 2), isFound ? 0 : -1);
  }
}

/** Whether all bytes are of ASCII, and none is zero. */
@inline
function isAscii(at: usize, end: usize): bool {
  const zero = i8x16.splat(0);
  for (; at < end; at += 16) {
    const bytes = v128.load(at);
    let mask: u32 = i8x16.bitmask(v128.or(bytes, i8x16.eq(bytes, zero)));
    if (at + 16 > end) mask &= (1 << (<u32>(end - at))) - 1;
    if (mask != 0) return false;
  }
  return true;
}

@inline
function cellOf(block: usize, column: usize, row: u32): usize {
  return <usize>load<u32>(block + column) + (<usize>row << 3);
}

function findSample(begin: usize, end: usize, block: usize, row: u32): bool {
  const labels = load<u32>(block, 20);
  for (let label: usize = 0; label < <usize>labels; label++)
    setMissingText(cellOf(block, labelsAt + label * labelBytes + 8, row));
  const nameEnd = skipName(begin, end, 4, 8);
  if (nameEnd == begin) return false;
  let at = nameEnd;
  if (at < end && load<u8>(at) == 0x7b) {
    at = skipLabels(at + 1, end, block, row);
    if (at == 0) return false;
  }
  const seriesEnd = at;
  const valueBegin = skipBlanks(at, end);
  // Behind a name there is a blank, behind a brace there may be none.
  if (valueBegin == at && at == nameEnd) return false;
  at = decimalEnd(valueBegin, end);
  if (at == 0 || !isWordEnd(at, end)) return false;
  at = skipBlanks(at, end);
  let time: f64 = NaN;
  if (at != end) {
    at = sampleTimeEnd(at, end, load<u32>(block, 16));
    if (at == 0 || !isWordEnd(at, end) || skipBlanks(at, end) != end) return false;
    time = sampleTime;
  }
  setText(cellOf(block, 0, row), begin, nameEnd);
  setText(cellOf(block, 4, row), begin, seriesEnd);
  store<f64>(cellOf(block, 8, row), decimal);
  store<f64>(cellOf(block, 12, row), time);
  return true;
}

/** Pass over a name. @returns its end; `at` when there is none. */
@inline
function skipName(at: usize, end: usize, first: u8, later: u8): usize {
  if (at >= end || (load<u8>(classes + <usize>load<u8>(at)) & first) == 0) return at;
  at++;
  while (at < end && (load<u8>(classes + <usize>load<u8>(at)) & later) != 0) at++;
  return at;
}

@inline
function skipBlanks(at: usize, end: usize): usize {
  while (at < end && (load<u8>(at) == 0x20 || load<u8>(at) == 9)) at++;
  return at;
}

@inline
function isWordEnd(at: usize, end: usize): bool {
  return at == end || load<u8>(at) == 0x20 || load<u8>(at) == 9;
}

/** Pass over labels, from behind the opening brace on. @returns the place behind the closing one; 0 when they are left. */
function skipLabels(at: usize, end: usize, block: usize, row: u32): usize {
  const labels = load<u32>(block, 20);
  let last = at;
  let lastLength: usize = 0;
  while (true) {
    const nameEnd = skipName(at, end, 1, 2);
    // `="`
    if (nameEnd == at || load<u16>(nameEnd) != 0x223d || nameEnd + 2 >= end) return 0;
    const length = nameEnd - at;
    if (!isAfter(at, length, last, lastLength)) return 0;
    const value = nameEnd + 2;
    const valueEnd = endOfValue(value, end);
    // A label without a value is none: the series is written otherwise.
    if (valueEnd == 0 || valueEnd == value || valueEnd + 1 >= end) return 0;
    if (labels != 0 && !keepLabel(at, length, value, valueEnd, block, row)) return 0;
    const mark = load<u8>(valueEnd, 1);
    if (mark == 0x7d) return valueEnd + 2;
    if (mark != 0x2c) return 0;
    last = at;
    lastLength = length;
    at = valueEnd + 2;
  }
}

/** Whether a name sorts behind another, the first behind one of no length. */
@inline
function isAfter(at: usize, length: usize, last: usize, lastLength: usize): bool {
  const order = memory.compare(at, last, min(length, lastLength));
  return order != 0 ? order > 0 : length > lastLength;
}

/** The closing quote of a value; 0 when there is none, or a backslash stands for itself. */
@inline
function endOfValue(at: usize, end: usize): usize {
  const quoteMark = i8x16.splat(0x22);
  const backslash = i8x16.splat(0x5c);
  hasEscapes = false;
  while (at < end) {
    const bytes = v128.load(at);
    const mask: u32 = i8x16.bitmask(v128.or(i8x16.eq(bytes, quoteMark), i8x16.eq(bytes, backslash)));
    if (mask == 0) {
      at += 16;
      continue;
    }
    at += ctz(mask);
    if (at >= end) return 0;
    if (load<u8>(at) == 0x22) return at;
    hasEscapes = true;
    const escaped = load<u8>(at, 1);
    if (escaped != 0x5c && escaped != 0x22 && escaped != 0x6e) return 0;
    at += 2;
  }
  return 0;
}

/** Keep the value of a label that is a column. @returns false for one with escapes. */
function keepLabel(name: usize, length: usize, from: usize, to: usize, block: usize, row: u32): bool {
  const end = block + labelsAt + <usize>load<u32>(block, 20) * labelBytes;
  for (let label = block + labelsAt; label < end; label += labelBytes) {
    if (<usize>load<u32>(label, 4) != length || memory.compare(<usize>load<u32>(label), name, length) != 0) continue;
    setText(<usize>load<u32>(label, 8) + (<usize>row << 3), from, to);
    return !hasEscapes;
  }
  return true;
}
