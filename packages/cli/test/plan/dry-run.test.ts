import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defaultJobOptions } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { combinedLog, jsonLines, numbers, openMetrics, textLines, textTable } from "@millrace/formats";
import {
  count,
  defineAggregation,
  defineJob,
  double,
  eachMatch,
  eachWord,
  fields,
  int,
  integer,
  last,
  object,
  quantile,
  substring,
  sum,
  text,
  time,
  pattern,
} from "@millrace/sdk";
import { jobProgram, parseParams, specOf } from "@millrace/sdk/engine";
import type { JobProgram } from "@millrace/sdk/engine";
import { uriOfPath } from "@millrace/storage";
import type { BuiltSpec } from "../../src/job-module/build-spec.ts";
import type { Terminal } from "../../src/output/terminal.ts";
import type { PlanDescription } from "../../src/plan/describe-plan.ts";
import { dryRun } from "../../src/plan/dry-run.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-plan-"));
  mkdirSync(join(directory, "in"));
  for (const name of ["a", "b", "_hidden"]) writeFileSync(join(directory, "in", name), "word\n".repeat(20));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const wordCount = defineJob({
  name: "word-count",
  params: { top: integer({ default: 3 }), least: integer() },
  input: textLines(),
  map: (line, emit) => emit(line, 1),
  reduce: sum(),
  output: textTable(),
});

function built(job: unknown, change: Partial<JobSpec> = {}): BuiltSpec {
  const program = jobProgram(job);
  const params = change.params ?? {};
  const extracted = specOf(program, { params: parseParams(program.params, params) });
  const spec: JobSpec = {
    name: extracted.name,
    bundle: { sha256: "a".repeat(64), bytes: 1_234 },
    dataVersion: extracted.dataVersion,
    nodeMajor: 24,
    inputs: extracted.inputs.map(({ name, format }) => ({
      ...(name === "" ? {} : { name }),
      patterns: [uriOfPath(join(directory, "in"))],
      format,
    })),
    stages: extracted.stages,
    output: { uri: uriOfPath(join(directory, "out")), overwrite: false },
    params,
    options: { ...defaultJobOptions, splitBytes: 60 },
    ...change,
  };
  return { spec, program, payload: new Uint8Array() };
}

function catcher(): { readonly terminal: Terminal; readonly text: () => string } {
  const caught: string[] = [];
  const ignore = (): void => undefined;
  const terminal: Terminal = {
    data: (text) => void caught.push(text),
    note: ignore,
    error: ignore,
    progress: false,
    interactive: false,
    raw: ignore,
    style: (_format, text) => text,
  };
  return { terminal, text: () => caught.join("").replaceAll(uriOfPath(directory), "file:///d") };
}

async function shown(plan: BuiltSpec): Promise<string> {
  const { terminal, text } = catcher();
  expect(await dryRun(plan, terminal, false)).toBe(0);
  return text();
}

async function data(plan: BuiltSpec): Promise<PlanDescription> {
  const { terminal, text } = catcher();
  await dryRun(plan, terminal, true);
  return JSON.parse(text()) as PlanDescription;
}

describe("dryRun()", () => {
  it("prints splits, stages, shuffle, outputs, parameters and files, and makes nothing", async () => {
    const files = [{ name: "stop.txt", sha256: "b".repeat(64), bytes: 4 }];
    const lines = await shown(built(wordCount, { params: { least: "2" }, files }));
    expect(lines.replace(/[0-9a-f]{32},/, "HASH,")).toBe(`job       word-count: 2 stages, 5 tasks
input     text-lines: 2 files, 200 B, 1 hidden left out; files may be cut
            file:///d/in
param     top = 3 (default)
param     least = 2
file      stop.txt, 4 B, sha256 ${"b".repeat(64)}
stage 0   map, 4 tasks: reads the input
            text-lines records of text -> map
            record by record: the map
            4 splits, 200 B, the largest 60 B
              file:///d/in/a from 0, 60 bytes
              file:///d/in/a from 60, 40 bytes
              file:///d/in/b from 0, 60 bytes
              file:///d/in/b from 60, 40 bytes
            shuffle: 1 partition by hash of the key
              key text, states of sum
              order: keys ascend, then as read
              combined in the map tasks, and wherever runs are merged
stage 1   reduce, 1 task: reads the shuffle of stage 0
            result of each key
            writes file:///d/out/part-r-?????.tsv, text-table
output    file:///d/out
          plan HASH, code and files 1.21 KiB; nothing was run or written
`);
    expect(readdirSync(directory)).toEqual(["in"]);
  });

  it("says what runs by kernels, and why the rest does not", async () => {
    const log = combinedLog();
    const does = async (job: Parameters<typeof built>[0]): Promise<readonly string[] | undefined> =>
      (await data(built(job))).stages[0]?.does.slice(1);
    const reduce = { hits: count() };
    const output = jsonLines();
    const paths = { groupBy: { path: log.path }, reduce, output };
    const starts = { groupBy: { start: substring(log.path, 0, 5) }, reduce, output };
    const others = "lines with escapes or other characters than ASCII";
    expect(await does(defineAggregation({ name: "a", input: log, aggregations: { paths } }))).toEqual([
      "by kernels: paths",
      `record by record: ${others}`,
    ]);
    expect(await does(defineAggregation({ name: "a", input: log, aggregations: { paths, starts } }))).toEqual([
      "by kernels: paths",
      `record by record: starts (no kernel computes substring(path, 0, 5)), ${others}`,
    ]);
    const lasts = { groupBy: {}, reduce: { end: last(log.path) }, output };
    expect(await does(defineAggregation({ name: "a", input: log, aggregations: { paths, lasts } }))).toEqual([
      'record by record: paths ("lasts" keeps values by their places), lasts ("lasts" keeps values by their places)',
    ]);
    const counted = (letters: boolean) =>
      defineJob({
        name: "w",
        input: textLines(),
        key: text(),
        map: eachWord({ letters }),
        reduce: sum(),
        output: textTable(),
      });
    expect(await does(counted(false))).toEqual([
      "by kernels: words and their counts; record by record: lines with bytes that are no UTF-8",
    ]);
    expect(await does(counted(true))).toEqual([
      "by kernels: words of letters and their counts; record by record: lines with bytes that are no UTF-8, or characters of four bytes",
    ]);
    const grep = defineJob({
      name: "g",
      params: { p: pattern({ about: "what to count", default: '" 50[03] ' }) },
      input: textLines(),
      key: text(),
      map: eachMatch({ pattern: "p" }),
      reduce: count(),
      output: textTable(),
    });
    expect(await does(grep)).toEqual([
      "by kernels: matches in lines of ASCII and their counts; record by record: other lines",
    ]);
    const batches = defineJob({
      name: "b",
      input: textLines(),
      mapBatch: ({ count: lines }, emit) => emit("lines", lines),
      reduce: sum(),
      output: textTable(),
    });
    expect(await does(batches)).toEqual(["in batches of lines: the map"]);
    const metrics = openMetrics();
    const series = (emits: boolean) =>
      defineJob({
        name: "s",
        input: metrics,
        key: text(),
        value: double(),
        emits: () => (emits ? { key: metrics.series, value: metrics.value } : undefined),
        map: (sample, emit) => emit(sample.name, 0),
        reduce: (key, _values, emit) => emit(key),
        output: textLines(),
      });
    expect(await does(series(true))).toEqual([
      "by kernels: pairs of columns",
      'record by record: what "emits" leaves to the map, comments, and samples with exemplars, labels out of order, long numbers or other characters than ASCII',
    ]);
    expect(await does(series(false))).toEqual(["record by record: the map (the map takes all records)"]);
  });

  it("shows the types that travel: composite keys, order keys, values, aggregators", async () => {
    const grouped = await data(
      built(
        defineJob({
          name: "minutes",
          input: combinedLog(),
          key: object({ status: int(), minute: time() }),
          map: (hit, emit) => emit({ status: hit.status, minute: hit.time }, { hits: undefined, p99: hit.bytes }),
          reduce: fields({ hits: count(), p99: quantile(int(), 0.99) }),
          output: jsonLines(),
        }),
      ),
    );
    expect(grouped.stages[0]?.shuffle).toMatchObject({
      partitioning: "hash",
      pairs: "state",
      key: "{ status: int, minute: time }",
      value: "{ hits: count, p99: quantile(0.99) }",
    });
    const ordered = await data(
      built(
        defineJob({
          name: "visits",
          input: textLines(),
          key: text(),
          orderBy: time(),
          value: int(),
          map: (line, emit) => emit(line, 1, 0),
          reduce: (key, values, emit) => emit([key, [...values].length]),
          output: textTable(),
        }),
      ),
    );
    expect(ordered.stages[0]?.shuffle).toMatchObject({
      pairs: "value",
      orderKey: "time",
      value: "int",
      combined: "nowhere: each value travels",
    });
  });

  it("shows numbers as numbers", async () => {
    const pi = defineJob({
      name: "pi",
      params: { maps: integer({ default: 10 }) },
      input: numbers("maps"),
      map: (index, emit) => emit("all", index),
      reduce: sum(),
      output: textTable(),
    });
    const input = (count: number): JobSpec["inputs"][number] => ({
      patterns: [],
      format: { name: "numbers", splitting: "numbers", numbers: count },
    });
    const lines = await shown(built(pi, { inputs: [input(3)], params: { maps: "3" } }));
    expect(lines).toContain("input     numbers: 0 to 3, exclusive\n");
    expect(lines).toMatch(/ 1 split, 3 numbers, the most 3\n +0 to 3, exclusive\n/);
  });

  it("refuses what the coordinator would refuse, and says what is at the output's place", async () => {
    const missing = built(wordCount, {
      params: { least: "2" },
      inputs: [{ patterns: [uriOfPath(join(directory, "gone"))], format: { name: "text", splitting: "delimiter" } }],
    });
    await expect(shown(missing)).rejects.toMatchObject({ code: "E_INPUT_MISSING" });
    mkdirSync(join(directory, "out"));
    expect(await shown(built(wordCount, { params: { least: "2" } }))).toContain(
      "out (is there: a job needs --overwrite",
    );
    expect(existsSync(join(directory, "out", "_SUCCESS"))).toBe(false);
  });

  it("refuses an output whose parent takes no new names, and says which and why", async () => {
    const missing = built(wordCount, {
      params: { least: "2" },
      output: { uri: uriOfPath(join(directory, "none", "out")), overwrite: false },
    });
    await expect(shown(missing)).rejects.toMatchObject({
      code: "E_OUTPUT_DENIED",
      message: expect.stringMatching(/its parent "file:.*none" is missing; make it/u),
    });
    const file = built(wordCount, {
      params: { least: "2" },
      output: { uri: uriOfPath(join(directory, "in", "a", "out")), overwrite: false },
    });
    await expect(shown(file)).rejects.toMatchObject({ message: expect.stringContaining("is no directory") });
  });

  it("prints nothing that an author wrote as it is to a terminal", async () => {
    const program: JobProgram = jobProgram(wordCount);
    const plan = built(wordCount, { params: { least: "2" }, name: "a\u202Eb" });
    expect(await shown({ ...plan, program })).toContain("job       a\\u{202e}b: 2 stages");
  });
});
