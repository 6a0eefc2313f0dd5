// Cuts lines of ASCII into one of their columns and the others, as pairs of a join, and puts these into a sort buffer, whose
// layout src/sort/sort-buffer.ts has. The key is the column in its self-delimiting form and the side; the value the side and
// the other columns, each behind a separator.
//
// Block, words of 4 bytes: 0 memory of the buffer (an address), 1 its bytes, 2 end of what it holds and 3 pairs held
// (both changed), 4 what offsets go by, 5 lines, 6 their offsets, 7 the column from 1 on, 8 partitions, 9 the separator,
// 10 pairs of each partition, counted on, 11 the side, 12 whether it ended for want of room.

import { findByte } from "./aggregate-find";
import { murmur32 } from "./hash";
import { copyBytes } from "./keys";

const headBytes: usize = 12;
const sortEntryBytes: u64 = 16;
/** Behind the column: its end, two bytes, and the side. */
const keyTailBytes: u32 = 3;

/** Where the column begins; 0 when there are fewer. */
@inline
function columnAt(from: usize, to: usize, column: u32, separator: u8): usize {
  let at = from;
  for (let before: u32 = 1; before < column; before++) {
    at = findByte(at, to, separator);
    if (at == to) return 0;
    at++;
  }
  return at;
}

/** @returns lines that were put in: up to the first that has no such column or a zero in it, or has no room. */
export function addCuts(block: usize): u32 {
  const memory = <usize>load<u32>(block);
  const bytes = load<u32>(block, 4);
  let top = load<u32>(block, 8);
  let held = load<u32>(block, 12);
  const base = <usize>load<u32>(block, 16);
  const lines = load<u32>(block, 20);
  let offsets = <usize>load<u32>(block, 24);
  const column = load<u32>(block, 28);
  const partitions = load<u32>(block, 32);
  const separator = <u8>load<u32>(block, 36);
  const counts = <usize>load<u32>(block, 40);
  const side = <u8>load<u32>(block, 44);
  store<u32>(block, 0, 48);
  let added: u32 = 0;
  for (; added < lines; added++) {
    const from = base + load<u32>(offsets);
    const to = base + load<u32>(offsets, 4);
    const begin = columnAt(from, to, column, separator);
    if (begin == 0) break;
    const end = findByte(begin, to, separator);
    if (findByte(begin, end, 0) != end) break;
    const length = <u32>(end - begin);
    const keyBytes = length + keyTailBytes;
    // Of columns before it, each has its separator: the last one's stands in front.
    const before = <u32>(begin - from);
    const after = <u32>(to - end);
    const size = (<u32>headBytes + keyBytes + 1 + before + after + 3) & ~3;
    if (<u64>top + size + <u64>(held + 1) * sortEntryBytes > bytes) {
      store<u32>(block, 1, 48);
      break;
    }
    const place = memory + top;
    const partition = murmur32(begin, length) % partitions;
    store<u32>(place, partition);
    store<u32>(place, keyBytes, 4);
    store<u32>(place, 1 + before + after, 8);
    // What is copied beyond a piece is written over by the next, and behind the last is the room of the entries.
    let at = place + headBytes;
    copyBytes(at, begin, length);
    at += length;
    store<u16>(at, 0x0100);
    store<u8>(at, side, 2);
    store<u8>(at, side, 3);
    at += keyTailBytes + 1;
    if (before > 0) {
      store<u8>(at, separator);
      copyBytes(at + 1, from, before - 1);
      at += before;
    }
    copyBytes(at, end, after);
    const counter = counts + ((<usize>partition) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    top += size;
    held++;
    offsets += 8;
  }
  store<u32>(block, top, 8);
  store<u32>(block, held, 12);
  return added;
}
