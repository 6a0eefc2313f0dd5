// Which partition a key goes to. The hash has a name, is seeded by nothing, and works on the key's bytes, so that
// every process of every release puts a key in the same place.

import { murmur32 } from "../hash/murmur32.ts";

/** Name of the partition hash, for plans and headers. */
export const partitionHashName = "murmur3-x86-32";

/**
 * Choose the partition of an encoded key: `MurmurHash3_x86_32(key, seed 0) mod partitions`.
 *
 * Test vectors (key bytes → hash): `""` → 0, `"a"` → 3c2569b2, `"abc"` → b3dd93fa, `"hello"` → 248bfa47,
 * `"hello, world"` → 149bbb7f, `00` → 514e28b7, `FF FF FF FF` → 76293b50.
 * The empty key goes to partition 0.
 *
 * @param partitions 1 or more.
 * @returns an integer in [0, partitions).
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
  return murmur32(key, 0, key.length) % partitions;
}
