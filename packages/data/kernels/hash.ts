// MurmurHash3_x86_32 with seed 0, as src/hash/murmur32.ts has it.

@inline
function mix(word: u32): u32 {
  return rotl<u32>(word * 0xcc9e2d51, 15) * 0x1b873593;
}

/** Hash `length` bytes; up to 3 bytes beyond them are read and left out. */
@inline
export function murmur32(at: usize, length: u32): u32 {
  let hash: u32 = 0;
  const tail = at + (length & ~3);
  for (; at < tail; at += 4) hash = rotl<u32>(hash ^ mix(load<u32>(at)), 13) * 5 + 0xe6546b64;
  const rest = length & 3;
  if (rest != 0) hash ^= mix(load<u32>(at) & ((1 << (rest << 3)) - 1));
  hash ^= length;
  hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
  hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
  return hash ^ (hash >>> 16);
}
