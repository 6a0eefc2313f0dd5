// Sorts references to keys by the bytes of the keys, stable. Each entry is a number of four key bytes, a reference, and
// as much again to scatter into: 16 bytes. Ties go on deeper, where they first differ: common prefixes cost one look.
// The twin and fallback of a later kernel.

/** The keys behind references. */
export interface KeyAccess {
  /** Key bytes `depth` to `depth + 3` as one number, most significant first; bytes beyond the end are 0. */
  wordAt(ref: number, depth: number): number;
  lengthOf(ref: number): number;
  /** How many words of four bytes from `depth`, a multiple of 4, on are equal in two keys and inside both; `max` at most. */
  commonWords(a: number, b: number, depth: number, max: number): number;
  /** Compare two keys whose first `depth` bytes are equal; 0 when they are equal. */
  compareFrom(a: number, b: number, depth: number): number;
}

/** Entry arrays, all of one length. `words` and `refs` hold the entries, the others are room to scatter into. */
export interface SortArrays {
  readonly words: Uint32Array;
  readonly refs: Uint32Array;
  readonly spareWords: Uint32Array;
  readonly spareRefs: Uint32Array;
}

/** Bytes of memory that an entry takes. */
export const sortEntryBytes = 16;

// Below this a comparison sort is quicker than clearing counters.
const insertionMax = 24;
// 256 bytes: so far the keys of a tie are held against each other at once. Looking further would cost more than it saves
// where each level of a long prefix splits off a few keys.
const commonWordsMax = 64;
// From here three passes of 11 bits are quicker than four of 8.
const wideDigitMin = 4096;

const counters = new Uint32Array(2048 * 3);

/** Make the entry arrays of `count` entries in `bytes`, which is 4-byte aligned and has `count * sortEntryBytes` bytes. */
export function sortArraysIn(bytes: Uint8Array, count: number): SortArrays {
  const at = (index: number): Uint32Array => new Uint32Array(bytes.buffer, bytes.byteOffset + index * count * 4, count);
  return { words: at(0), refs: at(1), spareWords: at(2), spareRefs: at(3) };
}

/** Sorts ranges of entries. */
export class RadixSorter {
  readonly #arrays: SortArrays;
  readonly #access: KeyAccess;

  constructor(arrays: SortArrays, access: KeyAccess) {
    this.#arrays = arrays;
    this.#access = access;
  }

  /** Sort entries [low, high), whose `words` are those of depth 0. Entries of equal keys keep their order. */
  sort(low: number, high: number): void {
    // Groups still to sort, as (low, high, depth). Only groups above `insertionMax` are put here, so it stays short.
    const groups = [low, high, 0];
    while (groups.length > 0) {
      const depth = groups.pop()!;
      const end = groups.pop()!;
      const begin = groups.pop()!;
      if (end - begin <= insertionMax) {
        this.#insertionSort(begin, end, depth);
        continue;
      }
      sortWords(this.#arrays, begin, end);
      for (let first = begin; first < end;) {
        const last = this.#endOfTie(first, end);
        if (last - first > insertionMax) this.#goDeeper(first, last, depth, groups);
        else if (last - first > 1) this.#insertionSort(first, last, depth);
        first = last;
      }
    }
  }

  #endOfTie(first: number, end: number): number {
    const { words } = this.#arrays;
    const word = words[first];
    let last = first + 1;
    while (last < end && words[last] === word) last++;
    return last;
  }

  /** Put those of a tie that go on beyond the word on the list of groups, with their next words. */
  #goDeeper(first: number, last: number, depth: number, groups: number[]): void {
    const { words, refs } = this.#arrays;
    const deeper = this.#endedFirst(first, last, depth);
    if (last - deeper < 2) return;
    const next = depth + 4 + this.#commonBytes(deeper, last, depth + 4);
    for (let index = deeper; index < last; index++) words[index] = this.#access.wordAt(refs[index]!, next);
    groups.push(deeper, last, next);
  }

  /** Bytes from `depth` on that all of a tie have in common, in whole words. */
  #commonBytes(begin: number, end: number, depth: number): number {
    const { refs } = this.#arrays;
    const first = refs[begin]!;
    let common = commonWordsMax;
    for (let index = begin + 1; common > 0 && index < end; index++)
      common = this.#access.commonWords(first, refs[index]!, depth, common);
    return common * 4;
  }

  /** Put keys that end within the word before those that go on, shorter ones first. @returns where those that go on begin. */
  #endedFirst(begin: number, end: number, depth: number): number {
    const { refs, spareRefs } = this.#arrays;
    const places = [0, 0, 0, 0, 0, 0, 0];
    for (let index = begin; index < end; index++) places[this.#bytesOfWord(refs[index]!, depth) + 1]!++;
    const goOn = places[6]!;
    if (goOn === end - begin) return begin;
    for (let kind = 1; kind < 6; kind++) places[kind]! += places[kind - 1]!;
    for (let index = begin; index < end; index++) {
      const ref = refs[index]!;
      spareRefs[begin + places[this.#bytesOfWord(ref, depth)]!++] = ref;
    }
    refs.set(spareRefs.subarray(begin, end), begin);
    return end - goOn;
  }

  /** How many bytes of the word at `depth` a key has, 5 when it goes on beyond. */
  #bytesOfWord(ref: number, depth: number): number {
    return Math.min(5, Math.max(0, this.#access.lengthOf(ref) - depth));
  }

  #insertionSort(begin: number, end: number, depth: number): void {
    const { words, refs } = this.#arrays;
    const access = this.#access;
    for (let index = begin + 1; index < end; index++) {
      const word = words[index]!;
      const ref = refs[index]!;
      let place = index - 1;
      while (
        place >= begin &&
        (words[place]! > word || (words[place] === word && access.compareFrom(refs[place]!, ref, depth) > 0))
      ) {
        words[place + 1] = words[place]!;
        refs[place + 1] = refs[place]!;
        place--;
      }
      words[place + 1] = word;
      refs[place + 1] = ref;
    }
  }
}

/** Least significant digit first, so each pass is stable; digits that are all the same are passed over. */
function sortWords(arrays: SortArrays, begin: number, end: number): void {
  const count = end - begin;
  const bits = count >= wideDigitMin ? 11 : 8;
  const passes = bits === 11 ? 3 : 4;
  const size = 1 << bits;
  const mask = size - 1;
  counters.fill(0, 0, size * passes);
  let { words, refs, spareWords, spareRefs } = arrays;
  for (let index = begin; index < end; index++) {
    const word = words[index]!;
    counters[word & mask]!++;
    counters[size + ((word >>> bits) & mask)]!++;
    counters[2 * size + ((word >>> (2 * bits)) & mask)]!++;
    if (passes === 4) counters[3 * size + (word >>> 24)]!++;
  }
  for (let pass = 0; pass < passes; pass++) {
    const shift = pass * bits;
    const base = pass * size;
    if (counters[base + ((words[begin]! >>> shift) & mask)] === count) continue;
    let sum = begin;
    for (let digit = base; digit < base + size; digit++) {
      const here = counters[digit]!;
      counters[digit] = sum;
      sum += here;
    }
    for (let index = begin; index < end; index++) {
      const word = words[index]!;
      const place = counters[base + ((word >>> shift) & mask)]!++;
      spareWords[place] = word;
      spareRefs[place] = refs[index]!;
    }
    [words, spareWords] = [spareWords, words];
    [refs, spareRefs] = [spareRefs, refs];
  }
  if (words !== arrays.words) {
    arrays.words.set(words.subarray(begin, end), begin);
    arrays.refs.set(refs.subarray(begin, end), begin);
  }
}
