// What takes a combine table's place, in the same memory, where most keys come once: each pair is put behind the others and
// equal keys are folded when they are written, in the order of a sort. A key then costs no search, no slot and no second
// look at it, and more of them fit. For states that are a double, as kernels put the keys in: see kernels/log.ts.

import type { Aggregator, Place } from "../aggregate/aggregator.ts";
import { BufferCell } from "../aggregate/buffer-cell.ts";
import { ByteRange } from "../bytes/byte-range.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { dataLimits } from "../data-limits.ts";
import type { RunKernels } from "../kernel/run-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import { StateFold } from "../merge/state-fold.ts";
import type { RunWriter } from "../run/run-writer.ts";
import { SortBuffer } from "../sort/sort-buffer.ts";
import type { TableSlots } from "./combine-table.ts";
import type { TableKey } from "./table-key.ts";

/** What a log needs to know. */
export interface KeyLogOptions<V> {
  readonly aggregator: Aggregator<V, unknown>;
  /** Where the value being added was emitted: kept up by the owner. */
  readonly place: Place;
  readonly partitions: number;
  /** Whose the log's memory is. */
  readonly kernelMemory: KernelMemory;
}

/** Words of a log's block: see kernels/log.ts. */
const word = { memory: 0, count: 5, top: 6, partitions: 7, bytes: 9, counts: 10 } as const;

/** Pairs of keys and states, not folded. */
export class KeyLog<V> {
  readonly #options: KeyLogOptions<V>;
  readonly #bytes: Uint8Array;
  readonly #buffer: SortBuffer;
  readonly #cell = new BufferCell(dataLimits.recordBytesMax);
  readonly #state = new ByteSink(64);
  readonly #key = new ByteRange();
  readonly #value = new ByteRange();

  /** @param bytes - 8-byte aligned, in kernel memory; its length is the budget. */
  constructor(bytes: Uint8Array, options: KeyLogOptions<V>) {
    const { partitions, kernelMemory, aggregator } = options;
    this.#options = options;
    this.#bytes = bytes;
    this.#buffer = new SortBuffer(bytes, partitions, { kernelMemory, fold: new StateFold(aggregator) });
  }

  /** Pairs held. */
  get count(): number {
    return this.#buffer.count;
  }

  /** Bytes in use, those kept for sort entries included. */
  get used(): number {
    return this.#buffer.used;
  }

  /** Add a value. @returns false when there is no room. */
  add(partition: number, key: TableKey, value: V): boolean {
    const { aggregator, place } = this.#options;
    if (!aggregator.add(this.#cell.clear(aggregator), value, place)) return false;
    this.#state.clear();
    aggregator.encode(this.#cell, this.#state);
    return this.#buffer.add(
      partition,
      this.#key.set(key.bytes, 0, key.length),
      this.#value.set(this.#state.bytes, 0, this.#state.length),
    );
  }

  /** Lend the log to a kernel, whose block of it lies at `place`, while `fill` runs. @returns what `fill` gives. */
  lend({ words, block, bytes, room }: KernelPlace, fill: (log: number) => number): number {
    const { partitions } = this.#options;
    const counts = new Uint32Array(bytes.buffer, room, partitions);
    const at = block >>> 2;
    return this.#buffer.addByKernel((held) => {
      counts.fill(0);
      words[at + word.memory] = this.#bytes.byteOffset;
      words[at + word.bytes] = this.#bytes.length;
      words[at + word.count] = held.count;
      words[at + word.top] = held.top;
      words[at + word.partitions] = partitions;
      words[at + word.counts] = room;
      const filled = fill(block);
      held.count = words[at + word.count]! >>> 0;
      held.top = words[at + word.top]! >>> 0;
      for (let partition = 0; partition < partitions; partition++)
        held.partitionCounts[partition]! += counts[partition]!;
      return filled;
    });
  }

  /**
   * Take the keys of a table in the same memory, which is then no more.
   *
   * @returns false when it cannot: then the table is as it was, and the log good for nothing.
   */
  takeSlots(kernels: RunKernels, place: KernelPlace, { begin, end, arenaEnd }: TableSlots): boolean {
    this.lend(place, (block) => {
      const { words } = place;
      words[(block >>> 2) + word.top] = arenaEnd;
      const count = kernels.slotsToLog(block, begin, end);
      words[(block >>> 2) + word.count] = count;
      return count;
    });
    return this.count > 0;
  }

  /** Write all states in order of (partition, key) and forget them. */
  writeTo(writer: RunWriter): void {
    this.#buffer.writeTo(writer);
  }

  clear(): void {
    this.#buffer.clear();
  }
}
