// Sorts entries and writes what they refer to into blocks, by kernels: what RadixSorter and RunWriter do for a pair at a
// time. Its twins do what it leaves.

import type { RunKernels } from "../kernel/run-kernels.ts";
import { runKernels } from "../kernel/run-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { SortArrays } from "./radix-sort.ts";

/** Of what the references are: see kernels/keys.ts. */
export type SortedKind = "pairs" | "slots";

/** Where pairs are written to. */
export interface BlockPlace {
  /** Address of the body's first byte. */
  readonly begin: number;
  /** Address behind its last byte. */
  readonly end: number;
  /** Bytes that it may have. */
  readonly bytesMax: number;
}

/** Entries that are written. */
export interface EntryRange {
  /** The first of their partition. */
  readonly low: number;
  readonly from: number;
  readonly high: number;
  /** Whether they are states, and those of equal keys become one. */
  readonly folds: boolean;
}

// Behind the arguments of other kernels.
const argumentsAt = 2048;
/** Room begins with 3 × 2048 counters; behind them is the stack, and, before there is one, a number for each partition. */
const countersBytes = 3 * 2048 * 4;

/** The entries of one buffer or table. */
export class SortKernel {
  readonly #kernels: RunKernels;
  readonly #place: KernelPlace;
  readonly #block: number;
  /** Index of the first argument among words. */
  readonly #words: number;
  /** Address behind the last pair written by {@link write}. */
  end = 0;
  /** Pairs that the last {@link write} wrote. */
  written = 0;
  /** Why the last {@link write} came no further. */
  stopped: "end" | "full" | "hard" = "end";

  /** @param bytes - what references are of, in the kernels' memory. */
  constructor(kernels: RunKernels, place: KernelPlace, { bytes, kind }: { bytes: Uint8Array; kind: SortedKind }) {
    this.#kernels = kernels;
    this.#place = place;
    this.#block = place.block + argumentsAt;
    this.#words = this.#block >>> 2;
    const { words } = place;
    words[this.#words] = kind === "pairs" ? 0 : 1;
    words[this.#words + 1] = bytes.byteOffset;
    words[this.#words + 6] = place.room;
    words[this.#words + 7] = place.room + place.roomBytes;
  }

  /** Say where entries are. */
  useArrays(arrays: SortArrays): void {
    const { words } = this.#place;
    words[this.#words + 2] = arrays.words.byteOffset;
    words[this.#words + 3] = arrays.refs.byteOffset;
    words[this.#words + 4] = arrays.spareWords.byteOffset;
    words[this.#words + 5] = arrays.spareRefs.byteOffset;
  }

  /** Make the entries of a sort buffer whose pairs end at `top`. @returns false when partitions are too many. */
  fillPairs(top: number, counts: Uint32Array): boolean {
    const places = this.#numbers(counts.length);
    if (places === undefined) return false;
    putPlaces(counts, places);
    this.#kernels.fillPairs(this.#block, top, places.byteOffset, counts.length);
    return true;
  }

  /** Make the entries of a table whose slots are from one address to another. @returns slots in use of each partition; undefined when these are too many. */
  fillSlots(slots: number, end: number, partitions: number): Uint32Array | undefined {
    const places = this.#numbers(partitions);
    if (places === undefined) return undefined;
    places.fill(0);
    this.#kernels.countSlots(this.#block, slots, end, places.byteOffset);
    const counts = places.slice();
    putPlaces(counts, places);
    this.#kernels.fillSlots(this.#block, slots, end, places.byteOffset);
    return counts;
  }

  /** Sort entries [low, high). @returns false when it could not: they have to be made again. */
  sort(low: number, high: number): boolean {
    return this.#kernels.sortEntries(this.#block, low, high) === 1;
  }

  /**
   * Write what entries from `from` up to `high` refer to, those of one partition beginning at `low`; {@link end},
   * {@link written} and {@link stopped} say more.
   *
   * @returns the first that was not written: it has no room, or is the twin's to write.
   */
  write({ low, from, high, folds }: EntryRange, { begin, end, bytesMax }: BlockPlace): number {
    const { words } = this.#place;
    words[this.#words + 8] = end;
    words[this.#words + 10] = bytesMax;
    words[this.#words + 11] = begin;
    const next = folds
      ? this.#kernels.writeFolded(this.#block, low, from, high)
      : this.#kernels.writePairs(this.#block, low, from, high);
    this.written = folds ? words[this.#words + 12]! : next - from;
    this.end = words[this.#words + 8]! >>> 0;
    const reason = words[this.#words + 9];
    this.stopped = reason === 0 ? "end" : reason === 1 ? "full" : "hard";
    return next;
  }

  #numbers(count: number): Uint32Array | undefined {
    const { room, roomBytes, bytes } = this.#place;
    if (countersBytes + count * 4 > roomBytes) return undefined;
    return new Uint32Array(bytes.buffer, room + countersBytes, count);
  }
}

/** Open the kernels for what lies in `bytes`. @returns undefined where there are none, or it lies elsewhere. */
export function openSortKernel(
  memory: KernelMemory | undefined,
  what: { readonly bytes: Uint8Array; readonly kind: SortedKind },
): SortKernel | undefined {
  const place = memory?.place;
  if (memory === undefined || place === undefined || what.bytes.buffer !== place.bytes.buffer) return undefined;
  const kernels = memory.open(runKernels);
  return kernels === undefined ? undefined : new SortKernel(kernels, place, what);
}

/** Where the entries of each partition begin. */
function putPlaces(counts: Uint32Array, places: Uint32Array): void {
  let sum = 0;
  for (let partition = 0; partition < counts.length; partition++) {
    places[partition] = sum;
    sum += counts[partition]!;
  }
}
