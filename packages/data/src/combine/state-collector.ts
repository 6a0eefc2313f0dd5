// Where keys and their states wait: a combine table, or, while most keys come once, a log in the same memory. Which of the
// two it is changes no byte of a run: states are commutative, and equal keys of a log are folded when it is written.

import type { Aggregator, Place } from "../aggregate/aggregator.ts";
import { countsInDouble } from "../aggregate/kernel-state.ts";
import { runKernels } from "../kernel/run-kernels.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { RunWriter } from "../run/run-writer.ts";
import { CombineTable } from "./combine-table.ts";
import type { TableKey } from "./table-key.ts";
import { KeyLog } from "./key-log.ts";

/** What is collected. */
export interface StateCollectorOptions<V> {
  readonly aggregator: Aggregator<V, unknown>;
  /** Where the value being added was emitted: kept up by the owner. */
  readonly place: Place;
  readonly partitions: number;
  readonly checksPartition: boolean;
  /** Whose `memory` is. */
  readonly kernelMemory: KernelMemory;
  /** Keys from which on a log may take the table's place: fewer for tests. */
  readonly logKeysMin?: number | undefined;
}

/** From here on a table's slots are more than the nearer caches hold, 8 MiB, and enough keys were seen to tell. */
const logKeysMinByDefault = 128 * 1024;
/** Less than one pair in 16 found its key there. */
const repeatsMin = 1 / 16;
/** A log whose keys come twice each on average has held more than a table would have. */
const foldedMin = 1 / 2;

/** Fold values `V` into a state for each (partition, key). */
export class StateCollector<V> {
  readonly #options: StateCollectorOptions<V>;
  readonly #table: CombineTable<V>;
  readonly #memory: Uint8Array;
  #log: KeyLog<V> | undefined;
  #mayLog: boolean;
  /** Position of the first pair that was added since the last run was written. */
  #from = 0;

  /** @param memory - 8-byte aligned; its length is the budget, at least 32 KiB. */
  constructor(memory: Uint8Array, options: StateCollectorOptions<V>) {
    this.#options = options;
    this.#memory = memory;
    this.#table = new CombineTable(memory, options);
    this.#mayLog = countsInDouble(options.aggregator) && !options.checksPartition;
  }

  /** Keys, or pairs of a log, held. */
  get count(): number {
    return this.#log?.count ?? this.#table.count;
  }

  /** Add a value. @returns false when there is no room: write the run, try again; still false means that its state alone is too large. */
  add(partition: number, key: TableKey, value: V): boolean {
    return this.#log === undefined ? this.#table.add(partition, key, value) : this.#log.add(partition, key, value);
  }

  /**
   * Lend what holds the keys to a kernel that knows a log from a table, while `fold` runs.
   *
   * @returns what `fold` gives.
   */
  lend(place: KernelPlace, fold: (block: number) => number): number {
    return this.#log === undefined ? this.#table.lend(place, fold) : this.#log.lend(place, fold);
  }

  /** Whether a kernel that knows tables alone may be lent what holds the keys; else write the run, and call {@link useTable}. */
  get isTable(): boolean {
    return this.#log === undefined;
  }

  /** From now on there is a table only. To be called when nothing is held, or there is one. */
  useTable(): void {
    this.#mayLog = false;
    if (this.#log !== undefined) this.#table.clear();
    this.#log = undefined;
  }

  /** Tell whether it was for want of room that the last kernel stopped. */
  wantsRoom(place: KernelPlace): boolean {
    return this.#table.wantsRoom(place);
  }

  /** Make room in a table. @returns false when the run has to be written. */
  makeRoom(): boolean {
    return this.#log === undefined && this.#table.makeRoom();
  }

  /**
   * Make room for a kernel that knows a log from a table.
   *
   * @param waiting - pairs emitted that the kernel was not given yet.
   * @returns false when the run has to be written.
   */
  makeRoomOrLog(waiting: number): boolean {
    if (this.#log !== undefined) return false;
    return (this.#table.isCrowded && this.#openLog(waiting)) || this.#table.makeRoom();
  }

  /** Write all states in order of (partition, key) and forget them. */
  writeTo(writer: RunWriter): void {
    const { count } = this;
    const before = writer.pairs;
    (this.#log ?? this.#table).writeTo(writer);
    this.#from = this.#options.place.position;
    if (this.#log !== undefined && writer.pairs - before < count * foldedMin) this.useTable();
  }

  /** Forget all keys. */
  clear(): void {
    this.#log = undefined;
    this.#table.clear();
    this.#from = this.#options.place.position;
  }

  /** Make the table a log when nearly every pair brought a new key. @returns whether it is one now. */
  #openLog(waiting: number): boolean {
    const { logKeysMin = logKeysMinByDefault, kernelMemory, place, partitions } = this.#options;
    const { count } = this.#table;
    const pairs = place.position - waiting - this.#from;
    if (!this.#mayLog || count < logKeysMin || pairs - count > pairs * repeatsMin) return false;
    const kernels = kernelMemory.open(runKernels);
    // Pairs of each partition are counted in the room.
    if (kernels === undefined || kernelMemory.place === undefined || partitions * 4 > kernelMemory.place.roomBytes)
      return false;
    const log = new KeyLog(this.#memory, this.#options);
    if (!log.takeSlots(kernels, kernelMemory.place, this.#table.slots)) return false;
    this.#log = log;
    return true;
  }
}
