// Puts the pairs of rows into a sort buffer, by a kernel: see kernels/samples-pairs.ts.

import { type SampleKernels, sampleKernels } from "../kernel/sample-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { BufferFill } from "./record-collector.ts";

/** Addresses of what a kernel reads and of what it may write to. */
export interface RowPairsPlace {
  /** See writePairProgram. */
  readonly program: number;
  /** What is left of rows. */
  readonly left: number;
  /** For a number of each partition, and the longest pair. */
  readonly counts: number;
}

// Behind the arguments of other kernels.
const argumentsAt = 2432;
/** The longest pair: what a line has twice over, as key and value, and seven times if need be. */
const scratchBytes = 128 * 1024;

/** The kernel with the partitions of one shuffle. */
export class RowPairCollector {
  readonly #kernels: SampleKernels;
  readonly #words: Int32Array;
  readonly #block: number;
  readonly #counts: Uint32Array;
  /** Whether the last rows ended for want of room. */
  isFull = false;

  constructor(
    kernels: SampleKernels,
    place: KernelPlace,
    { program, left, counts }: RowPairsPlace,
    partitions: number,
  ) {
    this.#kernels = kernels;
    this.#block = place.block + argumentsAt;
    this.#words = place.words.subarray(this.#block >>> 2, (this.#block >>> 2) + 12);
    this.#counts = new Uint32Array(place.bytes.buffer, counts, partitions);
    this.#words.set([program, left], 4);
    this.#words.set([partitions, counts, counts + partitions * 4, 0], 8);
  }

  /** Put the pairs of rows [from, to) into a buffer. @returns how many: up to one that is left, or as many as there was room for. */
  addRows(from: number, to: number, buffer: BufferFill): number {
    const { partitionCounts } = buffer;
    const counts = this.#counts;
    const words = this.#words;
    counts.fill(0);
    words.set([buffer.bytes.byteOffset, buffer.bytes.length, buffer.top, buffer.count]);
    words.set([from, to], 6);
    const next = this.#kernels.addRowPairs(this.#block);
    buffer.top = words[2]! >>> 0;
    buffer.count = words[3]! >>> 0;
    this.isFull = words[11] !== 0;
    for (let partition = 0; partition < counts.length; partition++) partitionCounts[partition]! += counts[partition]!;
    return next - from;
  }
}

/** Open the kernel. @returns undefined where there are no kernels, or too many partitions for their room. */
export function openRowPairCollector(
  memory: KernelMemory | undefined,
  where: RowPairsPlace,
  partitions: number,
): RowPairCollector | undefined {
  const kernels = memory?.open(sampleKernels);
  const place = memory?.place;
  if (kernels === undefined || place === undefined) return undefined;
  if (where.counts + partitions * 4 + scratchBytes > place.work + place.workBytes) return undefined;
  return new RowPairCollector(kernels, place, where, partitions);
}
