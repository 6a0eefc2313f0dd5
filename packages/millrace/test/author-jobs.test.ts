// Jobs as their authors write and test them, with what is installed under the one name.

import {
  type Emit,
  combinedLog,
  count,
  defineJob,
  distinct,
  fields,
  int,
  jsonLines,
  max,
  mean,
  object,
  optional,
  sum,
  testJob,
  text,
  textLines,
  textTable,
  time,
  topK,
  tuple,
} from "millrace";
import { describe, expect, it } from "vitest";

const words = ["a b a", "b", "c a"];

describe("a job of functions", () => {
  const job = defineJob({
    name: "lengths",
    params: { least: int({ default: 1 }) },
    setup: async ({ params }) => ({ least: await Promise.resolve(params.least) }),
    input: textLines(),
    key: int(),
    value: object({ words: int(), longest: text() }),
    map: (line, emit, { state, count: raise }) => {
      for (const word of line.split(" ")) {
        if (word.length >= state.least) emit(word.length, { words: 1, longest: word });
        else raise("too short");
      }
    },
    combine: (_length, values, emit) => {
      let total = 0;
      let longest = "";
      for (const value of values) {
        total += value.words;
        if (value.longest > longest) ({ longest } = value);
      }
      emit({ words: total, longest });
    },
    reduce: (length, values, emit) => {
      let total = 0;
      for (const value of values) total += value.words;
      emit({ length, total });
    },
    output: jsonLines(object({ length: int(), total: int() })),
  });

  it("gives the same with a combiner and without, for any number of tasks", async () => {
    const input = Array.from({ length: 100 }, (_, index) => `a bb ccc ${"d".repeat(index % 5)}`);
    const expected = [
      { length: 1, total: 120 },
      { length: 2, total: 120 },
      { length: 3, total: 120 },
      { length: 4, total: 20 },
    ];
    for (const [maps, reduces] of [
      [2, 2],
      [5, 3],
      [2, 9],
    ] as const) {
      const { records, counters } = await testJob(job, { input, maps, reduces });
      expect(records.toSorted((a, b) => a.length - b.length)).toEqual(expected);
      expect(counters["too short"]).toBe(20);
    }
  });

  it("takes parameters as text, and refuses wrong ones", async () => {
    expect((await testJob(job, { input: ["a bb"], params: { least: "2" } })).records).toEqual([
      { length: 2, total: 1 },
    ]);
    await expect(testJob(job, { input: [], params: { least: "two" } })).rejects.toMatchObject({ code: "E_PARAMETER" });
    await expect(testJob(job, { input: [], params: { most: "2" } })).rejects.toMatchObject({ code: "E_PARAMETER" });
  });
});

describe("a job of an aggregator", () => {
  it("keeps keys that are names of Object.prototype, empty, or beyond 16 bits", async () => {
    const keys = ["__proto__", "constructor", "", "\u{1f600}", "\u{e000}", "a\0b", "\ufeff"];
    const job = defineJob({
      name: "keys",
      input: textLines(),
      map: (line, emit) => emit(line),
      reduce: count(),
      output: textTable(),
    });
    const { records } = await testJob(job, { input: [...keys, ...keys] });
    expect(new Map(records.map(({ key, value }) => [key, value]))).toEqual(new Map(keys.map((key) => [key, 2])));
  });

  it("gives each kind of result", async () => {
    const hit = (host: string, bytes: number | "-"): string =>
      `${host} - - [10/Oct/2000:13:55:36 +0000] "GET /${bytes} HTTP/1.1" 200 ${bytes}`;
    const job = defineJob({
      name: "results",
      input: combinedLog(),
      key: optional(text()),
      map: (record, emit) => {
        const { bytes } = record;
        emit(record.user, {
          bytes,
          mean: bytes,
          last: record.time,
          hosts: record.host,
          ...(bytes === null ? {} : { top: { item: record.path, weight: bytes } }),
        });
      },
      reduce: fields({
        hits: count(),
        bytes: sum(int()),
        mean: mean(),
        last: max(time()),
        hosts: distinct(text()),
        top: topK(1, text()),
      }),
      output: jsonLines(),
    });
    const { records } = await testJob(job, { input: [hit("a", 1), hit("b", 4), hit("a", "-")] });
    expect(records).toEqual([
      {
        key: null,
        value: {
          hits: 3,
          bytes: 5,
          mean: 2.5,
          last: Date.UTC(2000, 9, 10, 13, 55, 36),
          hosts: 2,
          top: [{ item: "/4", weight: 4 }],
        },
      },
    ]);
  });
});

describe("a job without reduce", () => {
  it("writes records in the order of the input", async () => {
    const job = defineJob({
      name: "hosts",
      input: combinedLog(),
      map: (hit, emit) => emit(hit),
      output: jsonLines<{ readonly host: string }>(),
    });
    const line = '192.0.2.1 - - [10/Oct/2000:13:55:36 +0000] "GET / HTTP/1.1" 200 1';
    const { records, badRecords } = await testJob(job, { input: [line, "nonsense", line] });
    expect(records.map(({ host }) => host)).toEqual(["192.0.2.1", "192.0.2.1"]);
    expect(badRecords).toHaveLength(1);
  });
});

describe("a job that does what it must not", () => {
  const failing = (map: (line: string, emit: Emit<string, number>) => unknown): ReturnType<typeof testJob> =>
    testJob(
      defineJob({ name: "bad", input: textLines(), map: map as () => undefined, reduce: sum(), output: textTable() }),
      { input: words },
    );

  it.each<[string, string, (line: string, emit: Emit<string, number>) => unknown]>([
    ["returns a promise", "E_ASYNC_USER_CODE", async (line, emit) => emit(line, 1)],
    [
      "is a generator",
      "E_ASYNC_USER_CODE",
      function* (line) {
        yield line;
      },
    ],
    ["emits a key of another type", "E_KEY_INVALID", (_line, emit) => emit(5 as unknown as string, 1)],
    ["emits a key with a lone surrogate", "E_KEY_INVALID", (_line, emit) => emit("\ud800", 1)],
    ["emits a value of another type", "E_VALUE_INVALID", (line, emit) => emit(line, "1" as unknown as number)],
    [
      "throws",
      "E_USER_CODE",
      () => {
        throw new Error("boom");
      },
    ],
    [
      "emits after it returned",
      "E_EMIT_AFTER_END",
      (line, emit) => {
        queueMicrotask(() => {
          // Catching what emit throws does not save the attempt.
          try {
            emit(line, 1);
          } catch {
            line = "";
          }
        });
      },
    ],
  ])("fails when map %s", async (_what, code, map) => {
    await expect(failing(map)).rejects.toMatchObject({ code });
  });

  it("fails when reduce reads its values twice", async () => {
    const job = defineJob({
      name: "twice",
      input: textLines(),
      key: tuple(text(), int()),
      value: int(),
      map: (line, emit) => emit([line, 1], 1),
      reduce: (_key, values, emit) => emit([[...values].length, [...values].length]),
      output: textTable(),
    });
    await expect(testJob(job, { input: words })).rejects.toMatchObject({ code: "E_USER_CODE" });
  });

  it("fails when it writes what the output cannot hold", async () => {
    const job = defineJob({
      name: "lines",
      input: textLines(),
      map: (line, emit) => emit(`${line}\n${line}`),
      output: textLines(),
    });
    await expect(testJob(job, { input: words })).rejects.toMatchObject({ code: "E_VALUE_INVALID" });
  });
});
