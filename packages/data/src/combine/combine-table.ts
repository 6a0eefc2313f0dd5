// Aggregates values by key in a fixed region of memory: open addressing over 32-byte slots at the region's end, an arena
// for long keys and large states at its begin. A full table is written as a sorted run and begun again.
//
// Slot of 8 words: 4 of key (first 16 bytes, as they are), tag (hash bits, state mark, key length up to 255), entry
// (place of the arena entry / 8 + 1; 0 is a free slot), 2 of state: the 8 bytes of a small one, or place and length.
// Arena entry: uint32 partition, uint32 key length, key bytes from 16 on. Arena state: uint32 capacity, uint32 0, bytes.

import type { Aggregator, Place, StateCell } from "../aggregate/aggregator.ts";
import { countsInDouble } from "../aggregate/kernel-state.ts";
import { ByteRange } from "../bytes/byte-range.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import { DataError, invariant } from "../data-error.ts";
import { runKernels } from "../kernel/run-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { RunWriter } from "../run/run-writer.ts";
import { RadixSorter, type SortArrays, sortArraysIn, sortEntryBytes } from "../sort/radix-sort.ts";
import { type SortKernel, openSortKernel } from "../sort/sort-kernel.ts";
import { slotHash } from "./slot-hash.ts";
import { SlotKeys, inlineKeyBytes, shortKeyMax } from "./slot-keys.ts";
import type { TableKey } from "./table-key.ts";

const slotBytes = 32;
const inlineStateBytes = 8;
const slotCountMin = 256;
/** The tag keeps 23 bits of hash, which is as many slots as they can tell apart. */
const slotCountMax = 1 << 23;
const tagHashMask = ~0x1ff;
const tagArenaState = 0x100;
/** Why a kernel stopped: see kernels/table.ts. */
const stoppedFull = 1;

/** Where a table's keys are. Addresses, but for `arenaEnd`, which goes by the begin of the memory. */
export interface TableSlots {
  readonly begin: number;
  readonly end: number;
  readonly arenaEnd: number;
}

/** Points at the state of one slot. */
class TableCell implements StateCell {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  offset = 0;
  length = 0;
  slot = 0;
  readonly #table: CombineTable<never>;

  constructor(table: CombineTable<never>, bytes: Uint8Array) {
    this.#table = table;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  resize(length: number): boolean {
    return this.#table.resizeState(this, length);
  }
}

/** Fold values `V` into a state for each (partition, key). */
export class CombineTable<V> {
  readonly #aggregator: Aggregator<V, unknown>;
  readonly #place: Place;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #partitions: number;
  readonly #isInline: boolean;
  readonly #keys: SlotKeys;
  readonly #cell: TableCell;
  readonly #kernelMemory: KernelMemory | undefined;
  /** Whether one key may come with two partitions: then each hit is checked. */
  readonly #checksPartition: boolean;
  #slotCount = 0;
  /** Word of the first slot. */
  #slotBase = 0;
  #shift = 0;
  /** Slots in use beyond which the table grows. */
  #growAt = 0;
  #top = 0;
  /** Keys held. */
  count = 0;

  /** @param memory 8-byte aligned; its length is the budget, at least 32 KiB. */
  constructor(
    memory: Uint8Array,
    options: {
      readonly aggregator: Aggregator<V, unknown>;
      /** Where the value being added was emitted: kept up by the owner. */
      readonly place: Place;
      readonly partitions: number;
      readonly checksPartition: boolean;
      /** Whose `memory` is. */
      readonly kernelMemory?: KernelMemory;
    },
  ) {
    invariant(
      memory.byteOffset % 8 === 0 && memory.length % 8 === 0 && memory.length >= 4 * slotCountMin * slotBytes,
      "a table has 32 KiB or more, aligned to 8 bytes",
    );
    this.#aggregator = options.aggregator;
    this.#place = options.place;
    this.#partitions = options.partitions;
    this.#checksPartition = options.checksPartition;
    this.#isInline = options.aggregator.stateBytes === inlineStateBytes;
    this.#kernelMemory = options.kernelMemory;
    this.#bytes = memory;
    this.#words = new Int32Array(memory.buffer, memory.byteOffset, memory.length >>> 2);
    this.#keys = new SlotKeys(memory, this.#words);
    this.#cell = new TableCell(this, memory);
    this.clear();
  }

  /** Bytes in use: arena, slots, and what is kept for sort entries. */
  get used(): number {
    return this.#top + this.#slotCount * slotBytes + this.count * sortEntryBytes;
  }

  /** Add a value. @returns false when there is no room: write the run, clear, try again; still false means that its state alone is too large. */
  add(partition: number, key: TableKey, value: V): boolean {
    const words = this.#words;
    const k0 = key.words[0];
    const k1 = key.words[1];
    const k2 = key.words[2];
    const k3 = key.words[3];
    const hash = slotHash(key);
    const tag = (hash & tagHashMask) | (key.length <= shortKeyMax ? key.length : 0xff);
    const mask = this.#slotCount - 1;
    let index = (hash >>> this.#shift) & mask;
    for (;;) {
      const slot = this.#slotBase + index * 8;
      const entry = words[slot + 5]!;
      if (entry === 0) return this.#insert(slot, tag, partition, key) && this.#addFirst(value);
      if (
        (words[slot + 4]! & ~tagArenaState) === tag &&
        words[slot] === k0 &&
        words[slot + 1] === k1 &&
        words[slot + 2] === k2 &&
        words[slot + 3] === k3 &&
        (key.length <= inlineKeyBytes || this.#hasRest(entry, key))
      ) {
        if (this.#checksPartition) this.#checkPartition(entry, partition);
        this.#open(slot);
        return this.#aggregator.add(this.#cell, value, this.#place);
      }
      index = (index + 1) & mask;
    }
  }

  /**
   * Lend the table to a kernel, whose block of it lies at `place`, while `fold` runs.
   *
   * @returns what `fold` gives.
   */
  lend(place: KernelPlace, fold: (table: number) => number): number {
    this.#fillBlock(place);
    const folded = fold(place.block);
    this.#readBlock(place);
    return folded;
  }

  /** Tell whether it was for want of room that the last kernel stopped. */
  wantsRoom({ words, block }: KernelPlace): boolean {
    return words[(block >>> 2) + 8] === stoppedFull;
  }

  /** Whether another key would make it grow. */
  get isCrowded(): boolean {
    return this.count >= this.#growAt;
  }

  /** Where keys lie, for a kernel that takes them. */
  get slots(): TableSlots {
    const begin = this.#bytes.byteOffset + this.#slotBase * 4;
    return { begin, end: begin + this.#slotCount * slotBytes, arenaEnd: this.#top };
  }

  /** Make the slots more when they are what a kernel had no room in. @returns false when the table is full. */
  makeRoom(): boolean {
    return this.isCrowded && this.#grow();
  }

  /** Say to kernels where the table is and how far it is filled: see kernels/table.ts. */
  #fillBlock({ words, block }: KernelPlace): void {
    const at = block >>> 2;
    const memory = this.#bytes.byteOffset;
    words[at] = memory;
    words[at + 1] = memory + this.#slotBase * 4;
    words[at + 2] = this.#slotCount - 1;
    words[at + 3] = this.#shift;
    words[at + 4] = this.#growAt;
    words[at + 5] = this.count;
    words[at + 6] = this.#top;
    words[at + 7] = this.#partitions;
    words[at + 9] = 0;
  }

  #readBlock({ words, block }: KernelPlace): void {
    this.count = words[(block >>> 2) + 5]!;
    // Places beyond 2 GiB are negative as signed words.
    this.#top = words[(block >>> 2) + 6]! >>> 0;
  }

  /** Write all states in order of (partition, key) and forget them. */
  writeTo(writer: RunWriter): void {
    const { count } = this;
    const end = this.#slotBase * 4;
    const arrays = sortArraysIn(this.#bytes.subarray(end - count * sortEntryBytes, end), count);
    const kernel = writer.takesSorted
      ? openSortKernel(this.#kernelMemory, { bytes: this.#bytes, kind: "slots" })
      : undefined;
    const counts = (kernel === undefined ? undefined : this.#sortByKernel(kernel, arrays)) ?? this.#sortByTwin(arrays);
    // Only of states that are doubles is it known what they are written as.
    const byKernel = this.#isInline && countsInDouble(this.#aggregator) ? kernel : undefined;
    const key = new ByteRange();
    const longKey = new ByteSink(256);
    const state = new ByteSink(256);
    const value = new ByteRange();
    const keyOf = (index: number): ByteRange => this.#keys.keyAt(arrays.refs[index]!, key, longKey);
    let low = 0;
    for (let partition = 0; partition < this.#partitions; partition++) {
      const high = low + counts[partition]!;
      const append = (index: number): number => {
        this.#open(arrays.refs[index]!);
        state.clear();
        this.#aggregator.encode(this.#cell, state);
        writer.append(partition, keyOf(index), value.set(state.bytes, 0, state.length));
        return index + 1;
      };
      if (byKernel !== undefined && high > low)
        writer.appendSorted(partition, { kernel: byKernel, low, high, append, keyOf });
      else for (let index = low; index < high;) index = append(index);
      low = high;
    }
    this.clear();
  }

  /** @returns keys of each partition, or undefined when the kernel could not sort them. */
  #sortByKernel(kernel: SortKernel, arrays: SortArrays): Uint32Array | undefined {
    kernel.useArrays(arrays);
    const memory = this.#bytes.byteOffset;
    const slots = memory + this.#slotBase * 4;
    const counts = kernel.fillSlots(slots, slots + this.#slotCount * slotBytes, this.#partitions);
    if (counts === undefined) return undefined;
    return eachPartition(counts, (low, high) => kernel.sort(low, high)) ? counts : undefined;
  }

  #sortByTwin(arrays: SortArrays): Uint32Array {
    const counts = this.#fillEntries(arrays.words, arrays.refs);
    const sorter = new RadixSorter(arrays, this.#keys);
    eachPartition(counts, (low, high) => {
      sorter.sort(low, high);
      return true;
    });
    return counts;
  }

  /** Forget all keys. The slots begin small again: the next keys may be few. */
  clear(): void {
    this.#top = 0;
    this.count = 0;
    this.#useSlots(slotCountMin);
    this.#words.fill(0, this.#slotBase, this.#slotBase + this.#slotCount * 8);
  }

  /** Change the length of the state that a cell is at. Called by the cell. */
  resizeState(cell: TableCell, length: number): boolean {
    const words = this.#words;
    const { slot } = cell;
    const isArena = (words[slot + 4]! & tagArenaState) !== 0;
    if (!isArena && length === cell.length) return true;
    const capacity = !isArena ? 0 : words[slot + 6] === 0 ? 0 : words[(words[slot + 6]! >>> 2) - 2]!;
    if (length > capacity) {
      // Half as much again for states that go on growing; what is needed when there is no room for that.
      const place = this.#allocate(8 + Math.max(length, (capacity * 3) >>> 1)) || this.#allocate(8 + length);
      if (place === 0) return false;
      words[place >>> 2] = this.#top - place - 8;
      this.#bytes.copyWithin(place + 8, cell.offset, cell.offset + cell.length);
      words[slot + 4]! |= tagArenaState;
      words[slot + 6] = place + 8;
    }
    words[slot + 7] = length;
    cell.offset = words[slot + 6]! >>> 0;
    cell.length = length;
    return true;
  }

  /** Take arena bytes. @returns their place, never 0, or 0 when there is no room beside slots and sort entries. */
  #allocate(bytes: number): number {
    const size = (bytes + 7) & ~7;
    // Place 0 stands for none, so the arena begins at 8.
    const place = this.#top === 0 ? 8 : this.#top;
    if (place + size + this.count * sortEntryBytes > this.#slotBase * 4) return 0;
    this.#top = place + size;
    return place;
  }

  #insert(slot: number, tag: number, partition: number, key: TableKey): boolean {
    if (this.count >= this.#growAt) {
      if (!this.#grow()) return false;
      return this.#insert(this.#freeSlot(tag), tag, partition, key);
    }
    const rest = Math.max(0, key.length - inlineKeyBytes);
    const stateBytes = this.#isInline ? 0 : this.#aggregator.stateBytes;
    const entryBytes = (8 + rest + 7) & ~7;
    const wanted = entryBytes + (stateBytes > 0 ? 8 + stateBytes : 0);
    // The new key's own sort entry has to fit as well.
    this.count++;
    const place = this.#allocate(wanted);
    if (place === 0) {
      this.count--;
      return false;
    }
    const words = this.#words;
    words[place >>> 2] = partition;
    words[(place >>> 2) + 1] = key.length;
    if (rest > 0) this.#bytes.set(key.bytes.subarray(inlineKeyBytes, key.length), place + 8);
    words[slot] = key.words[0]!;
    words[slot + 1] = key.words[1]!;
    words[slot + 2] = key.words[2]!;
    words[slot + 3] = key.words[3]!;
    words[slot + 4] = this.#isInline ? tag : tag | tagArenaState;
    words[slot + 5] = (place >>> 3) + 1;
    words[slot + 6] = 0;
    words[slot + 7] = 0;
    if (stateBytes > 0) {
      const state = place + entryBytes + 8;
      words[(state >>> 2) - 2] = this.#top - state;
      this.#bytes.fill(0, state, state + stateBytes);
      words[slot + 6] = state;
      words[slot + 7] = stateBytes;
    }
    this.#open(slot);
    return true;
  }

  /** Add to the key just put in; a key whose first value was not taken is not kept. */
  #addFirst(value: V): boolean {
    const { slot } = this.#cell;
    let isTaken = false;
    try {
      isTaken = this.#aggregator.add(this.#cell, value, this.#place);
    } finally {
      // Nothing was put behind it yet, so the slot is the end of every search that meets it.
      if (!isTaken) {
        this.#words[slot + 5] = 0;
        this.count--;
      }
    }
    return isTaken;
  }

  /** Point the cell at a slot's state. */
  #open(slot: number): void {
    const cell = this.#cell;
    cell.slot = slot;
    if ((this.#words[slot + 4]! & tagArenaState) === 0) {
      cell.offset = (slot + 6) * 4;
      cell.length = inlineStateBytes;
      return;
    }
    cell.offset = this.#words[slot + 6]! >>> 0;
    cell.length = this.#words[slot + 7]!;
  }

  #hasRest(entry: number, key: TableKey): boolean {
    const place = (entry - 1) * 8;
    if (this.#words[(place >>> 2) + 1] !== key.length) return false;
    return (
      compareRanges(
        this.#bytes,
        place + 8,
        place + 8 + key.length - inlineKeyBytes,
        key.bytes,
        inlineKeyBytes,
        key.length,
      ) === 0
    );
  }

  #checkPartition(entry: number, partition: number): void {
    const first = this.#words[(entry - 1) * 2]!;
    if (first === partition) return;
    throw new DataError(
      "E_USER_CODE",
      `Cannot partition a key: the job's partition function gave ${first} and then ${partition} for it; make it depend on the key alone`,
    );
  }

  /** Sort entries by partition; a slot's place among all words is its reference. @returns keys of each partition. */
  #fillEntries(entryWords: Uint32Array, refs: Uint32Array): Uint32Array {
    const words = this.#words;
    const end = this.#slotBase + this.#slotCount * 8;
    const counts = new Uint32Array(this.#partitions);
    for (let slot = this.#slotBase; slot < end; slot += 8)
      if (words[slot + 5] !== 0) counts[words[(words[slot + 5]! - 1) * 2]!]!++;
    const places = new Uint32Array(this.#partitions);
    for (let partition = 1; partition < places.length; partition++)
      places[partition] = places[partition - 1]! + counts[partition - 1]!;
    for (let slot = this.#slotBase; slot < end; slot += 8) {
      if (words[slot + 5] === 0) continue;
      const place = places[words[(words[slot + 5]! - 1) * 2]!]!++;
      entryWords[place] = this.#keys.wordAt(slot, 0);
      refs[place] = slot;
    }
    return counts;
  }

  #useSlots(slotCount: number): void {
    this.#slotCount = slotCount;
    this.#slotBase = (this.#bytes.length - slotCount * slotBytes) >>> 2;
    // The hash's highest bits choose the slot: they are the ones that the tag keeps.
    this.#shift = 32 - Math.log2(slotCount);
    this.#growAt = Math.floor(slotCount * 0.7);
  }

  /** Double the slots in place, or fill these more tightly when there is no room. @returns false when they are as full as they may be. */
  #grow(): boolean {
    const oldCount = this.#slotCount;
    const oldBase = this.#slotBase;
    const base = oldBase - oldCount * 8;
    if (oldCount * 2 > slotCountMax || this.#top + (this.count + 1) * sortEntryBytes > base * 4) {
      // Beyond 85 % linear probing takes too many steps.
      const tight = Math.floor(oldCount * 0.85);
      if (this.count >= tight) return false;
      this.#growAt = tight;
      return true;
    }
    this.#useSlots(oldCount * 2);
    if (this.#spreadByKernel()) return true;
    this.#words.fill(0, base, oldBase);
    this.#spreadSlots(oldBase, oldCount);
    return true;
  }

  /** @returns false where there is no kernel, or it has too little room. */
  #spreadByKernel(): boolean {
    const kernels = this.#kernelMemory?.open(runKernels);
    const place = this.#kernelMemory?.place;
    if (kernels === undefined || place === undefined || place.words.buffer !== this.#words.buffer) return false;
    const slots = this.#bytes.byteOffset + this.#slotBase * 4;
    return kernels.spreadSlots(slots, this.#slotCount, place.room, place.roomBytes) === 1;
  }

  /**
   * Move the slots of the old half, which is the end of the new whole. A hash's highest bits choose the slot, so what
   * was at place i belongs to 2 i or 2 i + 1: taking one cluster of neighbours after the other from the left, nothing
   * is put where an old slot still waits. Slots that had wrapped round to the begin wait to the end.
   */
  #spreadSlots(oldBase: number, oldCount: number): void {
    const words = this.#words;
    const end = oldBase + oldCount * 8;
    const oldShift = this.#shift + 1;
    const wrapped: number[] = [];
    const cluster: number[] = [];
    let isFirst = true;
    for (let slot = oldBase; slot <= end; slot += 8) {
      if (slot < end && words[slot + 5] !== 0) {
        const home = (words[slot + 4]! & tagHashMask) >>> oldShift;
        const held = isFirst && home > (slot - oldBase) >>> 3 ? wrapped : cluster;
        for (let word = 0; word < 8; word++) held.push(words[slot + word]!);
        words.fill(0, slot, slot + 8);
        continue;
      }
      isFirst = false;
      this.#placeSlots(cluster);
      cluster.length = 0;
    }
    this.#placeSlots(wrapped);
  }

  #placeSlots(held: readonly number[]): void {
    for (let from = 0; from < held.length; from += 8) {
      const slot = this.#freeSlot(held[from + 4]!);
      for (let word = 0; word < 8; word++) this.#words[slot + word] = held[from + word]!;
    }
  }

  /** First free slot for a hash, of which the bits that a tag keeps suffice. */
  #freeSlot(hash: number): number {
    let index = (hash >>> this.#shift) & (this.#slotCount - 1);
    while (this.#words[this.#slotBase + index * 8 + 5] !== 0) index = (index + 1) & (this.#slotCount - 1);
    return this.#slotBase + index * 8;
  }
}

/** Sort the entries of each partition. @returns whether all were. */
function eachPartition(counts: Uint32Array, sort: (low: number, high: number) => boolean): boolean {
  let low = 0;
  for (const count of counts) {
    if (count > 0 && !sort(low, low + count)) return false;
    low += count;
  }
  return true;
}
