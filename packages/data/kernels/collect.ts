// Puts records into a sort buffer, whose layout src/sort/sort-buffer.ts has: those that are key and value, one behind the
// other, and lines that are keys.
//
// Block, words of 4 bytes: 0 memory of the buffer (an address), 1 its bytes, 2 end of what it holds and 3 pairs held
// (both changed), 4 the first record (an address), 5 records, 6 bytes of a record, 7 bytes of its key, 8 partitions,
// 9 cuts (an address; 0 when the hash chooses), 10 pairs of each partition, counted on. For lines 4 what offsets go by,
// 5 lines, 6 their offsets, 7 bytes before a line in its key, 11 bytes of each value, 12 and 13 these, 14 and 15 those, 16
// whether before a line that begins with a number stands 1 and that number instead, 17 whether it stopped at a line whose
// number is not for a kernel.

import { compareBytes, copyBytes } from "./keys";
import { murmur32 } from "./hash";
import { leadingNumber, leadsHard, leadsNumber, readLeading, sortedBits } from "./leading";

const headBytes: usize = 12;
const sortEntryBytes: u64 = 16;
/** Of an optional double that is there. */
const numberBytes: u32 = 9;

/** The first partition whose cut the key is below: src/partition/range-of.ts. A cut is its address and its length. */
@inline
function rangeOf(cuts: usize, count: u32, key: usize, length: u32): u32 {
  let low: u32 = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    const cut = cuts + ((<usize>middle) << 3);
    const cutLength = load<u32>(cut, 4);
    const order = compareBytes(key, load<u32>(cut), min(length, cutLength));
    if (order < 0 || (order == 0 && length < cutLength)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @returns records that were put in: all, or as many as there was room for. */
export function addRecords(block: usize): u32 {
  const memory = <usize>load<u32>(block);
  const bytes = load<u32>(block, 4);
  let top = load<u32>(block, 8);
  let held = load<u32>(block, 12);
  let record = <usize>load<u32>(block, 16);
  const records = load<u32>(block, 20);
  const recordBytes = load<u32>(block, 24);
  const keyBytes = load<u32>(block, 28);
  const partitions = load<u32>(block, 32);
  const cuts = <usize>load<u32>(block, 36);
  const counts = <usize>load<u32>(block, 40);
  const size = (<u32>headBytes + recordBytes + 3) & ~3;
  // What is copied beyond a pair lies in the room of the entries, which is free while pairs are put in.
  let added: u32 = 0;
  for (; added < records; added++) {
    if (<u64>top + size + <u64>(held + 1) * sortEntryBytes > bytes) break;
    const partition =
      cuts == 0 ? murmur32(record, keyBytes) % partitions : rangeOf(cuts, partitions - 1, record, keyBytes);
    const place = memory + top;
    store<u32>(place, partition);
    store<u32>(place, keyBytes, 4);
    store<u32>(place, recordBytes - keyBytes, 8);
    copyBytes(place + headBytes, record, recordBytes);
    const counter = counts + ((<usize>partition) << 2);
    store<u32>(counter, load<u32>(counter) + 1);
    top += size;
    held++;
    record += recordBytes;
  }
  store<u32>(block, top, 8);
  store<u32>(block, held, 12);
  return added;
}

/** @returns lines that were put in: all, or as many as there was room for, or as come before one whose number is hard. */
export function addLines(block: usize): u32 {
  const memory = <usize>load<u32>(block);
  const bytes = load<u32>(block, 4);
  let top = load<u32>(block, 8);
  let held = load<u32>(block, 12);
  const base = <usize>load<u32>(block, 16);
  const lines = load<u32>(block, 20);
  let offsets = <usize>load<u32>(block, 24);
  const beforeBytes = load<u32>(block, 28);
  const partitions = load<u32>(block, 32);
  const cuts = <usize>load<u32>(block, 36);
  const counts = <usize>load<u32>(block, 40);
  const valueBytes = load<u32>(block, 44);
  const value = load<u64>(block, 48);
  const before = load<u64>(block, 56);
  const numbers = load<u32>(block, 64) != 0;
  let added: u32 = 0;
  for (; added < lines; added++) {
    const from = load<u32>(offsets);
    const length = load<u32>(offsets, 4) - from;
    const leads: u32 = numbers ? readLeading(base + from, base + from + length) : 0;
    if (leads == leadsHard) {
      store<u32>(block, 1, 68);
      break;
    }
    const textAt = leads == leadsNumber ? numberBytes : beforeBytes;
    const keyBytes = textAt + length;
    const size = (<u32>headBytes + keyBytes + valueBytes + 3) & ~3;
    if (<u64>top + size + <u64>(held + 1) * sortEntryBytes > bytes) break;
    const place = memory + top;
    const key = place + headBytes;
    if (leads == leadsNumber) {
      store<u8>(key, 1);
      store<u64>(key, bswap<u64>(sortedBits(leadingNumber())), 1);
    } else store<u64>(key, before);
    copyBytes(key + textAt, base + from, length);
    store<u64>(key + keyBytes, value);
    const partition = cuts == 0 ? murmur32(key, keyBytes) % partitions : rangeOf(cuts, partitions - 1, key, keyBytes);
    store<u32>(place, partition);
    store<u32>(place, keyBytes, 4);
    store<u32>(place, valueBytes, 8);
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
