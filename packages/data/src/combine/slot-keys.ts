// The keys of a combine table's slots, as sorting wants them: see combine-table.ts for where they lie. A reference is the
// place of a slot among the words of the table's memory.

import type { ByteRange } from "../bytes/byte-range.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import type { KeyAccess } from "../sort/radix-sort.ts";

/** Bytes of a key that stand in its slot; the others are in the arena. */
export const inlineKeyBytes = 16;
/** Longest key whose length stands in its slot's tag. */
export const shortKeyMax = 254;

/** Looks at keys in a table's memory. */
export class SlotKeys implements KeyAccess {
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;

  /** @param words - the same memory as `bytes`. */
  constructor(bytes: Uint8Array, words: Int32Array) {
    this.#bytes = bytes;
    this.#words = words;
  }

  wordAt(slot: number, depth: number): number {
    const bytes = this.#bytes;
    // The slot's own bytes are zero after a short key's end, and a step of 4 never crosses from slot to arena.
    const at = depth < inlineKeyBytes ? slot * 4 + depth : this.#restAt(slot) + depth - inlineKeyBytes;
    const left = depth < inlineKeyBytes ? 4 : this.lengthOf(slot) - depth;
    if (left >= 4) return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
    if (left <= 0) return 0;
    return ((bytes[at]! << 24) | (left > 1 ? bytes[at + 1]! << 16 : 0) | (left > 2 ? bytes[at + 2]! << 8 : 0)) >>> 0;
  }

  lengthOf(slot: number): number {
    const length = this.#words[slot + 4]! & 0xff;
    return length <= shortKeyMax ? length : this.#words[(this.#words[slot + 5]! - 1) * 2 + 1]!;
  }

  commonWords(a: number, b: number, depth: number, max: number): number {
    const limit = Math.min(max, (Math.min(this.lengthOf(a), this.lengthOf(b)) - depth) >> 2);
    let common = 0;
    for (let at = depth; common < limit && this.wordAt(a, at) === this.wordAt(b, at); at += 4) common++;
    return common;
  }

  compareFrom(a: number, b: number, depth: number): number {
    const lengthA = this.lengthOf(a);
    const lengthB = this.lengthOf(b);
    if (depth < inlineKeyBytes) {
      const order = compareRanges(
        this.#bytes,
        a * 4 + depth,
        a * 4 + Math.min(lengthA, inlineKeyBytes),
        this.#bytes,
        b * 4 + depth,
        b * 4 + Math.min(lengthB, inlineKeyBytes),
      );
      if (order !== 0 || lengthA <= inlineKeyBytes || lengthB <= inlineKeyBytes)
        return order === 0 ? lengthA - lengthB : order;
    }
    const skip = Math.max(0, depth - inlineKeyBytes);
    const restA = this.#restAt(a);
    const restB = this.#restAt(b);
    return compareRanges(
      this.#bytes,
      restA + skip,
      restA + lengthA - inlineKeyBytes,
      this.#bytes,
      restB + skip,
      restB + lengthB - inlineKeyBytes,
    );
  }

  /** The key of a slot, in `key`: of its own bytes, or of `longKey`, where a long one is put together. */
  keyAt(slot: number, key: ByteRange, longKey: ByteSink): ByteRange {
    const length = this.lengthOf(slot);
    if (length <= inlineKeyBytes) return key.set(this.#bytes, slot * 4, slot * 4 + length);
    const rest = this.#restAt(slot);
    longKey.clear();
    longKey.writeBytes(this.#bytes, slot * 4, slot * 4 + inlineKeyBytes);
    longKey.writeBytes(this.#bytes, rest, rest + length - inlineKeyBytes);
    return key.set(longKey.bytes, 0, length);
  }

  /** Place of the arena bytes of a long key. */
  #restAt(slot: number): number {
    return (this.#words[slot + 5]! - 1) * 8 + 8;
  }
}
