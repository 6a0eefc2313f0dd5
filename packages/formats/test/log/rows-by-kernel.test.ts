// Aggregations of log lines by kernels against the record-by-record path: the same run file, byte for byte.

import { createKernelMemory } from "@millrace/data";
import {
  and,
  atLeast,
  before,
  boolean,
  choice,
  choose,
  count,
  defineAggregation,
  distinct,
  equals,
  floorTime,
  greaterThan,
  hasPrefix,
  isMissing,
  lessThan,
  max,
  mean,
  min,
  not,
  notEquals,
  or,
  quantile,
  substring,
  sum,
  textOf,
} from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { combinedLog, jsonLines, nginxTimed } from "../../src/index.ts";
import { encoder, expectSame, kernelMemory, run, textsOf } from "../kernel/rows-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const log = combinedLog();

const output = jsonLines();
const hits = count();
/** Groupings of all kinds; those of the second list by record. */
const groupings = {
  minutes: {
    groupBy: { status: log.status, minute: floorTime(log.time, "1m") },
    reduce: { hits, bytes: sum(log.bytes), p99: quantile(log.bytes, 0.99) },
    output,
  },
  paths: { groupBy: { path: log.path }, reduce: { bytes: sum(log.bytes) }, output },
  all: {
    groupBy: {},
    reduce: { hits, mean: mean(log.bytes), status: quantile(log.status, 0.5), sum: sum(log.status) },
    output,
  },
  agents: {
    groupBy: { referrer: log.referrer, agent: log.userAgent, method: log.method },
    reduce: { hits, status: quantile(log.status, 0.5), bytes: quantile(log.bytes, 0.1) },
    output,
  },
  users: {
    where: and(or(equals(log.status, 200), atLeast(log.bytes, 1000)), not(isMissing(log.user))),
    groupBy: { user: log.user, week: floorTime(log.time, "1w"), bytes: log.bytes },
    reduce: { hits },
    output,
  },
  gets: {
    where: and(
      equals(log.method, "GET"),
      hasPrefix(log.path, "/a"),
      notEquals(log.host, "h1"),
      lessThan(log.status, 500),
    ),
    groupBy: { host: log.host, time: log.time },
    reduce: { mean: mean(log.bytes) },
    output,
  },
  visitors: {
    groupBy: { day: floorTime(log.time, "1d") },
    reduce: { hits, visitors: distinct(log.host, log.userAgent) },
    output,
  },
  kinds: {
    groupBy: { method: log.method },
    reduce: {
      sizes: distinct(log.bytes),
      p10: quantile(log.bytes, 0.1),
      agents: distinct(log.userAgent),
      bytes: sum(log.bytes),
      all: distinct(log.referrer, log.time, log.path),
    },
    output,
  },
  extremes: {
    groupBy: { status: log.status },
    reduce: {
      least: min(log.bytes),
      path: max(log.path),
      p50: quantile(log.bytes, 0.5),
      agent: min(log.userAgent),
      last: max(log.time),
      hits,
      most: max(log.bytes),
    },
    output,
  },
  starts: { groupBy: { start: substring(log.path, 0, 3) }, reduce: { hits, greatest: max(log.bytes) }, output },
} as const;
type GroupingName = keyof typeof groupings;

function jobOf(names: readonly GroupingName[], where: boolean) {
  return defineAggregation({
    name: "test",
    input: log,
    ...(where ? { where: greaterThan(log.status, 199) } : {}),
    aggregations: Object.fromEntries(names.map((name) => [name, groupings[name]])) as Pick<typeof groupings, "paths">,
  });
}

const timed = [nginxTimed(), nginxTimed({ required: false })] as const;

function timedGroupings(log: (typeof timed)[number]) {
  return {
    latencies: {
      groupBy: { path: log.path, week: floorTime(log.time, "1w") },
      reduce: {
        hits,
        mean: mean(log.requestTime),
        p99: quantile(log.requestTime, 0.99),
        bytes: sum(log.bytes),
        sum: sum(log.requestTime),
        upstream: mean(log.upstreamResponseTime),
      },
      output,
    },
    slow: {
      where: greaterThan(log.requestTime, 0.5),
      groupBy: { status: log.status },
      reduce: { sum: sum(log.upstreamResponseTime) },
      output,
    },
    none: {
      where: isMissing(log.upstreamResponseTime),
      groupBy: { host: log.host },
      reduce: { mean: mean(log.requestTime) },
      output,
    },
  };
}

function timedJobOf(names: readonly (keyof ReturnType<typeof timedGroupings>)[], isRequired: boolean) {
  const log = timed[isRequired ? 0 : 1];
  const all = timedGroupings(log);
  return defineAggregation({
    name: "timed",
    input: log,
    aggregations: Object.fromEntries(names.map((name) => [name, all[name]])) as Pick<typeof all, "slow">,
  });
}

const chosenParams = {
  of: choice("requestTime", "upstream", "bytes", "status"),
  by: choice("path", "page", "method", "status", "sized", "user", "all"),
  window: choice("250ms", "1m", "2w"),
  query: boolean(),
};

/** What is measured and grouped by, as parameters say. */
function chosenJobOf(isRequired: boolean, isAlone: boolean) {
  const { of, by, window, query } = chosenParams;
  const log = timed[isRequired ? 0 : 1];
  const measure = choose(of, {
    requestTime: log.requestTime,
    upstream: log.upstreamResponseTime,
    bytes: log.bytes,
    status: log.status,
  });
  const group = choose(by, {
    path: choose(query, { true: log.path, false: before(log.path, "?") }),
    page: before(log.referrer, "/"),
    method: log.method,
    status: textOf(log.status),
    sized: textOf(log.bytes),
    user: log.user,
    all: null,
  });
  const first = {
    groupBy: { window: floorTime(log.time, window), group, bytes: log.bytes },
    reduce: { hits, mean: mean(measure), p90: quantile(measure, 0.9), max: max(measure), sum: sum(measure) },
    output,
  };
  const second = {
    where: not(equals(choose(query, { true: log.path, false: log.method }), "GET")),
    groupBy: { group, measure, window: floorTime(log.time, window), again: group },
    reduce: { different: distinct(measure, choose(query, { true: log.host, false: null })), least: min(measure) },
    output,
  };
  return defineAggregation({
    name: "chosen",
    params: chosenParams,
    input: log,
    where: not(isMissing(measure)),
    counters: { without: isMissing(measure), slow: and(greaterThan(measure, 1), not(isMissing(log.user))) },
    aggregations: isAlone ? { first } : { first, second },
  } as unknown as Parameters<typeof defineAggregation>[0]);
}

const texts = fc.constantFrom(
  "-",
  "",
  "a",
  "/a",
  "/a/b?c=d",
  "Mozilla/5.0 (X11; Linux x86_64) Gecko",
  "x y",
  "a".repeat(40),
);
const hosts = fc.constantFrom("10.0.0.1", "h1", "::1", "example.org", "a-host-of-a-name-that-is-long");
const users = fc.constantFrom("- -", "-  ", "- frank", "ident al [b] c", "-", "- -", "- -");
const times = fc
  .record({
    day: fc.constantFrom("01", "28", "29", "31", "00"),
    month: fc.constantFrom("Jan", "Feb", "Mar", "Dec", "jan"),
    year: fc.constantFrom("2026", "2024", "1900", "2000", "1969", "0000", "9999"),
    clock: fc.constantFrom("00:00:00", "13:55:36", "13:55:37", "23:59:60", "24:00:00", "13:60:00", "12:30:61"),
    zone: fc.constantFrom("+0000", "-0700", "+1400", "+1501", "+0960", "0000"),
  })
  .map(({ day, month, year, clock, zone }) => `[${day}/${month}/${year}:${clock} ${zone}]`);
const plainTimes = fc
  .tuple(fc.integer({ min: 10, max: 13 }), fc.integer({ min: 0, max: 59 }))
  .map(([minute, second]) => `[10/Oct/2026:13:${minute}:${String(second).padStart(2, "0")} +0200]`);
const requests = fc.oneof(
  fc
    .tuple(fc.constantFrom("GET", "POST", ""), texts, fc.constantFrom(" HTTP/1.1", "", " HTTP/", " http/1.1"))
    .map(([method, path, protocol]) => `${method} ${path}${protocol}`),
  fc.constantFrom("-", "", "GET", 'GET /"quoted" 200 HTTP/1.1', 'a" 200 1', "HTTP/1.1", " HTTP/1.1", "\\x16\\x03"),
);
const bytes = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }).map(String),
  fc.constantFrom("-", "0", "999999999999999", "1000000000000000", "1e3", "", "007"),
);
const plainLines = fc
  .tuple(hosts, users, plainTimes, requests, fc.constantFrom("200", "404", "503", "099"), bytes, texts, texts)
  .map(
    ([host, user, time, request, status, size, referrer, agent]) =>
      `${host} ${user} ${time} "${request}" ${status} ${size} "${referrer}" "${agent}"`,
  );
const oddLines = fc
  .tuple(
    hosts,
    users,
    times,
    requests,
    fc.constantFrom("200", "20", "2000", "x00", ""),
    bytes,
    texts,
    fc.constantFrom("", " x", ' "', ' "a"b"', ' "a" 3 "b"'),
  )
  .map(
    ([host, user, time, request, status, size, referrer, rest]) =>
      `${host} ${user} ${time} "${request}" ${status} ${size} "${referrer}"${rest}`,
  );
const commonLines = fc
  .tuple(hosts, users, times, requests, bytes)
  .map(([host, user, time, request, size]) => `${host} ${user} ${time} "${request}" 200 ${size}`);
/** A line with some of its characters changed, left out or doubled. */
const brokenLines = fc
  .tuple(
    plainLines,
    fc.nat(),
    fc.constantFrom("", " ", '"', "[", "-", "\\", "\0", "\u00e9", "\u{1f642}", "9", "\ufeff", "\r"),
  )
  .map(([line, place, by]) => `${line.slice(0, place % line.length)}${by}${line.slice((place % line.length) + 1)}`);
const lines = fc.oneof(
  { weight: 12, arbitrary: plainLines },
  { weight: 2, arbitrary: oddLines },
  { weight: 1, arbitrary: commonLines },
  { weight: 3, arbitrary: brokenLines },
  { weight: 1, arbitrary: fc.constantFrom("", " ", "x", "\ufeff", "a b c", `h ${"y".repeat(9000)}`) },
);
const seconds = fc.oneof(
  fc.integer({ min: 0, max: 100_000 }).map((ms) => (ms / 1000).toFixed(3)),
  fc.constantFrom(
    "0",
    "0.000",
    "12",
    "123456789.123456",
    "0.1234567890123456",
    "1e3",
    "-",
    "",
    ".5",
    "5.",
    "-0.5",
    "x",
  ),
);
const lists = fc.oneof(
  { weight: 4, arbitrary: seconds },
  {
    weight: 1,
    arbitrary: fc.tuple(seconds, fc.constantFrom(", ", " : ", ",", " "), seconds).map((all) => all.join("")),
  },
);
const timedLines = fc
  .tuple(
    plainLines,
    seconds,
    lists,
    fc.constantFrom(
      "$line $time $list",
      "$line",
      '$line "$time" "$list"',
      "$line $time",
      '$line "$time"',
      '$line $time "$list" x',
      "$line  $time $list",
      "$line $time $list 7",
    ),
  )
  .map(([line, time, list, pattern]) =>
    pattern
      .replace("$line", () => line)
      .replace("$time", () => time)
      .replace("$list", () => list),
  );

const bytesOfTexts = textsOf(lines);
const bytesOfTimed = textsOf(fc.oneof({ weight: 4, arbitrary: timedLines }, { weight: 1, arbitrary: lines }));

const chosen = fc.subarray(Object.keys(groupings) as GroupingName[], { minLength: 1 });

describe("addRows()", () => {
  it("writes what the record-by-record path writes of lines", () => {
    let [byKernels, all] = [0, 0];
    fc.assert(
      fc.property(
        bytesOfTexts,
        chosen,
        fc.boolean(),
        fc.record({ chunkBytes: fc.integer({ min: 1, max: 5000 }), partitions: fc.integer({ min: 1, max: 5 }) }),
        (text, names, where, options) => {
          const [records, done] = expectSame(jobOf(names, where), text, options);
          all += records;
          byKernels += done;
        },
      ),
      { numRuns: 1000 },
    );
    // Half of the jobs have a grouping that no kernel does.
    expect(byKernels / all).toBeGreaterThan(0.15);
  });

  it("writes what the record-by-record path writes of times behind lines", () => {
    let [byKernels, all] = [0, 0];
    fc.assert(
      fc.property(
        bytesOfTimed,
        fc.subarray(["latencies", "slow", "none"] as const, { minLength: 1 }),
        fc.boolean(),
        fc.record({ chunkBytes: fc.integer({ min: 1, max: 5000 }), partitions: fc.integer({ min: 1, max: 5 }) }),
        (text, names, isRequired, options) => {
          const [records, done] = expectSame(timedJobOf(names, isRequired), text, options);
          all += records;
          byKernels += done;
        },
      ),
      { numRuns: 500 },
    );
    expect(byKernels / all).toBeGreaterThan(0.3);
  });

  it("writes and counts what the record-by-record path does of what parameters choose", () => {
    let [byKernels, all, counted] = [0, 0, 0];
    fc.assert(
      fc.property(
        bytesOfTimed,
        fc.record({
          of: fc.constantFrom("requestTime", "upstream", "bytes", "status"),
          by: fc.constantFrom("path", "page", "method", "status", "sized", "user", "all"),
          window: fc.constantFrom("250ms", "1m", "2w"),
          query: fc.boolean(),
        }),
        fc.tuple(fc.boolean(), fc.boolean()),
        fc.record({ chunkBytes: fc.integer({ min: 1, max: 5000 }), partitions: fc.integer({ min: 1, max: 5 }) }),
        (text, params, how, options) => {
          const job = chosenJobOf(...how) as never;
          const [records, done] = expectSame(job, text, { ...options, params });
          all += records;
          byKernels += done;
          counted += run(job, text, { ...options, params, memory: kernelMemory }).counters["without"] ?? 0;
        },
      ),
      { numRuns: 1000 },
    );
    expect(byKernels / all).toBeGreaterThan(0.3);
    expect(counted).toBeGreaterThan(200);
  });

  it("goes on where the table was full", () => {
    const text = encoder.encode(
      Array.from(
        { length: 20_000 },
        (_, index) =>
          `10.0.0.${index % 250} - - [10/Oct/2026:13:${10 + (index % 3)}:00 +0000] "GET /${(index * 7919) % 6007}/of-a-long-kind HTTP/1.1" 200 ${(index * 7919) % 50_021} "-" "a"\n`,
      ).join(""),
    );
    for (const names of [
      ["minutes", "paths"],
      ["kinds", "paths"],
      ["kinds"],
      ["visitors"],
      ["extremes"],
      ["extremes", "paths"],
      ["agents"],
      ["gets", "starts", "all"],
      ["paths"],
    ] as const) {
      const job = jobOf(names, false);
      const byKernel = run(job, text, { memory: kernelMemory, chunkBytes: 100_000, partitions: 3 });
      const byRecord = run(job, text, { chunkBytes: 100_000, partitions: 3 });
      expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
      expect(byKernel.pairsEmitted).toBe(byRecord.pairsEmitted);
    }
  });

  it("leaves rows for whose states kernels want more room than there is", () => {
    const columns = [log.host, log.path, log.method, log.status, log.time] as const;
    const triples = columns.flatMap((a) =>
      columns.flatMap((b) => columns.flatMap((c) => (a === b || b === c || a === c ? [] : [distinct(a, b, c)]))),
    );
    const job = defineAggregation({
      name: "many",
      input: log,
      aggregations: {
        paths: {
          groupBy: { path: log.path },
          reduce: Object.fromEntries(triples.map((each, index) => [`d${index}`, each])),
          output,
        },
      },
    });
    const text = encoder.encode(
      '10.0.0.1 - - [10/Oct/2026:13:10:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "a"\n'.repeat(3),
    );
    const byKernel = run(job as never, text, { memory: kernelMemory, chunkBytes: 100_000, partitions: 1 });
    const byRecord = run(job as never, text, { chunkBytes: 100_000, partitions: 1 });
    expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
    expect(byKernel.left).toBe(3);
  });

  it("takes rows with more than 2 GiB of memory, of which few are touched", () => {
    const large = createKernelMemory(3 * 2 ** 30);
    const line = '10.0.0.1 - - [10/Oct/2026:13:10:00 +0000] "GET /a HTTP/1.1" 200 5 "-" "a"\n';
    const ran = run(jobOf(["minutes", "agents"], false), encoder.encode(line.repeat(3)), {
      memory: large,
      chunkBytes: 100_000,
      partitions: 1,
    });
    expect(ran).toMatchObject({ left: 0, spills: 0, records: 3 });
  });
});
