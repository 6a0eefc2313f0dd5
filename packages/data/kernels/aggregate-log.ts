// Finds the fields of lines in Combined and Common Log Format, as LogLineParser of the formats does. A line that it would
// refuse, or that has an escape or other characters than those of ASCII, is marked as left.
//
// Columns are arrays of 8 bytes a row, their addresses at `columns` in the order below. A text is its address and its
// length, 4 bytes each, the length all ones when it is missing; a number is a double, NaN when it is missing.

import { findByte, isPlain, plainNumber, plainNumberEnd, twoDigits } from "./aggregate-find";
import { logTimeBytes, parseLogTime } from "./aggregate-time";

const blank: u8 = 0x20;
const quoteMark: u8 = 0x22;
const dash: u8 = 0x2d;
/** Longer lines are left: a key of a few of their columns is within the bounds of keys. */
const lineBytesMax: usize = 8192;

const hostColumn: usize = 0;
const userColumn: usize = 1;
const timeColumn: usize = 2;
const methodColumn: usize = 3;
const pathColumn: usize = 4;
const statusColumn: usize = 5;
const bytesColumn: usize = 6;
const referrerColumn: usize = 7;
const userAgentColumn: usize = 8;
const requestTimeColumn: usize = 9;
const upstreamTimeColumn: usize = 10;

/** What stands behind the user agent: anything, or the times of the request and of its upstream, or perhaps those. */
const noTimes: u32 = 0;
const needsTimes: u32 = 1;

@inline
function columnAt(columns: usize, column: usize, row: u32): usize {
  return <usize>load<u32>(columns + (column << 2)) + (<usize>row << 3);
}

@inline
function setText(columns: usize, column: usize, row: u32, from: usize, to: usize): void {
  store<u64>(columnAt(columns, column, row), <u64>from | ((<u64>(to - from)) << 32));
}

@inline
function setMissing(columns: usize, column: usize, row: u32): void {
  store<u64>(columnAt(columns, column, row), 0xffff_ffff_0000_0000);
}

@inline
function setNumber(columns: usize, column: usize, row: u32, value: f64): void {
  store<f64>(columnAt(columns, column, row), value);
}

/** A text, missing when it is `-`. */
@inline
function setOptional(columns: usize, column: usize, row: u32, from: usize, to: usize): void {
  if (to - from == 1 && load<u8>(from) == dash) setMissing(columns, column, row);
  else setText(columns, column, row, from, to);
}

/**
 * Find the fields of `count` lines, whose begins and ends stand at `offsets` less `base`, and say at `left`, 4 bytes a
 * line, which are left: all ones, else 0. Up to 16 bytes beyond a line are read.
 *
 * @param times - 0 when what stands behind the user agent does not matter, 1 when times have to, 2 when they may.
 */
export function findLogFields(base: usize, offsets: usize, count: u32, columns: usize, left: usize, times: u32): void {
  for (let row: u32 = 0; row < count; row++) {
    const pair = offsets + (<usize>row << 3);
    const begin = base + <usize>load<u32>(pair);
    const end = base + <usize>load<u32>(pair, 4);
    const isFound = end - begin <= lineBytesMax && isPlain(begin, end) && findFields(begin, end, columns, row, times);
    store<i32>(left + (<usize>row << 2), isFound ? 0 : -1);
  }
}

function findFields(begin: usize, end: usize, columns: usize, row: u32, times: u32): bool {
  const hostEnd = findByte(begin, end, blank);
  if (hostEnd == begin || hostEnd == end) return false;
  const time = findTime(hostEnd, end, columns, row);
  if (time == 0) return false;
  const userEnd = time - 2;
  const userBegin = min(findByte(hostEnd + 1, end, blank) + 1, userEnd);
  setText(columns, hostColumn, row, begin, hostEnd);
  // Without an ident the user's place is empty.
  if (userBegin == userEnd) setMissing(columns, userColumn, row);
  else setOptional(columns, userColumn, row, userBegin, userEnd);
  const request = time + logTimeBytes + 3;
  // ` "` in front of it.
  if (request > end || load<u16>(request - 2) != 0x2220) return false;
  const requestEnd = endOfRequest(request, end);
  if (requestEnd == end) return false;
  setRequest(request, requestEnd, columns, row);
  return findRest(requestEnd + 5, end, columns, row, times);
}

/** Where the time begins: behind the first ` [` before a time and `]`. 0 when there is none. */
function findTime(hostEnd: usize, end: usize, columns: usize, row: u32): usize {
  for (let at = findByte(hostEnd + 1, end, 0x5b); at < end; at = findByte(at + 1, end, 0x5b)) {
    if (load<u8>(at - 1) != blank || at + 1 + logTimeBytes >= end || load<u8>(at + 1 + logTimeBytes) != 0x5d) continue;
    const time = parseLogTime(at + 1);
    if (isNaN(time)) continue;
    setNumber(columns, timeColumn, row, time);
    return at + 1;
  }
  return 0;
}

/** The closing quote of a request, which a blank and a status follow; `end` when there is none. */
function endOfRequest(begin: usize, end: usize): usize {
  for (let at = findByte(begin, end, quoteMark); at < end; at = findByte(at + 1, end, quoteMark)) {
    if (at + 5 > end || load<u8>(at + 1) != blank || statusAt(at + 2) < 0) continue;
    if (at + 5 == end || load<u8>(at + 5) == blank) return at;
  }
  return end;
}

@inline
function statusAt(at: usize): i32 {
  const ones = <u32>load<u8>(at + 2) - 48;
  const more = twoDigits(at);
  return ones > 9 || more < 0 ? -1 : more * 10 + <i32>ones;
}

function setRequest(begin: usize, end: usize, columns: usize, row: u32): void {
  setNumber(columns, statusColumn, row, <f64>statusAt(end + 2));
  const methodEnd = findByte(begin, end, blank);
  if (methodEnd == end) {
    setText(columns, methodColumn, row, begin, begin);
    const isNone = end - begin == 1 && load<u8>(begin) == dash;
    setText(columns, pathColumn, row, begin, isNone ? begin : end);
    return;
  }
  setText(columns, methodColumn, row, begin, methodEnd);
  // The protocol is the last word, when it looks like one.
  let last = end - 1;
  while (load<u8>(last) != blank) last--;
  const isProtocol =
    last > methodEnd && load<u32>(last, 1) == 0x5054_5448 && load<u8>(last, 5) == 0x2f;
  setText(columns, pathColumn, row, methodEnd + 1, isProtocol ? last : end);
}

/** From the blank behind the status on: bytes, then nothing, or referrer and user agent, and what a server adds. */
function findRest(at: usize, end: usize, columns: usize, row: u32, times: u32): bool {
  if (at >= end || load<u8>(at) != blank) return false;
  const bytesEnd = findByte(at + 1, end, blank);
  if (!setBytes(at + 1, bytesEnd, columns, row)) return false;
  if (bytesEnd + 1 >= end || load<u8>(bytesEnd, 1) != quoteMark) {
    setMissing(columns, referrerColumn, row);
    setMissing(columns, userAgentColumn, row);
    return setNoTimes(columns, row, times);
  }
  const referrerEnd = endOfQuoted(bytesEnd + 2, end);
  if (referrerEnd + 2 >= end || load<u16>(referrerEnd, 1) != 0x2220) return false;
  setOptional(columns, referrerColumn, row, bytesEnd + 2, referrerEnd);
  const agentEnd = endOfQuoted(referrerEnd + 3, end);
  if (agentEnd == end) return false;
  setOptional(columns, userAgentColumn, row, referrerEnd + 3, agentEnd);
  return times == noTimes || findTimes(agentEnd + 1, end, columns, row, times);
}

@inline
function setNoTimes(columns: usize, row: u32, times: u32): bool {
  setNumber(columns, requestTimeColumn, row, NaN);
  setNumber(columns, upstreamTimeColumn, row, NaN);
  return times != needsTimes;
}

/** Times from the blank behind the user agent on: plain numbers, in quotes or not; a list of upstreams is left. */
function findTimes(at: usize, end: usize, columns: usize, row: u32, times: u32): bool {
  if (at + 1 >= end) return setNoTimes(columns, row, times);
  const timeEnd = setTime(at + 1, end, columns, requestTimeColumn, row);
  if (timeEnd == 0) return false;
  if (timeEnd == end) {
    setNumber(columns, upstreamTimeColumn, row, NaN);
    return true;
  }
  if (timeEnd + 1 >= end) return false;
  const isQuoted = <usize>(load<u8>(timeEnd, 1) == quoteMark);
  const from = timeEnd + 1 + isQuoted;
  if (from < end && load<u8>(from) == dash) {
    setNumber(columns, upstreamTimeColumn, row, NaN);
    return isQuoted ? from + 1 < end && load<u8>(from, 1) == quoteMark : isTimeEnd(from + 1, end);
  }
  if (setTime(timeEnd + 1, end, columns, upstreamTimeColumn, row) == 0) return false;
  // To the microsecond, halves up.
  const scaled = load<f64>(columnAt(columns, upstreamTimeColumn, row)) * 1e6;
  const whole = floor(scaled);
  setNumber(columns, upstreamTimeColumn, row, (scaled - whole >= 0.5 ? whole + 1 : whole) / 1e6);
  return true;
}

/** Whether a number without quotes ends there: at a blank that is not one of a list, or the line's end. */
@inline
function isTimeEnd(at: usize, end: usize): bool {
  return at == end || (load<u8>(at) == blank && (at + 1 >= end || load<u8>(at, 1) != 0x3a));
}

/** Set a time that begins there, or at the quote before it. @returns the blank behind it, or `end`; 0 when it is none. */
function setTime(at: usize, end: usize, columns: usize, column: usize, row: u32): usize {
  const isQuoted = load<u8>(at) == quoteMark;
  const from = at + <usize>isQuoted;
  const to = plainNumberEnd(from, end);
  if (to == 0) return 0;
  setNumber(columns, column, row, plainNumber);
  if (!isQuoted) return isTimeEnd(to, end) ? to : 0;
  if (to >= end || load<u8>(to) != quoteMark) return 0;
  return to + 1 == end || load<u8>(to, 1) == blank ? to + 1 : 0;
}

function setBytes(begin: usize, end: usize, columns: usize, row: u32): bool {
  if (end - begin == 1 && load<u8>(begin) == dash) {
    setNumber(columns, bytesColumn, row, NaN);
    return true;
  }
  // 15 digits stay below 2^53.
  if (begin == end || end - begin > 15) return false;
  let value: u64 = 0;
  for (let at = begin; at < end; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return false;
    value = value * 10 + digit;
  }
  setNumber(columns, bytesColumn, row, <f64>value);
  return true;
}

/** The closing quote of a quoted field, one before a blank or the end; `end` when there is none. */
function endOfQuoted(begin: usize, end: usize): usize {
  for (let at = findByte(begin, end, quoteMark); at < end; at = findByte(at + 1, end, quoteMark))
    if (at + 1 == end || load<u8>(at, 1) == blank) return at;
  return end;
}
