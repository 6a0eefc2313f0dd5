// The combine table's probing, on the layout of src/combine/combine-table.ts: it adds to keys that are there and puts in
// new ones, while there is room. Growing, spilling and states that lie in the arena are the twin's.
//
// Block of a table, words of 4 bytes at `table`: 0 memory, 1 slots (both addresses), 2 slot mask, 3 shift of the hash,
// 4 keys at which it grows, 5 keys held, 6 end of the arena (from memory on), 7 partitions, 8 why it stopped, 9 no bytes of
// a log (log.ts).

import { murmur32 } from "./hash";
import { firstBytes, keyHead } from "./masks";

export const stoppedAtEnd: u32 = 0;
export const stoppedFull: u32 = 1;
export const stoppedHard: u32 = 2;

export const sortEntryBytes: u32 = 16;
export const tagHashMask: u32 = 0xfffffe00;
export const tagArenaState: u32 = 0x100;
export const shortKeyMax: u32 = 254;

/** Where the search for a hash begins. */
@inline
export function homeSlot(table: usize, hash: u32): usize {
  return <usize>load<u32>(table, 4) + <usize>(((hash >>> load<u32>(table, 12)) & load<u32>(table, 8)) << 5);
}

@inline
export function hasRest(memory: usize, entry: u32, at: usize, length: u32): bool {
  const place = memory + (<usize>(entry - 1) << 3);
  if (load<u32>(place, 4) != length) return false;
  let index: u32 = 16;
  for (; index + 16 <= length; index += 16)
    if (v128.any_true(v128.xor(v128.load(place + 8 + index - 16), v128.load(at + index)))) return false;
  const rest = v128.xor(v128.load(place + 8 + index - 16), v128.load(at + index));
  return !v128.any_true(v128.and(rest, firstBytes(<usize>(length - index))));
}

/**
 * Find the slot of a key, or put the key in with a state of zero bytes.
 *
 * @param hash - of slot-hash.ts.
 * @returns its address, or 0 with the reason in the table's block.
 */
@inline
export function findOrInsert(table: usize, at: usize, length: u32, hash: u32): usize {
  const head = keyHead(at, length);
  const tag: u32 = (hash & tagHashMask) | (length <= shortKeyMax ? length : 0xff);
  const slots = <usize>load<u32>(table, 4);
  const end = slots + (<usize>(load<u32>(table, 8) + 1) << 5);
  const memory = <usize>load<u32>(table);
  let slot = homeSlot(table, hash);
  while (true) {
    const entry = load<u32>(slot, 20);
    if (entry == 0) return insert(table, slot, head, tag, at, length);
    const found = load<u32>(slot, 16);
    if (
      (found & ~tagArenaState) == tag &&
      !v128.any_true(v128.xor(v128.load(slot), head)) &&
      (length <= 16 || hasRest(memory, entry, at, length))
    ) {
      if ((found & tagArenaState) == 0) return slot;
      store<u32>(table, stoppedHard, 32);
      return 0;
    }
    slot += 32;
    if (slot == end) slot = slots;
  }
}

function insert(table: usize, slot: usize, head: v128, tag: u32, at: usize, length: u32): usize {
  const base = <usize>load<u32>(table);
  const count = load<u32>(table, 20);
  const top = load<u32>(table, 24);
  const rest: u32 = length > 16 ? length - 16 : 0;
  // Place 0 stands for none, so the arena begins at 8.
  const place: u32 = top == 0 ? 8 : top;
  const next = place + ((8 + rest + 7) & ~7);
  const limit = load<u32>(table, 4) - <u32>base;
  const wanted = <u64>next + <u64>(count + 1) * <u64>sortEntryBytes;
  if (count >= load<u32>(table, 16) || wanted > <u64>limit) {
    store<u32>(table, stoppedFull, 32);
    return 0;
  }
  store<u32>(table, count + 1, 20);
  store<u32>(table, next, 24);
  const entry = base + place;
  store<u32>(entry, murmur32(at, length) % load<u32>(table, 28));
  store<u32>(entry, length, 4);
  if (rest > 0) memory.copy(entry + 8, at + 16, rest);
  v128.store(slot, head);
  store<u32>(slot, tag, 16);
  store<u32>(slot, (place >>> 3) + 1, 20);
  store<u64>(slot, 0, 24);
  return slot;
}
