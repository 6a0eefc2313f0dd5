// Adds rows that fall into few groups: what all rows of a block add to a group is reckoned first, and then added to its
// state at once, so that a block finds each group once and puts in new buckets in one go. Groups are told apart by the
// numbers of their keys. What this does not do, the rows of groups that come too seldom or are too many, is done row by row.

import { bucketBytes, bucketOf } from "./aggregate-buckets";
import { holds } from "./aggregate-conditions";
import { writeKey } from "./aggregate-keys";
import {
  bucketsAt,
  growingCount,
  keyBytes,
  keyCount,
  keyDouble,
  keyFloor,
  keyNumber,
  keysAt,
  logGammaAt,
  markAt,
  ordinalByte,
  partBytes,
  partCount,
  partCountRows,
  partMean,
  partQuantile,
  partsAt,
  scratchAt,
  stateBytesAt,
} from "./aggregate-program";
import { added, addRow, extraOf, leaveRow, resizePart, startOf, valueOf } from "./aggregate-states";
import { arenaRoom, findOrInsertState, stateLength, stateOf } from "./aggregate-table";
import { slotHash } from "./slot-hash";

/** Rows of a block, as many as columns have. */
const rowsMax: u32 = 1024;
const keysMax: u32 = 3;
const partsMax: u32 = 8;
/** Groups of a block: more are told apart in vain. */
const talliesMax: u32 = 16;
/** Calls for which a grouping is left alone that had more. */
const callsToRest: u8 = 50;
/** Fewer rows of a group are sooner added than gathered, when there are buckets. */
const rowsMin: u32 = 24;

// Of each row its tally, `none` for a row of none.
const tallyOf = memory.data(1024, 16);
const none: u8 = 0xff;
// Numbers of keys and the tally that they lead to, one more: 0 for a free place.
const memo = memory.data(<i32>(64 * 32), 16);
const memoBytes: usize = 64 * 32;
const memoMax: u32 = 32;
const memoShift: u64 = 58;
// The last floor of each key and where the next one begins.
const floors = memory.data(48, 16);
// Of each tally: its slot, its rows, where its buckets are counted; then of each part how many, and their sum.
const tallies = memory.data(<i32>(16 * 144), 16);
const tallyBytes: usize = 144;
const sumsAt: usize = 16;
// Rows that were not gathered, 2 bytes each.
const others = memory.data(2048, 16);
// Buckets of the row at hand.
const buckets = memory.data(32, 16);
const rests = memory.data(32, 16);
let tallyCount: u32 = 0;

// Buckets that are counted, of values from 10^-5 to 2^31; others are added row by row.
const windowBegin: i32 = 39_424;
const windowCount: u32 = 1_680;
const windowBytes: usize = 2 * 1_680;
const scratchBytes: usize = 65_536;

// A block's sum of such values, and a sum of a state that is not greater than half of what is safe, are safe together.
const valueMax: f64 = 2_199_023_255_552;
const stateMax: f64 = 4_503_599_627_370_496;

/** Rows that were added by the last call. */
export let rowsTallied: u32 = 0;

/**
 * Add rows from `from` up to `to`, as many as can be, like `addRows` of aggregate-rows.ts.
 *
 * @returns the first row that was not looked at; from there on they are added one by one.
 */
export function tallyRows(table: usize, program: usize, left: usize, from: u32, to: u32, keys: usize): u32 {
  rowsTallied = 0;
  const rest = rests + <usize>load<u32>(program, ordinalByte);
  if (load<u8>(rest) != 0) {
    store<u8>(rest, load<u8>(rest) - 1);
    return from;
  }
  if (to > rowsMax || !isTallied(program)) return from;
  const end = assignRows(table, program, left, from, to, keys);
  if (end < to && tallyCount == talliesMax) store<u8>(rest, callsToRest);
  if (end == from || !openTallies(table, program)) return from;
  let otherEnd = others;
  for (let row = from; row < end; row++) {
    const index = load<u8>(tallyOf + <usize>row);
    if (index == none) continue;
    const tally = tallies + <usize>index * tallyBytes;
    if (load<u32>(tally, 8) != 0 && tallyRow(program, tally, row)) {
      rowsTallied++;
      continue;
    }
    store<u16>(otherEnd, <u16>row);
    otherEnd += 2;
  }
  for (let index: u32 = 0; index < tallyCount; index++)
    if (load<u32>(tallies + <usize>index * tallyBytes, 8) != 0)
      closeTally(table, program, tallies + <usize>index * tallyBytes);
  // Only now: added before, they might bring a sum so far that what was gathered makes it no safe integer.
  for (let at = others; at < otherEnd; at += 2) {
    const row = <u32>load<u16>(at);
    const tally = tallies + <usize>load<u8>(tallyOf + <usize>row) * tallyBytes;
    // There is room, see openTallies(); were there none, the row would be left and not lost.
    if (addRow(table, program, <usize>load<u32>(tally), row) == added) rowsTallied++;
    else leaveRow(program, left, row);
  }
  return end;
}

/** Whether groups are told apart by a few numbers, and states have counts, sums, means and quantiles alone. */
function isTallied(program: usize): bool {
  const keys = load<u32>(program, keyCount);
  const parts = load<u32>(program, partCount);
  if (keys > keysMax || parts > partsMax) return false;
  const firstKey = <usize>load<u32>(program, keysAt);
  for (let index: u32 = 0; index < keys; index++) {
    const kind = load<u32>(firstKey + <usize>index * keyBytes);
    if (kind != keyNumber && kind != keyFloor && kind != keyDouble) return false;
  }
  const firstPart = <usize>load<u32>(program, partsAt);
  for (let index: u32 = 0; index < parts; index++)
    if (load<u32>(firstPart + <usize>index * partBytes) > partQuantile) return false;
  return true;
}

/** Find the tally of each row. @returns the first row that has none as there are too many, or no room for its key. */
function assignRows(table: usize, program: usize, left: usize, from: u32, to: u32, keys: usize): u32 {
  const count = load<u32>(program, keyCount);
  const key = <usize>load<u32>(program, keysAt);
  memory.fill(memo, 0, memoBytes);
  for (let index: usize = 0; index < <usize>keysMax; index++) store<f64>(floors + (index << 4), NaN);
  tallyCount = 0;
  let known: u32 = 0;
  for (let row = from; row < to; row++) {
    if (load<i32>(left + (<usize>row << 2)) == -1 || !holds(program, row)) {
      store<u8>(tallyOf + <usize>row, none);
      continue;
    }
    const a: u64 = count > 0 ? bitsOf(key, row, floors) : 0;
    const b: u64 = count > 1 ? bitsOf(key + keyBytes, row, floors + 16) : 0;
    const c: u64 = count > 2 ? bitsOf(key + 2 * keyBytes, row, floors + 32) : 0;
    let place = placeOf(a, b, c);
    while (load<u32>(place, 24) != 0 && (load<u64>(place) != a || load<u64>(place, 8) != b || load<u64>(place, 16) != c))
      place = memo + ((place - memo + 32) & (memoBytes - 1));
    let index = load<u32>(place, 24);
    if (index == 0) {
      index = known++ == memoMax ? 0 : newTally(table, program, row, keys);
      if (index == 0) return row;
      store<u64>(place, a);
      store<u64>(place, b, 8);
      store<u64>(place, c, 16);
      store<u32>(place, index, 24);
    }
    store<u8>(tallyOf + <usize>row, <u8>(index - 1));
    const tally = tallies + <usize>(index - 1) * tallyBytes;
    store<u32>(tally, load<u32>(tally, 4) + 1, 4);
  }
  return to;
}

@inline
function placeOf(a: u64, b: u64, c: u64): usize {
  const hash = a * 0x9e37_79b9_7f4a_7c15 + b * 0xc2b2_ae3d_27d4_eb4f + c * 0x1656_67b1_9e37_79f9;
  return memo + (<usize>(hash >> memoShift) << 5);
}

/** A key's number, floored where it is to be: equal ones are of one group. */
@inline
function bitsOf(key: usize, row: u32, last: usize): u64 {
  let value = load<f64>(<usize>load<u32>(key, 4) + (<usize>row << 3));
  const kind = load<u32>(key);
  if (kind == keyDouble) value += 0;
  else if (kind == keyFloor) {
    const isWithin = value >= load<f64>(last) && value < load<f64>(last, 8);
    value = isWithin ? load<f64>(last) : floorOf(key, value, last);
  }
  return reinterpret<u64>(value);
}

/** The floor as writeKey() has it, which is kept. */
function floorOf(key: usize, value: f64, last: usize): f64 {
  if (isNaN(value)) return value;
  const width = <i64>load<f64>(key, 16);
  const rest = (<i64>value - <i64>load<f64>(key, 24)) % width;
  const low = <f64>(<i64>value - (rest < 0 ? rest + width : rest));
  store<f64>(last, low);
  store<f64>(last, low + <f64>width, 8);
  return low;
}

/** Find or put in the group of a row. @returns its tally, one more; 0 when there is no room. */
function newTally(table: usize, program: usize, row: u32, keys: usize): u32 {
  const length = <u32>(writeKey(program, row, keys) - keys);
  const hash = slotHash(keys, length);
  const slot = findOrInsertState(table, keys, length, hash, load<u32>(program, stateBytesAt), load<u32>(program, markAt));
  if (slot == 0) return 0;
  // Numbers that differ may be of one group, as 0 and -0 are.
  for (let index: u32 = 0; index < tallyCount; index++)
    if (load<u32>(tallies + <usize>index * tallyBytes) == <u32>slot) return index + 1;
  if (tallyCount == talliesMax) return 0;
  const tally = tallies + <usize>tallyCount * tallyBytes;
  memory.fill(tally, 0, tallyBytes);
  store<u32>(tally, <u32>slot);
  return ++tallyCount;
}

/**
 * Choose the tallies that gather their rows.
 *
 * @returns false when there might be no room for what all rows add, in whatever order they do. A state that grows to
 *   `length` takes at most five times that of the arena: each of its places is half as long again as the one before.
 */
function openTallies(table: usize, program: usize): bool {
  const growing = load<u32>(program, growingCount);
  const plain = <usize>load<u32>(program, partsAt);
  const firstGrowing = plain + <usize>(load<u32>(program, partCount) - growing) * partBytes;
  const windows = <usize>growing * windowBytes;
  let counts = <usize>load<u32>(program, scratchAt);
  const countsEnd = counts + scratchBytes;
  let wanted: u32 = 0;
  for (let index: u32 = 0; index < tallyCount; index++) {
    const tally = tallies + <usize>index * tallyBytes;
    const slot = <usize>load<u32>(tally);
    const rows = load<u32>(tally, 4);
    const length = stateLength(slot) + growing * (rows + 2) * (bucketBytes + 8);
    if (length > 0x80_0000) return false;
    if (growing > 0) wanted += 8 * length + 1024;
    if ((growing > 0 && rows < rowsMin) || counts + windows > countsEnd) continue;
    if (!arePlain(plain, firstGrowing, stateOf(table, slot), slot)) continue;
    store<u32>(tally, <u32>counts, 8);
    memory.fill(counts, 0, windows);
    counts += windows;
  }
  return growing == 0 || <i32>wanted < arenaRoom(table);
}

/** Whether counts, sums and means of a state are doubles to which a block's can be added. */
function arePlain(plain: usize, growing: usize, state: usize, slot: usize): bool {
  for (let part = plain; part < growing; part += partBytes) {
    if (load<u32>(part) == partCountRows) continue;
    const at = state + startOf(part, growing, state, slot) + (load<u32>(part) == partMean ? 8 : 0);
    if (extraOf(part, state, slot) != 0 || !(abs(load<f64>(at)) <= stateMax)) return false;
  }
  return true;
}

/** Gather a row, or nothing of it. @returns false when one of its values is not of the usual kind. */
@inline
function tallyRow(program: usize, tally: usize, row: u32): bool {
  const first = <usize>load<u32>(program, partsAt);
  const end = first + <usize>load<u32>(program, partCount) * partBytes;
  let bucketAt = buckets;
  for (let part = first; part < end; part += partBytes) {
    const kind = load<u32>(part);
    const value = valueOf(part, row);
    if (kind == partQuantile) {
      let bucket: i32 = -1;
      if (!isNaN(value)) {
        bucket = bucketOf(value, load<f64>(program, logGammaAt), <usize>load<u32>(program, bucketsAt)) - windowBegin;
        if (<u32>bucket >= windowCount) return false;
      }
      store<i32>(bucketAt, bucket);
      bucketAt += 4;
    } else if (kind != partCountRows && !isNaN(value) && !(value == floor(value) && abs(value) <= valueMax)) return false;
  }
  let sums = tally + sumsAt;
  let counts = <usize>load<u32>(tally, 8);
  bucketAt = buckets;
  for (let part = first; part < end; part += partBytes, sums += 16) {
    if (load<u32>(part) == partQuantile) {
      const bucket = load<i32>(bucketAt);
      bucketAt += 4;
      const at = counts + (<usize>bucket << 1);
      if (bucket >= 0) store<u16>(at, load<u16>(at) + 1);
      counts += windowBytes;
      continue;
    }
    const value = valueOf(part, row);
    if (isNaN(value)) continue;
    store<f64>(sums, load<f64>(sums) + 1);
    store<f64>(sums, load<f64>(sums, 8) + value, 8);
  }
  return true;
}

/** Add what was gathered to the group's state. */
function closeTally(table: usize, program: usize, tally: usize): void {
  const slot = <usize>load<u32>(tally);
  const first = <usize>load<u32>(program, partsAt);
  const end = first + <usize>load<u32>(program, partCount) * partBytes;
  const growing = end - <usize>load<u32>(program, growingCount) * partBytes;
  let sums = tally + sumsAt;
  let counts = <usize>load<u32>(tally, 8);
  for (let part = first; part < end; part += partBytes, sums += 16) {
    const state = stateOf(table, slot);
    const start = startOf(part, growing, state, slot);
    const kind = load<u32>(part);
    if (kind == partQuantile) {
      addCounts(table, slot, part, start, counts);
      counts += windowBytes;
      continue;
    }
    const at = state + <usize>start;
    if (kind == partCountRows || kind == partMean) store<f64>(at, load<f64>(at) + load<f64>(sums));
    if (kind == partCountRows) continue;
    const sumAt = kind == partMean ? at + 8 : at;
    store<f64>(sumAt, load<f64>(sumAt) + load<f64>(sums, 8) + 0);
  }
}

/** Add the counts of buckets to the part that begins at `start`. */
function addCounts(table: usize, slot: usize, part: usize, start: u32, counts: usize): void {
  const before = stateOf(table, slot) + <usize>start;
  const held = load<u32>(before);
  const fresh = addToHeld(before + 8, before + 8 + <usize>(held * bucketBytes), counts);
  if (fresh == 0) return;
  const at = resizePart(table, slot, part, start, 8 + (held + fresh) * bucketBytes);
  store<u32>(at, held + fresh);
  // From the last bucket on, so that those that were there move once.
  const first = at + 8;
  let from = first + <usize>(held * bucketBytes);
  let to = from + <usize>(fresh * bucketBytes);
  for (let block = <i32>windowCount - 8; to > from; block -= 8) {
    let mask: u32 = i16x8.bitmask(i16x8.ne(v128.load(counts + (<usize>block << 1)), i16x8.splat(0)));
    while (mask != 0) {
      const index = block + 31 - <i32>clz(mask);
      mask ^= (<u32>1) << <u32>(index - block);
      const bucket = windowBegin + index;
      while (from > first && load<i32>(from - 12) > bucket) {
        from -= 12;
        to -= 12;
        const moved = load<u64>(from);
        store<u32>(to, load<u32>(from, 8), 8);
        store<u64>(to, moved);
      }
      to -= 12;
      store<i32>(to, bucket);
      store<f64>(to, <f64>load<u16>(counts + (<usize>index << 1)), 4);
    }
  }
}

/** Add counts to those buckets from `at` up to `end` that are there; they are set to 0. @returns how many are not there. */
function addToHeld(at: usize, end: usize, counts: usize): u32 {
  let fresh: u32 = 0;
  for (let block: u32 = 0; block < windowCount; block += 8) {
    let mask: u32 = i16x8.bitmask(i16x8.ne(v128.load(counts + (<usize>block << 1)), i16x8.splat(0)));
    while (mask != 0) {
      const index = block + ctz(mask);
      mask &= mask - 1;
      const bucket = windowBegin + <i32>index;
      while (at < end && load<i32>(at) < bucket) at += 12;
      if (at == end || load<i32>(at) != bucket) {
        fresh++;
        continue;
      }
      const count = counts + (<usize>index << 1);
      store<f64>(at, load<f64>(at, 4) + <f64>load<u16>(count), 4);
      store<u16>(count, 0);
    }
  }
  return fresh;
}
