// Aggregations in chains: behind a job of functions, and before one by a named output of theirs.

import {
  atLeast,
  chain,
  count,
  defineAggregation,
  defineJob,
  int,
  jsonLines,
  object,
  outputOf,
  records,
  sum,
  testJob,
  text,
  textLines,
  textTable,
} from "millrace";
import { describe, expect, it } from "vitest";

const counted = records(object({ key: text(), value: int() }));
const words = defineJob({
  name: "words",
  input: textLines(),
  map: (line, emit) => line.split(" ").forEach((word) => emit(word, 1)),
  reduce: sum(),
  output: textTable(),
});
const sizes = defineAggregation({
  name: "sizes",
  input: counted,
  where: atLeast(counted.value, 1),
  aggregations: {
    counts: { groupBy: { n: counted.value }, reduce: { words: count() }, output: jsonLines() },
    all: { groupBy: {}, reduce: { words: count(), total: sum(counted.value) }, output: jsonLines() },
  },
});
const ranked = defineAggregation({
  name: "ranked",
  input: counted,
  aggregations: {
    counts: { groupBy: { n: counted.value }, reduce: { words: count() }, output: jsonLines() },
    top: {
      groupBy: { key: counted.key },
      reduce: { n: sum(counted.value) },
      top: { by: "n", count: 2 },
      output: jsonLines(),
    },
  },
});
const shown = defineJob({
  name: "shown",
  input: records(object({ n: int(), words: int() })),
  map: (row, emit) => emit(`${row.words} words occur ${row.n} times`),
  output: textLines(),
});
const input = ["a b a", "c b a"];

describe("an aggregation in a chain", () => {
  it("reads what a job of functions writes", async () => {
    const { outputs } = await testJob(chain(words, sizes), { input });
    const { counts, all } = outputs as { readonly counts: readonly { readonly n: number }[]; readonly all: unknown };
    expect(counts.toSorted((a, b) => a.n - b.n)).toEqual([
      { n: 1, words: 1 },
      { n: 2, words: 1 },
      { n: 3, words: 1 },
    ]);
    expect(all).toEqual([{ words: 3, total: 6 }]);
  });

  it("goes on with one of its outputs, and writes the others", async () => {
    const { records: lines, outputs } = await testJob(chain(words, outputOf(sizes, "counts"), shown), { input });
    expect(lines.toSorted()).toEqual(["1 words occur 1 times", "1 words occur 2 times", "1 words occur 3 times"]);
    expect(outputs).toEqual({ all: [{ words: 3, total: 6 }] });
  });

  it("goes on with a top list", async () => {
    const top = defineJob({
      name: "names",
      input: records(object({ key: text(), n: int() })),
      map: (row, emit) => emit(row.key),
      output: textLines(),
    });
    const { records: names, outputs } = await testJob(chain(words, outputOf(ranked, "top"), top), { input });
    expect(names).toEqual(["a", "b"]);
    expect((outputs as { readonly counts: unknown[] }).counts).toHaveLength(3);
  });

  it("refuses to go on with an output whose stage feeds the top list of another", () => {
    expect(() => outputOf(ranked, "counts")).toThrow(
      expect.objectContaining({
        code: "E_JOB_INVALID",
        message: expect.stringContaining('Cannot take the output "counts" of job "ranked"') as string,
      }),
    );
  });
});
