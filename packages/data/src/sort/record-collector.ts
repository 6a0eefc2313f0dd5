// Puts many records that are key and value into a sort buffer at once, by a kernel: see kernels/collect.ts.

import type { RunKernels } from "../kernel/run-kernels.ts";
import { runKernels } from "../kernel/run-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";

/** Records that stand one behind the other. */
export interface FixedRecords {
  /** Address of the first. */
  readonly address: number;
  readonly count: number;
  readonly recordBytes: number;
  /** The key is so much of a record's begin, the rest is the value. */
  readonly keyBytes: number;
}

/** What a buffer holds. */
export interface BufferFill {
  /** Bytes of pairs. */
  top: number;
  count: number;
}

// Behind the arguments of other kernels.
const argumentsAt = 2304;

/** The kernel with the partitions of one shuffle. */
export class RecordCollector {
  readonly #kernels: RunKernels;
  readonly #words: Int32Array;
  readonly #block: number;
  readonly #counts: Uint32Array;
  readonly #cuts: number;

  constructor(kernels: RunKernels, place: KernelPlace, counts: Uint32Array, cuts: number) {
    this.#kernels = kernels;
    this.#block = place.block + argumentsAt;
    this.#words = place.words.subarray(this.#block >>> 2, (this.#block >>> 2) + 16);
    this.#counts = counts;
    this.#cuts = cuts;
  }

  /**
   * Put records into the buffer in `bytes`, which holds `fill`.
   *
   * @param partitionCounts - pairs of each partition, counted on.
   * @returns how many there was room for.
   */
  add(
    { address, count, recordBytes, keyBytes }: FixedRecords,
    { bytes, fill, partitionCounts }: { bytes: Uint8Array; fill: BufferFill; partitionCounts: Uint32Array },
  ): number {
    const counts = this.#counts;
    counts.fill(0);
    this.#words.set([
      bytes.byteOffset,
      bytes.length,
      fill.top,
      fill.count,
      address,
      count,
      recordBytes,
      keyBytes,
      counts.length,
      this.#cuts,
      counts.byteOffset,
    ]);
    const added = this.#kernels.addRecords(this.#block);
    fill.top = this.#words[2]! >>> 0;
    fill.count = this.#words[3]! >>> 0;
    for (let partition = 0; partition < counts.length; partition++) partitionCounts[partition]! += counts[partition]!;
    return added;
  }
}

/**
 * Open the kernel.
 *
 * @param cuts - of key ranges, one fewer than partitions; by default the hash chooses.
 * @returns undefined where there are no kernels, or the cuts are too many for their room.
 */
export function openRecordCollector(
  memory: KernelMemory | undefined,
  { partitions, cuts }: { readonly partitions: number; readonly cuts?: readonly Uint8Array[] | undefined },
): RecordCollector | undefined {
  const kernels = memory?.open(runKernels);
  const place = memory?.place;
  if (kernels === undefined || place === undefined) return undefined;
  const keysAt = place.work + partitions * 4 + partitions * 8;
  const keysEnd = (cuts ?? []).reduce((at, cut) => at + cut.length, keysAt);
  if (keysEnd + 16 > place.work + place.workBytes) return undefined;
  const counts = new Uint32Array(place.bytes.buffer, place.work, partitions);
  if (cuts === undefined) return new RecordCollector(kernels, place, counts, 0);
  const cutsAt = place.work + partitions * 4;
  let at = keysAt;
  for (const [index, cut] of cuts.entries()) {
    place.words[(cutsAt >>> 2) + index * 2] = at;
    place.words[(cutsAt >>> 2) + index * 2 + 1] = cut.length;
    place.bytes.set(cut, at);
    at += cut.length;
  }
  return new RecordCollector(kernels, place, counts, cutsAt);
}
