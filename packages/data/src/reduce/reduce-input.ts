// What a reduce attempt reads: its segments merged in the order promise, handed out group by group.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { countsInDouble } from "../aggregate/kernel-state.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import type { SegmentSummary } from "../conserve/segment-vector.ts";
import { DataError, invariant } from "../data-error.ts";
import { GroupCursor } from "../merge/group-cursor.ts";
import { decodeAll, GroupValues } from "../merge/group-values.ts";
import { MergedCursor } from "../merge/loser-tree.ts";
import { MergeKernel, type MergeKernels, openMergeKernels } from "../merge/merge-kernel.ts";
import { StateFold, appendValue } from "../merge/state-fold.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { ByteSource, RunStore, RunTools } from "../run/byte-store.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";
import { JoinMerge, joinByGroups } from "./join-merge.ts";
import type { WriteJoin } from "./join-plan.ts";
import { RowMerge } from "./row-merge.ts";
import type { RowPlan, RowsWritten, RowTarget } from "./row-plan.ts";
import { SegmentMerge } from "./segment-merge.ts";

/** One segment to read and what it must hold. */
export interface ReduceSegment {
  /** Map task that it came from; segments may be given in any order, one for each task. */
  readonly task: number;
  /** Opens the bytes: a whole run file (`form: "run"`, read at `partition`) or the bytes of one segment. */
  readonly open: () => ByteSource;
  readonly form: "run" | "segment";
  readonly partition: number;
  readonly expected: SegmentSummary;
}

/** Say what to read and how pairs look. */
export interface ReduceInputOptions<K, V, A, Q = never> {
  readonly key: KeyCodec<K>;
  readonly orderBy?: KeyCodec<Q>;
  /** Exactly one of the two, as in the map output. */
  readonly aggregator?: Aggregator<V, A>;
  readonly value?: Codec<V>;
  readonly segments: readonly ReduceSegment[];
  /** Runs that one merge reads at most; 2 to `mergeFanInMax`, which is the default. More segments take several passes. */
  readonly fanIn?: number;
  /** For runs of intermediate passes. */
  readonly store: RunStore;
  readonly tools: RunTools;
  /** Names of intermediate runs are `<runName>.<n>`. */
  readonly runName: string;
  /** Smaller blocks of intermediate runs, for tests. */
  readonly blockRawBytesMax?: number;
  /** Memory to borrow until `finish` or `discard`, with kernels; not when it is lent already. */
  readonly memory?: KernelMemory;
}

/** What was read in all; every segment has been verified against what it must hold. */
export interface ReduceInputResult {
  readonly segments: number;
  readonly pairs: number;
  readonly rawBytes: number;
  readonly groups: number;
}

/** Hand out groups in key order. */
export interface ReduceInput<K, V, A> {
  /** Go to the next group; what is left of this one is read and counted. @returns false after the last. @throws {DataError} E_SEGMENT, E_WORK_DISK. */
  readonly nextGroup: () => boolean;
  /** Key of the group. */
  readonly key: () => K;
  /** Encoded key of the group: valid until the next group. */
  readonly keyBytes: () => Uint8Array;
  /** Values in order, streamed once in bounded memory: a second iteration throws E_USER_CODE. Without aggregator only. */
  readonly values: () => Iterable<V>;
  /** Go to the next pair of the group, for who takes {@link appendValue} instead of `values`. @returns false after the last. */
  readonly nextPair: () => boolean;
  /** Append the encoded value of the pair that {@link nextPair} went to. */
  readonly appendValue: (sink: ByteSink) => void;
  /** Append the encoded key of the group. */
  readonly appendKey: (sink: ByteSink) => void;
  /** The merged and presented state. With an aggregator only. */
  readonly result: () => A;
  readonly groups: number;
  readonly pairsRead: number;
  /**
   * Write all groups as rows, by kernels, instead of going from group to group. There where kernels and memory are, and
   * groups have no order key; for sums also an aggregator that counts.
   */
  readonly writeRows?: (plan: RowPlan, target: RowTarget<K, V, A>) => RowsWritten;
  /**
   * Write the rows of a join of two inputs by a key of text, instead of going from group to group: by kernels where they
   * and memory are. A value is the index of its input, which is the order key as well, and a text. Without aggregator only.
   */
  readonly writeJoin: WriteJoin;
  /** Check that everything was read and matches; closes files and removes intermediate runs. @throws {DataError} E_SEGMENT. */
  readonly finish: () => ReduceInputResult;
  /** Close files, remove intermediate runs. Also after a throw; twice is fine. */
  readonly discard: () => void;
}

/** Make a reduce input: intermediate passes, if any are needed, run here. @throws {DataError} E_JOB_INVALID, E_SEGMENT, E_WORK_DISK. */
export function createReduceInput<K, V, A, Q = never>(options: ReduceInputOptions<K, V, A, Q>): ReduceInput<K, V, A> {
  if ((options.aggregator === undefined) === (options.value === undefined)) {
    throw new DataError(
      "E_JOB_INVALID",
      "Cannot make a reduce input: give an aggregator or a value codec, one of the two",
    );
  }
  return new MergingReduceInput(options);
}

class MergingReduceInput<K, V, A, Q> implements ReduceInput<K, V, A> {
  readonly #options: ReduceInputOptions<K, V, A, Q>;
  readonly #segments: SegmentMerge;
  /** Of the memory borrowed for kernels. */
  #kernels: MergeKernels | undefined;
  /** Whether memory is borrowed. */
  #isBorrowing = false;
  #kernel: MergeKernel | undefined;
  /** A join by kernels. */
  #join: JoinMerge | undefined;
  readonly #cursors: readonly SegmentCursor[];
  readonly writeRows?: (plan: RowPlan, target: RowTarget<K, V, A>) => RowsWritten;
  readonly #merged: MergedCursor;
  readonly #cursor: GroupCursor;
  readonly #values: GroupValues<V> | undefined;
  readonly #fold: StateFold | undefined;
  readonly #reader = new ByteReader();

  constructor(options: ReduceInputOptions<K, V, A, Q>) {
    this.#options = options;
    this.#segments = new SegmentMerge(options);
    this.#kernels = this.#openKernels();
    const cursors = this.#openLast();
    this.#cursors = cursors;
    this.#merged = new MergedCursor(cursors);
    this.#cursor = new GroupCursor(this.#merged, options.orderBy !== undefined);
    this.#values = options.value === undefined ? undefined : new GroupValues(this.#cursor, options.value);
    this.#fold = options.aggregator === undefined ? undefined : new StateFold(options.aggregator);
    const kernels = this.#kernels;
    const isPlain =
      options.orderBy === undefined && (options.aggregator === undefined || countsInDouble(options.aggregator));
    if (kernels !== undefined && isPlain)
      this.writeRows = (plan, target) => new RowMerge<K, V, A>(this.#openKernel(kernels), options).write(plan, target);
  }

  readonly writeJoin: WriteJoin = (plan, target) => {
    if (this.#kernels === undefined) return joinByGroups(this, plan, target);
    this.#join = new JoinMerge(this.#openKernel(this.#kernels), plan, target);
    return this.#join.write();
  };

  #openKernel(kernels: MergeKernels): MergeKernel {
    invariant(this.#kernel === undefined && this.#cursor.groups === 0, "rows are written once, of all groups");
    const isStates = this.#options.aggregator !== undefined;
    this.#kernel = new MergeKernel(kernels, { cursors: this.#cursors, isStates });
    return this.#kernel;
  }

  get groups(): number {
    return this.#kernel?.groups ?? this.#cursor.groups;
  }

  get pairsRead(): number {
    return this.#segments.pairsMerged + (this.#kernel?.pairs ?? this.#merged.pairsRead);
  }

  /** Borrow memory that blocks are read to, where kernels are. */
  #openKernels(): MergeKernels | undefined {
    const { memory, tools } = this.#options;
    if (memory?.place === undefined || memory.isLent) return undefined;
    const bytes = memory.borrow();
    this.#isBorrowing = true;
    return openMergeKernels(memory, bytes, { count: this.#segments.lastCount, unpacks: tools.codecs.length > 0 });
  }

  #openLast(): SegmentCursor[] {
    try {
      return this.#segments.openLast(this.#kernels?.region);
    } catch (thrown) {
      this.#giveBack();
      throw thrown;
    }
  }

  #giveBack(): void {
    if (this.#isBorrowing) this.#options.memory?.giveBack();
    this.#isBorrowing = false;
  }

  readonly nextGroup = (): boolean => this.#cursor.nextGroup();

  readonly key = (): K => {
    const { key, keyLength } = this.#cursor;
    const bytes = this.#join?.key;
    const reader = this.#reader;
    return decodeAll(
      this.#options.key,
      bytes === undefined ? reader.reset(key, 0, keyLength) : reader.reset(bytes, 0, bytes.length),
    );
  };

  readonly keyBytes = (): Uint8Array => this.#join?.key ?? this.#cursor.key.subarray(0, this.#cursor.keyLength);

  readonly values = (): Iterable<V> => {
    invariant(this.#values !== undefined, "values are asked for where there is no aggregator");
    return this.#values.open();
  };

  readonly nextPair = (): boolean => this.#cursor.nextPair();

  readonly appendValue = (sink: ByteSink): void => {
    appendValue(this.#cursor.current, sink);
  };

  readonly appendKey = (sink: ByteSink): void => {
    sink.writeBytes(this.#cursor.key, 0, this.#cursor.keyLength);
  };

  readonly result = (): A => {
    invariant(
      this.#fold !== undefined && this.#options.aggregator !== undefined,
      "a result is asked for where there is an aggregator",
    );
    this.#fold.clear();
    while (this.#cursor.nextPair()) this.#fold.take(this.#cursor.current);
    return this.#options.aggregator.present(this.#fold.cell());
  };

  readonly finish = (): ReduceInputResult => {
    // A cursor verifies its segment when it is asked for more than the last pair.
    if (this.#kernel === undefined) while (this.#cursor.nextGroup());
    const { groups } = this;
    this.#segments.close();
    this.#giveBack();
    return { ...this.#segments.total, groups };
  };

  readonly discard = (): void => {
    this.#segments.close();
    this.#giveBack();
  };
}
