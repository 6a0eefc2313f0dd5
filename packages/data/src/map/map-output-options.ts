// What a map output is made of: how pairs look, where they go, and which of its ways are open to them.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { countsInDouble } from "../aggregate/kernel-state.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import { textCodec } from "../codec/text-codec.ts";
import { DataError } from "../data-error.ts";
import { textKernels } from "../kernel/text-kernels.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { rangeOf } from "../partition/range-of.ts";
import type { BlockCodec, RunStore, RunTools } from "../run/byte-store.ts";
import type { KeyBuffer } from "./key-buffer.ts";

/** Say how pairs look and where they go. */
export interface MapOutputOptions<K, V, Q = never> {
  readonly key: KeyCodec<K>;
  /** Order key: values of a key come by it. Refused with an aggregator or `combine`. */
  readonly orderBy?: KeyCodec<Q>;
  /** What happens to values: an aggregator folds them, else the codec writes them. Exactly one of the two. */
  readonly aggregator?: Aggregator<V, unknown>;
  readonly value?: Codec<V>;
  /** The author's combiner: runs once for each cut of `pairs` emitted pairs (a number fixed in the plan), never in merges. */
  readonly combine?: {
    readonly pairs: number;
    readonly run: (key: K, values: Iterable<V>, emit: (value: V) => void) => void;
  };
  /** 1 or more. */
  readonly partitions: number;
  /** Instead of the named hash of the key's bytes. Must give an integer in [0, partitions). */
  readonly partition?: (key: K, partitions: number) => number;
  /** Instead of both: key ranges, one cut fewer than partitions, ascending; see `rangeOf`. */
  readonly cuts?: readonly Uint8Array[];
  /** Index of the task in its stage, 0 when absent: aggregators that go by the place of a value see it. */
  readonly task?: number;
  /** Bytes for table or buffer, at least 64 KiB. Merging takes its own: at most `fanIn` × 512 KiB. */
  readonly memoryBytes: number;
  /** Memory of that size to borrow until `finish` or `discard`, so that a host makes it once; by default a new one. */
  readonly memory?: KernelMemory;
  readonly store: RunStore;
  readonly tools: RunTools;
  /** Compression of the final run file; spills stay raw. None when absent. */
  readonly codec?: BlockCodec;
  /** Name of the run file that the attempt ends with; spills are `<name>.<n>`. */
  readonly runName: string;
  /** Runs that one merge reads; 2 to `mergeFanInMax`, which is the default. */
  readonly fanIn?: number;
  /** Keys from which on a log may take the table's place, fewer for tests: no byte depends on it. */
  readonly logKeysMin?: number;
  /** Smaller blocks, for tests: part of what digests depend on. */
  readonly blockRawBytesMax?: number;
}

/** A combine table of 256 slots, their keys, and room to sort them. */
const memoryBytesMin = 64 * 1024;

/** @throws {DataError} E_JOB_INVALID for options that do not fit together. */
export function checkOptions<K, V, Q>(options: MapOutputOptions<K, V, Q>): void {
  const refuse = (reason: string): never => {
    throw new DataError("E_JOB_INVALID", `Cannot make a map output: ${reason}`);
  };
  if ((options.aggregator === undefined) === (options.value === undefined))
    refuse("give an aggregator or a value codec, one of the two");
  if (options.orderBy !== undefined && (options.aggregator ?? options.combine) !== undefined)
    refuse("an order key goes with neither an aggregator nor `combine`");
  if (options.aggregator !== undefined && options.combine !== undefined) refuse("an aggregator needs no `combine`");
  if (!(options.memoryBytes >= memoryBytesMin))
    refuse(`${options.memoryBytes} bytes of memory; give ${memoryBytesMin} or more`);
  if (!Number.isInteger(options.partitions) || options.partitions < 1)
    refuse(`${options.partitions} partitions; give 1 or more`);
  if (options.cuts !== undefined && options.partition !== undefined)
    refuse("give a partition function or the cuts of key ranges, not both");
  if (options.cuts !== undefined && options.cuts.length !== options.partitions - 1)
    refuse(`${options.cuts.length} cuts for ${options.partitions} partitions; give one cut fewer`);
  if (options.combine !== undefined && !(Number.isInteger(options.combine.pairs) && options.combine.pairs >= 1))
    refuse(`\`combine\` is cut at ${options.combine.pairs} pairs; give 1 or more`);
}

/** Whether a kernel may count words of texts. */
export function canCountWords<K, V, Q>(options: MapOutputOptions<K, V, Q>): boolean {
  const { key, aggregator, partition, cuts, memory } = options;
  if (aggregator === undefined || !countsInDouble(aggregator) || key.wire !== textCodec.wire) return false;
  return partition === undefined && cuts === undefined && memory?.open(textKernels) !== undefined;
}

/** Whether kernels may fold pairs into states. */
export function canFold<K, V, Q>({ aggregator, partition, cuts, memory }: MapOutputOptions<K, V, Q>): boolean {
  return aggregator !== undefined && partition === undefined && cuts === undefined && memory?.place !== undefined;
}

/** Whether kernels may put pairs into the sort buffer: nothing folds or orders them, and the engine chooses partitions. */
export function canCollect<K, V, Q>({ aggregator, orderBy, combine, partition }: MapOutputOptions<K, V, Q>): boolean {
  return [aggregator, orderBy, combine, partition].every((each) => each === undefined);
}

/** Whether kernels may put pairs of a group key and its order there: nothing folds them, and the hash chooses partitions. */
export function canAddPairs<K, V, Q>({ aggregator, combine, partition, cuts }: MapOutputOptions<K, V, Q>): boolean {
  return [aggregator, combine, partition, cuts].every((each) => each === undefined);
}

/** What chooses the partition instead of the hash, if anything does. */
export function partitionChooser<K, V, Q>(
  options: MapOutputOptions<K, V, Q>,
): ((key: K, bytes: KeyBuffer) => number) | undefined {
  const { partition, partitions, cuts } = options;
  if (cuts !== undefined) return (_key, { bytes, length }) => rangeOf(cuts, bytes, length);
  if (partition === undefined) return undefined;
  return (key) => {
    const chosen = partition(key, partitions);
    if (Number.isInteger(chosen) && chosen >= 0 && chosen < partitions) return chosen;
    throw new DataError(
      "E_USER_CODE",
      `Cannot partition a key: the job's partition function gave ${describeChosen(chosen)}; return an integer from 0 to ${partitions - 1}`,
    );
  };
}

function describeChosen(chosen: unknown): string {
  return typeof chosen === "number" || typeof chosen === "bigint" || chosen === undefined
    ? String(chosen)
    : `a ${typeof chosen}`;
}
