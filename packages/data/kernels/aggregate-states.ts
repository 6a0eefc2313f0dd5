// Adds a row to the state of its group, on the layouts of src/aggregation/state-parts.ts and of the aggregators.

import { bucketBytes, bucketOf, findBucket } from "./aggregate-buckets";
import {
  becomeDense,
  exactMax,
  findHash,
  growthOfDistinct,
  hashBytes,
  hashOf,
  insertHash,
  isDense,
  raise,
  registerBytes,
} from "./aggregate-distinct";
import { addWide, bytesFor, spread, sumBytesMax, widen, widenedBytes } from "./aggregate-sums";
import { isMissingTuple, valueBytes, writeTuple } from "./aggregate-keys";
import {
  bucketsAt,
  groupingBit,
  growingCount,
  logGammaAt,
  partBehindAt,
  partBytes,
  partCount,
  partCountRows,
  partDistinct,
  partDoubleMean,
  partEmptyAt,
  partHeadAt,
  partMax,
  partMean,
  partMin,
  partQuantile,
  partsAt,
  partStartAt,
  partValuesAt,
  scratchAt,
} from "./aggregate-program";
import { arenaBytes, arenaRoom, growState, growthBytes, stateLength, stateOf } from "./aggregate-table";

export const added: u32 = 0;
/** There is no room for what a state may grow by. */
export const noRoom: u32 = 1;
/** A sum is no safe integer any more, or has a form that is not known here. */
export const isHard: u32 = 2;

const safeIntegerMax: f64 = 9_007_199_254_740_991;

@inline
function padded(length: u32): u32 {
  return (length + 7) & ~7;
}

@inline
export function valueOf(part: usize, row: u32): f64 {
  const column = <usize>load<u32>(part, 4);
  return column == 0 ? 1 : load<f64>(column + (<usize>row << 3));
}

/** How much longer a part is than its empty state. */
@inline
export function extraOf(part: usize, state: usize, slot: usize): u32 {
  const head = load<i32>(part, partHeadAt);
  return head < 0 ? stateLength(slot) - load<u32>(part, partEmptyAt) : load<u32>(state + <usize>head);
}

/** Where a part begins, from the state's begin. */
@inline
export function startOf(part: usize, growing: usize, state: usize, slot: usize): u32 {
  let start = load<u32>(part, partStartAt);
  const before = load<u32>(part, partBehindAt);
  for (let index: u32 = 0; index < before; index++, growing += partBytes) {
    const empty = load<u32>(growing, partEmptyAt);
    start += padded(empty + extraOf(growing, state, slot)) - padded(empty);
  }
  return start;
}

/** Add a row, or nothing of it. @returns {@link added}, {@link noRoom} or {@link isHard}. */
export function addRow(table: usize, program: usize, slot: usize, row: u32): u32 {
  const growingParts = load<u32>(program, growingCount);
  const plain = <usize>load<u32>(program, partsAt);
  const growing = plain + <usize>(load<u32>(program, partCount) - growingParts) * partBytes;
  if (growingParts != 0) {
    const wanted = roomFor(slot, growing, growingParts, stateOf(table, slot), row);
    // Who wants so much would have no room in an empty table, or would soon fill it.
    if (wanted > arenaBytes(table) >>> 1) return isHard;
    if (wanted > <u32>max(arenaRoom(table), 0)) return noRoom;
  }
  const state = stateOf(table, slot);
  for (let part = plain; part < growing; part += partBytes) {
    if (addPlain(part, state + startOf(part, growing, state, slot), extraOf(part, state, slot), row)) continue;
    while (part > plain) {
      part -= partBytes;
      takeBack(part, state + startOf(part, growing, state, slot), row);
    }
    return isHard;
  }
  const end = growing + <usize>growingParts * partBytes;
  for (let part = growing; part < end; part += partBytes) {
    const start = startOf(part, growing, stateOf(table, slot), slot);
    const kind = load<u32>(part);
    if (kind == partQuantile) addToBucket(table, program, slot, part, start, row);
    else if (kind == partDistinct) addHash(table, program, slot, part, start, row);
    else if (kind == partMin || kind == partMax) addExtreme(table, program, slot, part, start, row);
    else addDouble(table, slot, part, start, row);
  }
  return added;
}

/** Say at `left` that a row is left to the map, for the program's grouping alone. */
@inline
export function leaveRow(program: usize, left: usize, row: u32): void {
  const place = left + (<usize>row << 2);
  store<u32>(place, load<u32>(place) | load<u32>(program, groupingBit));
}

/** What of the arena parts may take that grow by a row, each of them moving the state. */
@inline
function roomFor(slot: usize, growing: usize, count: u32, state: usize, row: u32): u32 {
  let more: u32 = 0;
  let part = growing;
  for (let index: u32 = 0; index < count; index++, part += partBytes) {
    const kind = load<u32>(part);
    if (kind == partQuantile) more += 2 * bucketBytes;
    else if (kind == partDistinct) more += growthOfDistinct(state + startOf(part, growing, state, slot));
    else if (kind == partMin || kind == partMax) more += 8 + valueBytes(<usize>load<u32>(part, 4), row);
    else more += sumBytesMax;
  }
  return more == 0 ? 0 : count * <u32>growthBytes(stateLength(slot) + more);
}

@inline
function addToBucket(table: usize, program: usize, slot: usize, part: usize, start: u32, row: u32): void {
  const value = valueOf(part, row);
  if (isNaN(value)) return;
  const bucket = bucketOf(value, load<f64>(program, logGammaAt), <usize>load<u32>(program, bucketsAt));
  const at = stateOf(table, slot) + start;
  const place = findBucket(at, bucket);
  if (place < 0) openBucket(table, slot, part, start, ~place, bucket);
  else store<f64>(at + place, load<f64>(at + place, 4) + 1, 4);
}

/** Add a double to a sum or a mean: one double while it is a safe integer, then digits. */
function addDouble(table: usize, slot: usize, part: usize, start: u32, row: u32): void {
  const value = valueOf(part, row);
  if (isNaN(value)) return;
  const state = stateOf(table, slot);
  const counted: u32 = load<u32>(part) == partDoubleMean ? 8 : 0;
  let at = state + start + counted;
  if (counted != 0) store<f64>(at - 8, load<f64>(at - 8) + 1);
  let length = load<u32>(part, partEmptyAt) + extraOf(part, state, slot) - counted;
  if (length == 8) {
    const sum = load<f64>(at) + value;
    if (value == floor(value) && abs(sum) <= safeIntegerMax) {
      store<f64>(at, sum + 0);
      return;
    }
    at = resizePart(table, slot, part, start, counted + widenedBytes) + counted;
    widen(at);
    length = widenedBytes;
  }
  const after = bytesFor(at, length, value);
  if (after != length) {
    at = resizePart(table, slot, part, start, counted + after) + counted;
    spread(at, length, after, value);
  }
  addWide(at, after, value);
}

/** Keep the least or the greatest value: a byte and what its codec writes. */
function addExtreme(table: usize, program: usize, slot: usize, part: usize, start: u32, row: u32): void {
  const values = <usize>load<u32>(part, 4);
  if (isMissingTuple(values, 1, row)) return;
  const scratch = <usize>load<u32>(program, scratchAt);
  const length = <u32>(writeTuple(values, 1, row, scratch) - scratch);
  const state = stateOf(table, slot);
  const held = extraOf(part, state, slot);
  if (held > 0) {
    const order = compareBytes(scratch, length, state + start + 1, held - 1);
    if (load<u32>(part) == partMin ? order >= 0 : order <= 0) return;
  }
  const at = resizePart(table, slot, part, start, 1 + length);
  store<u8>(at, 1);
  memory.copy(at + 1, scratch, length);
}

function compareBytes(a: usize, aLength: u32, b: usize, bLength: u32): i32 {
  const order = memory.compare(a, b, min(aLength, bLength));
  return order != 0 ? order : <i32>aLength - <i32>bLength;
}

function addHash(table: usize, program: usize, slot: usize, part: usize, start: u32, row: u32): void {
  const values = <usize>load<u32>(part, 4);
  const count = load<u32>(part, partValuesAt);
  if (isMissingTuple(values, count, row)) return;
  const scratch = <usize>load<u32>(program, scratchAt);
  const hash = hashOf(scratch, writeTuple(values, count, row, scratch));
  let at = stateOf(table, slot) + start;
  if (isDense(at)) {
    raise(at + 8, hash);
    return;
  }
  const place = findHash(at, hash);
  if (place == 0) return;
  const length = 8 + load<u32>(at) * hashBytes;
  if (load<u32>(at) == exactMax) {
    at = resizePart(table, slot, part, start, 8 + registerBytes);
    becomeDense(at, scratch);
    raise(at + 8, hash);
    return;
  }
  insertHash(resizePart(table, slot, part, start, length + hashBytes), place, length, hash);
}

/** Add to a count, a sum or a mean. @returns false when that is not one double, or would not be a safe integer. */
@inline
function addPlain(part: usize, at: usize, extra: u32, row: u32): bool {
  // Also without a value: what lies behind a sum that was widened is not where it is looked for.
  if (extra != 0) return false;
  const value = valueOf(part, row);
  if (isNaN(value)) return true;
  const kind = load<u32>(part);
  if (kind == partCountRows) {
    store<f64>(at, load<f64>(at) + 1);
    return true;
  }
  const sumAt = kind == partMean ? at + 8 : at;
  const sum = load<f64>(sumAt) + value;
  if (value != floor(value) || abs(sum) > safeIntegerMax) return false;
  if (kind == partMean) store<f64>(at, load<f64>(at) + 1);
  store<f64>(sumAt, sum + 0);
  return true;
}

/** Undo {@link addPlain}, exactly: sums are safe integers. */
function takeBack(part: usize, at: usize, row: u32): void {
  const value = valueOf(part, row);
  if (isNaN(value)) return;
  const kind = load<u32>(part);
  if (kind == partCountRows || kind == partMean) store<f64>(at, load<f64>(at) - 1);
  if (kind == partCountRows) return;
  const sumAt = kind == partMean ? at + 8 : at;
  store<f64>(sumAt, load<f64>(sumAt) - value + 0);
}

/** Put a bucket with one value at `place` of the part that begins at `start`. */
function openBucket(table: usize, slot: usize, part: usize, start: u32, place: i32, bucket: i32): void {
  const length = load<u32>(part, partEmptyAt) + extraOf(part, stateOf(table, slot), slot);
  const at = resizePart(table, slot, part, start, length + bucketBytes);
  const from = at + <usize>place;
  if (length > <u32>place) memory.copy(from + bucketBytes, from, length - <u32>place);
  store<i32>(from, bucket);
  store<f64>(from, 1, 4);
  store<u32>(at, load<u32>(at) + 1);
}

/** Make the part that begins at `start` `after` bytes long: what lies behind it moves. @returns where it lies. */
export function resizePart(table: usize, slot: usize, part: usize, start: u32, after: u32): usize {
  const empty = load<u32>(part, partEmptyAt);
  const head = load<i32>(part, partHeadAt);
  const outer = stateLength(slot);
  if (head < 0) return growState(table, slot, after) + start;
  const before = stateOf(table, slot);
  const behind = start + padded(empty + load<u32>(before + <usize>head));
  const newBehind = start + padded(after);
  if (newBehind < behind && outer > behind) memory.copy(before + newBehind, before + behind, outer - behind);
  const state = newBehind == behind ? before : growState(table, slot, outer + newBehind - behind);
  if (newBehind > behind && outer > behind) memory.copy(state + newBehind, state + behind, outer - behind);
  store<u32>(state + <usize>head, after - empty);
  return state + start;
}
