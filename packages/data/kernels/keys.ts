// The keys of sorted things, on the layouts of src/sort/sort-buffer.ts and src/combine/combine-table.ts. A reference is
// the place of a pair or a slot among the words of the memory that holds them.

/** Pairs of a sort buffer, or slots of a combine table. */
export const kindPairs: u32 = 0;
export const kindSlots: u32 = 1;

export const inlineKeyBytes: u32 = 16;
const shortKeyMax: u32 = 254;
/** Bytes before the key of a pair. */
export const pairHeadBytes: usize = 12;

let kind: u32 = 0;
let base: usize = 0;

/** Say what references are of. */
@inline
export function useKeys(ofKind: u32, memory: usize): void {
  kind = ofKind;
  base = memory;
}

@inline
export function keysAreSlots(): bool {
  return kind == kindSlots;
}

/** The address of what a reference is to. */
@inline
export function placeOf(ref: u32): usize {
  return base + ((<usize>ref) << 2);
}

/** The address of a slot's entry in the arena. */
@inline
export function entryOf(slot: usize): usize {
  return base + ((<usize>(load<u32>(slot, 20) - 1)) << 3);
}

/** Bytes of the key of a slot, at its address. */
@inline
export function slotLengthOf(slot: usize): u32 {
  const length = load<u32>(slot, 16) & 0xff;
  return length <= shortKeyMax ? length : load<u32>(entryOf(slot), 4);
}

/** Bytes of a key. */
@inline
export function lengthOf(ref: u32): u32 {
  const at = placeOf(ref);
  return kind == kindPairs ? load<u32>(at, 4) : slotLengthOf(at);
}

/** Where byte `depth` of a key lies; those behind it follow, but for byte 16 of a slot's key. */
@inline
export function byteOf(ref: u32, depth: u32): usize {
  const at = placeOf(ref);
  if (kind == kindPairs) return at + pairHeadBytes + depth;
  return depth < inlineKeyBytes ? at + depth : entryOf(at) + 8 + depth - inlineKeyBytes;
}

/** Four bytes of a key from `depth`, a multiple of 4, on, the first one highest; zero beyond the end. */
@inline
export function wordAt(ref: u32, depth: u32): u32 {
  const left = <i32>(lengthOf(ref) - depth);
  if (left <= 0) return 0;
  const word = bswap<u32>(load<u32>(byteOf(ref, depth)));
  return left >= 4 ? word : word & (0xffffffff << (<u32>(4 - left) << 3));
}

/** Compare `length` bytes; up to 7 beyond are read. */
@inline
export function compareBytes(a: usize, b: usize, length: u32): i32 {
  let index: u32 = 0;
  for (; index + 8 <= length; index += 8) {
    const left = load<u64>(a + index);
    const right = load<u64>(b + index);
    if (left != right) return bswap<u64>(left) < bswap<u64>(right) ? -1 : 1;
  }
  if (index == length) return 0;
  const shift = <u64>(8 - (length - index)) << 3;
  const left = bswap<u64>(load<u64>(a + index)) >> shift;
  const right = bswap<u64>(load<u64>(b + index)) >> shift;
  return left == right ? 0 : left < right ? -1 : 1;
}

/** Compare two keys whose first `depth` bytes are equal. */
export function compareFrom(a: u32, b: u32, depth: u32): i32 {
  const lengthA = lengthOf(a);
  const lengthB = lengthOf(b);
  const common = min(lengthA, lengthB);
  if (kind == kindSlots && depth < inlineKeyBytes) {
    const inside = min(common, inlineKeyBytes);
    const order = inside > depth ? compareBytes(byteOf(a, depth), byteOf(b, depth), inside - depth) : 0;
    if (order != 0) return order;
    depth = inlineKeyBytes;
  }
  const order = common > depth ? compareBytes(byteOf(a, depth), byteOf(b, depth), common - depth) : 0;
  return order != 0 ? order : lengthA == lengthB ? 0 : lengthA < lengthB ? -1 : 1;
}

/** How many of `length` bytes are equal before the first that differs; up to 7 beyond are read. */
@inline
export function commonBytes(a: usize, b: usize, length: u32): u32 {
  for (let index: u32 = 0; index < length; index += 8) {
    const differing = load<u64>(a + index) ^ load<u64>(b + index);
    if (differing != 0) return min(length, index + <u32>(ctz<u64>(differing) >> 3));
  }
  return length;
}

/** How many bytes two keys have in common from `depth` on, up to `limit` in all. */
@inline
export function commonUpTo(a: u32, b: u32, depth: u32, limit: u32): u32 {
  if (kind == kindSlots && depth < inlineKeyBytes) {
    const inside = min(limit, inlineKeyBytes);
    if (inside <= depth) return 0;
    const common = commonBytes(byteOf(a, depth), byteOf(b, depth), inside - depth);
    if (common < inside - depth || limit <= inlineKeyBytes) return common;
    return common + commonBytes(byteOf(a, inlineKeyBytes), byteOf(b, inlineKeyBytes), limit - inlineKeyBytes);
  }
  return limit <= depth ? 0 : commonBytes(byteOf(a, depth), byteOf(b, depth), limit - depth);
}

/** Copy bytes that do not overlap; up to 15 beyond are read and written. */
@inline
export function copyBytes(to: usize, from: usize, length: u32): void {
  if (length > 512) {
    memory.copy(to, from, length);
    return;
  }
  for (let index: u32 = 0; index < length; index += 16) v128.store(to + index, v128.load(from + index));
}
