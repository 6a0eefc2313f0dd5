// The kernel that adds emitted keys, hundreds at once.

import { MemoryRunStore, createMapOutput, sum, textCodec } from "@millrace/data";
import type { KernelMemory, MapOutput, RecordBatch } from "@millrace/data";
import { crc32 } from "node:zlib";
import { batchesOf, evenWords, meanBytes } from "./batches.ts";
import { sideMemoryBytes } from "./kernel-bench.ts";
import type { KernelBench, PreparedBench, Side } from "./kernel-bench.ts";
import { hash } from "./map-bench.ts";

const batchCount = 8;

/** Texts that a function emits. */
export const queueBenches: readonly KernelBench[] = [1000, 800_000].map((words) => ({
  name: words === 1000 ? "queue-few" : "queue-many",
  about: `strings that a map emits, of which there are ${words.toLocaleString("en")}`,
  prepare: (options): PreparedBench => {
    const batches = batchesOf(evenWords(words, options.seed), batchCount, options);
    const texts = batches.map(wordsOf);
    return { bytes: meanBytes(batches), open: (memory) => openSide(memory, texts) };
  },
}));

function openSide(memory: KernelMemory, texts: readonly (readonly string[])[]): Side {
  const { output, run } = openSums(memory);
  let passes = 0;
  return {
    pass: () => {
      for (const word of texts[passes++ % texts.length] ?? []) output.emit(word, 1);
    },
    answer: () => hash(run()),
  };
}

/** Words of a batch, as strings. */
export function wordsOf({ bytes, offsets, count }: RecordBatch): readonly string[] {
  const text = Buffer.from(bytes.buffer, 0, offsets[2 * count - 1]).toString("utf8");
  return text.split(/\s/u);
}

/** Sums of texts. `run` ends the output and gives its file. */
export function openSums(
  memory: KernelMemory | undefined,
  partitions = 4,
): { readonly output: MapOutput<string, number>; readonly run: () => Uint8Array } {
  const store = new MemoryRunStore();
  const output = createMapOutput<string, number>({
    key: textCodec,
    aggregator: sum(),
    partitions,
    memoryBytes: sideMemoryBytes,
    ...(memory === undefined ? {} : { memory }),
    store,
    tools: { crc32, codecs: [] },
    runName: "run",
  });
  const run = (): Uint8Array => {
    output.finish();
    return store.files.get("run") ?? new Uint8Array(0);
  };
  return { output, run };
}
