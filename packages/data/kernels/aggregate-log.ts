// Finds the fields of lines in Combined and Common Log Format, as LogLineParser of the formats does. A line that it would
// refuse, or that has an escape or other characters than those of ASCII, is marked as left.
//
// Columns are arrays of 8 bytes a row, their addresses at `columns` in the order below. A text is its address and its
// length, 4 bytes each, the length all ones when it is missing; a number is a double, NaN when it is missing.

import { digitsOf, findByte, isPlain, maskOf64, plainNumber, plainNumberEnd, twoDigits } from "./aggregate-find";
import { logTimeBytes, parseLogTime } from "./aggregate-time";
import { setMissingText, setText } from "./columns";

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
/** Behind the addresses of columns: bits of those that someone looks at. Others may not be set. */
const wantedAt: usize = 44;

// ` - -`, ` [`, ` "`, `HTTP/` and a blank before it.
const noIdentNoUser: u32 = 0x2d20_2d20;
const timeMark: u32 = 0x5b20;
const openQuote: u32 = 0x2220;

/** Columns of the usual line that its finder may leave out together. */
const otherTexts: u32 = (1 << <u32>hostColumn) | (1 << <u32>userColumn) | (1 << <u32>referrerColumn);

/** What stands behind the user agent: anything, or the times of the request and of its upstream, or perhaps those. */
const noTimes: u32 = 0;
const needsTimes: u32 = 1;

@inline
function columnAt(columns: usize, column: usize, row: u32): usize {
  return <usize>load<u32>(columns + (column << 2)) + (<usize>row << 3);
}

@inline
function setColumn(columns: usize, column: usize, row: u32, from: usize, to: usize): void {
  setText(columnAt(columns, column, row), from, to);
}

@inline
function setMissing(columns: usize, column: usize, row: u32): void {
  setMissingText(columnAt(columns, column, row));
}

@inline
function setNumber(columns: usize, column: usize, row: u32, value: f64): void {
  store<f64>(columnAt(columns, column, row), value);
}

/** A text, missing when it is `-`. */
@inline
function setOptional(columns: usize, column: usize, row: u32, from: usize, to: usize): void {
  if (to - from == 1 && load<u8>(from) == dash) setMissing(columns, column, row);
  else setColumn(columns, column, row, from, to);
}

/**
 * Find the fields of `count` lines, whose begins and ends stand at `offsets` less `base`, one line behind the other, and
 * say at `left`, 4 bytes a line, which are left: all ones, else 0. Up to 64 bytes beyond a line are read.
 *
 * @param times - 0 when what stands behind the user agent does not matter, 1 when times have to, 2 when they may.
 */
export function findLogFields(base: usize, offsets: usize, count: u32, columns: usize, left: usize, times: u32): void {
  const wanted = load<u32>(columns, wantedAt);
  const last = offsets + (<usize>count << 3) - 4;
  const areAllPlain = isPlain(base + <usize>load<u32>(offsets), base + <usize>load<u32>(last));
  for (let row: u32 = 0; row < count; row++) {
    const pair = offsets + (<usize>row << 3);
    const begin = base + <usize>load<u32>(pair);
    const end = base + <usize>load<u32>(pair, 4);
    const isFound =
      end - begin <= lineBytesMax &&
      (areAllPlain || isPlain(begin, end)) &&
      (findUsual(begin, end, columns, row, times, wanted) || findFields(begin, end, columns, row, times));
    store<i32>(left + (<usize>row << 2), isFound ? 0 : -1);
  }
}

/**
 * The usual line, `host - - [time] "method path protocol" status bytes "referrer" "agent"`, by the quotes of its request's
 * first 64 bytes. @returns false for any other line, of which columns may have been set.
 */
@inline
function findUsual(begin: usize, end: usize, columns: usize, row: u32, times: u32, wanted: u32): bool {
  const hostEnd = findByte(begin, end, blank);
  // What is read here is within the line once its last quote is found.
  if (hostEnd == begin || load<u32>(hostEnd) != noIdentNoUser || load<u16>(hostEnd, 4) != timeMark) return false;
  const time = hostEnd + 6;
  const request = time + logTimeBytes + 3;
  if (load<u8>(request - 3) != 0x5d || load<u16>(request - 2) != openQuote) return false;
  let quotes = maskOf64(request, quoteMark);
  const requestEnd = request + <usize>ctz(quotes);
  quotes &= quotes - 1;
  if (quotes == 0) return false;
  const referrer = request + <usize>ctz(quotes) + 1;
  quotes &= quotes - 1;
  // A referrer may be long.
  const referrerEnd = quotes != 0 ? request + <usize>ctz(quotes) : findByte(request + 64, end, quoteMark);
  const agent = referrerEnd + 3;
  if (agent >= end || load<u16>(referrerEnd, 1) != openQuote) return false;
  const status = load<u32>(requestEnd, 2);
  if (load<u8>(requestEnd, 1) != blank || !isStatus(status) || load<u8>(referrer - 2) != blank) return false;
  const ms = parseLogTime(time);
  if (isNaN(ms) || !setBytes(requestEnd + 6, referrer - 2, columns, row)) return false;
  if (((wanted >>> <u32>userAgentColumn) & 1) == 0 && times == noTimes) {
    // It ends somewhere, if not before.
    if (load<u8>(end - 1) != quoteMark) return false;
  } else {
    const agentEnd = endOfQuoted(agent, end);
    if (agentEnd == end) return false;
    setOptional(columns, userAgentColumn, row, agent, agentEnd);
    if (times != noTimes && !findTimes(agentEnd + 1, end, columns, row, times)) return false;
  }
  setNumber(columns, timeColumn, row, ms);
  setNumber(columns, statusColumn, row, <f64>((status & 15) * 100 + ((status >>> 8) & 15) * 10 + ((status >>> 16) & 15)));
  setRequest(request, requestEnd, columns, row);
  if ((wanted & otherTexts) == 0) return true;
  setColumn(columns, hostColumn, row, begin, hostEnd);
  setMissing(columns, userColumn, row);
  setOptional(columns, referrerColumn, row, referrer, referrerEnd);
  return true;
}

/** Whether the word is three digits and a blank. */
@inline
function isStatus(word: u32): bool {
  return (word & 0xfff0_f0f0) == 0x2030_3030 && ((word + 0x0006_0606) & 0x00f0_f0f0) == 0x0030_3030;
}

function findFields(begin: usize, end: usize, columns: usize, row: u32, times: u32): bool {
  const hostEnd = findByte(begin, end, blank);
  if (hostEnd == begin || hostEnd == end) return false;
  const time = findTime(hostEnd, end, columns, row);
  if (time == 0) return false;
  const userEnd = time - 2;
  const userBegin = min(findByte(hostEnd + 1, end, blank) + 1, userEnd);
  setColumn(columns, hostColumn, row, begin, hostEnd);
  // Without an ident the user's place is empty.
  if (userBegin == userEnd) setMissing(columns, userColumn, row);
  else setOptional(columns, userColumn, row, userBegin, userEnd);
  const request = time + logTimeBytes + 3;
  // ` "` in front of it.
  if (request > end || load<u16>(request - 2) != 0x2220) return false;
  const requestEnd = endOfRequest(request, end);
  if (requestEnd == end) return false;
  setNumber(columns, statusColumn, row, <f64>statusAt(requestEnd + 2));
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
  const methodEnd = findByte(begin, end, blank);
  if (methodEnd == end) {
    setColumn(columns, methodColumn, row, begin, begin);
    const isNone = end - begin == 1 && load<u8>(begin) == dash;
    setColumn(columns, pathColumn, row, begin, isNone ? begin : end);
    return;
  }
  setColumn(columns, methodColumn, row, begin, methodEnd);
  // The protocol is the last word, when it looks like one.
  let last = end - 9;
  if (last <= methodEnd || load<u32>(last) != 0x5454_4820 || hasBlank(load<u64>(last, 1))) {
    last = end - 1;
    while (load<u8>(last) != blank) last--;
  }
  const isProtocol =
    last > methodEnd && load<u32>(last, 1) == 0x5054_5448 && load<u8>(last, 5) == 0x2f;
  setColumn(columns, pathColumn, row, methodEnd + 1, isProtocol ? last : end);
}

/** Whether a byte of the word, all of them below 128, is a blank. */
@inline
function hasBlank(word: u64): bool {
  const zeros = word ^ 0x2020_2020_2020_2020;
  return ((zeros + 0x7f7f_7f7f_7f7f_7f7f) & 0x8080_8080_8080_8080) != 0x8080_8080_8080_8080;
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

@inline
function setBytes(begin: usize, end: usize, columns: usize, row: u32): bool {
  const length = end - begin;
  if (length == 1 && load<u8>(begin) == dash) {
    setNumber(columns, bytesColumn, row, NaN);
    return true;
  }
  // 15 digits stay below 2^53.
  if (length == 0 || length > 15) return false;
  const low = digitsOf(end, min(length, 8));
  const high: i32 = length > 8 ? digitsOf(end - 8, length - 8) : 0;
  if ((low | high) < 0) return false;
  setNumber(columns, bytesColumn, row, <f64>high * 1e8 + <f64>low);
  return true;
}

/** The closing quote of a quoted field, one before a blank or the end; `end` when there is none. */
function endOfQuoted(begin: usize, end: usize): usize {
  for (let at = findByte(begin, end, quoteMark); at < end; at = findByte(at + 1, end, quoteMark))
    if (at + 1 == end || load<u8>(at, 1) == blank) return at;
  return end;
}
