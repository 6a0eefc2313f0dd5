// Runs the author's combiner over the pairs of one cut: each key once, its values in the order of emission. What it
// emits stays under the key.

import { ByteRange } from "../bytes/byte-range.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec, KeyCodec } from "../codec/codec.ts";
import { GroupCursor } from "../merge/group-cursor.ts";
import { decodeAll, GroupValues } from "../merge/group-values.ts";
import { MergedCursor } from "../merge/loser-tree.ts";
import { RunSetReader } from "../merge/merge-runs.ts";
import type { RunStore, RunTools } from "../run/byte-store.ts";
import type { RunWriter } from "../run/run-writer.ts";

/** What to run and where the result goes. */
export interface CombineRunsOptions<K, V> {
  readonly options: { readonly store: RunStore; readonly tools: RunTools };
  readonly writer: RunWriter;
  readonly key: KeyCodec<K>;
  readonly value: Codec<V>;
  readonly run: (key: K, values: Iterable<V>, emit: (value: V) => void) => void;
}

/** Combine the runs of one cut, at most `mergeFanInMax`, into a run. */
export function combineRuns<K, V>(names: readonly string[], combine: CombineRunsOptions<K, V>): void {
  const reader = new RunSetReader({ ...combine.options, names });
  try {
    for (let partition = 0; partition < reader.partitions; partition++) {
      const cursors = reader.cursorsOf(partition);
      if (cursors.length > 0) combinePartition(new MergedCursor(cursors), partition, combine);
    }
  } finally {
    reader.close();
  }
}

function combinePartition<K, V>(merged: MergedCursor, partition: number, combine: CombineRunsOptions<K, V>): void {
  const groups = new GroupCursor(merged, false);
  const values = new GroupValues(groups, combine.value);
  const keyReader = new ByteReader();
  const keyRange = new ByteRange();
  const valueRange = new ByteRange();
  const encoded = new ByteSink(256);
  const emit = (value: V): void => {
    encoded.clear();
    combine.value.encodeTo(value, encoded);
    combine.writer.append(
      partition,
      keyRange.set(groups.key, 0, groups.keyLength),
      valueRange.set(encoded.bytes, 0, encoded.length),
    );
  };
  while (groups.nextGroup()) {
    const key = decodeAll(combine.key, keyReader.reset(groups.key, 0, groups.keyLength));
    combine.run(key, values.open(), emit);
  }
}
