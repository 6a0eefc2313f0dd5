// The combine table for states of any length: keys are put in with an empty state, and states may grow in the arena, as
// CombineTable does it. The table's block is that of table.ts.

import { murmur32 } from "./hash";
import { keyHead } from "./masks";
import { hasRest, homeSlot, shortKeyMax, sortEntryBytes, tagArenaState, tagHashMask } from "./table";

/** Where the state of a slot lies. */
@inline
export function stateOf(table: usize, slot: usize): usize {
  return isInArena(slot) ? <usize>load<u32>(table) + <usize>load<u32>(slot, 24) : slot + 24;
}

/** Its length. */
@inline
export function stateLength(slot: usize): u32 {
  return isInArena(slot) ? load<u32>(slot, 28) : 8;
}

@inline
function isInArena(slot: usize): bool {
  return (load<u32>(slot, 16) & tagArenaState) != 0;
}

/** Bytes of the arena, free or not. */
@inline
export function arenaBytes(table: usize): u32 {
  return load<u32>(table, 4) - load<u32>(table);
}

/** Bytes of the arena that are free. */
@inline
export function arenaRoom(table: usize): i32 {
  const limit = load<u32>(table, 4) - load<u32>(table) - load<u32>(table, 20) * sortEntryBytes;
  const top = load<u32>(table, 24);
  // Of more than 2 GiB it is enough to know so much.
  return top < limit ? <i32>min<u32>(limit - top, 0x7fffffff) : 0;
}

/**
 * Find the slot of a key, or put the key in: with `stateBytes` of 0, a multiple of 8, in the arena, the first four of which
 * are `mark`; or with the 8 bytes of 0 of a state in its slot when `stateBytes` is 0.
 *
 * @returns its address, or 0 when there is no room.
 */
export function findOrInsertState(
  table: usize,
  at: usize,
  length: u32,
  hash: u32,
  stateBytes: u32,
  mark: u32,
): usize {
  const head = keyHead(at, length);
  const tag: u32 = (hash & tagHashMask) | (length <= shortKeyMax ? length : 0xff);
  const slots = <usize>load<u32>(table, 4);
  const end = slots + (<usize>(load<u32>(table, 8) + 1) << 5);
  const base = <usize>load<u32>(table);
  let slot = homeSlot(table, hash);
  while (true) {
    const entry = load<u32>(slot, 20);
    if (entry == 0) break;
    if (
      (load<u32>(slot, 16) & ~tagArenaState) == tag &&
      !v128.any_true(v128.xor(v128.load(slot), head)) &&
      (length <= 16 || hasRest(base, entry, at, length))
    )
      return slot;
    slot += 32;
    if (slot == end) slot = slots;
  }
  const rest: u32 = length > 16 ? length - 16 : 0;
  const count = load<u32>(table, 20);
  const entryBytes = (8 + rest + 7) & ~7;
  const wanted = entryBytes + (stateBytes > 0 ? 8 + stateBytes : 0);
  // Place 0 stands for none, so the arena begins at 8; the new key's own sort entry has to fit as well.
  if (count >= load<u32>(table, 16) || <i32>(wanted + 8 + sortEntryBytes) > arenaRoom(table)) return 0;
  const top = load<u32>(table, 24);
  const place: u32 = top == 0 ? 8 : top;
  store<u32>(table, count + 1, 20);
  store<u32>(table, place + wanted, 24);
  const entryAt = base + place;
  store<u32>(entryAt, murmur32(at, length) % load<u32>(table, 28));
  store<u32>(entryAt, length, 4);
  if (rest > 0) memory.copy(entryAt + 8, at + 16, rest);
  v128.store(slot, head);
  store<u32>(slot, stateBytes > 0 ? tag | tagArenaState : tag, 16);
  store<u32>(slot, (place >>> 3) + 1, 20);
  store<u64>(slot, 0, 24);
  if (stateBytes > 0) {
    const state = entryAt + entryBytes + 8;
    store<u64>(state - 8, stateBytes);
    memory.fill(state, 0, stateBytes);
    store<u32>(state, mark);
    store<u32>(slot, <u32>(state - base), 24);
    store<u32>(slot, stateBytes, 28);
  }
  return slot;
}

/** What {@link growState} may take of the arena. */
@inline
export function growthBytes(length: u32): i32 {
  return <i32>(32 + ((length * 3) >>> 1));
}

/** Lengthen a state, which may move; there is {@link growthBytes} of room. @returns where it lies. */
export function growState(table: usize, slot: usize, length: u32): usize {
  const base = <usize>load<u32>(table);
  const before = stateOf(table, slot);
  const capacity: u32 = isInArena(slot) ? load<u32>(before - 8) : 0;
  let state = before;
  if (length > capacity) {
    const top = load<u32>(table, 24);
    const place: u32 = top == 0 ? 8 : top;
    // Half as much again for states that go on growing.
    const bytes = (max(length, (capacity * 3) >>> 1) + 7) & ~7;
    store<u32>(table, place + 8 + bytes, 24);
    state = base + place + 8;
    store<u64>(state - 8, bytes);
    memory.copy(state, before, stateLength(slot));
    store<u32>(slot, load<u32>(slot, 16) | tagArenaState, 16);
    store<u32>(slot, <u32>(state - base), 24);
  }
  store<u32>(slot, length, 28);
  return state;
}
