// Runs pairs of several map tasks through map outputs and a reduce input in memory, and the same by plain means.

import {
  createMapOutput,
  createReduceInput,
  dataLimits,
  type MapOutputOptions,
  type MapOutputResult,
  MemoryRunStore,
  memorySource,
  partitionOf,
  type ReduceInputOptions,
  type ReduceSegment,
  type RunTools,
} from "../../src/index.ts";
import { tools as allTools } from "../run/run-kit.ts";

export const tools: RunTools = allTools;

export type Emitted<K, V, Q> = readonly [key: K, value: V, order?: Q];

export interface MappedTask {
  readonly result: MapOutputResult;
  readonly bytes: Uint8Array;
}

/** Run one map task's pairs through a map output. No file but the run may be left, and no memory. */
export function mapTask<K, V, Q>(
  pairs: Iterable<Emitted<K, V, Q>>,
  options: Omit<MapOutputOptions<K, V, Q>, "store" | "tools" | "runName" | "memoryBytes"> & {
    readonly memoryBytes?: number;
  },
): MappedTask {
  const store = new MemoryRunStore();
  const output = createMapOutput<K, V, Q>({ memoryBytes: 65_536, ...options, store, tools, runName: "run" });
  for (const [key, value, order] of pairs) output.emit(key, value, order);
  const result = output.finish();
  if ([...store.files.keys()].join() !== "run") throw new Error(`files left: ${[...store.files.keys()].join()}`);
  return { result, bytes: store.files.get("run")! };
}

/** The segments of a partition, as a reduce attempt would get them. */
export function segmentsOf(tasks: readonly MappedTask[], partition: number): ReduceSegment[] {
  return tasks.map(({ result, bytes }, task) => ({
    task,
    open: () => memorySource(bytes),
    form: "run",
    partition,
    expected: {
      pairs: result.vector.pairs[partition]!,
      rawBytes: result.vector.rawBytes[partition]!,
      digest: result.vector.digests[partition]!,
    },
  }));
}

/** Read groups of a partition. */
export function reducePartition<K, V, A, Q>(
  segments: readonly ReduceSegment[],
  options: Omit<ReduceInputOptions<K, V, A, Q>, "store" | "tools" | "runName" | "segments">,
): { readonly groups: [K, V[] | A][]; readonly pairs: number } {
  const store = new MemoryRunStore();
  const input = createReduceInput<K, V, A, Q>({
    fanIn: dataLimits.mergeFanInMax,
    ...options,
    segments,
    store,
    tools,
    runName: "merge",
  });
  const groups: [K, V[] | A][] = [];
  while (input.nextGroup())
    groups.push([input.key(), options.aggregator === undefined ? [...input.values()] : input.result()]);
  const total = input.finish();
  if (store.files.size > 0) throw new Error(`files left: ${[...store.files.keys()].join()}`);
  if (total.groups !== groups.length) throw new Error("groups counted wrong");
  return { groups, pairs: total.pairs };
}

/** What the engine must give: groups in byte order of keys, values by (order key, task, position). */
export function groupPlainly<K, V, Q>(
  tasks: readonly (readonly Emitted<K, V, Q>[])[],
  options: Pick<MapOutputOptions<K, V, Q>, "key" | "orderBy" | "partitions">,
): [K, V[]][][] {
  const partitions: { key: Buffer; order: Buffer; pair: Emitted<K, V, Q> }[][] = Array.from(
    { length: options.partitions },
    () => [],
  );
  for (const pair of tasks.flat()) {
    const key = options.key.encode(pair[0]);
    partitions[partitionOf(key, options.partitions)]!.push({
      key: Buffer.from(key),
      order: Buffer.from(options.orderBy?.encode(pair[2] as Q) ?? []),
      pair,
    });
  }
  return partitions.map((entries) => {
    const groups = new Map<string, [K, V[]]>();
    for (const { key, pair } of entries.toSorted(
      (a, b) => Buffer.compare(a.key, b.key) || Buffer.compare(a.order, b.order),
    )) {
      const name = key.toString("hex");
      if (!groups.has(name)) groups.set(name, [pair[0], []]);
      groups.get(name)![1].push(pair[1]);
    }
    return [...groups.values()];
  });
}
