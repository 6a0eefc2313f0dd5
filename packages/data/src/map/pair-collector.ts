// Where emitted pairs wait: with an aggregator as states of their keys, else in the sort buffer.

import type { Aggregator, Place } from "../aggregate/aggregator.ts";
import type { ByteRange } from "../bytes/byte-range.ts";
import { StateCollector } from "../combine/state-collector.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { RunWriter } from "../run/run-writer.ts";
import type { BufferFill } from "../sort/record-collector.ts";
import { SortBuffer } from "../sort/sort-buffer.ts";

/** Say what is collected. */
export interface CollectorOptions<V> {
  readonly aggregator?: Aggregator<V, unknown>;
  readonly partitions: number;
  /** Any partition function of the job's own. */
  readonly partition?: unknown;
  /** See {@link StateCollector}. */
  readonly logKeysMin?: number;
}

/** Hold pairs in borrowed memory; its owner gives the memory back. */
export class PairCollector<V> {
  /** Folds pairs when there is an aggregator: the owner adds to it directly. */
  readonly states: StateCollector<V> | undefined;
  readonly #buffer: SortBuffer | undefined;

  /** @param place - Where the pair being added was emitted: kept up by the owner. */
  constructor(memory: KernelMemory, place: Place, options: CollectorOptions<V>) {
    const { aggregator, partitions } = options;
    const bytes = memory.borrow();
    if (aggregator === undefined) this.#buffer = new SortBuffer(bytes, partitions, { kernelMemory: memory });
    else
      this.states = new StateCollector(bytes, {
        aggregator,
        place,
        partitions,
        checksPartition: options.partition !== undefined,
        kernelMemory: memory,
        logKeysMin: options.logKeysMin,
      });
  }

  /** Pairs, or keys with a state, held. */
  get count(): number {
    return this.states?.count ?? this.#buffer!.count;
  }

  /** @returns false when it is full. */
  add(partition: number, key: ByteRange, value: ByteRange): boolean {
    return this.#buffer!.add(partition, key, value);
  }

  /** Let a kernel put pairs into the sort buffer. @returns what `add` gives. */
  addByKernel(add: (buffer: BufferFill) => number): number {
    return this.#buffer!.addByKernel(add);
  }

  /** Write everything in order and forget it. */
  writeTo(writer: RunWriter): void {
    (this.states ?? this.#buffer!).writeTo(writer);
  }

  /** Forget everything. */
  clear(): void {
    (this.states ?? this.#buffer!).clear();
  }
}
