// Logs (log.ts): made of a table's slots, and written with equal keys folded.

import {
  commonUpTo,
  copyBytes,
  entryOf,
  inlineKeyBytes,
  kindPairs,
  kindSlots,
  lengthOf,
  pairHeadBytes,
  placeOf,
  slotLengthOf,
  useKeys,
} from "./keys";
import { readInt, writeInt, writeVarint } from "./numbers";

const stoppedAtEnd: u32 = 0;
const stoppedFull: u32 = 1;
const stoppedHard: u32 = 2;

/** What a pair may need beside key and state. */
const pairRoom: u32 = 16;
const sortEntryBytes: u32 = 16;
const stateBytesMax: u32 = 8;
const tagArenaState: u32 = 0x100;
const integerMax: f64 = 9007199254740991;
const touchedMax: u32 = 32;

let touched: u32 = 0;
// Of a state that is written.
const scratch = memory.data(16, 16);

/**
 * Make pairs of the slots from one address to another, at the begin of the memory that both lie in.
 *
 * @param log - block of the log: 0 memory, 6 end of the arena, then of the pairs; 10 counts, which are 0. See log.ts.
 * @returns the pairs; 0, and the slots are as they were, when one is not plain or there is too little room.
 */
export function slotsToLog(log: usize, slots: usize, end: usize): u32 {
  const begin = <usize>load<u32>(log);
  const counts = <usize>load<u32>(log, 40);
  useKeys(kindSlots, begin);
  const first = (begin + load<u32>(log, 24) + 15) & ~15;
  let place = first;
  let count: u32 = 0;
  for (let slot = slots; slot < end; slot += 32) {
    if (load<u32>(slot, 20) == 0) continue;
    const length = slotLengthOf(slot);
    const state = load<f64>(slot, 24);
    if ((load<u32>(slot, 16) & tagArenaState) != 0 || !(abs(state) <= integerMax)) return 0;
    // The rest of a longer key is copied 16 bytes at a time.
    if (<u64>place + pairHeadBytes + length + stateBytesMax + 32 > <u64>slots) return 0;
    const entry = entryOf(slot);
    const key = place + pairHeadBytes;
    v128.store(key, v128.load(slot));
    if (length > inlineKeyBytes) copyBytes(key + inlineKeyBytes, entry + 8, length - inlineKeyBytes);
    const stop = writeInt(key + length, state);
    const partition = load<u32>(entry);
    store<u32>(place, partition);
    store<u32>(place, length, 4);
    store<u32>(place, <u32>(stop - key) - length, 8);
    const counter = counts + ((<usize>partition) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    place = (stop + 3) & ~3;
    count++;
  }
  const bytes = place - first;
  if (<u64>bytes + <u64>count * <u64>sortEntryBytes > <u64>(end - begin)) return 0;
  memory.copy(begin, first, bytes);
  store<u32>(log, <u32>bytes, 24);
  return count;
}

/** The state of a pair. @returns NaN when it is no plain number. */
@inline
function stateOf(ref: u32, length: u32): f64 {
  const place = placeOf(ref);
  return readInt(place + pairHeadBytes + length, load<u32>(place, 8));
}

/**
 * Write pairs as writePairs of pairs.ts does, equal keys as one with the sum of their states. Also changed: 12 pairs written.
 *
 * @returns the first entry that was not written; it begins a key.
 */
export function writeFolded(block: usize, low: u32, from: u32, high: u32): u32 {
  useKeys(kindPairs, load<u32>(block, 4));
  const refs = <usize>load<u32>(block, 12);
  const body = <usize>load<u32>(block, 44);
  const bytesMax = load<u32>(block, 40);
  let end = <usize>load<u32>(block, 32);
  let index = from;
  let written: u32 = 0;
  let reason = stoppedAtEnd;
  let untouched = from;
  let shared: u32 = from > low ? commonOf(refAt(refs, from - 1), refAt(refs, from)) : 0;
  while (index < high) {
    const ref = refAt(refs, index);
    const length = lengthOf(ref);
    let sum = stateOf(ref, length);
    let isExact = true;
    let next = index + 1;
    let common: u32 = 0;
    for (; next < high; next++) {
      if (next >= untouched) {
        untouched = min(high, next + touchedMax);
        touch(refs, next, untouched);
      }
      const other = refAt(refs, next);
      common = commonOf(ref, other);
      if (common != length || lengthOf(other) != length) break;
      sum += stateOf(other, length);
      isExact = isExact && abs(sum) <= integerMax;
    }
    // Not of a number, either.
    if (!isExact || sum != sum || length + stateBytesMax + pairRoom > bytesMax) {
      reason = stoppedHard;
      break;
    }
    const stateBytes = <u32>(writeInt(scratch, sum) - scratch);
    if (<u32>(end - body) + length + stateBytes + pairRoom > bytesMax) {
      reason = stoppedFull;
      break;
    }
    const start: u32 = end == body ? 0 : shared;
    end = writeVarint(end, start);
    end = writeVarint(end, length - start);
    end = writeVarint(end, stateBytes << 1);
    copyBytes(end, placeOf(ref) + pairHeadBytes + start, length - start);
    end += length - start;
    store<u64>(end, load<u64>(scratch));
    end += stateBytes;
    written++;
    shared = common;
    index = next;
  }
  store<u32>(block, <u32>end, 32);
  store<u32>(block, reason, 36);
  store<u32>(block, written, 48);
  return index;
}

@inline
function refAt(refs: usize, index: u32): u32 {
  return load<u32>(refs + ((<usize>index) << 2));
}

@inline
function commonOf(a: u32, b: u32): u32 {
  return commonUpTo(a, b, 0, min(lengthOf(a), lengthOf(b)));
}

/** Touch the pairs of references [from, to), two lines of cache each, so that their misses overlap. */
function touch(refs: usize, from: u32, to: u32): void {
  let sum: u32 = 0;
  for (let index = from; index < to; index++) {
    const place = placeOf(refAt(refs, index));
    sum += load<u32>(place) + load<u32>(place, 64);
  }
  // Kept, so that the loads are not left out.
  touched = sum;
}
