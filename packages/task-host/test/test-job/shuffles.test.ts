// What a job says of its shuffle, through `testJob`: order keys, partition functions, key ranges.

import { textLines, textTable } from "@millrace/formats";
import { chain, defineJob, int, object, records, sampledRanges, sum, text } from "@millrace/sdk";
import type { Job } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

const wordCount = defineJob({
  name: "word-count",
  input: textLines(),
  map: (line, emit) => {
    for (const word of line.split(" ")) if (word !== "") emit(word, 1);
  },
  reduce: sum(),
  output: textTable(),
});

describe("testJob() of a shuffle", () => {
  it("gives the values of a key by order key, then by task and position", async () => {
    const job = defineJob({
      name: "ordered",
      input: textLines(),
      value: text(),
      orderBy: int(),
      map: (line, emit) => {
        const [key = "", order = "", value = ""] = line.split(" ");
        emit(key, value, Number(order));
      },
      reduce: (key, values, emit) => emit([key, [...values].join("")]),
      output: textTable(),
    });
    const input = ["k 3 x", "k -1 a", "j 2 q", "k 3 y", "k 0 b", "j 1 p", "k 3 z"];
    const { records: rows } = await testJob(job, { input });
    expect(Object.fromEntries(rows as [string, string][])).toEqual({ k: "abxyz", j: "pq" });
  });

  it("refuses a pair without the order that it needs", async () => {
    const job = defineJob({
      name: "unordered",
      input: textLines(),
      value: text(),
      orderBy: int(),
      map: (line, emit) => (emit as (key: string, value: string) => void)(line, line),
      reduce: (key, _values, emit) => emit([key]),
      output: textTable(),
    });
    await expect(testJob(job, { input: ["a"] })).rejects.toMatchObject({
      code: "E_KEY_INVALID",
      message: expect.stringMatching(/undefined[^]*record "a"$/),
    });
  });

  it("calls the job's partition function with the number of partitions", async () => {
    const job = defineJob({
      name: "parted",
      input: textLines(),
      key: int(),
      value: int(),
      map: (line, emit) => emit(Number(line), 1),
      partition: (key, partitions) => partitions - 1 - (key % partitions),
      reduce: (key, _values, emit) => emit([key]),
      output: textTable(),
    });
    const { records: rows } = await testJob(job, { input: ["0", "1", "2", "3", "4", "5"], reduces: 3 });
    expect(rows).toEqual([[2], [5], [1], [4], [0], [3]]);
  });

  it.each([
    ["gives 2", () => 2, /Cannot partition a key: .* gave 2; return an integer from 0 to 1[^]*record "a"/],
    ["gives NaN", () => Number.NaN, /gave NaN; return an integer from 0 to 1/],
    ["gives a text", () => "0" as never, /gave a string; return an integer from 0 to 1/],
    ["gives a promise", () => Promise.resolve(0) as never, /gave a object; return an integer from 0 to 1/],
    [
      "throws",
      () => {
        throw new Error("no place");
      },
      /^Cannot run "partition": Error: no place; [^]*record "a"/,
    ],
  ])("fails a partition function that %s", async (_what, partition, message) => {
    const job = defineJob({
      name: "parted",
      input: textLines(),
      value: int(),
      map: (line, emit) => {
        try {
          emit(line, 1);
        } catch {
          // The attempt fails all the same.
        }
      },
      partition,
      reduce: (key, _values, emit) => emit([key]),
      output: textTable(),
    });
    await expect(testJob(job, { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(message),
    });
  });

  it("refuses to emit from partition and from combine", async () => {
    let kept: (key: string, value: number) => void = () => undefined;
    const job = (inside: "partition" | "combine"): Job<string, readonly string[]> =>
      defineJob({
        name: inside,
        input: textLines(),
        value: int(),
        map: (line, emit) => {
          kept = emit;
          emit(line, 1);
        },
        combine: (_key, _values, emit) => {
          if (inside === "combine") kept("x", 1);
          emit(1);
        },
        partition: () => {
          if (inside === "partition") kept("x", 1);
          return 0;
        },
        reduce: (key, _values, emit: (record: readonly string[]) => void) => emit([key]),
        output: textTable<readonly string[]>(),
      });
    for (const inside of ["partition", "combine"] as const)
      await expect(testJob(job(inside), { input: ["a"] })).rejects.toMatchObject({
        code: "E_EMIT_AFTER_END",
        message: expect.stringContaining(`"${inside}" runs`),
      });
  });

  it("sorts all records by sampled ranges, partition after partition", async () => {
    const job = defineJob({
      name: "sort",
      input: textLines(),
      value: text(),
      map: (line, emit, context) => {
        context.count("lines");
        context.outputs.seen(line);
        emit(line, "");
      },
      partition: sampledRanges(),
      reduce: (key, values, emit) => {
        for (const _value of values) emit(key);
      },
      output: textLines(),
      outputs: { seen: textLines() },
    });
    const input = Array.from({ length: 400 }, (_, index) => String((index * 7_919) % 1_009).padStart(4, "0"));
    for (const reduces of [2, 5]) {
      const result = await testJob(job, { input, reduces, maps: 3 });
      expect(result.records).toEqual(input.toSorted());
      // The sample ran the map too, and nothing of it counts.
      expect(result.outputs.seen.length).toBe(400);
      expect(result.counters).toMatchObject({ lines: 400, "millrace.records.in": 400, "millrace.pairs.emitted": 400 });
    }
    expect((await testJob(job, { input: [] })).records).toEqual([]);
  });

  it("runs a map with fewer partitions in a later stage than its maps, values in the order of the reducers before", async () => {
    const regroup = defineJob({
      name: "regroup",
      input: records(object({ key: text(), value: int() })),
      value: text(),
      map: ({ key, value }, emit) => emit(value % 2 === 0 ? "even" : "odd", key),
      reduces: 1,
      reduce: (key, values, emit) => emit([key, [...values].join("")]),
      output: textTable(),
    });
    const { records: rows } = await testJob(chain(wordCount, regroup), {
      input: ["a b c a", "d c d", "e"],
      reduces: 3,
    });
    // Values come by task of the stage before, and there by key; how words hash is documented.
    expect(rows).toEqual([
      ["even", expect.stringMatching(/^(?:acd|adc|cad|cda|dac|dca)$/)],
      ["odd", expect.stringMatching(/^(?:be|eb)$/)],
    ]);
    expect(
      (await testJob(chain(wordCount, regroup), { input: ["a b c a", "d c d", "e"], reduces: 3, maps: 7 })).records,
    ).toEqual(rows);
  });
});
