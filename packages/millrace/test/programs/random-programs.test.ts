// Chains of random jobs, run by the engine (splits, spills, combines, merges) and by the plain runner of programs: the
// same records, in the same order, in every output.

import * as fc from "fast-check";
import {
  type Job,
  chain,
  defineJob,
  defineJoin,
  int,
  jsonLines,
  leftJoin,
  object,
  records,
  sampledRanges,
  sum,
  testJob,
  text,
  textLines,
  tuple,
} from "millrace";
import { describe, expect, it } from "vitest";
import { runProgram } from "../../../sdk/test/program/run-program.ts";

type Row = { readonly k: string; readonly n: number };
const codec = object({ k: text(), n: int() });
const rows = records(codec);
const file = jsonLines(codec);

/** `key number`, one a line. */
const parsed = defineJob({
  name: "parsed",
  input: textLines(),
  map: (line, emit) => {
    const [k = "", n = "0"] = line.split(" ");
    emit({ k, n: Number(n) });
  },
  output: rows,
});

/** A join with the lengths of keys, of keys that both have or one. */
const joined = defineJoin({
  name: "joined",
  inputs: {
    lengths: { input: textLines(), value: int(), map: (line, emit) => emit(line, line.length) },
    rows: {
      input: textLines(),
      value: int(),
      map: (line, emit) => emit(line.split(" ")[0] ?? "", Number(line.split(" ")[1] ?? 0)),
    },
  },
  reduce: (k, sides, emit) => {
    for (const row of leftJoin(sides, "rows")) emit({ k, n: row.rows + (row.lengths ?? 0) });
  },
  output: rows,
});

/** Sorted across part files; only behind what reads splits. */
const sorted = defineJob({
  name: "sorted",
  input: rows,
  value: int(),
  map: (row, emit) => emit(row.k, row.n),
  reduce: (k, values, emit) => {
    for (const n of values) emit({ k, n });
  },
  partition: sampledRanges(),
  output: rows,
});

const written = defineJob({ name: "written", input: rows, map: (row, emit) => emit(row), output: file });

/** Jobs that read and write rows; `at` tells their named outputs apart. */
const jobs: readonly ((at: number) => Job<Row, Row>)[] = [
  (at) =>
    defineJob({
      name: "kept",
      input: rows,
      setup: () => ({ seen: 0 }),
      map: (row, emit, { outputs }) => {
        if (row.n % 3 === 0) outputs[`left-${at}`]?.({ ...row });
        else emit({ k: row.k, n: row.n + 1 });
      },
      output: rows,
      outputs: { [`left-${at}`]: file },
    }),
  () =>
    defineJob({
      name: "doubled",
      input: rows,
      map: (row, emit) => {
        emit(row);
        emit({ k: `${row.k}'`.slice(0, 6), n: row.n });
      },
      output: rows,
    }),
  () =>
    chain(
      defineJob({
        name: "sums",
        input: rows,
        map: (row, emit) => emit(row.k.slice(0, 2), row.n),
        reduce: sum(),
        output: records(object({ key: text(), value: int() })),
      }),
      defineJob({
        name: "rows",
        input: records(object({ key: text(), value: int() })),
        map: ({ key, value }, emit) => emit({ k: key, n: value % 1_000 }),
        output: rows,
      }),
    ),
  (at) =>
    defineJob({
      name: "listed",
      input: rows,
      key: int(),
      value: text(),
      orderBy: tuple(int(), text()),
      map: (row, emit) => emit(row.n % 5, row.k, [row.n % 2, row.k]),
      partition: (key, partitions) => (key + partitions) % partitions,
      reduce: (key, values, emit, { outputs }) => {
        const listed = [...values];
        outputs[`long-${at}`]?.({ k: listed.join(","), n: listed.length });
        emit({ k: listed.join("").slice(0, 8), n: key + listed.length });
      },
      output: rows,
      outputs: { [`long-${at}`]: file },
    }),
  () =>
    defineJob({
      name: "combined",
      input: rows,
      value: int(),
      map: (row, emit) => emit(row.k, row.n),
      combine: (_key, values, emit) => emit(total(values)),
      reduce: (k, values, emit) => emit({ k, n: total(values) % 1_000 }),
      output: rows,
    }),
  () =>
    defineJob({
      name: "one",
      input: rows,
      value: int(),
      reduces: 1,
      map: (row, emit) => emit(row.k, row.n),
      reduce: (k, values, emit) => {
        // Of some keys no value is read.
        if (k.length % 2 === 0) for (const n of values) emit({ k, n });
      },
      output: rows,
    }),
];

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

const lineOf = fc
  .tuple(fc.stringMatching(/^[abc]{1,3}$/u), fc.integer({ min: 0, max: 50 }))
  .map(([k, n]) => `${k} ${n}`);

const pick = fc.array(fc.nat({ max: jobs.length - 1 }), { maxLength: 4 });

/** The jobs picked, one after the other, behind a first one. */
function chainOf(first: Job<never, Row>, picked: readonly number[]): Job<never, Row> {
  const steps = picked.map((which, at) => jobs[which]?.(at) ?? written);
  const last = steps.reduce<Job<Row, Row>>((before, after) => chain(before, after), written);
  return chain(chain(first, last), written);
}

describe("a chain of random jobs", () => {
  it("gives by the engine what it gives by the plain runner, for any number of maps", async () => {
    await fc.assert(
      fc.asyncProperty(
        pick,
        fc.array(lineOf, { maxLength: 60 }),
        fc.boolean(),
        fc.integer({ min: 2, max: 4 }),
        async (picked, lines, isSorted, maps) => {
          const job = chainOf(isSorted ? chain(parsed, sorted) : parsed, picked);
          const { records: main, outputs } = await testJob(job, { input: lines, maps });
          const expected = await runProgram(job, { inputs: { "": [lines] } });
          expect({ ...(outputs as Record<string, unknown>), "": main }).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("may begin with a join", async () => {
    await fc.assert(
      fc.asyncProperty(
        pick,
        fc.array(lineOf, { maxLength: 40 }),
        fc.array(fc.stringMatching(/^[abc]{1,3}$/u), { maxLength: 10 }),
        async (picked, lines, keys) => {
          const job = chainOf(joined, picked);
          const given = { lengths: keys, rows: lines };
          const { records: main, outputs } = await testJob(job, { inputs: given });
          const expected = await runProgram(job, { inputs: { lengths: [keys], rows: [lines] } });
          expect({ ...(outputs as Record<string, unknown>), "": main }).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
