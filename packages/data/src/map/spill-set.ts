// The runs that an attempt has spilled, in order of time, and how they become one file.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { dataLimits } from "../data-limits.ts";
import { nextMergeWindow } from "../merge/merge-plan.ts";
import { mergeRuns } from "../merge/merge-runs.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { BlockCodec, RunStore, RunTools } from "../run/byte-store.ts";
import { RunWriter, type WrittenRun } from "../run/run-writer.ts";
import type { PairCollector } from "./pair-collector.ts";

/** What a set of runs needs to know of its attempt. */
export interface SpillOptions {
  readonly store: RunStore;
  readonly tools: RunTools;
  readonly partitions: number;
  readonly runName: string;
  readonly aggregator?: Aggregator<never, unknown>;
  readonly codec?: BlockCodec;
  readonly fanIn?: number;
  readonly blockRawBytesMax?: number;
  /** Where kernels are. */
  readonly memory?: KernelMemory;
}

/** Runs of one attempt, named `<run name>.<prefix><n>`. */
export class SpillSet {
  readonly #options: SpillOptions;
  readonly #prefix: string;
  readonly #runs: { readonly name: string; readonly bytes: number }[] = [];
  #made = 0;

  constructor(options: SpillOptions, prefix: string) {
    this.#options = options;
    this.#prefix = prefix;
  }

  get count(): number {
    return this.#runs.length;
  }

  get names(): readonly string[] {
    return this.#runs.map((run) => run.name);
  }

  /** Write one more run. What was written is removed when `fill` throws. */
  write(fill: (writer: RunWriter) => void): void {
    const name = this.#nextName();
    const written = this.#writeRun(name, fill);
    this.#runs.push({ name, bytes: written.storedBytes });
  }

  /** Merge neighbours until one merge can read all that is left. */
  narrow(aggregator: Aggregator<never, unknown> | undefined): void {
    const { store, tools, memory, fanIn = dataLimits.mergeFanInMax } = this.#options;
    for (;;) {
      const window = nextMergeWindow(
        this.#runs.map((run) => run.bytes),
        fanIn,
      );
      if (window === undefined) return;
      const names = this.names.slice(window.begin, window.end);
      const name = this.#nextName();
      const written = this.#writeRun(name, (writer) =>
        mergeRuns({ store, tools, names, memory, ...(aggregator === undefined ? {} : { aggregator }) }, writer),
      );
      this.#runs.splice(window.begin, names.length, { name, bytes: written.storedBytes });
      for (const merged of names) store.removeRun(merged);
    }
  }

  /** Write the attempt's one run: from memory when nothing was spilled, else by a merge of all. */
  writeLast<V>(
    runName: string,
    aggregator: Aggregator<never, unknown> | undefined,
    collector: PairCollector<V>,
  ): WrittenRun {
    const { store, tools, codec, memory } = this.#options;
    if (this.#runs.length === 0) return this.#writeRun(runName, (writer) => collector.writeTo(writer), codec);
    if (collector.count > 0) this.write((writer) => collector.writeTo(writer));
    this.narrow(aggregator);
    const { names } = this;
    return this.#writeRun(
      runName,
      (writer) =>
        mergeRuns({ store, tools, names, memory, ...(aggregator === undefined ? {} : { aggregator }) }, writer),
      codec,
    );
  }

  /** Remove all files. */
  clear(): void {
    for (const run of this.#runs.splice(0)) this.#options.store.removeRun(run.name);
  }

  #nextName(): string {
    return `${this.#options.runName}.${this.#prefix}${this.#made++}`;
  }

  #writeRun(name: string, fill: (writer: RunWriter) => void, codec?: BlockCodec): WrittenRun {
    const { store, tools, partitions, aggregator, blockRawBytesMax, memory } = this.#options;
    const writer = new RunWriter({
      target: store.createRun(name),
      crc32: tools.crc32,
      partitions,
      kind: aggregator === undefined ? "values" : "states",
      sources: "single",
      memory,
      ...(codec === undefined ? {} : { codec }),
      ...(blockRawBytesMax === undefined ? {} : { blockRawBytesMax }),
    });
    try {
      fill(writer);
      return writer.finish();
    } catch (thrown) {
      writer.discard();
      throw thrown;
    }
  }
}
