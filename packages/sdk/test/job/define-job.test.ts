import {
  type InputFormat,
  type OutputFormat,
  createInput,
  createOutput,
  extractSpec,
  jobParts,
} from "@millrace/sdk/engine";
import { type Input, type Output, count, defineJob, int, json, list, optional, sum, text, tuple } from "@millrace/sdk";
import { describe, expect, it } from "vitest";

const input: Input<string> = createInput({
  name: "in",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  createReader: () => ({ read: () => "", reason: () => "" }),
} satisfies InputFormat<string>);
const output: Output<unknown> = createOutput({
  name: "out",
  extension: "txt",
  createWriter: () => ({ write: () => undefined }),
} satisfies OutputFormat<unknown>);
const map = (): void => undefined;
const good = { name: "job", input, map, reduce: sum(), output };

/** Define a job that the types would refuse. */
const define = (definition: Record<string, unknown>): unknown =>
  (defineJob as (definition: unknown) => unknown)(definition);

describe("defineJob()", () => {
  it("gives text keys, and states that travel, with an aggregator", () => {
    const { reduce } = jobParts(defineJob(good));
    expect(reduce).toMatchObject({ kind: "aggregator", key: { wire: "text" }, aggregator: { wire: "sum" } });
  });

  it("gives values that travel with a reduce function", () => {
    const reduce = (): void => undefined;
    const combine = (): void => undefined;
    expect(jobParts(define({ ...good, key: int(), value: int(), reduce, combine })).reduce).toMatchObject({
      kind: "function",
      key: { wire: "int" },
      value: { wire: "int" },
      run: reduce,
      combine,
    });
  });

  it("gives a map-only job without reduce", () => {
    expect(jobParts(define({ name: "job", input, map, output })).reduce).toEqual({ kind: "none" });
  });

  it.each([
    ["a missing name", { name: undefined }, "its name is missing"],
    ["a name that is no text", { name: 5 }, "its name is a number"],
    ["an empty name", { name: "" }, "its name has 0 characters"],
    ["a long name", { name: "x".repeat(129) }, "its name has 129 characters"],
    ["a name with a line feed", { name: "a\nb" }, '"a\\nb": its name has characters that cannot be shown'],
    ["a name with a right-to-left override", { name: "a\u202eb" }, "cannot be shown"],
    ["an unknown property", { reducer: sum() }, 'it has no property "reducer"; did you mean "reduce"?'],
    ["no input", { input: undefined }, '"input" is missing'],
    ["an input that is a function", { input: () => input }, "call it, as in textLines()"],
    ["an output as input", { input: output }, '"input" is an object, no input format'],
    ["no output", { output: undefined }, '"output" is missing'],
    ["no map", { map: undefined }, '"map" is missing'],
    ["a map that is no function", { map: "line" }, '"map" is a string; give a function'],
    ["a reduce that is no function", { reduce: {} }, '"reduce" is an object; give a function or an aggregator'],
    ["a reduce function without value", { reduce: map }, 'a reduce function needs "value"'],
    ["a combine with an aggregator", { combine: map }, "combines by itself"],
    ["a combine without reduce", { reduce: undefined, combine: map }, '"combine" is there without "reduce"'],
    ["a key without reduce", { reduce: undefined, key: text() }, '"key" is there without "reduce"'],
    ["a key without order", { key: json() }, "has no order"],
    ["a key that is no codec", { key: "text" }, '"key" is a string, no codec'],
    ["a value that is no codec", { value: Number }, '"value" is a function, no codec'],
    ["a key with a parameter's options", { key: text({ default: "x" }) }, "belong to parameters"],
    ["params that are no object", { params: 5 }, '"params" is a number'],
    ["a parameter without type", { params: { top: 10 } }, 'the parameter "top" is a number'],
    ["a parameter's name with a blank", { params: { "a b": text() } }, 'the parameter "a b" has no usable name'],
    [
      "a parameter named __proto__",
      { params: JSON.parse('{"__proto__": 1}') as unknown },
      'the parameter "__proto__" has no usable name',
    ],
  ])("refuses %s", (_what, change, message) => {
    expect(() => define({ ...good, ...change })).toThrow(
      expect.objectContaining({ code: "E_JOB_INVALID", message: expect.stringContaining(message) as string }),
    );
  });

  it.each([
    ["tuple", () => tuple(text({ default: "x" }))],
    ["optional", () => optional(int({ min: 1 }))],
    ["list", () => list(int({ about: "n" }))],
  ])("refuses a parameter's options inside %s()", (_what, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});

describe("jobParts()", () => {
  it.each([
    [undefined, "it is missing"],
    [null, "it is null"],
    [{}, "it is an object"],
    [map, "it is a function"],
  ])("refuses %s, which is no job", (value, message) => {
    expect(() => jobParts(value)).toThrow(
      expect.objectContaining({ code: "E_JOB_MODULE", message: expect.stringContaining(message) as string }),
    );
  });
});

describe("extractSpec()", () => {
  it("gives two stages, with states between them, for an aggregator", () => {
    expect(extractSpec(defineJob(good))).toMatchObject({
      name: "job",
      inputs: [{ name: "", format: { name: "in", splitting: "delimiter" } }],
      stages: [
        { kind: "map", inputs: [0], shuffle: { partitions: "auto", pairs: "state", ordered: false }, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [{ name: "", extension: "txt" }] },
      ],
    });
  });

  it("gives values between the stages for a reduce function, and as many reducers as asked for", () => {
    const job = define({ ...good, value: int(), reduce: map });
    expect(extractSpec(job, { reduces: 7 }).stages[0]).toMatchObject({ shuffle: { partitions: 7, pairs: "value" } });
  });

  it("gives one stage for a map-only job", () => {
    expect(extractSpec(define({ name: "job", input, map, output })).stages).toEqual([
      { kind: "map", inputs: [0], outputs: [{ name: "", extension: "txt" }] },
    ]);
  });

  it("is plain data, and describes the parameters", () => {
    const spec = extractSpec(
      defineJob({
        ...good,
        reduce: count(),
        params: { top: int({ default: 10, min: 1, about: "how many" }), pattern: text() },
      }),
    );
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(spec.params).toEqual({
      top: { type: "int", default: "10", min: 1, about: "how many" },
      pattern: { type: "text" },
    });
  });
});
