// Spreads the slots of a combine table that has doubled, as src/combine/combine-table.ts does. A hash's highest bits choose
// the slot, so what was at place i belongs to 2 i or 2 i + 1: taking one cluster of neighbours after the other from the
// left, nothing is put where an old slot still waits. Slots that had wrapped round to the begin wait to the end.

const slotBytes: usize = 32;
const tagHashMask: u32 = 0xfffffe00;

@inline
function isUsed(slot: usize): bool {
  return load<u32>(slot, 20) != 0;
}

@inline
function copySlot(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
  v128.store(to, v128.load(from, 16), 16);
}

/** Bytes of the longest cluster. */
function longestCluster(from: usize, to: usize): usize {
  let longest: usize = 0;
  let begin = from;
  for (let slot = from; slot < to; slot += slotBytes) {
    if (!isUsed(slot)) begin = slot + slotBytes;
    else longest = max(longest, slot + slotBytes - begin);
  }
  return longest;
}

/** Put held slots where their hashes belong, or behind. */
function place(slots: usize, shift: u32, from: usize, to: usize): void {
  const end = slots + (slotBytes << (<usize>(32 - shift)));
  for (let held = from; held < to; held += slotBytes) {
    let slot = slots + <usize>((load<u32>(held, 16) & tagHashMask) >> shift) * slotBytes;
    while (isUsed(slot)) {
      slot += slotBytes;
      if (slot == end) slot = slots;
    }
    copySlot(slot, held);
  }
}

/**
 * Clear the new half of slots, the first, and spread those of the old half.
 *
 * @param slots - of the whole, at an address; `slotCount` of them, a power of two.
 * @param room - for clusters, of `roomBytes`.
 * @returns 0 when that was too little, and the old half is as it was; else 1.
 */
export function spreadSlots(slots: usize, slotCount: u32, room: usize, roomBytes: u32): u32 {
  const half = ((<usize>slotCount) >> 1) * slotBytes;
  const old = slots + half;
  const end = old + half;
  const shift = 32 - ctz(slotCount);
  memory.fill(slots, 0, half);
  // One half of the room is for those that had wrapped round, which are of the first cluster.
  if (longestCluster(old, end) > <usize>(roomBytes >> 1)) return 0;
  const cluster = room + ((<usize>roomBytes) >> 1);
  let wrapped = room;
  let held = cluster;
  let isFirst = true;
  for (let slot = old; slot <= end; slot += slotBytes) {
    if (slot < end && isUsed(slot)) {
      const home = (load<u32>(slot, 16) & tagHashMask) >> (shift + 1);
      if (isFirst && home > <u32>((slot - old) / slotBytes)) {
        copySlot(wrapped, slot);
        wrapped += slotBytes;
      } else {
        copySlot(held, slot);
        held += slotBytes;
      }
      v128.store(slot, i64x2.splat(0));
      v128.store(slot, i64x2.splat(0), 16);
      continue;
    }
    isFirst = false;
    place(slots, shift, cluster, held);
    held = cluster;
  }
  place(slots, shift, room, wrapped);
  return 1;
}
