// Writes sorted pairs into the body of a run's block: the bytes and the cuts of src/run/run-writer.ts.
//
// Block: as of sorting.ts, and 8 end of what stands in the body (an address, changed), 9 why it stopped, 10 bytes that
// a body may have, 11 begin of the body.

import {
  byteOf,
  commonUpTo,
  copyBytes,
  entryOf,
  inlineKeyBytes,
  keysAreSlots,
  lengthOf,
  pairHeadBytes,
  placeOf,
  useKeys,
} from "./keys";
import { writeInt, writeVarint } from "./numbers";

const stoppedAtEnd: u32 = 0;
const stoppedFull: u32 = 1;
const stoppedHard: u32 = 2;

const valueInlineBytesMax: u32 = 65536;
/** Stands for the length of what is the twin's. */
const hardLength: u32 = 0x7fff0000;
/** What a pair may need beside key and value. */
const pairRoom: u32 = 16;
const tagArenaState: u32 = 0x100;
/** So many pairs are touched at once before they are written, so that their cache misses overlap. */
const groupMax: u32 = 32;

let touched: u32 = 0;

/**
 * Write pairs from `from` on up to `high` behind what stands in the body, those before `from` being written from `low`
 * on in the partition. `isFirst` when the body is empty.
 *
 * @returns the first pair that was not written.
 */
export function writePairs(block: usize, low: u32, from: u32, high: u32): u32 {
  useKeys(load<u32>(block), load<u32>(block, 4));
  const refs = <usize>load<u32>(block, 12);
  const body = <usize>load<u32>(block, 44);
  const bytesMax = load<u32>(block, 40);
  let end = <usize>load<u32>(block, 32);
  let index = from;
  let before: u32 = from > low ? load<u32>(refs + ((<usize>(from - 1)) << 2)) : 0;
  let beforeLength: u32 = from > low ? lengthOf(before) : 0;
  let reason = stoppedAtEnd;
  let untouched = from;
  for (; index < high; index++) {
    if (index == untouched) {
      untouched = min(high, index + groupMax);
      touch(refs, index, untouched);
    }
    const ref = load<u32>(refs + ((<usize>index) << 2));
    const length = lengthOf(ref);
    const place = placeOf(ref);
    const valueLength: u32 = !keysAreSlots() ? load<u32>(place, 8) : isHard(place) ? hardLength : stateBytes(place);
    const room = length + valueLength + pairRoom;
    // Values apart are the twin's, and what fits into no block.
    if (valueLength > valueInlineBytesMax || room > bytesMax) {
      reason = stoppedHard;
      break;
    }
    if (<u32>(end - body) + room > bytesMax) {
      reason = stoppedFull;
      break;
    }
    const shared = index == low ? 0 : commonUpTo(before, ref, 0, min(beforeLength, length));
    const start: u32 = end == body ? 0 : shared;
    end = writeVarint(end, start);
    end = writeVarint(end, length - start);
    end = writePair(end, ref, place, start, length, valueLength);
    before = ref;
    beforeLength = length;
  }
  store<u32>(block, <u32>end, 32);
  store<u32>(block, reason, 36);
  return index;
}

/** Touch what references [from, to) are to: slots, then what they have in the arena, of pairs two lines of cache. */
function touch(refs: usize, from: u32, to: u32): void {
  const first = refs + ((<usize>from) << 2);
  const last = refs + ((<usize>to) << 2);
  let sum: u32 = 0;
  if (keysAreSlots()) {
    for (let at = first; at < last; at += 4) sum += load<u32>(placeOf(load<u32>(at)), 20);
    for (let at = first; at < last; at += 4) {
      const slot = placeOf(load<u32>(at));
      if ((load<u32>(slot, 16) & 0xff) > inlineKeyBytes) sum += load<u32>(entryOf(slot));
    }
  } else
    for (let at = first; at < last; at += 4) {
      const place = placeOf(load<u32>(at));
      sum += load<u32>(place) + load<u32>(place, 64);
    }
  // Kept, so that the loads are not left out.
  touched = sum;
}

/** Whether a slot's state is for the twin: it lies in the arena, or is no integer of up to 2^53. */
@inline
function isHard(slot: usize): bool {
  if ((load<u32>(slot, 16) & tagArenaState) != 0) return true;
  const state = load<f64>(slot, 24);
  return !(abs(state) <= 9007199254740991);
}

/** Bytes of a state as an int. */
@inline
function stateBytes(slot: usize): u32 {
  const magnitude = <u64>abs(load<f64>(slot, 24));
  return 1 + <u32>((64 - clz<u64>(magnitude) + 7) >> 3);
}

/** What follows the two varints of the key. */
@inline
function writePair(end: usize, ref: u32, place: usize, start: u32, length: u32, valueLength: u32): usize {
  if (!keysAreSlots()) {
    end = writeVarint(end, valueLength << 1);
    // Key and value lie one behind the other.
    const suffix = length - start + valueLength;
    copyBytes(end, place + pairHeadBytes + start, suffix);
    return end + suffix;
  }
  end = writeVarint(end, valueLength << 1);
  if (start < inlineKeyBytes) {
    const inside = min(length, inlineKeyBytes) - start;
    copyBytes(end, place + start, inside);
    end += inside;
  }
  if (length > inlineKeyBytes) {
    const rest = max(start, inlineKeyBytes);
    copyBytes(end, entryOf(place) + 8 + rest - inlineKeyBytes, length - rest);
    end += length - rest;
  }
  return writeInt(end, load<f64>(place, 24));
}
