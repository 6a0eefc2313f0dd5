// What a map attempt's pairs go through: partition, combine or sort in a byte budget, spill, one merged run file.
// `createMapOutput(options)` makes one.

import type { Aggregator } from "../aggregate/aggregator.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import type { SegmentVector } from "../conserve/segment-vector.ts";
import type { BlockCodec, RunStore, RunTools } from "../run/byte-store.ts";

/** Say how pairs look and where they go. */
export interface MapOutputOptions<K, V, Q = never> {
  readonly key: KeyCodec<K>;
  /** Order key: values of a key come by it. Refused with an aggregator or `combine`. */
  readonly orderBy?: KeyCodec<Q>;
  /** What happens to values: an aggregator folds them, else the codec writes them. Exactly one of the two. */
  readonly aggregator?: Aggregator<V, unknown>;
  readonly value?: Codec<V>;
  /** The author's combiner: runs once for each cut of `pairs` emitted pairs (a number fixed in the plan), never in merges. */
  readonly combine?: { readonly pairs: number; readonly run: (key: K, values: Iterable<V>, emit: (value: V) => void) => void };
  /** 1 or more. */
  readonly partitions: number;
  /** Instead of the named hash of the key's bytes. Must give an integer in [0, partitions). */
  readonly partition?: (key: K, partitions: number) => number;
  /** Bytes for table or buffer, at least 64 KiB. Merging takes its own: at most `mergeFanInMax` × 512 KiB. */
  readonly memoryBytes: number;
  readonly store: RunStore;
  readonly tools: RunTools;
  /** Compression of the final run file; spills stay raw. None when absent. */
  readonly codec?: BlockCodec;
  /** Name of the run file that the attempt ends with; spills are `<name>.<n>`. */
  readonly runName: string;
}

/** What a finished map output holds. */
export interface MapOutputResult {
  readonly vector: SegmentVector;
  /** 128-bit digest over the vector: 32 lower-case hexadecimal digits. */
  readonly vectorDigest: string;
  /** Bytes of the run file. */
  readonly storedBytes: number;
  readonly pairs: number;
  readonly rawBytes: number;
  /** Pairs that `emit` took; more than `pairs` when an aggregator or combiner folded some. */
  readonly pairsEmitted: number;
  readonly spills: number;
}

/** Take pairs, end with one run file. */
export interface MapOutput<K, V, Q = never> {
  /** Take one pair; its bytes are copied before this returns. @throws {DataError} E_KEY_INVALID, E_VALUE_INVALID, E_RECORD_TOO_LARGE. */
  readonly emit: (key: K, value: V, order?: Q) => void;
  readonly pairsEmitted: number;
  /** Write the one run file and remove the spills; exactly once, or `discard`. */
  readonly finish: () => MapOutputResult;
  /** Give memory back and remove every file. Also after a throw; twice is fine. */
  readonly discard: () => void;
}
