// Writes the groups of a reduce as rows, by kernels, which leave to the twin what is not plain: values that lie apart, keys
// of other lengths, sums beyond 2^53.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import { foldGroup } from "../merge/fold-group.ts";
import { decodeAll } from "../merge/group-values.ts";
import { type MergeKernel, made } from "../merge/merge-kernel.ts";
import { readValue, StateFold } from "../merge/state-fold.ts";
import type { RowPlan, RowsWritten, RowTarget } from "./row-plan.ts";

/** How pairs look. */
export interface RowMergeOptions<K, V, A> {
  readonly key: KeyCodec<K>;
  readonly value?: Codec<V>;
  readonly aggregator?: Aggregator<V, A>;
}

/** Write all that a merge gives. */
export class RowMerge<K, V, A> {
  readonly #kernel: MergeKernel;
  readonly #options: RowMergeOptions<K, V, A>;
  readonly #reader = new ByteReader();
  readonly #value = new ByteSink(256);
  readonly #fold: StateFold | undefined;

  constructor(kernel: MergeKernel, options: RowMergeOptions<K, V, A>) {
    this.#kernel = kernel;
    this.#options = options;
    this.#fold = options.aggregator === undefined ? undefined : new StateFold(options.aggregator);
  }

  /** Write all rows. @throws {DataError} E_SEGMENT, E_WORK_DISK, and what `target` throws. */
  write(plan: RowPlan, target: RowTarget<K, V, A>): RowsWritten {
    const kernel = this.#kernel;
    // The merge stops at its first pair, so that the first key is known.
    kernel.make(made.none);
    if (kernel.run() === "done") return { firstKey: undefined, lastKey: undefined };
    const firstKey = kernel.currentKey.slice();
    if (plan.kind === "rows") kernel.setRow(plan.keyBytes, plan.valueBytes);
    if (plan.kind === "lines") kernel.setLine(plan);
    for (let isDone = false; !isDone;) {
      kernel.make(made[plan.kind]);
      kernel.clearMade();
      const stopped = kernel.run();
      const { bytes, records } = kernel.takeMade();
      if (records > 0) target.rows(bytes, records);
      target.progress(kernel.pairs);
      isDone = stopped === "done" || (stopped === "twin" && this.#writeByTwin(plan, target));
    }
    return { firstKey, lastKey: kernel.lastKey.slice() };
  }

  /** @returns whether nothing is left. */
  #writeByTwin(plan: RowPlan, target: RowTarget<K, V, A>): boolean {
    if (plan.kind === "sums") return this.#foldGroup(target);
    const kernel = this.#kernel;
    const key = this.#decodeKey(kernel.currentKey);
    const isRow = plan.kind === "rows" || !plan.once || !kernel.isSame;
    readValue(kernel.takeCurrent(), this.#value);
    kernel.noteTaken();
    if (isRow)
      target.pair(key, decodeAll(this.#options.value!, this.#reader.reset(this.#value.bytes, 0, this.#value.length)));
    return false;
  }

  /** Fold the pairs that are left of the group at hand, and what kernels have added up of it. */
  #foldGroup(target: RowTarget<K, V, A>): boolean {
    const kernel = this.#kernel;
    const fold = this.#fold!;
    const isDone = foldGroup(kernel, fold);
    target.result(this.#decodeKey(kernel.lastKey), this.#options.aggregator!.present(fold.cell()));
    return isDone;
  }

  #decodeKey(key: Uint8Array): K {
    return decodeAll(this.#options.key, this.#reader.reset(key, 0, key.length));
  }
}
