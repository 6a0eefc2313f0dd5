// Aggregations as authors write and test them: each result against a plain computation over the same requests.

import {
  add,
  and,
  atLeast,
  chain,
  combinedLog,
  count,
  defineAggregation,
  defineJob,
  distinct,
  divide,
  equals,
  first,
  floorTime,
  greaterThan,
  hasPrefix,
  int,
  isMissing,
  jsonLines,
  last,
  lookup,
  matches,
  max,
  mean,
  min,
  multiply,
  not,
  notEquals,
  object,
  optional,
  outputOf,
  quantile,
  records,
  set,
  sideTable,
  sum,
  testJob,
  text,
  textLines,
  textTable,
  time,
  words,
} from "millrace";
import { describe, expect, it } from "vitest";
import { type Hit, makeHits, seededRandom } from "./log-lines.ts";

const log = combinedLog();
const hits = makeHits(3_000, seededRandom(11));
const lines = hits.map(({ line }) => line);

/** Group by a key; groups in the order of their first record. */
function groupBy<T>(of: readonly T[], keyOf: (item: T) => unknown): readonly (readonly T[])[] {
  return [...Map.groupBy(of, (item) => JSON.stringify(keyOf(item))).values()];
}

const total = (of: readonly Hit[]): number => of.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
const inOrder = (rows: readonly unknown[]): readonly string[] => rows.map((row) => JSON.stringify(row)).toSorted();

describe("defineAggregation()", () => {
  const params = { least: int({ default: 0 }), prefix: text({ default: "/" }) };
  const codes = sideTable({ file: "codes.csv", columns: { code: int(), name: optional(text()) }, key: "code" });
  const traffic = defineAggregation({
    name: "traffic",
    params,
    input: log,
    where: and(atLeast(log.status, params.least), hasPrefix(log.path, params.prefix), notEquals(log.method, "HEAD")),
    aggregations: {
      hours: {
        groupBy: { status: log.status, hour: floorTime(log.time, "1h") },
        reduce: { hits: count(), bytes: sum(log.bytes), last: max(log.time), hosts: set(log.host) },
        output: jsonLines(),
      },
      users: {
        where: matches(log.userAgent, "^(Mozilla|curl)"),
        groupBy: { user: log.user },
        reduce: {
          hits: count(),
          kilo: mean(divide(log.bytes, 1024)),
          least: min(log.bytes),
          visitors: distinct(log.host, log.userAgent),
        },
        having: (row) => greaterThan(row.hits, 50),
        output: jsonLines(),
      },
      names: {
        groupBy: { name: lookup(log.status, codes, "name") },
        reduce: { hits: count() },
        output: jsonLines(),
      },
      all: { groupBy: {}, reduce: { hits: count(), bytes: sum(add(log.bytes, 1)) }, output: jsonLines() },
    },
  });
  const files = { "codes.csv": "code,name\n200,ok\n404,not found\n500,\n" };

  it.each([
    { maps: 2, reduces: 2 },
    { maps: 7, reduces: 5 },
  ])("gives what a plain computation gives, with $maps maps and $reduces reducers", async (tasks) => {
    const { outputs } = await testJob(traffic, { input: lines, files, ...tasks });
    const taken = hits.filter(({ method }) => method !== "HEAD");

    const hours = groupBy(taken, ({ status, time }) => [status, Math.floor(time / 3_600_000)]).map((group) => ({
      status: group[0]!.status,
      hour: Math.floor(group[0]!.time / 3_600_000) * 3_600_000,
      hits: group.length,
      bytes: total(group),
      last: Math.max(...group.map(({ time }) => time)),
      hosts: [...new Set(group.map(({ host }) => host))].toSorted(),
    }));
    expect(inOrder(outputs.hours)).toEqual(inOrder(hours));

    const users = groupBy(
      taken.filter(({ userAgent }) => userAgent !== null && /^(Mozilla|curl)/u.test(userAgent)),
      ({ user }) => user,
    )
      .filter((group) => group.length > 50)
      .map((group) => {
        const sizes = group.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
        return {
          user: group[0]!.user,
          hits: group.length,
          kilo: sizes.reduce((sum, size) => sum + size, 0) / 1024 / sizes.length,
          least: Math.min(...sizes),
          visitors: new Set(group.map(({ host, userAgent }) => `${host} ${userAgent}`)).size,
        };
      });
    expect(users.length).toBeGreaterThan(3);
    expect(inOrder(outputs.users)).toEqual(inOrder(users));

    const named = new Map([
      [200, "ok"],
      [404, "not found"],
    ]);
    const names = groupBy(taken, ({ status }) => named.get(status) ?? null).map((group) => ({
      name: named.get(group[0]!.status) ?? null,
      hits: group.length,
    }));
    expect(inOrder(outputs.names)).toEqual(inOrder(names));

    const sized = taken.filter(({ bytes }) => bytes !== null);
    expect(outputs.all).toEqual([{ hits: taken.length, bytes: total(sized) + sized.length }]);
  });

  it("takes parameters where constants stand", async () => {
    const { outputs } = await testJob(traffic, { input: lines, files, params: { least: "404", prefix: "/a" } });
    const taken = hits.filter(
      ({ status, path, method }) => status >= 404 && path.startsWith("/a") && method !== "HEAD",
    );
    expect(outputs.all[0]?.hits).toBe(taken.length);
  });

  it("has no row of no records, and none of a grouping that takes none", async () => {
    const { outputs } = await testJob(traffic, { input: [], files });
    expect(outputs).toEqual({ hours: [], users: [], names: [], all: [] });
    const none = await testJob(traffic, { input: lines, files, params: { least: "600" } });
    expect(none.outputs.all).toEqual([]);
  });

  it("gives rows whose properties stand in the order of groupBy, then reduce", async () => {
    const { outputs } = await testJob(traffic, { input: lines.slice(0, 50), files });
    expect(Object.keys(outputs.hours[0]!)).toEqual(["status", "hour", "hits", "bytes", "last", "hosts"]);
  });

  it("refuses a group that is too long for a key, with the column to cut", async () => {
    const page = jsonLines(object({ host: text(), path: text() }));
    const job = defineAggregation({
      name: "long",
      input: page,
      aggregations: {
        all: { groupBy: {}, reduce: { hits: count() }, output: jsonLines() },
        paths: { groupBy: { host: page.host, path: page.path }, reduce: { hits: count() }, output: jsonLines() },
      },
    });
    await expect(testJob(job, { input: [JSON.stringify({ host: "a", path: "/".repeat(65_536) })] })).rejects.toThrow(
      'Cannot group by "path" in the aggregation "paths" of job "long": the group has 65540 bytes, more than 65536; group by less of it, as by substring(path, 0, 1000)',
    );
  });

  it("asks for its side files before anything runs, and names one that cannot be read", async () => {
    await expect(testJob(traffic, { input: lines, files: { "codes.csv": "code\n1" } })).rejects.toThrow(
      'Cannot read the side table "codes.csv", line 1: it names no column "name"',
    );
  });
});

describe("a top list", () => {
  const params = { most: int({ default: 7, min: 1 }) };
  const job = defineAggregation({
    name: "top",
    params,
    input: log,
    aggregations: {
      paths: {
        groupBy: { path: log.path, status: log.status },
        reduce: { hits: count(), bytes: sum(log.bytes), p50: quantile(log.bytes, 0.5), hosts: set(log.host) },
        having: (row) => not(equals(row.status, 304)),
        top: { by: "bytes", count: params.most },
        output: jsonLines(),
      },
      latest: {
        groupBy: { host: log.host },
        reduce: { user: max(log.user) },
        top: { by: "user", count: 30 },
        output: jsonLines(),
      },
      plain: { groupBy: { method: log.method }, reduce: { hits: count() }, output: jsonLines() },
      ties: {
        groupBy: { path: log.path },
        reduce: { one: distinct(log.path) },
        top: { by: "one", count: 5 },
        output: jsonLines(),
      },
    },
  });

  it.each([
    [2, 2, 7],
    [5, 4, 20],
    [3, 3, 10_000],
  ])("is exact, in order and complete, with %i maps, %i reducers and %i rows", async (maps, reduces, most) => {
    const { outputs } = await testJob(job, { input: lines, maps, reduces, params: { most: String(most) } });
    const expected = groupBy(
      hits.filter(({ status }) => status !== 304),
      ({ path, status }) => [path, status],
    )
      .map((group) => ({ path: group[0]!.path, status: group[0]!.status, hits: group.length, bytes: total(group) }))
      .toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : a.path > b.path ? 1 : a.status - b.status))
      .slice(0, most);
    expect(outputs.paths.map(({ p50: _p50, hosts: _hosts, ...row }) => row)).toEqual(expected);
    // What travelled as a state is still what it was.
    for (const row of outputs.paths.slice(0, 5)) {
      const group = hits.filter(({ path, status }) => path === row.path && status === row.status);
      expect(row.hosts).toEqual([...new Set(group.map(({ host }) => host))].toSorted());
      const sizes = group.flatMap(({ bytes }) => (bytes === null ? [] : [bytes])).toSorted((a, b) => a - b);
      const median = sizes[Math.ceil(sizes.length / 2) - 1]!;
      expect(Math.abs(row.p50! - median)).toBeLessThanOrEqual(median * 0.011 + 1e-9);
    }
    expect(outputs.plain.length).toBe(3);
  });

  it("ranks texts too, a missing rank last, and ties by the group", async () => {
    const { outputs } = await testJob(job, { input: lines });
    const users = outputs.latest.map(({ user }) => user ?? "");
    expect(users).toEqual(users.toSorted().toReversed());
    expect(outputs.ties.map(({ path }) => path)).toEqual(
      [...new Set(hits.map(({ path }) => path))].toSorted().slice(0, 5),
    );
  });

  it("refuses a parameter out of range", async () => {
    await expect(testJob(job, { input: lines, params: { most: "10001" } })).rejects.toThrow(
      'Cannot use parameter "most": it counts a top list and is 10001; pass -p most= with 1 to 10000',
    );
  });
});

describe("a parameter that is a pattern", () => {
  it("is checked before anything runs", async () => {
    const pattern = text({ default: "^/a" });
    const job = defineAggregation({
      name: "pattern",
      params: { pattern },
      input: log,
      where: matches(log.path, pattern),
      aggregations: { all: { groupBy: {}, reduce: { hits: count() }, output: jsonLines() } },
    });
    const { outputs } = await testJob(job, { input: lines });
    expect(outputs.all).toEqual([{ hits: hits.filter(({ path }) => path.startsWith("/a")).length }]);
    await expect(testJob(job, { input: lines, params: { pattern: "a(?!b)" } })).rejects.toThrow(
      'Cannot use parameter "pattern": the pattern "a(?!b)": invalid or unsupported Perl syntax, "(?!" at character 2',
    );
  });
});

describe("words", () => {
  const all = textLines();
  const sentences = ["the cat and the dog", "", "  the   end ", "cat"];

  it("make a row of each word of a record", async () => {
    const job = defineAggregation({
      name: "words",
      input: all,
      where: not(equals(all.line, "cat")),
      aggregations: {
        words: {
          where: notEquals(words(all.line), "and"),
          groupBy: { word: words(all.line) },
          reduce: { count: count(), lines: distinct(all.line) },
          output: textTable(),
        },
        lines: { groupBy: {}, reduce: { lines: count() }, output: textTable() },
        firsts: {
          groupBy: {},
          reduce: {
            words: distinct(words(all.line)),
            total: count(),
            first: first(words(all.line)),
            last: last(words(all.line)),
          },
          output: jsonLines(),
        },
      },
    });
    const { outputs } = await testJob(job, { input: sentences });
    expect(inOrder(outputs.words)).toEqual(
      inOrder([
        { word: "the", count: 3, lines: 2 },
        { word: "cat", count: 1, lines: 1 },
        { word: "dog", count: 1, lines: 1 },
        { word: "end", count: 1, lines: 1 },
      ]),
    );
    expect(outputs.lines).toEqual([{ lines: 3 }]);
    expect(outputs.firsts).toEqual([{ words: 5, total: 7, first: "the", last: "end" }]);
  });
});

describe("a grouping", () => {
  const rows = jsonLines(object({ id: optional(text()), ms: optional(int()), at: time() }));
  const input = [
    '{"id":"a","ms":1,"at":0}',
    '{"id":null,"ms":null,"at":0}',
    '{"ms":3,"at":0}',
    '{"id":"a","ms":null,"at":0}',
    '{"id":"b","ms":null,"at":0}',
  ];

  it("has one group of missing values, skips them in aggregators, and counts rows", async () => {
    const job = defineAggregation({
      name: "missing",
      input: rows,
      aggregations: {
        ids: {
          groupBy: { id: rows.id },
          reduce: { rows: count(), ms: sum(rows.ms), mean: mean(rows.ms), least: min(rows.ms) },
          output: jsonLines(),
        },
        none: { where: isMissing(rows.id), groupBy: {}, reduce: { rows: count() }, output: jsonLines() },
      },
    });
    const { outputs } = await testJob(job, { input });
    expect(inOrder(outputs.ids)).toEqual(
      inOrder([
        { id: null, rows: 2, ms: 3, mean: 3, least: 3 },
        { id: "a", rows: 2, ms: 1, mean: 1, least: 1 },
        { id: "b", rows: 1, ms: 0, mean: null, least: null },
      ]),
    );
    expect(outputs.none).toEqual([{ rows: 2 }]);
  });

  it("gives each result its own place, whichever share a state", async () => {
    const one = defineAggregation({
      name: "shared",
      input: log,
      aggregations: {
        hosts: {
          groupBy: { host: log.host },
          reduce: {
            p99: quantile(log.bytes, 0.99),
            hits: count(),
            p50: quantile(log.bytes, 0.5),
            rows: count(),
            bytes: sum(log.bytes),
          },
          having: (row) => atLeast(row.rows, 1),
          top: { by: "p50", count: 100 },
          output: jsonLines(),
        },
      },
    });
    const alone = async (name: string, q: number): Promise<ReadonlyMap<string, unknown>> => {
      const job = defineAggregation({
        name,
        input: log,
        aggregations: {
          hosts: { groupBy: { host: log.host }, reduce: { value: quantile(log.bytes, q) }, output: jsonLines() },
        },
      });
      const { outputs } = await testJob(job, { input: lines });
      return new Map(outputs.hosts.map(({ host, value }) => [host, value]));
    };
    const { outputs } = await testJob(one, { input: lines });
    const [p99, p50] = [await alone("p99", 0.99), await alone("p50", 0.5)];
    expect(outputs.hosts.length).toBe(20);
    for (const row of outputs.hosts) {
      const group = hits.filter(({ host }) => host === row.host);
      expect(row).toEqual({
        host: row.host,
        p99: p99.get(row.host),
        hits: group.length,
        p50: p50.get(row.host),
        rows: group.length,
        bytes: total(group),
      });
    }
    const ranks = outputs.hosts.map((row) => row.p50 ?? 0);
    expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
  });

  it("is named in the message of a row that cannot be written", async () => {
    const job = defineAggregation({
      name: "infinite",
      input: rows,
      aggregations: {
        ids: {
          groupBy: { id: rows.id },
          reduce: { huge: sum(multiply(multiply(rows.ms, 1e300), 1e300)) },
          output: jsonLines(),
        },
        all: { groupBy: {}, reduce: { rows: count() }, output: jsonLines() },
      },
    });
    const huge = testJob(job, { input: ['{"id":"a","ms":1,"at":0}'], maps: 2 });
    await expect(huge).rejects.toThrow("it holds Infinity");
    await expect(huge).rejects.toThrow('key {"aggregation":"ids","id":"a"}');
  });

  it("keeps its days by the clock of a zone", async () => {
    const day = floorTime(log.time, "1d", { zone: "Europe/Berlin" });
    const job = defineAggregation({
      name: "days",
      input: log,
      aggregations: { days: { groupBy: { day }, reduce: { hits: count() }, output: jsonLines() } },
    });
    const { outputs } = await testJob(job, { input: lines });
    const format = new Intl.DateTimeFormat("en-CA", { timeZone: "Europe/Berlin" });
    const expected = Map.groupBy(hits, ({ time: at }) => format.format(at));
    expect(inOrder(outputs.days.map((row) => [format.format(row.day), row.hits]))).toEqual(
      inOrder([...expected].map(([date, group]) => [date, group.length])),
    );
    // Clocks are set on the 31st of March 2024.
    expect(outputs.days.map((row) => new Date(row.day).getUTCHours()).toSorted((a, b) => a - b)).toEqual([
      22, 22, 22, 22, 23, 23, 23, 23,
    ]);
  });
});

describe("a chain", () => {
  it("goes on with the rows of a grouping, and begins with the records of a job", async () => {
    const hosts = defineAggregation({
      name: "hosts",
      input: log,
      aggregations: {
        hosts: {
          groupBy: { host: log.host },
          reduce: { hits: count() },
          output: records(object({ host: text(), hits: int() })),
        },
        other: { groupBy: { status: log.status }, reduce: { hits: count() }, output: jsonLines() },
      },
    });
    const counted = records(object({ host: text(), hits: int() }));
    const sizes = defineAggregation({
      name: "sizes",
      input: counted,
      aggregations: {
        sizes: {
          groupBy: { share: divide(counted.hits, counted.hits) },
          reduce: { hosts: count(), most: max(counted.hits) },
          output: jsonLines(),
        },
      },
    });
    const { outputs } = await testJob(chain(outputOf(hosts, "hosts"), sizes), { input: lines });
    const perHost = groupBy(hits, ({ host }) => host).map((group) => group.length);
    expect((outputs as Record<string, unknown>)["sizes"]).toEqual([
      { share: 1, hosts: perHost.length, most: Math.max(...perHost) },
    ]);
  });

  it("goes on with a top list", async () => {
    const top = defineAggregation({
      name: "top",
      input: log,
      aggregations: {
        paths: {
          groupBy: { path: log.path },
          reduce: { hits: count() },
          top: { by: "hits", count: 3 },
          output: records(object({ path: text(), hits: int() })),
        },
      },
    });
    const show = defineJob({
      name: "show",
      input: records(object({ path: text(), hits: int() })),
      map: ({ path, hits: of }, emit) => emit(`${path} ${of}`),
      output: textLines(),
    });
    const result = await testJob(chain(outputOf(top, "paths"), show), { input: lines });
    const expected = groupBy(hits, ({ path }) => path)
      .map((group) => ({ path: group[0]!.path, hits: group.length }))
      .toSorted((a, b) => b.hits - a.hits || (a.path < b.path ? -1 : 1))
      .slice(0, 3);
    expect(result.records).toEqual(expected.map(({ path, hits: of }) => `${path} ${of}`));
  });
});
