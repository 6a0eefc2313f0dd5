import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultJobOptions } from "../../src/job/default-job-options.ts";
import { globBase, isWithin, uriFault, urisOverlap } from "../../src/job/uri-shape.ts";
import { validateSpec } from "../../src/job/validate-spec.ts";
import type { JobSpec, StageSpec } from "../../src/model/job-spec.ts";

const main = { name: "", extension: "txt" };
const shuffle = { partitions: "auto", pairs: "state", ordered: false } as const;
const good: JobSpec = {
  name: "word-count",
  bundle: { sha256: "a".repeat(64), bytes: 1 },
  dataVersion: 1,
  nodeMajor: 24,
  inputs: [{ patterns: ["file:///logs/*.log"], format: { name: "textLines", splitting: "delimiter" } }],
  stages: [
    { kind: "map", inputs: [0], shuffle, outputs: [] },
    { kind: "reduce", reads: 0, outputs: [main] },
  ],
  output: { uri: "file:///out", overwrite: false },
  params: {},
  options: defaultJobOptions,
};
const problems = (change: Partial<JobSpec>): readonly string[] =>
  validateSpec({ ...good, ...change }).map(
    ({ code, message }) => `${code} ${message.replace(/^Cannot submit ".*?": /, "")}`,
  );
const stages = (...list: readonly StageSpec[]): Partial<JobSpec> => ({ stages: list });

describe("validateSpec()", () => {
  it("finds nothing wrong with a good job, a map-only job and a chain", () => {
    expect(validateSpec(good)).toEqual([]);
    expect(problems(stages({ kind: "map", inputs: [0], outputs: [main] }))).toEqual([]);
    expect(
      problems(
        stages(
          { kind: "map", inputs: [0], shuffle, outputs: [{ name: "errors", extension: "jsonl" }] },
          { kind: "reduce", reads: 0, shuffle, outputs: [] },
          { kind: "reduce", reads: 1, outputs: [main] },
        ),
      ),
    ).toEqual([]);
  });

  it.each(["", " ", "a\nb", "\u001b[31m", "<script>", "\u202Eabc", "x".repeat(129), "\ud800"])(
    "refuses the name %j",
    (name) => {
      expect(problems({ name }).length).toBeGreaterThan(0);
    },
  );

  it.each(["ü", "日本", "a b", "🎉".repeat(128), "__proto__"])("takes the name %j", (name) => {
    expect(problems({ name })).toEqual([]);
  });

  it.each([0, -1, 1.5, 10_000, 1e9, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d reduces", (partitions) => {
    const found = problems(
      stages(
        { kind: "map", inputs: [0], shuffle: { ...shuffle, partitions }, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [main] },
      ),
    );
    expect(found).toEqual([
      `E_JOB_INVALID the reduces of stage 0 are ${partitions}; give a whole number from 1 to 9999`,
    ]);
  });

  it.each<[string, readonly StageSpec[], string]>([
    ["no stages", [], "it has 0 stages"],
    ["a stage that writes nothing", [{ kind: "map", inputs: [0], outputs: [] }], "stage 0 writes nothing"],
    ["a shuffle that nobody reads", [{ kind: "map", inputs: [0], shuffle, outputs: [] }], "is read by 0 stages"],
    [
      "a shuffle that two read",
      [
        { kind: "map", inputs: [0], shuffle, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [main] },
        { kind: "reduce", reads: 0, outputs: [{ name: "b", extension: "" }] },
      ],
      "is read by 2 stages",
    ],
    [
      "a reduce that reads a later stage",
      [
        { kind: "reduce", reads: 1, outputs: [main] },
        { kind: "map", inputs: [0], shuffle, outputs: [] },
      ],
      "reduce stage 0 reads stage 1;",
    ],
    [
      "a reduce of a stage without shuffle",
      [
        { kind: "map", inputs: [0], outputs: [main] },
        { kind: "reduce", reads: 0, outputs: [{ name: "b", extension: "" }] },
      ],
      "which writes no shuffle",
    ],
    ["an input that is not there", [{ kind: "map", inputs: [0, 1], outputs: [main] }], "reads input 1 of 1"],
    ["an input twice", [{ kind: "map", inputs: [0, 0], outputs: [main] }], "reads an input twice"],
    [
      "an output called as a part file is",
      [{ kind: "map", inputs: [0], outputs: [main, { name: "part-m-00000", extension: "" }] }],
      'an output is called "part-m-00000"',
    ],
    [
      "more outputs than a task can have open",
      [
        {
          kind: "map",
          inputs: [0],
          outputs: Array.from({ length: 257 }, (_, index) => ({ name: `o${index}`, extension: "" })),
        },
      ],
      "it has 257 outputs",
    ],
    ["an output name twice", [{ kind: "map", inputs: [0], outputs: [main, main] }], "two outputs have the name"],
    [
      "an output name of another shape",
      [{ kind: "map", inputs: [0], outputs: [{ name: "../x", extension: "" }] }],
      "an output has the name",
    ],
    [
      "an extension of another shape",
      [{ kind: "map", inputs: [0], outputs: [{ name: "", extension: "/txt" }] }],
      "an output has the extension",
    ],
  ])("refuses %s", (_, list, text) => {
    expect(problems({ stages: list }).join("\n")).toContain(text);
  });

  it("takes a sample stage with the ranges that it is for, and one output name in several stages", () => {
    const side = { name: "side", extension: "txt" };
    const list: readonly StageSpec[] = [
      { kind: "sample", of: 1 },
      { kind: "map", inputs: [0], shuffle: { ...shuffle, ranges: 0 }, outputs: [side] },
      { kind: "reduce", reads: 1, outputs: [main, side] },
    ];
    expect(problems({ stages: list })).toEqual([]);
  });

  it.each<[string, readonly StageSpec[], string]>([
    [
      "ranges without a sample",
      [
        { kind: "map", inputs: [0], shuffle: { ...shuffle, ranges: 0 }, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [main] },
      ],
      "map stage 0 has key ranges of stage 0; name the sample stage that is for it",
    ],
    [
      "a sample without ranges",
      [
        { kind: "sample", of: 1 },
        { kind: "map", inputs: [0], shuffle, outputs: [] },
        { kind: "reduce", reads: 1, outputs: [main] },
      ],
      "sample stage 0 is for stage 1, which has no ranges of it",
    ],
    [
      "two samples for one stage",
      [
        { kind: "sample", of: 2 },
        { kind: "sample", of: 2 },
        { kind: "map", inputs: [0], shuffle: { ...shuffle, ranges: 0 }, outputs: [] },
        { kind: "reduce", reads: 2, outputs: [main] },
      ],
      "sample stage 1 is for stage 2, which has no ranges of it",
    ],
    [
      "a sample behind its maps",
      [
        { kind: "map", inputs: [0], shuffle: { ...shuffle, ranges: 2 }, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [main] },
        { kind: "sample", of: 0 },
      ],
      "sample stage 2 is for stage 0; let it be for a later map stage",
    ],
    [
      "a sample of a reduce stage",
      [
        { kind: "sample", of: 2 },
        { kind: "map", inputs: [0], shuffle, outputs: [] },
        { kind: "reduce", reads: 1, shuffle: { ...shuffle, ranges: 0 }, outputs: [] },
        { kind: "reduce", reads: 2, outputs: [main] },
      ],
      "reduce stage 2 hands on key ranges",
    ],
    [
      "a shuffle read from a sample",
      [
        { kind: "sample", of: 1 },
        { kind: "map", inputs: [0], shuffle: { ...shuffle, ranges: 0 }, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [main] },
      ],
      "reduce stage 2 reads stage 0, which writes no shuffle",
    ],
    [
      "the main output in two stages",
      [
        { kind: "map", inputs: [0], shuffle, outputs: [main] },
        { kind: "reduce", reads: 0, outputs: [main] },
      ],
      'two outputs have the name ""',
    ],
    [
      "two formats of one output",
      [
        { kind: "map", inputs: [0], shuffle, outputs: [{ name: "side", extension: "txt" }] },
        { kind: "reduce", reads: 0, outputs: [main, { name: "side", extension: "jsonl" }] },
      ],
      'stage 1 writes "jsonl" to the output "side", an earlier one "txt"; use one format for each output',
    ],
  ])("refuses %s", (_, list, text) => {
    expect(problems({ stages: list }).join("\n")).toContain(text);
  });

  it("takes numbers in place of files, and refuses half of each", () => {
    const numbers = (count: number | undefined, patterns: readonly string[] = []): readonly string[] =>
      problems({
        inputs: [
          {
            name: "n",
            patterns,
            format: { name: "numbers", splitting: "numbers", ...(count === undefined ? {} : { numbers: count }) },
          },
        ],
      });
    expect([0, 1, Number.MAX_SAFE_INTEGER].flatMap((count) => numbers(count))).toEqual([]);
    expect(numbers(undefined)).toEqual([
      'E_JOB_INVALID input "n" reads no numbers; give a whole number from 0 to 2^53-1',
    ]);
    for (const count of [-1, 1.5, Number.NaN, 2 ** 53]) expect(numbers(count)).toHaveLength(1);
    expect(numbers(1, ["file:///in"])[0]).toContain('input "n" reads numbers and names "file:///in"');
    const both = { name: "x", splitting: "none", numbers: 1 } as const;
    expect(problems({ inputs: [{ patterns: ["file:///in"], format: both }] })[0]).toContain("files and numbers");
  });

  it("names inputs by what their author calls them", () => {
    const format = { name: "x", splitting: "none" } as const;
    const inputs = (...names: readonly string[]): Partial<JobSpec> => ({
      inputs: names.map((name) => ({ name, patterns: [], format })),
      stages: [{ kind: "map", inputs: names.map((_, index) => index), outputs: [main] }],
    });
    expect(problems(inputs("users"))[0]).toContain('input "users" names no files');
    expect(problems(inputs("a", "a"))).toContain('E_JOB_INVALID two inputs have the name "a"; give each its own');
    for (const name of ["a b", "-x", "é", "x".repeat(65)]) expect(problems(inputs(name))).toHaveLength(2);
  });

  it("refuses an input that no stage reads", () => {
    expect(problems({ inputs: [...good.inputs, ...good.inputs] })).toEqual([
      "E_JOB_INVALID input 1 is read by no stage; remove it, or let a map stage read it",
    ]);
  });

  it.each([
    ["file:///logs/x", "file:///logs/x", true],
    ["file:///logs", "file:///logs/x", true],
    ["file:///logs/x", "file:///logs", true],
    ["file:///logs", "file:///logs2", false],
    ["file:///logs/*.log", "file:///logs", true],
    ["file:///logs/*.log", "file:///logs/out", false],
    ["file:///", "file:///out", true],
    ["hdfs://a/logs", "hdfs://b/logs", false],
  ])("input %s and output %s overlap: %s", (pattern, uri, overlaps) => {
    const found = problems({
      inputs: [{ ...good.inputs[0], patterns: [pattern], format: { name: "x", splitting: "none" } }],
      output: { uri, overwrite: false },
    });
    expect(found.map((text) => text.split(" ")[0])).toEqual(overlaps ? ["E_OUTPUT_OVERLAPS"] : []);
  });

  it.each([
    "file:///",
    "out",
    "/out",
    "file:///a/../b",
    "file:///a//b",
    "file:///a/",
    "file:///a b",
    "file:///a*",
    "file:///a#b",
    "file:///a\n",
  ])("refuses the output %j", (uri) => {
    expect(problems({ output: { uri, overwrite: false } }).length).toBeGreaterThan(0);
  });

  it("refuses options out of range", () => {
    const options = {
      ...defaultJobOptions,
      priority: 101,
      splitBytes: 0,
      taskTimeoutMs: -1,
      attemptsMax: 17,
      badRecordsMax: 1.1,
    };
    expect(problems({ options })).toHaveLength(5);
    expect(problems({ options: { ...defaultJobOptions, badRecordsMax: Number.NaN } })).toHaveLength(1);
    const partFiles = { replication: 0, blockBytes: 1_000, permission: 0o1000 };
    expect(problems({ options: { ...defaultJobOptions, partFiles } })).toHaveLength(3);
  });

  it("refuses bundles, versions and parameters of another shape", () => {
    expect(problems({ bundle: { sha256: "A".repeat(64), bytes: 0 }, dataVersion: 0, nodeMajor: 1.5 })).toHaveLength(4);
    expect(problems({ params: { "a b": "x", "": "y", ok: "z" } })).toHaveLength(2);
  });

  it("takes side files within their limits, and refuses names, sizes and counts beyond", () => {
    const file = { name: "stop-words.txt", sha256: "b".repeat(64), bytes: 0 };
    const many = (count: number, bytes: number): Partial<JobSpec> => ({
      files: Array.from({ length: count }, (_, index) => ({ ...file, name: `f${index}`, bytes })),
    });
    const mib = 1024 * 1024;
    expect(problems({ files: [file] })).toEqual([]);
    expect(problems(many(64, 1))).toEqual([]);
    expect(problems(many(4, 64 * mib))).toEqual([]);
    for (const name of ["", "a/b", "..\n", "a b", "é", "x".repeat(65)])
      expect(problems({ files: [{ ...file, name }] })).toHaveLength(1);
    expect(problems({ files: [file, file] })[0]).toContain('side file "stop-words.txt" is there twice');
    expect(problems({ files: [{ ...file, sha256: "B".repeat(64) }] })).toHaveLength(1);
    expect(problems({ files: [{ ...file, bytes: -1 }] })).toHaveLength(1);
    expect(problems(many(1, 64 * mib + 1))[0]).toMatch(/^E_TOO_LARGE /);
    expect(problems(many(5, 64 * mib))[0]).toMatch(/^E_TOO_LARGE its side files have 335544320 bytes in all/);
    expect(problems(many(65, 1))).toHaveLength(1);
  });

  it("says a description that is too large in few words", () => {
    const found = validateSpec({ ...good, params: { text: "x".repeat(2_000_000) } });
    expect(found).toMatchObject([{ code: "E_TOO_LARGE" }]);
    expect(found[0]?.message.length).toBeLessThan(300);
  });

  it("keeps every message on one line, whatever the values are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (name, uri) => {
        for (const { message } of validateSpec({ ...good, name, output: { uri, overwrite: false } }))
          expect(message).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      }),
    );
  });
});

describe("URI shapes", () => {
  it.each(["file:///a", "hdfs://ns/a/b%20c", "mem:///x/*.log", "file:///"])("%s is one", (uri) => {
    expect(uriFault(uri)).toBeUndefined();
  });

  it("overlap at names, not at letters", () => {
    expect([
      urisOverlap("a://h/x", "a://h/x/y"),
      urisOverlap("a://h/x", "a://h/xy"),
      isWithin("a://h/x", "a://h/x"),
    ]).toEqual([true, false, true]);
  });

  it.each([
    ["file:///logs/2024-*/x", "file:///logs"],
    ["file:///*", "file:///"],
    ["hdfs://ns/*", "hdfs://ns/"],
    ["file:///a/b{c,d}", "file:///a"],
    ["file:///a/b", "file:///a/b"],
  ])("%s begins at %s", (pattern, base) => {
    expect(globBase(pattern)).toBe(base);
  });
});
