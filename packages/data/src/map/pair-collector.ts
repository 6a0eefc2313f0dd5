// Where emitted pairs wait: the combine table when there is an aggregator, else the sort buffer.

import type { Aggregator, Place } from "../aggregate/aggregator.ts";
import type { ByteRange } from "../bytes/byte-range.ts";
import { CombineTable } from "../combine/combine-table.ts";
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
}

/** Hold pairs in borrowed memory; its owner gives the memory back. */
export class PairCollector<V> {
  /** Folds pairs when there is an aggregator: the owner adds to it directly. */
  readonly table: CombineTable<V> | undefined;
  readonly #buffer: SortBuffer | undefined;

  /** @param place - Where the pair being added was emitted: kept up by the owner. */
  constructor(memory: KernelMemory, place: Place, options: CollectorOptions<V>) {
    const { aggregator, partitions } = options;
    const bytes = memory.borrow();
    if (aggregator === undefined) this.#buffer = new SortBuffer(bytes, partitions, memory);
    else
      this.table = new CombineTable(bytes, {
        aggregator,
        place,
        partitions,
        checksPartition: options.partition !== undefined,
        kernelMemory: memory,
      });
  }

  /** Pairs, or keys with a state, held. */
  get count(): number {
    return this.table?.count ?? this.#buffer!.count;
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
    (this.table ?? this.#buffer!).writeTo(writer);
  }

  /** Forget everything. */
  clear(): void {
    (this.table ?? this.#buffer!).clear();
  }
}
