// Sorting 100-byte records by a 10-byte key: the sort buffer with its run, beside plain radix sorts and the platform's.
// Then the same records with a common prefix, and a merge of sorted runs.
// Run: node --conditions=millrace-source bench/data-sort.ts [megabytes]

import { crc32 } from "node:zlib";
import { bytesCodec, createMapOutput, createReduceInput, KernelMemory, MemoryRunStore } from "@millrace/data";
import { teraRecords } from "./data-corpus.ts";

const megabytes = Number(process.argv[2] ?? 64);
const records = teraRecords(megabytes * 1e4);
const count = records.length / 100;
const memory = new KernelMemory(256 << 20);
const tools = { crc32, codecs: [] };

/** A store that keeps nothing: what is measured is the sort and the format, not the disk. */
const nowhere = new MemoryRunStore();
const discarding = {
  openRun: (name: string) => nowhere.openRun(name),
  removeRun: (name: string) => nowhere.removeRun(name),
  createRun: () => ({ write: () => undefined, finish: () => undefined, discard: () => undefined }),
};

function emitAll(
  prefix: Uint8Array,
  store: typeof discarding | MemoryRunStore,
  options: { readonly partitions: number; readonly lent: boolean; readonly from?: number; readonly to?: number },
): ReturnType<ReturnType<typeof createMapOutput<Uint8Array, Uint8Array>>["finish"]> {
  const output = createMapOutput({
    key: bytesCodec,
    value: bytesCodec,
    partitions: options.partitions,
    memoryBytes: 256 << 20,
    ...(options.lent ? { memory } : {}),
    store,
    tools,
    runName: "run",
  });
  const key = new Uint8Array(prefix.length + 10);
  key.set(prefix);
  for (let record = options.from ?? 0; record < (options.to ?? count); record++) {
    const at = record * 100;
    for (let index = 0; index < 10; index++) key[prefix.length + index] = records[at + index]!;
    output.emit(key, records.subarray(at + 10, at + 100));
  }
  return output.finish();
}

/** Three passes of 11 bits on four key bytes, ties by insertion, then a gather: the figure to compare with. */
function plainRadixSort(): number {
  let words = new Uint32Array(count);
  let places = new Uint32Array(count);
  let spareWords = new Uint32Array(count);
  let sparePlaces = new Uint32Array(count);
  for (let record = 0; record < count; record++) {
    const at = record * 100;
    words[record] =
      ((records[at]! << 24) | (records[at + 1]! << 16) | (records[at + 2]! << 8) | records[at + 3]!) >>> 0;
    places[record] = record;
  }
  for (let shift = 0; shift < 33; shift += 11) {
    const counters = new Uint32Array(2049);
    for (let record = 0; record < count; record++) counters[((words[record]! >>> shift) & 2047) + 1]!++;
    for (let digit = 0; digit < 2048; digit++) counters[digit + 1]! += counters[digit]!;
    for (let record = 0; record < count; record++) {
      const place = counters[(words[record]! >>> shift) & 2047]!++;
      spareWords[place] = words[record]!;
      sparePlaces[place] = places[record]!;
    }
    [words, spareWords] = [spareWords, words];
    [places, sparePlaces] = [sparePlaces, places];
  }
  const sorted = new Int32Array(records.length / 4);
  const source = new Int32Array(records.buffer);
  for (let record = 0, to = 0; record < count; record++) {
    const from = places[record]! * 25;
    for (let word = 0; word < 25; word++) sorted[to++] = source[from + word]!;
  }
  return sorted[0]!;
}

function mergeRuns(runs: number): number {
  const stores = Array.from({ length: runs }, (_, run) => {
    const store = new MemoryRunStore();
    const result = emitAll(new Uint8Array(0), store, {
      partitions: 1,
      lent: true,
      from: Math.floor((count * run) / runs),
      to: Math.floor((count * (run + 1)) / runs),
    });
    return { store, result };
  });
  const before = process.cpuUsage();
  const input = createReduceInput({
    key: bytesCodec,
    value: bytesCodec,
    segments: stores.map(({ store, result }, task) => ({
      task,
      open: () => store.openRun("run"),
      form: "run" as const,
      partition: 0,
      expected: {
        pairs: result.vector.pairs[0]!,
        rawBytes: result.vector.rawBytes[0]!,
        digest: result.vector.digests[0]!,
      },
    })),
    store: nowhere,
    tools,
    runName: "merge",
  });
  while (input.nextGroup());
  input.finish();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

const rows: readonly (readonly [string, () => number | undefined])[] = [
  ["plain radix sort of an array, with gather", () => void plainRadixSort()],
  [
    "Buffer.compare on an array of views",
    () =>
      void Array.from({ length: count }, (_, record) => records.subarray(record * 100, record * 100 + 10)).sort(
        (a, b) => Buffer.compare(a, b),
      ),
  ],
  [
    "sort buffer, 1 partition, with run",
    () => void emitAll(new Uint8Array(0), discarding, { partitions: 1, lent: true }),
  ],
  [
    "sort buffer, 100 partitions, with run",
    () => void emitAll(new Uint8Array(0), discarding, { partitions: 100, lent: true }),
  ],
  [
    "sort buffer, 30 bytes of common prefix",
    () => void emitAll(new Uint8Array(30).fill(47), discarding, { partitions: 1, lent: true }),
  ],
  ["merge of 16 runs, verified, groups counted", () => mergeRuns(16)],
  ["merge of 100 runs, verified, groups counted", () => mergeRuns(100)],
];

console.log(`${megabytes} MB of records`);
for (const [name, run] of rows) {
  const rates: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = process.cpuUsage();
    const own = run();
    const { user, system } = process.cpuUsage(before);
    rates.push(records.length / (own ?? user + system));
  }
  rates.sort((a, b) => a - b);
  console.log(
    `${name.padEnd(46)} ${rates[1]!.toFixed(1).padStart(7)} MB per processor second (${rates[0]!.toFixed(1)}-${rates[2]!.toFixed(1)})`,
  );
}
