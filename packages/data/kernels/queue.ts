// The module of queued keys (src/map/key-queue.ts): adds an integer to the state of each. Keys are hashed in groups, the
// slots of a group are touched before the first is searched, so that their cache misses overlap.
//
// Queue, from its address on: for each key 16 bytes: where it begins and ends (two addresses), then the integer (a double).

import { murmur32 } from "./hash";
import { appendKey, isLog } from "./log";
import { slotHash } from "./slot-hash";
import { findOrInsert, homeSlot, stoppedAtEnd, stoppedHard } from "./table";

const groupMax: u32 = 128;
const entryBytes: u32 = 16;
// Of each key of the group: its hash.
const hashes = memory.data(<i32>(groupMax * 4), 16);
let touched: u32 = 0;

/** Up to here doubles tell all integers apart. */
const safeMax: f64 = 9007199254740991;

/**
 * Add queued integers to the states of keys, which are doubles. Up to 16 bytes beyond a key are read.
 *
 * @returns `count`, or the first key from `first` on that was not added, with the reason in the table's block: there is no
 * room, or its state is no such double, or would be none.
 */
export function addKeys(table: usize, queue: usize, first: u32, count: u32): u32 {
  store<u32>(table, stoppedAtEnd, 32);
  if (isLog(table)) return appendKeys(table, queue, first, count);
  let index = first;
  while (index < count) {
    const stop = min(count, index + groupMax);
    touch(table, queue, index, stop);
    for (let place = hashes; index < stop; index++, place += 4) {
      const entry = queue + <usize>(index * entryBytes);
      const begin = load<u32>(entry);
      const slot = findOrInsert(table, <usize>begin, load<u32>(entry, 4) - begin, load<u32>(place));
      if (slot == 0) return index;
      const sum = load<f64>(slot, 24) + load<f64>(entry, 8);
      if (!(abs<f64>(sum) <= safeMax)) {
        store<u32>(table, stoppedHard, 32);
        return index;
      }
      store<f64>(slot, sum, 24);
    }
  }
  return count;
}

/** Put queued keys into a log. @returns as {@link addKeys}. */
function appendKeys(log: usize, queue: usize, first: u32, count: u32): u32 {
  for (let index = first; index < count; index++) {
    const entry = queue + <usize>(index * entryBytes);
    const begin = <usize>load<u32>(entry);
    const length = load<u32>(entry, 4) - <u32>begin;
    if (!appendKey(log, begin, length, murmur32(begin, length), load<f64>(entry, 8))) return index;
  }
  return count;
}

function touch(table: usize, queue: usize, first: u32, stop: u32): void {
  let place = hashes;
  for (let index = first; index < stop; index++, place += 4) {
    const entry = queue + <usize>(index * entryBytes);
    const begin = load<u32>(entry);
    store<u32>(place, slotHash(<usize>begin, load<u32>(entry, 4) - begin));
  }
  let sum: u32 = 0;
  for (let at = hashes; at < place; at += 4) sum += load<u32>(homeSlot(table, load<u32>(at)), 20);
  // Kept, so that the loads are not left out.
  touched = sum;
}
