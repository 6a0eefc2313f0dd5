// The hash by which the combine table finds a key, as src/combine/slot-hash.ts has it: without a branch for the keys that
// are usual, as lengths of words are what no processor foretells.

import { murmur32 } from "./hash";
import { firstBytes } from "./masks";

function longHash(at: usize, length: u32): u32 {
  return murmur32(at, length);
}

/** Hash `length` bytes; up to 16 from `at` on are read. */
@inline
export function slotHash(at: usize, length: u32): u32 {
  if (length > 16) return longHash(at, length);
  const head = v128.and(v128.load(at), firstBytes(<usize>length));
  const low = i64x2.extract_lane(head, 0);
  const high = i64x2.extract_lane(head, 1);
  const hash =
    <u32>low * 0xcc9e2d51 +
    rotl<u32>(<u32>(low >>> 32) * 0x1b873593, 16) +
    rotl<u32>(<u32>high * 0x85ebca6b, 8) +
    rotl<u32>(<u32>(high >>> 32) * 0xc2b2ae35, 24);
  return (hash ^ (hash >>> 15)) * 0x2c1b3c6d;
}
