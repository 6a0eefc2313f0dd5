// Puts lines into a sort buffer as pairs of a join, by a kernel: see kernels/cuts.ts.

import { type CutKernels, cutKernels } from "../kernel/cut-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { BufferFill } from "./record-collector.ts";

/** How a line is cut. */
export interface LineCut {
  /** A byte of ASCII. */
  readonly separator: number;
  /** The column that is the key; 1 is the first. */
  readonly column: number;
  /** Index of the input among those of the join. */
  readonly side: number;
}

/** Lines of ASCII. */
export interface CutLines extends LineCut {
  /** The address that offsets go by. */
  readonly base: number;
  /** Address of where they begin and end: two words each. */
  readonly offsets: number;
  readonly count: number;
}

// Behind the arguments of other kernels.
const argumentsAt = 3072;

/** The kernel with the partitions of one shuffle. */
export class CutCollector {
  readonly #kernels: CutKernels;
  readonly #words: Int32Array;
  readonly #block: number;
  readonly #counts: Uint32Array;
  /** Whether the last lines ended for want of room. */
  isFull = false;

  constructor(kernels: CutKernels, place: KernelPlace, partitions: number) {
    this.#kernels = kernels;
    this.#block = place.block + argumentsAt;
    this.#words = place.words.subarray(this.#block >>> 2, (this.#block >>> 2) + 13);
    this.#counts = new Uint32Array(place.bytes.buffer, place.work, partitions);
  }

  /** Put lines into a buffer, but for the first `from`. @returns how many: up to one that is left, or as many as there was room for. */
  addLines({ base, offsets, count, separator, column, side }: CutLines, from: number, buffer: BufferFill): number {
    const { partitionCounts } = buffer;
    const counts = this.#counts;
    const words = this.#words;
    counts.fill(0);
    words.set([buffer.bytes.byteOffset, buffer.bytes.length, buffer.top, buffer.count]);
    words.set([base, count - from, offsets + from * 8, column], 4);
    words.set([counts.length, separator, counts.byteOffset, side], 8);
    const added = this.#kernels.addCuts(this.#block);
    buffer.top = words[2]! >>> 0;
    buffer.count = words[3]! >>> 0;
    this.isFull = words[12] !== 0;
    for (let partition = 0; partition < counts.length; partition++) partitionCounts[partition]! += counts[partition]!;
    return added;
  }
}

/** Open the kernel. @returns undefined where there are no kernels, or too many partitions for their room. */
export function openCutCollector(memory: KernelMemory | undefined, partitions: number): CutCollector | undefined {
  const kernels = memory?.open(cutKernels);
  const place = memory?.place;
  if (kernels === undefined || place === undefined || partitions * 4 > place.workBytes) return undefined;
  return new CutCollector(kernels, place, partitions);
}
