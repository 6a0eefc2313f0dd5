// What the map side of an aggregation costs: an access log through its reader, the rows of each grouping and the combine
// table, into one run in memory. Prints a table of MB of log per second of processor time, beside the reader alone and
// beside functions of `defineJob` that emit the same.
//
//   millrace gen access-log LOG --bytes 64MiB && node --conditions=millrace-source bench/aggregation.ts LOG [rounds]

import { readFileSync } from "node:fs";
import {
  type ChunkSource,
  KernelMemory,
  MemoryRunStore,
  crc32,
  createMapOutput,
  createSplitReader,
} from "@millrace/data";
import { combinedLog, jsonLines } from "@millrace/formats";
import {
  count,
  defineAggregation,
  defineJob,
  distinct,
  double,
  fields,
  floorTime,
  greaterThan,
  int,
  matches,
  quantile,
  sum,
  text,
  time,
  tuple,
} from "@millrace/sdk";
import {
  type MapStageProgram,
  type StepEmit,
  type StepMapContext,
  badRecord,
  inputFormatOf,
  jobProgram,
  noRecord,
} from "@millrace/sdk/engine";

const [path, roundsText = "3"] = process.argv.slice(2);
if (path === undefined) throw new Error("give the path of an access log");
const bytes = new Uint8Array(readFileSync(path));
const memory = new KernelMemory(256 * 1024 * 1024);
const log = combinedLog();
const output = jsonLines();

const minutes = {
  groupBy: { status: log.status, minute: floorTime(log.time, "1m") },
  reduce: { hits: count(), bytes: sum(log.bytes), p99: quantile(log.bytes, 0.99) },
  output,
};
const paths = { groupBy: { path: log.path }, reduce: { hits: count(), bytes: sum(log.bytes) }, output };
const visitors = {
  groupBy: { day: floorTime(log.time, "1d") },
  reduce: { visitors: distinct(log.host, log.userAgent) },
  output,
};
const perStatus = { status: { groupBy: { status: log.status }, reduce: { hits: count() }, output } };

// Nothing is written here.
const pair = jsonLines();
const jobs: Readonly<Record<string, unknown>> = {
  "hits by status": defineAggregation({ name: "bench", input: log, aggregations: perStatus }),
  "the same, by a function": defineJob({
    name: "f",
    input: log,
    key: int(),
    map: (hit, emit) => emit(hit.status),
    reduce: count(),
    output: pair,
  }),
  paths: defineAggregation({ name: "bench", input: log, aggregations: { paths } }),
  "the same, by a function ": defineJob({
    name: "f",
    input: log,
    map: (hit, emit) => emit(hit.path, { bytes: hit.bytes }),
    reduce: fields({ hits: count(), bytes: sum() }),
    output: pair,
  }),
  minutes: defineAggregation({ name: "bench", input: log, aggregations: { minutes } }),
  "the same, by a function  ": defineJob({
    name: "f",
    input: log,
    key: tuple(int(), time()),
    map: (hit, emit) => emit([hit.status, hit.time - (hit.time % 60_000)], { bytes: hit.bytes, p99: hit.bytes }),
    reduce: fields({ hits: count(), bytes: sum(), p99: quantile(double(), 0.99) }),
    output: pair,
  }),
  visitors: defineAggregation({ name: "bench", input: log, aggregations: { visitors } }),
  "the same, by a function   ": defineJob({
    name: "f",
    input: log,
    key: time(),
    map: (hit, emit) => emit(hit.time - (hit.time % 86_400_000), [hit.host, hit.userAgent ?? ""]),
    reduce: distinct(tuple(text(), text())),
    output: pair,
  }),
  "minutes, paths, visitors": defineAggregation({
    name: "bench",
    input: log,
    aggregations: { minutes, paths, visitors },
  }),
  "where(bytes), hits by status": defineAggregation({
    name: "bench",
    input: log,
    where: greaterThan(log.bytes, 20_000),
    aggregations: perStatus,
  }),
  "where(matches), hits by status": defineAggregation({
    name: "bench",
    input: log,
    where: matches(log.userAgent, "Safari/[0-9]+"),
    aggregations: perStatus,
  }),
};

/** Read all records. @returns how many. */
function scan(each: (record: unknown) => void): number {
  const reader = inputFormatOf(log).createReader({ count: () => undefined });
  let at = 0;
  const source: ChunkSource = {
    seek: (offset) => {
      at = offset;
    },
    next: () => {
      const chunk = bytes.subarray(at, at + (1 << 20));
      at += chunk.length;
      return chunk.length === 0 ? undefined : chunk;
    },
  };
  const framing = { kind: "delimited", delimiter: "line" } as const;
  const split = createSplitReader({ source, start: 0, end: bytes.length, framing });
  let scanned = 0;
  for (let batch = split.nextBatch(); batch !== undefined; batch = split.nextBatch()) {
    for (let index = 0; index < batch.count; index++) {
      const record = reader.read(batch.bytes, batch.offsets[2 * index] ?? 0, batch.offsets[2 * index + 1] ?? 0);
      if (record === badRecord || record === noRecord) continue;
      scanned++;
      each(record);
    }
  }
  return scanned;
}

function mapAll(job: unknown): number {
  const program = jobProgram(job);
  const stage = program.stages[0] as MapStageProgram;
  const { shuffle } = stage.sink;
  if (shuffle?.pairs.kind !== "state") throw new Error("no states");
  const store = new MemoryRunStore();
  const target = createMapOutput<unknown, unknown>({
    key: shuffle.key,
    aggregator: shuffle.pairs.aggregator,
    partitions: 4,
    memoryBytes: memory.budget.limit,
    memory,
    store,
    tools: { crc32, codecs: [] },
    runName: "run",
  });
  const context = {
    params: {},
    count: () => undefined,
    file: () => new Uint8Array(),
    random: () => 0,
    outputs: {},
    split: { uri: "", offset: 0 },
  };
  const state: unknown = program.parts[0]?.setup?.(context);
  const full: StepMapContext = { ...context, state };
  const map = stage.maps[0]?.operators[0]?.map;
  if (map === undefined) throw new Error("no map");
  const emit: StepEmit = (key, value) => target.emit(key, value);
  scan((record) => map(record, emit, full));
  return target.finish().pairs;
}

function measure(name: string, run: () => number): void {
  let best = Number.POSITIVE_INFINITY;
  let result = 0;
  for (let round = 0; round < Number(roundsText); round++) {
    const before = process.cpuUsage();
    result = run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  console.log(
    `${name.padEnd(34)}${(bytes.length / 1e6 / best).toFixed(0).padStart(6)} MB/s${String(result).padStart(10)}`,
  );
}

let sumOfStatus = 0;
measure("reader alone, status read", () => scan((record) => (sumOfStatus += (record as { status: number }).status)));
for (const [name, job] of Object.entries(jobs)) measure(name, () => mapAll(job));
