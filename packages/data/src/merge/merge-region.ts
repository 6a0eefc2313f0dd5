// How the memory of a merge by kernels is laid out: what they know of it, keys, what they make, and a block and a key for
// each cursor.

import { dataLimits } from "../data-limits.ts";
import { blockHeadBytes } from "../run/run-layout.ts";

const KiB = 1024;

const mergeBytes = 256;
const cursorBytes = 64;
/** A key, and what kernels write beyond its end. */
const keyBytes = dataLimits.sortKeyBytesMax + 62;
/** A block with its head and that of the next, and what kernels read beyond its end. */
const blockBytes = dataLimits.blockRawBytesMax + 2 * blockHeadBytes + 24;
const madeBytes = 1024 * KiB;

/** Places in one array of kernel memory. */
export class MergeRegion {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Addresses. */
  readonly merge: number;
  readonly tree: number;
  readonly cursors: number;
  readonly lastKey: number;
  readonly writtenKey: number;
  readonly made: number;
  readonly madeEnd: number;
  readonly #first: number;
  readonly #each: number;
  readonly #unpacks: boolean;

  /** @param unpacks - whether blocks may come packed. */
  constructor(bytes: Uint8Array, count: number, unpacks: boolean) {
    this.bytes = bytes;
    this.count = count;
    this.merge = bytes.byteOffset;
    this.tree = this.merge + mergeBytes;
    // Winners of the first matches lie behind the tree.
    this.cursors = aligned(this.tree + 3 * 4 * count);
    this.lastKey = this.cursors + count * cursorBytes;
    this.writtenKey = aligned(this.lastKey + keyBytes);
    this.made = aligned(this.writtenKey + keyBytes);
    this.madeEnd = this.made + madeBytes;
    this.#first = this.madeEnd + 64;
    this.#unpacks = unpacks;
    this.#each = aligned(keyBytes) + aligned(blockBytes) * (unpacks ? 2 : 1);
  }

  /** Bytes that are needed. */
  get size(): number {
    return this.#first + this.count * this.#each - this.bytes.byteOffset;
  }

  /** Where a join keeps values: all that is left behind the cursors, if anything is. */
  get kept(): number {
    return this.bytes.byteOffset + this.size;
  }

  cursorAt(index: number): number {
    return this.cursors + index * cursorBytes;
  }

  keyOf(index: number): number {
    return this.#first + index * this.#each;
  }

  /** Where a cursor reads blocks to. */
  blockOf(index: number): Uint8Array {
    return this.#arrayAt(this.keyOf(index) + aligned(keyBytes));
  }

  /** Where a block goes that had to be unpacked. */
  unpackedOf(index: number): Uint8Array | undefined {
    return this.#unpacks ? this.#arrayAt(this.keyOf(index) + aligned(keyBytes) + aligned(blockBytes)) : undefined;
  }

  #arrayAt(address: number): Uint8Array {
    return new Uint8Array(this.bytes.buffer, address, blockBytes);
  }
}

/** Lay out a merge. @returns undefined when the memory is too small for it. */
export function layOutMerge(
  bytes: Uint8Array,
  { count, unpacks }: { readonly count: number; readonly unpacks: boolean },
): MergeRegion | undefined {
  const region = new MergeRegion(bytes, count, unpacks);
  return region.size <= bytes.length ? region : undefined;
}

function aligned(place: number): number {
  return (place + 63) & ~63;
}
