// Adds a row to the state of its group, on the layouts of src/aggregation/state-parts.ts and of the aggregators.

import { arenaRoom, growState, growthBytes, stateLength, stateOf } from "./aggregate-table";
import {
  growingCount,
  headAt,
  headBytesAt,
  logGammaAt,
  partBytes,
  partCount,
  partCountRows,
  partMean,
  partQuantile,
  partsAt,
  partSum,
} from "./aggregate-program";

// V8's own: another may differ in the last bit.
@external("env", "log")
declare function log(value: f64): f64;

export const added: u32 = 0;
/** There is no room for what a state may grow by. */
export const noRoom: u32 = 1;
/** A sum is no safe integer any more, or has a form that is not known here. */
export const isHard: u32 = 2;

const safeIntegerMax: f64 = 9_007_199_254_740_991;
// src/aggregate/quantile.ts
const bucketShift: f64 = 40_000;
const bucketBytes: u32 = 12;

@inline
function padded(length: u32): u32 {
  return (length + 7) & ~7;
}

/** How much longer the part is than its empty state. */
@inline
function extraBytes(head: i32, state: usize, index: u32, length: u32, empty: u32): u32 {
  return head < 0 ? length - empty : load<u32>(state + head + (<usize>index << 2));
}

/** Add a row, or nothing of it. @returns {@link added}, {@link noRoom} or {@link isHard}. */
export function addRow(table: usize, program: usize, slot: usize, row: u32): u32 {
  const length = stateLength(slot);
  const growing = load<u32>(program, growingCount);
  if (growing != 0 && arenaRoom(table) < <i32>growing * growthBytes(length + 24 * growing)) return noRoom;
  if (!sumsAreSafe(program, stateOf(table, slot), length, row)) return isHard;
  const head = load<i32>(program, headAt);
  const count = load<u32>(program, partCount);
  let state = stateOf(table, slot);
  let part = <usize>load<u32>(program, partsAt);
  let start: u32 = head < 0 ? 0 : head + load<u32>(program, headBytesAt);
  for (let index: u32 = 0; index < count; index++, part += partBytes) {
    const empty = load<u32>(part, 8);
    const kind = load<u32>(part);
    const column = <usize>load<u32>(part, 4);
    const value: f64 = column == 0 ? 1 : load<f64>(column + (<usize>row << 3));
    const at = state + start;
    if (isNaN(value)) {
      start += padded(empty + extraBytes(head, state, index, stateLength(slot), empty));
    } else if (kind == partQuantile) {
      const before = empty + extraBytes(head, state, index, stateLength(slot), empty);
      const bucket = bucketOf(value, load<f64>(program, logGammaAt));
      const place = findBucket(at, bucket);
      if (place < 0) {
        state = openBucket(table, slot, ~place, bucket, start, before);
        if (head >= 0) store<u32>(state + head + (<usize>index << 2), before + bucketBytes - empty);
        start += padded(before + bucketBytes);
      } else {
        store<f64>(at + place, load<f64>(at + place, 4) + 1, 4);
        start += padded(before);
      }
    } else {
      if (kind == partCountRows) store<f64>(at, load<f64>(at) + 1);
      else {
        const sum = kind == partMean ? at + 8 : at;
        if (kind == partMean) store<f64>(at, load<f64>(at) + 1);
        store<f64>(sum, load<f64>(sum) + value + 0);
      }
      start += padded(empty);
    }
  }
  return added;
}

/** Whether each sum is one double, and is a safe integer with the row too. */
function sumsAreSafe(program: usize, state: usize, length: u32, row: u32): bool {
  const head = load<i32>(program, headAt);
  const count = load<u32>(program, partCount);
  let part = <usize>load<u32>(program, partsAt);
  let start: u32 = head < 0 ? 0 : head + load<u32>(program, headBytesAt);
  for (let index: u32 = 0; index < count; index++, part += partBytes) {
    const empty = load<u32>(part, 8);
    const kind = load<u32>(part);
    const extra = extraBytes(head, state, index, length, empty);
    if (kind == partSum || kind == partMean) {
      const value = load<f64>(<usize>load<u32>(part, 4) + (<usize>row << 3));
      if (!isNaN(value)) {
        const sum = load<f64>(state + start + (kind == partMean ? 8 : 0)) + value;
        if (extra != 0 || value != floor(value) || abs(sum) > safeIntegerMax) return false;
      }
    }
    start += padded(empty + extra);
  }
  return true;
}

function bucketOf(value: f64, logGamma: f64): i32 {
  if (value == 0) return 0;
  const index = <i32>(ceil(log(abs(value)) / logGamma) + bucketShift);
  return value < 0 ? -index : index;
}

/** Find a bucket. @returns its place in the state, or where it belongs, complemented. */
@inline
function findBucket(at: usize, bucket: i32): i32 {
  const count = load<u32>(at);
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<i32>(at + 8 + <usize>(middle * bucketBytes)) < bucket) low = middle + 1;
    else high = middle;
  }
  const place = 8 + low * bucketBytes;
  return low < count && load<i32>(at + <usize>place) == bucket ? <i32>place : ~(<i32>place);
}

/** Put a bucket with one value at `place` of the part that begins at `start` and has `length` bytes. @returns the state. */
function openBucket(table: usize, slot: usize, place: i32, bucket: i32, start: u32, length: u32): usize {
  const outer = stateLength(slot);
  // The only part of a state has no padding.
  const isAlone = start == 0;
  const more = isAlone ? bucketBytes : padded(length + bucketBytes) - padded(length);
  const state = more == 0 ? stateOf(table, slot) : growState(table, slot, outer + more);
  const part = state + start;
  const behind = isAlone ? length : padded(length);
  if (more != 0 && !isAlone) memory.copy(part + behind + more, part + behind, outer - start - behind);
  const at = part + place;
  memory.copy(at + bucketBytes, at, length - place);
  store<i32>(at, bucket);
  store<f64>(at, 1, 4);
  store<u32>(part, load<u32>(part) + 1);
  return state;
}
