// Sorts references to keys by the bytes of the keys, stable: the order of src/sort/radix-sort.ts, whose arrays it works
// in. What is left of a group while its ties are sorted deeper waits on a stack.
//
// Block, words of 4 bytes at `block`: 0 kind of the keys, 1 memory that references are of, 2 words, 3 references,
// 4 words and 5 references to scatter into (all addresses), 6 room: counters, then the stack; 7 the stack's end;
// 13 how many bytes all keys begin with alike, whole words, which are passed over; 14 for how many behind them an entry's
// first word stands, whole words; 15 whether keys are equal where these words are (set when entries are made).

import {
  commonUpTo,
  compareFrom,
  entryOf,
  kindPairs,
  lengthOf,
  pairHeadBytes,
  placeOf,
  useKeys,
  wordAt,
} from "./keys";
import { keyHead } from "./masks";
import { beginHeads, packWord, planWords, seeHead } from "./packing";

// Below this a comparison sort is quicker than clearing counters.
const insertionMax: u32 = 32;
// From here three passes of 11 bits are quicker than four of 8.
const wideDigitMin: u32 = 4096;
/** So far the keys of a tie are held against each other at once. */
const commonBytesMax: u32 = 256;
/** 3 × 2048 counters. */
const countersBytes: usize = 24576;
const frameBytes: usize = 12;
/** After so many keys, a power of two less 1, it is looked whether packing has become of no use. */
const lookedAtMask: u32 = 1023;

let words: usize = 0;
let refs: usize = 0;
let spareWords: usize = 0;
let spareRefs: usize = 0;
let counters: usize = 0;

function use(block: usize): void {
  useKeys(load<u32>(block), load<u32>(block, 4));
  words = load<u32>(block, 8);
  refs = load<u32>(block, 12);
  spareWords = load<u32>(block, 16);
  spareRefs = load<u32>(block, 20);
  counters = load<u32>(block, 24);
}

@inline
function at(array: usize, index: u32): u32 {
  return load<u32>(array + ((<usize>index) << 2));
}

@inline
function put(array: usize, index: u32, value: u32): void {
  store<u32>(array + ((<usize>index) << 2), value);
}

/**
 * Make the entries of a sort buffer's pairs, each among those of its partition, in order of arrival.
 *
 * @param places - words, one for each of `partitions`: where its entries begin; changed.
 */
export function fillPairs(block: usize, top: u32, places: usize, partitions: u32): void {
  use(block);
  const memory = <usize>load<u32>(block, 4);
  const end = memory + top;
  let common: u32 = top > 0 ? min(commonBytesMax, lengthOf(0)) : 0;
  let shortest: u32 = common;
  let longest: u32 = 0;
  beginHeads();
  let isPacked = top > 0;
  let count: u32 = 0;
  for (let pair = memory; pair < end; pair = nextPair(pair)) {
    const length = load<u32>(pair, 4);
    const index = nextIndex(places, pair);
    const ref = <u32>((pair - memory) >> 2);
    put(words, index, wordAt(ref, 0));
    put(refs, index, ref);
    shortest = min(shortest, length);
    longest = max(longest, length);
    if (common >= 4) common = commonUpTo(0, ref, 0, min(common, length));
    if (isPacked) seeHead(keyHead(pair + pairHeadBytes, length));
    if ((++count & lookedAtMask) == 0 && isPacked) isPacked = planWords() > 4;
  }
  const depth = common & ~3;
  if (depth > 0) {
    beginHeads();
    isPacked = true;
    count = 0;
    for (let pair = memory; pair < end && isPacked; pair = nextPair(pair)) {
      seeHead(keyHead(pair + pairHeadBytes + depth, load<u32>(pair, 4) - depth));
      if ((++count & lookedAtMask) == 0) isPacked = planWords() > 4;
    }
  }
  const width = isPacked ? planWords() : 4;
  store<u32>(block, depth, 52);
  store<u32>(block, width & ~3, 56);
  store<u32>(block, <u32>(shortest == longest && longest <= depth + width), 60);
  if (depth == 0 && width == 4) return;
  // In order of arrival again, as they lie in the memory: later each read is a miss.
  for (let index = partitions - 1; index > 0; index--) put(places, index, at(places, index - 1));
  if (partitions > 0) put(places, 0, 0);
  for (let pair = memory; pair < end; pair = nextPair(pair)) {
    const key = keyHead(pair + pairHeadBytes + depth, load<u32>(pair, 4) - depth);
    put(words, nextIndex(places, pair), width > 4 ? packWord(key) : bswap<u32>(i32x4.extract_lane(key, 0)));
  }
}

@inline
function nextPair(pair: usize): usize {
  return pair + ((pairHeadBytes + load<u32>(pair, 4) + load<u32>(pair, 8) + 3) & ~3);
}

/** The index of the next entry of a pair's partition. */
@inline
function nextIndex(places: usize, pair: usize): u32 {
  const place = places + ((<usize>load<u32>(pair)) << 2);
  const index = load<u32>(place);
  store<u32>(place, index + 1);
  return index;
}

/** Count the slots in use of each partition into `counts`, words that are 0. */
export function countSlots(block: usize, slots: usize, end: usize, counts: usize): void {
  use(block);
  beginHeads();
  for (let slot = slots; slot < end; slot += 32) {
    if (load<u32>(slot, 20) == 0) continue;
    seeHead(v128.load(slot));
    const place = counts + ((<usize>load<u32>(entryOf(slot))) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
}

/**
 * Make the entries of a combine table's slots, each among those of its partition, all of which were counted just before.
 *
 * @param places - as of {@link fillPairs}.
 */
export function fillSlots(block: usize, slots: usize, end: usize, places: usize): void {
  use(block);
  const memory = <usize>load<u32>(block, 4);
  store<u32>(block, 0, 52);
  store<u32>(block, planWords() & ~3, 56);
  store<u32>(block, 0, 60);
  for (let slot = slots; slot < end; slot += 32) {
    if (load<u32>(slot, 20) == 0) continue;
    const place = places + ((<usize>load<u32>(entryOf(slot))) << 2);
    const index = load<u32>(place);
    store<u32>(place, index + 1);
    put(words, index, packWord(v128.load(slot)));
    put(refs, index, <u32>((slot - memory) >> 2));
  }
}

/**
 * Sort entries [low, high), whose words are the first behind what all keys begin with. Entries of equal keys keep their order.
 *
 * @returns 0 when the stack was too small: entries must then be made again, and sorted by the twin.
 */
export function sortEntries(block: usize, low: u32, high: u32): u32 {
  use(block);
  const stack = counters + countersBytes;
  const stackEnd = <usize>load<u32>(block, 28);
  const root = load<u32>(block, 52);
  const rootStep = load<u32>(block, 56);
  let depth = root;
  if (high - low <= insertionMax) {
    insertionSort(low, high, depth);
    return 1;
  }
  sortWords(low, high);
  if (load<u32>(block, 60) != 0) return 1;
  readSecondWords(low, high, depth + rootStep);
  let top = stack;
  let first = low;
  let end = high;
  while (true) {
    if (first >= end) {
      if (top == stack) return 1;
      top -= frameBytes;
      first = load<u32>(top);
      end = load<u32>(top, 4);
      depth = load<u32>(top, 8);
      continue;
    }
    const last = endOfTie(first, end);
    if (last - first <= insertionMax) {
      if (last - first > 1) sortTie(first, last, depth);
      first = last;
      continue;
    }
    const behind = depth + (depth == root ? rootStep : 4);
    const deeper = endedFirst(first, last, behind);
    const next = behind + (last - deeper < 2 ? 0 : commonOf(deeper, last, behind));
    for (let index = deeper; index < last; index++) put(words, index, wordAt(at(refs, index), next));
    if (last - deeper <= insertionMax) {
      insertionSort(deeper, last, next);
      first = last;
      continue;
    }
    if (top + frameBytes > stackEnd) return 0;
    store<u32>(top, last);
    store<u32>(top, end, 4);
    store<u32>(top, depth, 8);
    top += frameBytes;
    sortWords(deeper, last);
    readSecondWords(deeper, last, next + 4);
    first = deeper;
    end = last;
    depth = next;
  }
}

@inline
function endOfTie(first: u32, end: u32): u32 {
  const word = at(words, first);
  let last = first + 1;
  while (last < end && at(words, last) == word) last++;
  return last;
}

/**
 * Read the words at `depth` of entries in ties, which are in sorted order: one loop, so that cache misses overlap. They
 * are kept where entries are scattered to, and lost there with what is sorted deeper.
 */
function readSecondWords(begin: u32, end: u32, depth: u32): void {
  let isTied = false;
  for (let index = begin; index < end; index++) {
    const isTiedNext = index + 1 < end && at(words, index) == at(words, index + 1);
    if (isTied || isTiedNext) put(spareWords, index, wordAt(at(refs, index), depth));
    isTied = isTiedNext;
  }
}

/** Sort few entries whose words are equal, and whose next words have been read. */
function sortTie(begin: u32, end: u32, depth: u32): void {
  for (let index = begin + 1; index < end; index++) {
    const word = at(spareWords, index);
    const ref = at(refs, index);
    let place = index;
    while (place > begin) {
      const before = at(spareWords, place - 1);
      if (before < word || (before == word && compareFrom(at(refs, place - 1), ref, depth) <= 0)) break;
      put(spareWords, place, before);
      put(refs, place, at(refs, place - 1));
      place--;
    }
    put(spareWords, place, word);
    put(refs, place, ref);
  }
}

/** Bytes from `depth` on that all of a tie have in common, in whole words. */
function commonOf(begin: u32, end: u32, depth: u32): u32 {
  const first = at(refs, begin);
  let common = min(commonBytesMax, lengthOf(first) - depth);
  for (let index = begin + 1; common >= 4 && index < end; index++) {
    const ref = at(refs, index);
    common = commonUpTo(first, ref, depth, min(depth + common, lengthOf(ref)));
  }
  return common & ~3;
}

/**
 * Put keys of a tie that end before `behind` ahead of those that go on, shorter ones first.
 *
 * @returns where those that go on begin.
 */
function endedFirst(begin: u32, end: u32, behind: u32): u32 {
  let shortest: u32 = 0xffffffff;
  let longest: u32 = 0;
  let goOn: u32 = 0;
  for (let index = begin; index < end; index++) {
    const length = lengthOf(at(refs, index));
    shortest = min(shortest, length);
    longest = max(longest, length);
    if (length > behind) goOn++;
  }
  if (goOn == end - begin) return begin;
  // Those of one length that end here are equal.
  if (shortest == longest) return end;
  let place = begin;
  for (let ended = shortest; ended <= behind; ended++)
    for (let index = begin; index < end; index++) {
      const ref = at(refs, index);
      if (lengthOf(ref) == ended) put(spareRefs, place++, ref);
    }
  for (let index = begin; goOn > 0 && index < end; index++) {
    const ref = at(refs, index);
    if (lengthOf(ref) > behind) put(spareRefs, place++, ref);
  }
  memory.copy(refs + ((<usize>begin) << 2), spareRefs + ((<usize>begin) << 2), (<usize>(end - begin)) << 2);
  return end - goOn;
}

function insertionSort(begin: u32, end: u32, depth: u32): void {
  for (let index = begin + 1; index < end; index++) {
    const word = at(words, index);
    const ref = at(refs, index);
    let place = index;
    while (place > begin) {
      const before = at(words, place - 1);
      if (before < word || (before == word && compareFrom(at(refs, place - 1), ref, depth) <= 0)) break;
      put(words, place, before);
      put(refs, place, at(refs, place - 1));
      place--;
    }
    put(words, place, word);
    put(refs, place, ref);
  }
}

/** Least significant digit first, so each pass is stable; digits that are all the same are passed over. */
function sortWords(begin: u32, end: u32): void {
  const count = end - begin;
  const bits: u32 = count >= wideDigitMin ? 11 : 8;
  const passes: u32 = bits == 11 ? 3 : 4;
  const mask: u32 = (1 << bits) - 1;
  memory.fill(counters, 0, (<usize>passes) << (bits + 2));
  const table = counters;
  for (let index = begin; index < end; index++) {
    let word = at(words, index);
    let digits = table;
    for (let pass: u32 = 0; pass < passes; pass++) {
      const counter = digits + ((<usize>(word & mask)) << 2);
      store<u32>(counter, load<u32>(counter) + 1);
      word >>= bits;
      digits += (<usize>4) << bits;
    }
  }
  let fromWords = words;
  let fromRefs = refs;
  let toWords = spareWords;
  let toRefs = spareRefs;
  for (let pass: u32 = 0; pass < passes; pass++) {
    const shift = pass * bits;
    const digits = table + (((<usize>pass) << bits) << 2);
    if (at(digits, (at(fromWords, begin) >> shift) & mask) == count) continue;
    let sum = begin;
    for (let digit: u32 = 0; digit <= mask; digit++) {
      const here = at(digits, digit);
      put(digits, digit, sum);
      sum += here;
    }
    for (let index = begin; index < end; index++) {
      const word = at(fromWords, index);
      const counter = digits + ((<usize>((word >> shift) & mask)) << 2);
      const place = load<u32>(counter);
      store<u32>(counter, place + 1);
      put(toWords, place, word);
      put(toRefs, place, at(fromRefs, index));
    }
    const swapWords = fromWords;
    fromWords = toWords;
    toWords = swapWords;
    const swapRefs = fromRefs;
    fromRefs = toRefs;
    toRefs = swapRefs;
  }
  if (fromWords == words) return;
  memory.copy(words + ((<usize>begin) << 2), fromWords + ((<usize>begin) << 2), (<usize>count) << 2);
  memory.copy(refs + ((<usize>begin) << 2), fromRefs + ((<usize>begin) << 2), (<usize>count) << 2);
}
