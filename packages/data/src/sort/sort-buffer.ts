// Pairs in an arena until it is full, then sorted by (partition, key, arrival) and written as a run.
//
// Arena record: uint32 partition, uint32 key length, uint32 value length, key, value, padded to 4 bytes. Sort entries
// are made at the end of the arena, whose room for them is kept free.

import { ByteRange } from "../bytes/byte-range.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import { invariant } from "../data-error.ts";
import type { RunWriter } from "../run/run-writer.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { type KeyAccess, RadixSorter, type SortArrays, sortArraysIn, sortEntryBytes } from "./radix-sort.ts";
import type { BufferFill } from "./record-collector.ts";
import { type SortKernel, openSortKernel } from "./sort-kernel.ts";

const headBytes = 12;

/** Folds the values of equal keys into one: of states alone. */
export interface PairFold {
  clear(): void;
  /** Take an encoded state. */
  takeBytes(bytes: Uint8Array, start: number, end: number): void;
  /** What was taken since, encoded. */
  encoded(into: ByteRange): ByteRange;
}

/** What a buffer may have beside its memory. */
export interface SortBufferOptions {
  /** Whose the memory is. */
  readonly kernelMemory?: KernelMemory | undefined;
  /** What becomes of equal keys when they are written; by default they stay, in order of arrival. */
  readonly fold?: PairFold;
}

/** Collect pairs in `memory`, a region of someone's kernel memory. */
export class SortBuffer implements KeyAccess {
  readonly #bytes: Uint8Array;
  readonly #words: Uint32Array;
  readonly #keyRange = new ByteRange();
  readonly #valueRange = new ByteRange();
  #top = 0;
  /** Pairs held. */
  count = 0;
  readonly #partitionCounts: Uint32Array;
  readonly #kernelMemory: KernelMemory | undefined;
  readonly #fold: PairFold | undefined;

  /** @param memory 8-byte aligned; its length is the budget. */
  constructor(memory: Uint8Array, partitions: number, { kernelMemory, fold }: SortBufferOptions = {}) {
    this.#kernelMemory = kernelMemory;
    this.#fold = fold;
    invariant(memory.byteOffset % 8 === 0 && memory.length % 8 === 0, "kernel memory is aligned to 8 bytes");
    this.#bytes = memory;
    this.#words = new Uint32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
    this.#partitionCounts = new Uint32Array(partitions);
  }

  /** Bytes in use, those kept for sort entries included. */
  get used(): number {
    return this.#top + this.count * sortEntryBytes;
  }

  /** Copy a pair in. @returns false when there is no room: write the run, clear, try again; still false means that it alone is too large. */
  add(partition: number, key: ByteRange, value: ByteRange): boolean {
    const keyLength = key.end - key.start;
    const valueLength = value.end - value.start;
    const size = (headBytes + keyLength + valueLength + 3) & ~3;
    if (this.used + size + sortEntryBytes > this.#bytes.length) return false;
    const at = this.#top;
    const word = at >>> 2;
    this.#words[word] = partition;
    this.#words[word + 1] = keyLength;
    this.#words[word + 2] = valueLength;
    copyInto(this.#bytes, at + headBytes, key);
    copyInto(this.#bytes, at + headBytes + keyLength, value);
    this.#top = at + size;
    this.count++;
    this.#partitionCounts[partition]!++;
    return true;
  }

  /** Let a kernel put pairs in. @returns what `add` gives. */
  addByKernel(add: (buffer: BufferFill) => number): number {
    const fill = { bytes: this.#bytes, top: this.#top, count: this.count, partitionCounts: this.#partitionCounts };
    const added = add(fill);
    this.#top = fill.top;
    this.count = fill.count;
    return added;
  }

  /** Write all pairs in order and forget them. */
  writeTo(writer: RunWriter): void {
    const { count } = this;
    const arrays = sortArraysIn(this.#bytes.subarray(this.#bytes.length - count * sortEntryBytes), count);
    const kernel = writer.takesSorted
      ? openSortKernel(this.#kernelMemory, { bytes: this.#bytes, kind: "pairs" })
      : undefined;
    if (kernel === undefined || !this.#sortByKernel(kernel, arrays)) this.#sortByTwin(arrays);
    const key = new ByteRange();
    const { refs } = arrays;
    const keyOf = (index: number): ByteRange => this.#keyAt(refs[index]!, key);
    const folds = this.#fold !== undefined;
    let low = 0;
    for (let partition = 0; partition < this.#partitionCounts.length; partition++) {
      const high = low + this.#partitionCounts[partition]!;
      const append = (index: number): number => this.#append(writer, partition, { refs, index, high });
      if (kernel !== undefined && high > low)
        writer.appendSorted(partition, { kernel, low, high, folds, append, keyOf });
      else for (let index = low; index < high;) index = append(index);
      low = high;
    }
    this.clear();
  }

  /** Append the pair of an entry, with those of equal keys when these are folded. @returns the first entry that is left. */
  #append(
    writer: RunWriter,
    partition: number,
    { refs, index, high }: { readonly refs: Uint32Array; readonly index: number; readonly high: number },
  ): number {
    const ref = refs[index]!;
    const key = this.#keyAt(ref, this.#keyRange);
    const fold = this.#fold;
    if (fold === undefined) {
      writer.append(partition, key, this.#valueRange.set(this.#bytes, key.end, key.end + this.#words[ref + 2]!));
      return index + 1;
    }
    fold.clear();
    let next = index;
    do {
      const value = refs[next++]!;
      const start = value * 4 + headBytes + this.#words[value + 1]!;
      fold.takeBytes(this.#bytes, start, start + this.#words[value + 2]!);
    } while (next < high && this.compareFrom(ref, refs[next]!, 0) === 0);
    writer.append(partition, key, fold.encoded(this.#valueRange));
    return next;
  }

  #sortByKernel(kernel: SortKernel, arrays: SortArrays): boolean {
    kernel.useArrays(arrays);
    return (
      kernel.fillPairs(this.#top, this.#partitionCounts) && this.#eachPartition((low, high) => kernel.sort(low, high))
    );
  }

  #sortByTwin(arrays: SortArrays): void {
    this.#fillEntries(arrays.words, arrays.refs);
    const sorter = new RadixSorter(arrays, this);
    this.#eachPartition((low, high) => {
      sorter.sort(low, high);
      return true;
    });
  }

  /** @returns whether all were sorted. */
  #eachPartition(sort: (low: number, high: number) => boolean): boolean {
    let low = 0;
    for (const count of this.#partitionCounts) {
      if (count > 0 && !sort(low, low + count)) return false;
      low += count;
    }
    return true;
  }

  #keyAt(ref: number, range: ByteRange): ByteRange {
    const start = ref * 4 + headBytes;
    return range.set(this.#bytes, start, start + this.#words[ref + 1]!);
  }

  /** Forget all pairs. */
  clear(): void {
    this.#top = 0;
    this.count = 0;
    this.#partitionCounts.fill(0);
  }

  wordAt(ref: number, depth: number): number {
    const bytes = this.#bytes;
    const at = ref * 4 + headBytes + depth;
    const left = this.#words[ref + 1]! - depth;
    if (left >= 4) return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
    if (left <= 0) return 0;
    return ((bytes[at]! << 24) | (left > 1 ? bytes[at + 1]! << 16 : 0) | (left > 2 ? bytes[at + 2]! << 8 : 0)) >>> 0;
  }

  lengthOf(ref: number): number {
    return this.#words[ref + 1]!;
  }

  commonWords(a: number, b: number, depth: number, max: number): number {
    const words = this.#words;
    const inside = (Math.min(words[a + 1]!, words[b + 1]!) - depth) >> 2;
    const limit = Math.min(max, inside);
    // Keys begin behind the head, at a multiple of 4.
    const begin = (headBytes + depth) >> 2;
    let common = 0;
    while (common < limit && words[a + begin + common] === words[b + begin + common]) common++;
    return common;
  }

  compareFrom(a: number, b: number, depth: number): number {
    const startA = a * 4 + headBytes;
    const startB = b * 4 + headBytes;
    return compareRanges(
      this.#bytes,
      startA + depth,
      startA + this.#words[a + 1]!,
      this.#bytes,
      startB + depth,
      startB + this.#words[b + 1]!,
    );
  }

  /** One pass over the arena, in order of arrival, puts each pair among those of its partition. */
  #fillEntries(words: Uint32Array, refs: Uint32Array): void {
    const places = new Uint32Array(this.#partitionCounts.length);
    let sum = 0;
    for (let partition = 0; partition < places.length; partition++) {
      places[partition] = sum;
      sum += this.#partitionCounts[partition]!;
    }
    const arena = this.#words;
    for (let at = 0; at < this.#top;) {
      const ref = at >>> 2;
      const place = places[arena[ref]!]!++;
      words[place] = this.wordAt(ref, 0);
      refs[place] = ref;
      at += (headBytes + arena[ref + 1]! + arena[ref + 2]! + 3) & ~3;
    }
  }
}

function copyInto(target: Uint8Array, at: number, range: ByteRange): void {
  const { bytes, start, end } = range;
  if (end - start > 32) target.set(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), at);
  else for (let from = start, to = at; from < end; from++, to++) target[to] = bytes[from]!;
}
