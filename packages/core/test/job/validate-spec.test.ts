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
