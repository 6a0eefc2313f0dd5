// Merges cursors by kernels, which make rows of output or pairs of a run of what they can: see kernels/merging.ts. The
// order, the checks and the bytes are those of MergedCursor, SegmentCursor and RunWriter.

import { runKernels, type RunKernels } from "../kernel/run-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";
import type { BlockPlace } from "../sort/sort-kernel.ts";
import { layOutMerge, type MergeRegion } from "./merge-region.ts";

/** What kernels make of pairs: numbers of kernels/merging.ts. */
export const made = { rows: 0, lines: 1, sums: 2, pairs: 3, states: 4, none: 5, joins: 6 } as const;

/** Why a merge stopped: all is done, what it makes is full, or the pair that it is at is the twin's. */
export type MergeStop = "done" | "room" | "twin";

/** How lines are made of keys. */
export interface LineChoice {
  /** Bytes left out of a key, which must be zero. */
  readonly skip: number;
  /** Whether equal keys make one. */
  readonly once: boolean;
  /** Whether a key may begin with an optional double that is there, which is left out instead. */
  readonly numbers?: boolean;
}

/** How rows of a join are made. */
export interface JoinChoice {
  /** Which there are: see kernels/joining.ts. */
  readonly rows: number;
  /** Of the order key at the end of a key. */
  readonly orderBytes: number;
  /** What kept values may take. */
  readonly keptBytesMax: number;
}

// Words of the merge's block.
const word = {
  phase: 3,
  who: 4,
  makes: 5,
  end: 6,
  limit: 7,
  body: 8,
  keyBytes: 9,
  valueBytes: 10,
  once: 11,
  pairs: 12,
  records: 13,
  groups: 14,
  keyLength: 16,
  writtenLength: 19,
  hasWritten: 20,
  isOpen: 21,
  sum: 22,
  isStates: 24,
  isSame: 25,
  numbers: 26,
  orderBytes: 27,
  joinRows: 32,
  keptBegin: 33,
  keptEnd: 34,
  keptLimit: 35,
  hasSecond: 36,
} as const;
const usedWords = 40;
const phaseTaken = 2;
const mark = { first: 1, apart: 2, ended: 4, read: 8 } as const;

/** Kernels, and where they work. */
export interface MergeKernels {
  readonly kernels: RunKernels;
  readonly place: KernelPlace;
  readonly region: MergeRegion;
}

/** One merge. */
export class MergeKernel {
  readonly #kernels: RunKernels;
  readonly #place: KernelPlace;
  readonly #region: MergeRegion;
  readonly #cursors: readonly SegmentCursor[];
  readonly #at: number;
  readonly #sum: Float64Array;

  /** @param cursors - at their begins, each with a pair, reading into the blocks of `region`, in the order that decides between equal keys. */
  constructor(
    { kernels, place, region }: MergeKernels,
    { cursors, isStates }: { readonly cursors: readonly SegmentCursor[]; readonly isStates: boolean },
  ) {
    this.#kernels = kernels;
    this.#place = place;
    this.#region = region;
    this.#cursors = cursors;
    this.#at = region.merge >>> 2;
    const { words } = place;
    const at = this.#at;
    words.fill(0, at, at + usedWords);
    words[at] = cursors.length;
    words[at + 1] = region.tree;
    words[at + 2] = region.cursors;
    words[at + 15] = region.lastKey;
    words[at + 18] = region.writtenKey;
    words[at + word.isStates] = isStates ? 1 : 0;
    this.#sum = new Float64Array(place.bytes.buffer, region.merge + word.sum * 4, 1);
    for (const [index] of cursors.entries()) {
      words.fill(0, region.cursorAt(index) >>> 2, (region.cursorAt(index) >>> 2) + 16);
      words[(region.cursorAt(index) >>> 2) + 3] = region.keyOf(index);
      this.#takeBlock(index);
    }
  }

  /** Say what is made from now on. */
  make(makes: (typeof made)[keyof typeof made]): void {
    this.#set(word.makes, makes);
  }

  /** Say how rows are: bytes of a key and of a value. */
  setRow(keyBytes: number, valueBytes: number): void {
    this.#set(word.keyBytes, keyBytes);
    this.#set(word.valueBytes, valueBytes);
  }

  /** Say how lines are. */
  setLine({ skip, once, numbers = false }: LineChoice): void {
    this.#set(word.numbers, numbers ? 1 : 0);
    this.#set(word.keyBytes, skip);
    this.#set(word.once, once ? 1 : 0);
  }

  /** Say how rows of a join are. */
  setJoin({ rows, orderBytes, keptBytesMax }: JoinChoice): void {
    const { kept, bytes } = this.#region;
    const limit = Math.min(kept + keptBytesMax, bytes.byteOffset + bytes.length);
    this.#set(word.joinRows, rows);
    this.#set(word.orderBytes, orderBytes);
    this.#set(word.keptBegin, kept);
    this.#set(word.keptLimit, Math.max(kept, limit));
  }

  /** Take over the group that a join is at: the texts that it has kept, good until the merge makes rows again. */
  takeJoin(): { readonly kept: Iterable<Uint8Array>; readonly hasSecond: boolean } {
    this.#set(word.isOpen, 0);
    const kept = textsOf(this.#place.bytes, this.#get(word.keptBegin), this.#get(word.keptEnd));
    return { kept, hasSecond: this.#get(word.hasSecond) !== 0 };
  }

  /** Whether there is a first written key that was not asked for before: then it is {@link writtenKey}. */
  noteFirstWritten(): boolean {
    const isFirst = this.#get(word.hasWritten) === 1;
    if (isFirst) this.#set(word.hasWritten, 2);
    return isFirst;
  }

  /** Begin to make rows in the region's own room. */
  clearMade(): void {
    this.#set(word.end, this.#region.made);
    this.#set(word.limit, this.#region.madeEnd);
    this.#set(word.records, 0);
  }

  /** What has been made there; good until the merge goes on. */
  takeMade(): { readonly bytes: Uint8Array; readonly records: number } {
    const { made: from } = this.#region;
    const bytes = this.#place.bytes.subarray(from, this.#get(word.end));
    return { bytes, records: this.#get(word.records) };
  }

  /** Begin to write pairs behind those in the body of a block. */
  setBody({ begin, end, bytesMax }: BlockPlace): void {
    this.#set(word.body, begin);
    this.#set(word.end, end);
    this.#set(word.limit, bytesMax);
    this.#set(word.records, 0);
  }

  /** Address behind what has been made. */
  get end(): number {
    return this.#get(word.end);
  }

  /** Rows made, or pairs written, since the last begin. */
  get records(): number {
    return this.#get(word.records);
  }

  /** Go on where the merge is. @param onBlock - called before each block. @throws {DataError} of the cursor that is damaged. */
  run(onBlock?: () => void): MergeStop {
    if (this.#cursors.length === 0) return "done";
    for (;;) {
      const stopped = this.#kernels.mergeOn(this.#region.merge);
      if (stopped === 0) return "done";
      if (stopped === 1) return "room";
      if (stopped === 3) return "twin";
      const index = this.#get(word.who);
      if (stopped === 4) this.#cursors[index]!.refuse("a pair leaves its block, or keys do not ascend");
      onBlock?.();
      this.#takeBlock(index);
    }
  }

  /** The cursor that has the pair at hand, whose members then describe that pair's value. Once a pair, by a twin. */
  takeCurrent(): SegmentCursor {
    const index = this.#get(word.who);
    const cursor = this.#cursors[index]!;
    const at = this.#region.cursorAt(index) >>> 2;
    const { words } = this.#place;
    const isApart = (words[at + 7]! & mark.apart) !== 0;
    cursor.pointAt(isApart ? undefined : (words[at + 5]! >>> 0) - cursor.block.byteOffset, words[at + 6]!);
    return cursor;
  }

  /** Key of the pair at hand; good until the merge goes on. */
  get currentKey(): Uint8Array {
    const at = this.#region.cursorAt(this.#get(word.who)) >>> 2;
    const from = this.#place.words[at + 3]! >>> 0;
    return this.#place.bytes.subarray(from, from + this.#place.words[at + 4]!);
  }

  /** Whether the pair at hand has the key of the one before. */
  get isSame(): boolean {
    return this.#get(word.isSame) !== 0;
  }

  /** The twin has used the pair at hand. */
  noteTaken(): void {
    this.#set(word.phase, phaseTaken);
  }

  /** Key of the last pair that was used; good until the merge goes on. */
  get lastKey(): Uint8Array {
    return this.#place.bytes.subarray(this.#region.lastKey, this.#region.lastKey + this.#get(word.keyLength));
  }

  /** Key of the last pair that was written to the run; good until the merge goes on. */
  get writtenKey(): Uint8Array {
    const { writtenKey: from } = this.#region;
    return this.#place.bytes.subarray(from, from + this.#get(word.writtenLength));
  }

  /** The twin has written a pair with this key. */
  noteWritten(key: Uint8Array): void {
    this.#place.bytes.set(key, this.#region.writtenKey);
    this.#set(word.writtenLength, key.length);
    this.#set(word.hasWritten, 1);
  }

  /** The sum of the open group, which is then the twin's; undefined when none is open. */
  takeSum(): number | undefined {
    if (this.#get(word.isOpen) === 0) return undefined;
    this.#set(word.isOpen, 0);
    return this.#sum[0];
  }

  /** Pairs used. */
  get pairs(): number {
    return this.#get(word.pairs);
  }

  /** Groups begun. */
  get groups(): number {
    return this.#get(word.groups);
  }

  #takeBlock(index: number): void {
    const cursor = this.#cursors[index]!;
    const at = this.#region.cursorAt(index) >>> 2;
    const { words } = this.#place;
    const pairs = cursor.takeBlock();
    if (pairs === 0) {
      words[at + 7] = mark.ended;
      words[at + 8] = -1;
      words[at + 9] = -1;
      return;
    }
    const body = this.#bodyOf(index, cursor.block);
    words[at] = body;
    words[at + 1] = body + cursor.block.length;
    words[at + 2] = pairs;
    words[at + 7] = (words[at + 7]! & mark.read) | mark.first;
  }

  /** Where kernels find a block's body. */
  #bodyOf(index: number, block: Uint8Array): number {
    if (block.buffer === this.#place.bytes.buffer) return block.byteOffset;
    const unpacked = this.#region.unpackedOf(index)!;
    unpacked.set(block);
    this.#cursors[index]!.block = unpacked.subarray(0, block.length);
    return unpacked.byteOffset;
  }

  #get(index: number): number {
    return this.#place.words[this.#at + index]! >>> 0;
  }

  #set(index: number, value: number): void {
    this.#place.words[this.#at + index] = value;
  }
}

/** Texts that lie one behind the other, each behind its length of 4 bytes, the lowest first. */
function* textsOf(bytes: Uint8Array, begin: number, end: number): Generator<Uint8Array> {
  for (let at = begin; at < end;) {
    const length = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    at += 4 + length;
    yield bytes.subarray(at - length, at);
  }
}

/** Lay a merge out. @param bytes - in `memory`. @returns undefined where there are no kernels, or no room. */
export function openMergeKernels(
  memory: KernelMemory | undefined,
  bytes: Uint8Array,
  { count, unpacks }: { readonly count: number; readonly unpacks: boolean },
): MergeKernels | undefined {
  const kernels = memory?.open(runKernels);
  const place = memory?.place;
  if (kernels === undefined || place === undefined) return undefined;
  const region = layOutMerge(bytes, { count, unpacks });
  return region === undefined ? undefined : { kernels, place, region };
}
