import { jsonLines, textLines, textTable } from "@millrace/formats";
import { defineJob, int, object, sum, text } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

const words = defineJob({
  name: "words",
  params: { least: int({ default: 1, min: 1 }) },
  input: textLines(),
  map: (line, emit, context) => {
    for (const word of line.split(" ")) if (word.length >= context.params.least) emit(word, 1);
    context.count("lines");
  },
  reduce: sum(),
  output: textTable(),
});

const sorted = <T extends { readonly key: string }>(records: readonly T[]): readonly T[] =>
  records.toSorted((a, b) => (a.key < b.key ? -1 : 1));

describe("testJob()", () => {
  it("gives the records of an aggregator's job with its counters", async () => {
    const { records, counters } = await testJob(words, { input: ["a b", "b"] });
    expect(sorted(records)).toEqual([
      { key: "a", value: 1 },
      { key: "b", value: 2 },
    ]);
    expect(counters).toMatchObject({
      lines: 2,
      "millrace.records.in": 2,
      "millrace.pairs.emitted": 3,
      "millrace.groups": 2,
    });
  });

  it("parses parameters as the command line does", async () => {
    expect((await testJob(words, { input: ["a bb"], params: { least: "2" } })).records).toEqual([
      { key: "bb", value: 1 },
    ]);
    await expect(testJob(words, { input: [], params: { least: "0" } })).rejects.toMatchObject({ code: "E_PARAMETER" });
    await expect(testJob(words, { input: [], params: { last: "1" } })).rejects.toMatchObject({ code: "E_PARAMETER" });
  });

  it("gives no record for no input, and a record for an empty line", async () => {
    expect((await testJob(words, { input: [] })).records).toEqual([]);
    const lines = defineJob({ name: "l", input: textLines(), map: (line, emit) => emit([line]), output: textTable() });
    expect((await testJob(lines, { input: ["", "x", ""] })).records).toEqual([[""], ["x"], [""]]);
  });

  it("reads each record once for any number of maps", async () => {
    const lines = defineJob({ name: "l", input: textLines(), map: (line, emit) => emit([line]), output: textTable() });
    const input = Array.from({ length: 40 }, (_, index) => "y".repeat(index % 9) + index);
    for (const maps of [2, 3, 7, 50]) {
      expect((await testJob(lines, { input, maps })).records).toEqual(input.map((line) => [line]));
    }
  });

  it("runs the map in two tasks, so that state of the module is seen to be none of the job's", async () => {
    const tasks = defineJob({
      name: "t",
      setup: () => ({ lines: 0 }),
      input: textLines(),
      map: (_line, emit, context) => emit([++context.state.lines]),
      output: textTable(),
    });
    expect((await testJob(tasks, { input: ["a", "b", "c", "d"] })).records).toEqual([[1], [2], [1], [2]]);
  });

  it("runs combine once for each cut of pairs, never on what it gave", async () => {
    let combined = 0;
    const longest = defineJob({
      name: "longest",
      input: textLines(),
      value: int(),
      map: (line, emit) => emit("k", line.length),
      combine: (_key, values, emit) => {
        combined += 1;
        emit(Math.max(...values));
      },
      reduce: (key, values, emit) => emit([key, Math.max(...values)]),
      output: textTable(),
    });
    const input = Array.from({ length: 16 }, (_, index) => "x".repeat(index));
    const { records, counters } = await testJob(longest, { input, maps: 2 });
    expect(records).toEqual([["k", 15]]);
    // Cuts of 4 pairs; both maps together have 16, and neither a number that 4 divides.
    expect(combined).toBe(counters["millrace.pairs.out"]);
    expect(combined).toBeLessThanOrEqual(6);
  });

  it("gives values in the order of the input, and refuses a second look at them", async () => {
    const lists = defineJob({
      name: "lists",
      input: textLines(),
      value: text(),
      map: (line, emit) => emit("k", line),
      reduce: (key, values, emit) => {
        emit([key, [...values].join()]);
        expect(() => [...values]).toThrow(/second|once/);
      },
      output: textTable(),
    });
    expect((await testJob(lists, { input: ["d", "a", "c", "b"] })).records).toEqual([["k", "d,a,c,b"]]);
  });

  it("does not let a job keep the values of a key", async () => {
    const kept: Iterable<string>[] = [];
    const keeper = defineJob({
      name: "keeper",
      input: textLines(),
      value: text(),
      map: (line, emit) => emit(line, line),
      reduce: (_key, values, emit) => {
        for (const earlier of kept) emit([[...earlier].length]);
        kept.push(values);
      },
      output: textTable(),
    });
    await expect(testJob(keeper, { input: ["a", "b", "c", "d"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringContaining("has returned"),
    });
  });

  it("finds what map leaves pending: an emit by a timer, and a timer that does not end", async () => {
    const emits = defineJob({
      name: "emits",
      input: textLines(),
      map: (_line, emit) => {
        setTimeout(() => {
          expect(() => emit(["late"])).toThrow();
        }, 5);
      },
      output: textTable(),
    });
    await expect(testJob(emits, { input: ["a"] })).rejects.toMatchObject({
      code: "E_EMIT_AFTER_END",
      message: expect.stringContaining("the map that it was given to has returned"),
    });
    const timers: NodeJS.Timeout[] = [];
    const pends = defineJob({
      name: "pends",
      input: textLines(),
      map: () => {
        timers.push(setInterval(() => undefined, 100));
      },
      output: textTable(),
    });
    await expect(testJob(pends, { input: ["a"] })).rejects.toMatchObject({
      code: "E_ASYNC_USER_CODE",
      message: expect.stringMatching(/, \d of Timeout; /),
    });
    for (const timer of timers) clearInterval(timer);
  });

  it("spills a map whose keys do not fit, with the same result", async () => {
    const input = Array.from({ length: 3_000 }, (_, index) => `key-${index} key-${index % 7}`);
    const { records } = await testJob(words, { input });
    expect(records.length).toBe(3_000);
    expect(records.find((record) => record.key === "key-3")?.value).toBe(430);
  });

  it("gives records that cannot be parsed with their reason, and counts them", async () => {
    const json = defineJob({
      name: "j",
      input: jsonLines<{ readonly a: string }>(),
      map: (record, emit) => emit([record.a]),
      output: textTable(),
    });
    const { records, badRecords, counters } = await testJob(json, { input: ['{"a":"1"}', "{", '{"a":"2"}'] });
    expect(records).toEqual([["1"], ["2"]]);
    expect(badRecords).toEqual([{ uri: "memory:/input", offset: 10, text: "{", reason: expect.any(String) }]);
    expect(counters["millrace.records.bad"]).toBe(1);
  });

  it("fails as the task would: with code, key and the text of what was thrown", async () => {
    const job = defineJob({
      name: "f",
      input: textLines(),
      value: int(),
      map: (line, emit) => emit(line, 1),
      reduce: () => {
        throw new Error("no");
      },
      output: textTable(),
    });
    await expect(testJob(job, { input: ["k"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/reduce.*no[^]*key "k"/),
    });
  });

  it("shows a key that is no text as the JSON that it is", async () => {
    const job = defineJob({
      name: "f",
      input: textLines(),
      key: object({ word: text(), size: int() }),
      value: int(),
      map: (line, emit) => emit({ word: line, size: 1 }, 1),
      reduce: () => {
        throw new Error("no");
      },
      output: textTable(),
    });
    await expect(testJob(job, { input: ['a"\u202e'] })).rejects.toMatchObject({
      message: expect.stringMatching(/\nkey \{"word":"a\\"\\u\{202e\}","size":1\}$/u),
    });
  });

  it("names the user's combine in its failure, not the engine", async () => {
    const job = defineJob({
      name: "c",
      input: textLines(),
      value: int(),
      map: (line, emit) => emit(line, 1),
      combine: () => {
        throw new Error("no");
      },
      reduce: (key, _values, emit) => emit([key]),
      output: textTable(),
    });
    await expect(testJob(job, { input: ["k"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringContaining('"combine": Error: no'),
    });
  });

  it("refuses what is no job, and a number of tasks below two", async () => {
    await expect(testJob({} as never, { input: [] })).rejects.toMatchObject({ code: "E_JOB_MODULE" });
    await expect(testJob(words, { input: [], maps: 1 })).rejects.toMatchObject({ code: "E_JOB_INVALID" });
  });

  it("keeps keys that are names of objects' members apart", async () => {
    const { records } = await testJob(words, { input: ["__proto__ constructor toString __proto__"] });
    expect(sorted(records)).toEqual([
      { key: "__proto__", value: 2 },
      { key: "constructor", value: 1 },
      { key: "toString", value: 1 },
    ]);
  });
});
