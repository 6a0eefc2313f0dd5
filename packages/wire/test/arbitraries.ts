// Random values of core's types, as the property tests of converters need them.

import type {
  AttemptFailure,
  AttemptRef,
  AttemptResult,
  CompressionCodec,
  CoordinatorMessage,
  Epoch,
  Incarnation,
  InventoryVerdict,
  JobId,
  JobSpec,
  SegmentVector,
  Split,
  WorkerId,
  WorkerMessage,
} from "@millrace/core";
import * as fc from "fast-check";

const digits = (count: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef".split("")), minLength: count, maxLength: count });
const crockford = fc.constantFrom(..."0123456789abcdefghjkmnpqrstvwxyz".split(""));

export const size = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 1, Number.MAX_SAFE_INTEGER));
const time = fc.oneof(size, fc.maxSafeInteger(), fc.constantFrom(-1, Number.MIN_SAFE_INTEGER));
export const anyText = fc.string({ unit: "binary", maxLength: 40 }).filter((text) => text.isWellFormed());
export const job = fc.string({ unit: crockford, minLength: 26, maxLength: 26 }).map((text) => `job-${text}` as JobId);
export const worker = fc
  .string({ unit: fc.constantFrom(..."abc-019".split("")), minLength: 1, maxLength: 64 })
  .map((text) => `w-${text}` as WorkerId);
export const uri = anyText.map((text) => `file:///${text}`);
export const attempt: fc.Arbitrary<AttemptRef> = fc.record({
  job,
  stage: fc.nat(15),
  task: fc.nat(99_999),
  attempt: fc.nat(9_999),
});
const names = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString"),
  anyText.filter((text) => text !== ""),
);
export const counters = fc
  .uniqueArray(fc.tuple(names, size), { selector: ([name]) => name, maxLength: 6 })
  .map((pairs) => Object.fromEntries(pairs));
const params = fc
  .uniqueArray(fc.tuple(names, anyText), { selector: ([name]) => name, maxLength: 4 })
  .map((pairs) => Object.fromEntries(pairs));
const codec = fc.constantFrom(
  ...(["none", "gzip", "zstd", "bzip2", "zlib", "snappy", "lz4"] as const satisfies readonly CompressionCodec[]),
);

export const split: fc.Arbitrary<Split> = fc.record(
  {
    input: fc.nat(9),
    parts: fc.array(fc.record({ uri, offset: size, bytes: size, fileBytes: size, modifiedMs: time, codec }), {
      maxLength: 5,
    }),
    bytes: size,
    hosts: fc.array(anyText, { maxLength: 3 }),
    racks: fc.array(anyText, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["input", "parts", "bytes", "hosts"] },
);

export const failure: fc.Arbitrary<AttemptFailure> = fc.oneof(
  fc.record({ code: fc.constantFrom("E_KILLED", "E_USER_CODE"), message: anyText }),
  fc.record({
    code: fc.constant("E_USER_CODE"),
    message: anyText,
    record: fc.record({ uri: anyText, offset: size, text: anyText }),
  }),
);

export const vector: fc.Arbitrary<SegmentVector> = fc
  .array(fc.tuple(size, size, digits(16)), { minLength: 1, maxLength: 8 })
  .map((rows) => ({
    pairs: rows.map((row) => row[0]),
    rawBytes: rows.map((row) => row[1]),
    digests: rows.map((row) => row[2]),
  }));

const consumed = fc.oneof(
  fc.record({
    kind: fc.constant("splits" as const),
    ranges: fc.array(fc.record({ uri, begin: size, end: size }), { maxLength: 3 }),
    records: size,
    badRecords: size,
    bytes: size,
  }),
  fc.record({
    kind: fc.constant("segments" as const),
    maps: fc.nat(100_000),
    pairs: size,
    rawBytes: size,
    digest: digits(16),
  }),
);

const outputName = fc.constantFrom("", "errors", "a-1");
const keys = fc.array(
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  { minLength: 1, maxLength: 5 },
);
const maybeNone = <Item>(items: fc.Arbitrary<readonly Item[]>): fc.Arbitrary<readonly Item[]> =>
  fc.oneof(items, fc.constant<readonly Item[]>([]));
const resultWithoutRun: fc.Arbitrary<AttemptResult> = fc.record(
  {
    attempt,
    consumed,
    files: fc.array(
      fc.record(
        {
          output: outputName,
          path: fc.constantFrom("part-0", "a/b.txt", "_x/..y"),
          bytes: size,
          records: size,
          crc32: fc.nat(0xffff_ffff),
          firstKey: digits(6),
          lastKey: digits(0),
        },
        { requiredKeys: ["output", "path", "bytes", "records", "crc32"] },
      ),
      { maxLength: 3 },
    ),
    counters,
    badRecords: fc.array(fc.record({ uri, offset: size, reason: anyText, text: anyText }), { maxLength: 3 }),
    sample: keys,
    usage: fc.record({ durationMs: size, cpuMs: size, peakRssBytes: size }),
  },
  { requiredKeys: ["attempt", "consumed", "files", "counters", "badRecords", "usage"] },
);

const finished: fc.Arbitrary<WorkerMessage> = fc
  .tuple(resultWithoutRun, fc.option(vector, { nil: undefined }), digits(32), size)
  .map(([result, segments, vectorDigest, bytes]): WorkerMessage => {
    if (segments === undefined) return { kind: "finished", result };
    const run = { partitions: segments.pairs.length, storedBytes: bytes, pairs: bytes, rawBytes: bytes, vectorDigest };
    return { kind: "finished", result: { ...result, run }, vector: segments };
  });

const refs = fc.array(attempt, { maxLength: 4 });

export const workerMessage: fc.Arbitrary<WorkerMessage> = fc.oneof(
  fc.record({
    kind: fc.constant("register" as const),
    description: fc.record({
      worker,
      incarnation: fc.integer({ min: 1 }).map((value) => value as Incarnation),
      host: anyText,
      rack: anyText,
      slots: fc.integer({ min: 1, max: 64 }),
      shuffleAddress: anyText,
      freeDiskBytes: size,
      dataVersions: fc.array(fc.nat(99), { maxLength: 3 }),
      nodeMajor: fc.nat(99),
      protocols: fc.array(fc.nat(99), { maxLength: 3 }),
    }),
    inventory: fc.record({
      running: refs,
      gathering: refs,
      unacknowledged: refs,
      held: fc.array(fc.record({ attempt, vectorDigest: digits(32) }), { maxLength: 4 }),
    }),
  }),
  fc.record({
    kind: fc.constant("heartbeat" as const),
    progress: fc.array(
      fc.record({
        attempt,
        phase: fc.constantFrom("gather" as const, "map" as const, "reduce" as const, "write" as const),
        fraction: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
        records: size,
        bytes: size,
      }),
      { maxLength: 3 },
    ),
    freeDiskBytes: size,
  }),
  finished,
  fc.record({ kind: fc.constant("failed" as const), attempt, failure }),
  fc.record({ kind: fc.constant("gathered" as const), attempt, bytes: size }),
  fc.record({
    kind: fc.constant("complaint" as const),
    reader: attempt,
    source: attempt,
    sourceWorker: worker,
    reason: fc.constantFrom("missing" as const, "cut" as const, "corrupt" as const, "unreachable" as const),
  }),
  fc.record({ kind: fc.constant("verified" as const), source: attempt, intact: fc.boolean() }),
);

const verdicts = fc.array(fc.constantFrom<InventoryVerdict>("keep", "kill", "delete"), { maxLength: 5 });
const outputs = fc.array(fc.record({ name: outputName, extension: fc.constantFrom("txt", "jsonl") }), { maxLength: 2 });
const stageKind = fc.constantFrom("map" as const, "reduce" as const, "sample" as const);
const inputGrowth = fc.constantFrom("refuse" as const, "prefix" as const);
const partFiles = fc.record(
  {
    replication: fc.integer({ min: 1, max: 512 }),
    blockBytes: fc.integer({ min: 1, max: 99 }).map((count) => count * 512),
    permission: fc.integer({ min: 1, max: 0o777 }),
  },
  { requiredKeys: [] },
);

const storageTokens = fc.dictionary(fc.constantFrom("hdfs://ns", "webhdfs://nn:9870"), fc.constantFrom("HgAF", "x_-"), {
  minKeys: 1,
});
const sideFiles = fc.array(
  fc.record({ name: fc.constantFrom("stop.txt", "geo_1", "A-b"), sha256: digits(64), bytes: fc.nat(1 << 20) }),
  { minLength: 1, maxLength: 3 },
);

export const coordinatorMessage: fc.Arbitrary<CoordinatorMessage> = fc.oneof(
  fc.record({
    kind: fc.constant("registered" as const),
    epoch: fc.integer({ min: 1 }).map((value) => value as Epoch),
    leaseMs: fc.integer({ min: 1 }),
    heartbeatMs: fc.integer({ min: 1 }),
    running: verdicts,
    gathering: verdicts,
    held: verdicts,
  }),
  fc.record({ kind: fc.constant("refused" as const), code: fc.constant("E_VERSION_MISMATCH"), message: anyText }),
  fc.record({
    kind: fc.constant("brief" as const),
    brief: fc.record({
      job,
      name: anyText.map((text) => `n${text}`),
      bundleSha256: digits(64),
      files: sideFiles,
      params,
      shuffleKey: digits(64),
      storageTokens,
      taskTimeoutMs: fc.integer({ min: 1 }),
      inputGrowth,
      partFiles,
      seed: digits(32),
      stages: fc.array(
        fc.record({
          kind: stageKind,
          tasks: fc.nat(100),
          partitions: fc.nat(100),
          reads: fc.integer({ min: -1, max: 15 }),
          outputs,
        }),
        { maxLength: 3 },
      ),
      stagingUri: uri,
    }),
  }),
  fc.record({ kind: fc.constant("launch-map" as const), attempt, split }),
  fc.record({
    kind: fc.constant("launch-sample" as const),
    attempt,
    split,
    keysMax: fc.integer({ min: 1, max: 1_000 }),
  }),
  fc.record({ kind: fc.constant("ranges" as const), job, stage: fc.nat(15), cuts: maybeNone(keys) }),
  fc.record({ kind: fc.constant("gather" as const), attempt, maps: fc.nat(100_000) }),
  fc.record({
    kind: fc.constant("places" as const),
    attempt,
    places: fc.array(
      fc.record({
        task: fc.nat(99_999),
        attempt: fc.nat(9_999),
        worker,
        address: anyText,
        pairs: size,
        rawBytes: size,
        digest: digits(16),
      }),
      { maxLength: 4 },
    ),
  }),
  fc.record({ kind: fc.constant("places-lost" as const), attempt, tasks: fc.array(fc.nat(99_999), { maxLength: 5 }) }),
  fc.record({ kind: fc.constant("launch-reduce" as const), attempt }),
  fc.record({ kind: fc.constant("kill" as const), attempt, reason: anyText }),
  fc.record({ kind: fc.constant("acknowledge" as const), attempt }),
  fc.record({ kind: fc.constant("verify" as const), source: attempt }),
  fc.record({ kind: fc.constant("release" as const), attempt }),
  fc.record({ kind: fc.constant("forget-job" as const), job }),
);

const shuffle = fc.record(
  {
    partitions: fc.oneof(fc.constant("auto" as const), fc.integer({ min: 1, max: 9_999 })),
    pairs: fc.constantFrom("state" as const, "value" as const),
    ordered: fc.boolean(),
    ranges: fc.nat(15),
  },
  { requiredKeys: ["partitions", "pairs", "ordered"] },
);

export const spec: fc.Arbitrary<JobSpec> = fc.record({
  name: anyText.map((text) => `n${text}`),
  bundle: fc.record({ sha256: digits(64), bytes: fc.nat(64 * 1024 * 1024) }),
  dataVersion: fc.nat(9),
  nodeMajor: fc.nat(99),
  inputs: fc.array(
    fc.record(
      {
        name: fc.constantFrom("", "users"),
        patterns: fc.array(uri, { maxLength: 3 }),
        format: fc.record(
          {
            name: anyText.map((text) => `f${text}`),
            splitting: fc.constantFrom(
              "none" as const,
              "delimiter" as const,
              "plain" as const,
              "sync-mark" as const,
              "numbers" as const,
            ),
            numbers: size,
          },
          { requiredKeys: ["name", "splitting"] },
        ),
      },
      { requiredKeys: ["patterns", "format"] },
    ),
    { maxLength: 2 },
  ),
  stages: fc.array(
    fc.oneof(
      fc.record(
        { kind: fc.constant("map" as const), inputs: fc.array(fc.nat(9), { maxLength: 3 }), shuffle, outputs },
        { requiredKeys: ["kind", "inputs", "outputs"] },
      ),
      fc.record(
        { kind: fc.constant("reduce" as const), reads: fc.nat(15), shuffle, outputs },
        { requiredKeys: ["kind", "reads", "outputs"] },
      ),
      fc.record({ kind: fc.constant("sample" as const), of: fc.nat(15) }),
    ),
    { maxLength: 4 },
  ),
  output: fc.record({ uri, overwrite: fc.boolean() }),
  params,
  options: fc.record(
    {
      priority: fc.integer({ min: -100, max: 100 }),
      splitBytes: fc.oneof(fc.constant("auto" as const), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
      badRecordsMax: fc.constantFrom(0, 0.01, 1),
      taskTimeoutMs: fc.integer({ min: 1 }),
      attemptsMax: fc.integer({ min: 1, max: 16 }),
      inputGrowth,
      partFiles,
    },
    { requiredKeys: ["priority", "splitBytes", "badRecordsMax", "taskTimeoutMs", "attemptsMax", "inputGrowth"] },
  ),
  files: sideFiles,
});
