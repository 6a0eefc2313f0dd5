// What a reduce attempt reads: its segments merged in the order promise, handed out group by group.
// `createReduceInput(options)` makes one.

import type { Aggregator } from "../aggregate/aggregator.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import type { SegmentSummary } from "../conserve/segment-vector.ts";
import type { ByteSource, RunStore, RunTools } from "../run/byte-store.ts";

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
  /** The merged and presented state. With an aggregator only. */
  readonly result: () => A;
  readonly groups: number;
  readonly pairsRead: number;
  /** Check that everything was read and matches; closes files and removes intermediate runs. @throws {DataError} E_SEGMENT. */
  readonly finish: () => ReduceInputResult;
  /** Close files, remove intermediate runs. Also after a throw; twice is fine. */
  readonly discard: () => void;
}
