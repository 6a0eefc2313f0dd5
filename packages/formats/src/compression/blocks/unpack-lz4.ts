// Raw LZ4 blocks, unpacked. No framing: what tells where a block ends is elsewhere.

import { copyMatch } from "./unpack-snappy.ts";

/**
 * Unpack a block behind what is in `target` already.
 *
 * @param target - its room bounds what is written; bytes before `at` are not looked at.
 * @returns where the content ends in `target`, or -1 when the block is damaged or needs more room. Then bytes behind `at`
 * are of no use.
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function unpackLz4(block: Uint8Array, target: Uint8Array, at: number): number {
  let from = 0;
  let to = at;
  while (from < block.length) {
    const token = block[from++]!;
    let literals = token >> 4;
    if (literals === 15) {
      for (let more = 255; more === 255; literals += more) {
        if (from >= block.length) return -1;
        more = block[from++]!;
      }
    }
    if (literals > block.length - from || literals > target.length - to) return -1;
    if (literals > 16) target.set(block.subarray(from, from + literals), to);
    else for (let index = 0; index < literals; index++) target[to + index] = block[from + index]!;
    from += literals;
    to += literals;
    // The last sequence has literals alone.
    if (from === block.length) return (token & 15) === 0 ? to : -1;
    if (from + 2 > block.length) return -1;
    const offset = block[from]! | (block[from + 1]! << 8);
    from += 2;
    let length = token & 15;
    if (length === 15) {
      for (let more = 255; more === 255; length += more) {
        if (from >= block.length) return -1;
        more = block[from++]!;
      }
    }
    length += 4;
    if (offset === 0 || offset > to - at || length > target.length - to) return -1;
    copyMatch(target, { to, offset, length });
    to += length;
  }
  // A block without bytes is none, and one that ends behind a match lacks its last sequence.
  return -1;
}
