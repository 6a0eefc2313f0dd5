// Keys that are not looked up: where most come once, each is put behind the others with the state that it brings, as a
// pair of a sort buffer (src/sort/sort-buffer.ts), and equal ones are folded when they are written (folding.ts).
//
// Such a log lies where a combine table would, and its block is the table's: 0 memory (an address), 5 pairs held, 6 end of
// the pairs (from memory on), 7 partitions, 8 why it stopped, and 9 bytes of the memory, which a table has as 0; 10 pairs of
// each partition (an address), counted on.

import { copyBytes } from "./keys";
import { writeInt } from "./numbers";
import { sortEntryBytes, stoppedFull } from "./table";

const headBytes: usize = 12;
/** Of a state: 1 and up to 7 of a number below 2^53. */
const stateBytesMax: u64 = 8;

/** Whether a block is of a log. */
@inline
export function isLog(table: usize): bool {
  return load<u32>(table, 36) != 0;
}

/**
 * Put a key behind the others. Up to 15 bytes beyond the key are read; what is written beyond the pair lies in the room of
 * the sort entries, which is free meanwhile.
 *
 * @param value - an integer of up to 2^53.
 * @returns false when there is no room, with the reason in the block.
 */
@inline
export function appendKey(log: usize, at: usize, length: u32, hash: u32, value: f64): bool {
  const count = load<u32>(log, 20);
  const top = load<u32>(log, 24);
  const wanted = <u64>top + <u64>headBytes + <u64>length + stateBytesMax + 3 + <u64>(count + 1) * <u64>sortEntryBytes;
  if (wanted > <u64>load<u32>(log, 36)) {
    store<u32>(log, stoppedFull, 32);
    return false;
  }
  const place = <usize>load<u32>(log) + top;
  const partition = hash % load<u32>(log, 28);
  const state = place + headBytes + length;
  copyBytes(place + headBytes, at, length);
  const end = writeInt(state, value);
  store<u32>(place, partition);
  store<u32>(place, length, 4);
  store<u32>(place, <u32>(end - state), 8);
  const counter = <usize>load<u32>(log, 40) + ((<usize>partition) << 2);
  store<u32>(counter, load<u32>(counter) + 1);
  store<u32>(log, count + 1, 20);
  store<u32>(log, (<u32>(end - place) + top + 3) & ~3, 24);
  return true;
}
