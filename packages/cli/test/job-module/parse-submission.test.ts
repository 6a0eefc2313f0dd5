import { describe, expect, it } from "vitest";
import { defaultJobOptions } from "@millrace/core";
import { parseSubmission } from "../../src/job-module/parse-submission.ts";

const parse = (flags: Readonly<Record<string, unknown>> = {}, paths: readonly string[] = ["in", "out"]) =>
  parseSubmission(["word-count", paths], { param: [], ...flags });

describe("parseSubmission()", () => {
  it("keeps paths in order and gives the engine's defaults", () => {
    expect(parse({}, ["a", "b", "out"])).toEqual({
      job: "word-count",
      paths: ["a", "b", "out"],
      inputs: [],
      files: [],
      overwrite: false,
      name: undefined,
      params: {},
      reduces: undefined,
      options: defaultJobOptions,
    });
  });

  it("reads every flag in its unit", () => {
    const { reduces, overwrite, options } = parse({
      reduces: "7",
      splitBytes: "1MiB",
      overwrite: true,
      badRecordsMax: "0.5",
      taskTimeout: "2m",
      attemptsMax: "2",
      inputGrowth: "prefix",
      priority: "-5",
      outputReplication: "2",
      outputBlockSize: "256MiB",
      outputPermission: "640",
    });
    expect({ reduces, overwrite, options }).toEqual({
      reduces: 7,
      overwrite: true,
      options: {
        ...defaultJobOptions,
        splitBytes: 2 ** 20,
        badRecordsMax: 0.5,
        taskTimeoutMs: 120_000,
        attemptsMax: 2,
        inputGrowth: "prefix",
        priority: -5,
        partFiles: { replication: 2, blockBytes: 2 ** 28, permission: 0o640 },
      },
    });
  });

  it("splits a parameter at its first equals sign, and keeps names that objects have", () => {
    expect(Object.entries(parse({ param: ["a=b=c", "__proto__=x", "empty="] }).params)).toEqual([
      ["a", "b=c"],
      ["__proto__", "x"],
      ["empty", ""],
    ]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["--reduces", { reduces: "0" }],
    ["--reduces", { reduces: "10000" }],
    ["--reduces", { reduces: "07" }],
    ["--split-bytes", { splitBytes: "0" }],
    ["--split-bytes", { splitBytes: "-1" }],
    ["--bad-records-max", { badRecordsMax: "1.01" }],
    ["--bad-records-max", { badRecordsMax: "1e-3" }],
    ["--task-timeout", { taskTimeout: "5" }],
    ["--task-timeout", { taskTimeout: "1ms" }],
    ["--attempts-max", { attemptsMax: "17" }],
    ["--priority", { priority: "101" }],
    ["--output-replication", { outputReplication: "0" }],
    ["--output-block-size", { outputBlockSize: "big" }],
    ["--output-permission", { outputPermission: "rw" }],
    ["name=value", { param: ["=x"] }],
    ["twice", { param: ["a=1", "a=2"] }],
  ])("refuses a wrong %s and says what would be right", (what, flags) => {
    expect(() => parse(flags)).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringContaining(what) as string }) as Error,
    );
  });

  it("reads named inputs, several for a name, and side files by name or by their own", () => {
    const { inputs, files } = parse({
      input: ["users=a.jsonl", "hits=x=1/*.log", "hits=b.log"],
      file: ["stop=words/stop.txt", "lists/geo.csv"],
    });
    expect(inputs).toEqual([
      { name: "users", path: "a.jsonl" },
      { name: "hits", path: "x=1/*.log" },
      { name: "hits", path: "b.log" },
    ]);
    expect(files).toEqual([
      { name: "stop", path: "words/stop.txt" },
      { name: "geo.csv", path: "lists/geo.csv" },
    ]);
  });

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ["NAME=PATH", { input: ["users"] }],
    ["NAME=PATH", { input: ["=x"] }],
    ["NAME=PATH", { input: ["users="] }],
    ["NAME=PATH", { file: ["=x"] }],
    ["NAME=PATH", { file: ["a/b=x"] }],
    ["NAME=PATH", { file: ["dir/stop words.txt"] }],
    ["twice", { file: ["stop.txt", "lists/stop.txt"] }],
  ])("refuses names that are none: %s %j", (what, flags) => {
    expect(() => parse(flags)).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringContaining(what) as string }) as Error,
    );
  });
});
