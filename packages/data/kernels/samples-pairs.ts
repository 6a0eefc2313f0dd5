// Puts a pair for each row into a sort buffer, whose layout src/sort/sort-buffer.ts has, up to the first row that is left:
// pairs with equal keys stay in the order of the rows.
//
// Block, words of 4 bytes: 0 memory of the buffer (an address), 1 its bytes, 2 end of what it holds and 3 pairs held
// (both changed), 4 the program, 5 what is left of rows, 6 the first row, 7 the end of the rows, 8 partitions, 9 pairs of
// each, counted on, 10 room for the longest pair, 11 whether there was no room (written).
//
// Program: as of aggregate-program.ts, its conditions, then keys for the sorted key, and in place of parts keys for the value.

import { holds } from "./aggregate-conditions";
import { valueBytes, writeTuple } from "./aggregate-keys";
import { growingCount, keyBytes, keyCount, keysAt, partCount, partsAt } from "./aggregate-program";
import { copyBytes } from "./keys";
import { murmur32 } from "./hash";

const headBytes: usize = 12;
const sortEntryBytes: u64 = 16;
/** What a value may take beside its own bytes, and what is written beyond it. */
const valueRoom: u32 = 48;

/** How many bytes values may take. */
@inline
function bytesOf(key: usize, count: u32, row: u32): u32 {
  let bytes: u32 = 0;
  for (const end = key + <usize>count * keyBytes; key < end; key += keyBytes) bytes += valueBytes(key, row) + valueRoom;
  return bytes;
}

/** @returns the first row whose pair was not put in: one that is left, for which there was no room, or the end. */
export function addRowPairs(block: usize): u32 {
  const memory = <usize>load<u32>(block);
  const bytes = load<u32>(block, 4);
  let top = load<u32>(block, 8);
  let held = load<u32>(block, 12);
  const program = <usize>load<u32>(block, 16);
  const left = <usize>load<u32>(block, 20);
  let row = load<u32>(block, 24);
  const to = load<u32>(block, 28);
  const partitions = load<u32>(block, 32);
  const counts = <usize>load<u32>(block, 36);
  const scratch = <usize>load<u32>(block, 40);
  const keys = <usize>load<u32>(program, keysAt);
  const keysOf = load<u32>(program, keyCount);
  const values = <usize>load<u32>(program, partsAt);
  const valuesOf = load<u32>(program, partCount);
  // With an order behind it the key is its first value, a text: what chooses the partition is its bytes.
  const isOrdered = load<u32>(program, growingCount) != 0;
  const text = <usize>load<u32>(keys, 4);
  store<u32>(block, 0, 44);
  for (; row < to; row++) {
    if (load<i32>(left + (<usize>row << 2)) == -1 || !holds(program, row)) break;
    const room = <u32>headBytes + bytesOf(keys, keysOf, row) + bytesOf(values, valuesOf, row);
    // What is written beyond a pair lies in the room of the entries, which is free while pairs are put in.
    const isDirect = <u64>top + room <= bytes;
    const place = isDirect ? memory + top : scratch;
    const key = place + headBytes;
    const keyEnd = writeTuple(keys, keysOf, row, key);
    const end = writeTuple(values, valuesOf, row, keyEnd);
    const size = (<u32>(end - place) + 3) & ~3;
    if (<u64>top + size + <u64>(held + 1) * sortEntryBytes > bytes) {
      store<u32>(block, 1, 44);
      break;
    }
    const cell = text + (<usize>row << 3);
    const hash = isOrdered
      ? murmur32(<usize>load<u32>(cell), load<u32>(cell, 4))
      : murmur32(key, <u32>(keyEnd - key));
    const partition = hash % partitions;
    store<u32>(place, partition);
    store<u32>(place, <u32>(keyEnd - key), 4);
    store<u32>(place, <u32>(end - keyEnd), 8);
    if (!isDirect) copyBytes(memory + top, place, size);
    const counter = counts + ((<usize>partition) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    top += size;
    held++;
  }
  store<u32>(block, top, 8);
  store<u32>(block, held, 12);
  return row;
}
