// Word count as user code (split, emit a string) into the combine table, beside the same code on a JavaScript Map.
// Run: node --conditions=millrace-source bench/data-combine.ts [megabytes]

import { crc32 } from "node:zlib";
import {
  count,
  createMapOutput,
  createReduceInput,
  createSplitReader,
  KernelMemory,
  MemoryRunStore,
  textCodec,
} from "@millrace/data";
import { zipfText } from "./data-corpus.ts";

const megabytes = Number(process.argv[2] ?? 128);
const text = zipfText(megabytes * 1e6);
const memory = new KernelMemory(256 << 20);

/** Hand each line to user code, as the engine does. */
function eachLine(map: (line: string) => void): void {
  let at = 0;
  const reader = createSplitReader({
    source: {
      seek: (offset) => (at = offset),
      next: () => (at < text.length ? text.subarray(at, (at += 1 << 20)) : undefined),
    },
    start: 0,
    end: text.length,
    framing: { kind: "delimited", delimiter: "line" },
  });
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) {
    const bytes = Buffer.from(batch.bytes.buffer, batch.bytes.byteOffset, batch.bytes.length);
    for (let index = 0; index < batch.count; index++)
      map(bytes.toString("utf8", batch.offsets[index * 2], batch.offsets[index * 2 + 1]));
  }
}

function splitWords(line: string, emit: (word: string, value: number) => void): void {
  for (const word of line.split(/\s+/u)) if (word !== "") emit(word, 1);
}

interface Row {
  readonly name: string;
  readonly run: () => { readonly distinct: number; readonly spills: number };
}

function runTable(memoryBytes: number): ReturnType<Row["run"]> {
  const output = createMapOutput({
    key: textCodec,
    aggregator: count(),
    partitions: 8,
    memoryBytes,
    ...(memoryBytes === memory.budget.limit ? { memory } : {}),
    store: new MemoryRunStore(),
    tools: { crc32, codecs: [] },
    runName: "run",
  });
  eachLine((line) => splitWords(line, output.emit));
  const result = output.finish();
  return { distinct: result.pairs, spills: result.spills };
}

/** Sorted runs of states, one for each eighth of the text. */
const mapped = Array.from({ length: 8 }, (_, task) => {
  const store = new MemoryRunStore();
  const output = createMapOutput({
    key: textCodec,
    aggregator: count(),
    partitions: 8,
    memoryBytes: 256 << 20,
    memory,
    store,
    tools: { crc32, codecs: [] },
    runName: "run",
  });
  const slice = text.subarray(Math.floor((text.length * task) / 8), Math.floor((text.length * (task + 1)) / 8));
  for (const line of Buffer.from(slice).toString("latin1").split("\n")) splitWords(line, output.emit);
  return { store, result: output.finish() };
});

function mergeStates(): ReturnType<Row["run"]> {
  let groups = 0;
  for (let partition = 0; partition < 8; partition++) {
    const segments = mapped.map(({ store, result: { vector } }, task) => ({
      task,
      open: () => store.openRun("run"),
      form: "run" as const,
      partition,
      expected: {
        pairs: vector.pairs[partition]!,
        rawBytes: vector.rawBytes[partition]!,
        digest: vector.digests[partition]!,
      },
    }));
    const input = createReduceInput({
      key: textCodec,
      aggregator: count(),
      segments,
      store: new MemoryRunStore(),
      tools: { crc32, codecs: [] },
      runName: "merge",
    });
    while (input.nextGroup()) if (input.key().length + input.result() > 0) groups++;
    input.finish();
  }
  return { distinct: groups, spills: 0 };
}

const rows: readonly Row[] = [
  {
    name: "lines only",
    run: () => {
      let lines = 0;
      eachLine(() => lines++);
      return { distinct: lines, spills: 0 };
    },
  },
  {
    name: "split only",
    run: () => {
      let words = 0;
      eachLine((line) => splitWords(line, () => words++));
      return { distinct: words, spills: 0 };
    },
  },
  {
    name: "split + Map",
    run: () => {
      const counts = new Map<string, number>();
      eachLine((line) => splitWords(line, (word, value) => counts.set(word, (counts.get(word) ?? 0) + value)));
      return { distinct: counts.size, spills: 0 };
    },
  },
  { name: "split + combine table, 256 MiB, with sorted run", run: () => runTable(256 << 20) },
  { name: "split + combine table, 16 MiB, with spills and merge", run: () => runTable(16 << 20) },
  { name: "the reduce side of it: 8 runs merged, presented", run: mergeStates },
];

console.log(`${megabytes} MB of text`);
for (const row of rows) {
  const rates: number[] = [];
  let last = { distinct: 0, spills: 0 };
  for (let round = 0; round < 3; round++) {
    // Processor time, not wall: a busy machine then shows less in the figures.
    const before = process.cpuUsage();
    last = row.run();
    const { user, system } = process.cpuUsage(before);
    rates.push(text.length / (user + system));
  }
  rates.sort((a, b) => a - b);
  console.log(
    `${row.name.padEnd(52)} ${rates[1]!.toFixed(1).padStart(7)} MB per processor second (${rates[0]!.toFixed(1)}-${rates[2]!.toFixed(1)})  ${last.distinct} distinct, ${last.spills} spills`,
  );
}
