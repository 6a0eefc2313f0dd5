// Puts many records into a sort buffer at once, by a kernel: see kernels/collect.ts.

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

/** Lines of ASCII that become keys. */
export interface KeyLines {
  /** The address that offsets go by. */
  readonly base: number;
  /** Address of where they begin and end: two words each. */
  readonly offsets: number;
  readonly count: number;
  /** What stands before the line in its key, and the value of each: 8 bytes at most. */
  readonly before: Uint8Array;
  readonly value: Uint8Array;
  /** Whether the number that a line begins with stands before it instead: `before` is then an optional double that is missing. */
  readonly numbers: boolean;
}

/** The longest {@link KeyLines.before} and value. */
export const keyLinePartMax = 8;

/** A buffer and what it holds. */
export interface BufferFill {
  readonly bytes: Uint8Array;
  /** Bytes of pairs. */
  top: number;
  count: number;
  /** Pairs of each partition. */
  readonly partitionCounts: Uint32Array;
}

// Behind the arguments of other kernels.
const argumentsAt = 2304;

/** The kernel with the partitions of one shuffle. */
export class RecordCollector {
  readonly #kernels: RunKernels;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #block: number;
  readonly #counts: Uint32Array;
  readonly #cuts: number;

  constructor(kernels: RunKernels, place: KernelPlace, counts: Uint32Array, cuts: number) {
    this.#kernels = kernels;
    this.#block = place.block + argumentsAt;
    this.#words = place.words.subarray(this.#block >>> 2, (this.#block >>> 2) + 18);
    this.#bytes = place.bytes.subarray(this.#block, this.#block + 64);
    this.#counts = counts;
    this.#cuts = cuts;
  }

  /** Put records into a buffer. @returns how many there was room for. */
  addRecords({ address, count, recordBytes, keyBytes }: FixedRecords, buffer: BufferFill): number {
    this.#describe(buffer);
    const words = this.#words;
    words[4] = address;
    words[5] = count;
    words[6] = recordBytes;
    words[7] = keyBytes;
    return this.#added(this.#kernels.addRecords(this.#block), buffer);
  }

  /** Put lines into a buffer as keys. @returns how many there was room for. */
  addLines({ base, offsets, count, before, value, numbers }: KeyLines, buffer: BufferFill): number {
    this.#describe(buffer);
    const words = this.#words;
    words[16] = numbers ? 1 : 0;
    words[4] = base;
    words[5] = count;
    words[6] = offsets;
    words[7] = before.length;
    words[11] = value.length;
    this.#bytes.fill(0, 48, 64);
    this.#bytes.set(value, 48);
    this.#bytes.set(before, 56);
    return this.#added(this.#kernels.addLines(this.#block), buffer);
  }

  #describe({ bytes, top, count }: BufferFill): void {
    const counts = this.#counts;
    counts.fill(0);
    const words = this.#words;
    words[0] = bytes.byteOffset;
    words[1] = bytes.length;
    words[2] = top;
    words[3] = count;
    words[8] = counts.length;
    words[9] = this.#cuts;
    words[10] = counts.byteOffset;
    words[17] = 0;
  }

  /** Whether it was for a line whose number is no kernel's that the last call stopped. */
  get isHard(): boolean {
    return this.#words[17] !== 0;
  }

  #added(added: number, buffer: BufferFill): number {
    buffer.top = this.#words[2]! >>> 0;
    buffer.count = this.#words[3]! >>> 0;
    const { partitionCounts } = buffer;
    const counts = this.#counts;
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
