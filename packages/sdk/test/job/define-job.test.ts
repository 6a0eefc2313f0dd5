import {
  type InputFormat,
  type OutputFormat,
  createInput,
  createOutput,
  createTable,
  extractSpec,
  jobProgram,
  specOf,
} from "@millrace/sdk/engine";
import {
  type Framing,
  type Input,
  type Output,
  count,
  defineJob,
  int,
  json,
  list,
  optional,
  sampledRanges,
  sum,
  text,
  tuple,
} from "@millrace/sdk";
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
const numbers: InputFormat<number> = {
  name: "numbers",
  splitting: "numbers",
  framing: { kind: "fixed", bytes: 8 },
  createReader: () => ({ read: () => 0, reason: () => "" }),
};
const rows: OutputFormat<unknown> = {
  name: "rows",
  extension: "txt",
  createWriter: () => ({ write: () => undefined }),
};
const table = createTable({ ...numbers, numbers: 1 }, { hits: int() });
const map = (): void => undefined;
const good = { name: "job", input, map, reduce: sum(), output };

/** Define a job that the types would refuse. */
const define = (definition: Record<string, unknown>): unknown =>
  (defineJob as (definition: unknown) => unknown)(definition);

describe("defineJob()", () => {
  it("gives text keys, and states that travel, with an aggregator", () => {
    expect(jobProgram(defineJob(good)).stages).toMatchObject([
      {
        kind: "map",
        maps: [{ input: 0, operators: [{ part: 0, map }] }],
        sink: {
          shuffle: {
            key: { wire: "text" },
            pairs: { kind: "state", aggregator: { wire: "sum" } },
            partition: { kind: "hash" },
          },
          named: [],
        },
      },
      { kind: "reduce", reads: 0, reduce: { kind: "present", part: 0 }, operators: [], sink: { output: 0, named: [] } },
    ]);
  });

  it("gives values that travel with a reduce function", () => {
    const reduce = (): void => undefined;
    const combine = (): void => undefined;
    const job = define({ ...good, key: int(), value: int(), reduce, combine });
    expect(jobProgram(job).stages).toMatchObject([
      {
        kind: "map",
        sink: {
          shuffle: {
            key: { wire: "int" },
            pairs: { kind: "value", value: { wire: "int" }, combine: { part: 0, run: combine } },
          },
        },
      },
      { kind: "reduce", reduce: { kind: "function", part: 0, run: reduce }, sink: { output: 0 } },
    ]);
  });

  it("gives a map-only job without reduce", () => {
    expect(jobProgram(define({ name: "job", input, map, output })).stages).toMatchObject([
      { kind: "map", sink: { output: 0, named: [] } },
    ]);
  });

  it("gives an order key, a partitioner and reduce tasks that the job needs itself", () => {
    const partition = (): number => 0;
    const job = define({ ...good, value: int(), reduce: map, orderBy: int(), partition, reduces: 3 });
    expect(jobProgram(job).stages[0]).toMatchObject({
      sink: {
        shuffle: { orderBy: { wire: "int" }, partition: { kind: "function", choose: partition }, partitions: 3 },
      },
    });
    expect(specOf(jobProgram(job), { reduces: 9 }).stages[0]).toMatchObject({
      shuffle: { partitions: 3, ordered: true },
    });
  });

  it("gives a sample stage for key ranges, unless one reducer needs none", () => {
    const ranged = define({ ...good, partition: sampledRanges() });
    expect(specOf(jobProgram(ranged)).stages).toMatchObject([
      { kind: "sample", of: 1 },
      { kind: "map", shuffle: { ranges: 0 } },
      { kind: "reduce", reads: 1 },
    ]);
    const one = define({ ...good, partition: sampledRanges(), reduces: 1 });
    expect(specOf(jobProgram(one)).stages).toMatchObject([
      { kind: "map", shuffle: { partitions: 1 } },
      { kind: "reduce" },
    ]);
  });

  it("gives named outputs to each stage whose functions may write them", () => {
    const outputs = { errors: output, others: output };
    const namesOf = (job: unknown): unknown =>
      specOf(jobProgram(job)).stages.map((stage) =>
        stage.kind === "sample" ? [] : stage.outputs.map(({ name }) => name),
      );
    expect(namesOf(define({ ...good, outputs }))).toEqual([["errors", "others"], [""]]);
    expect(namesOf(define({ ...good, value: int(), reduce: map, outputs }))).toEqual([
      ["errors", "others"],
      ["", "errors", "others"],
    ]);
    expect(namesOf(define({ name: "job", input, map, outputs }))).toEqual([["errors", "others"]]);
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
    ["a map and a mapBatch", { mapBatch: map }, '"map" and "mapBatch" are both there; give one of the two'],
    ["a mapBatch that is no function", { map: undefined, mapBatch: 1 }, '"mapBatch" is a number; give a function'],
    [
      "a mapBatch of records that are no lines",
      { map: undefined, mapBatch: map },
      '"mapBatch" is there with an input whose records are no lines; read textLines(), or give a map',
    ],
    [
      "lines of a mapBatch that hold a text",
      { map: undefined, mapBatch: map, linesWith: () => "a" },
      '"linesWith" is there with "mapBatch", which gets all lines',
    ],
    ["a map that is no function", { map: "line" }, '"map" is a string; give a function'],
    ["a reduce that is no function", { reduce: {} }, '"reduce" is an object; give a function or an aggregator'],
    ["an aggregator that was not called", { reduce: sum }, '"reduce" is the function sum itself; call it, as in sum()'],
    [
      "an aggregator over a column",
      { reduce: sum(table.hits) },
      '"reduce" is sum() over a column, which is for defineAggregation; give sum() a codec, or nothing',
    ],
    [
      "an output that takes no pairs",
      { output: createOutput({ ...rows, wire: "text" }) },
      'its aggregator writes { key: text, value: … } and its output "rows" takes text, but the record is an object and not a text',
    ],
    [
      "an output of other columns",
      { output: createOutput({ ...rows, wire: { word: "text", value: "int" } }) },
      'the record has no "word"',
    ],
    ["a reduce function without value", { reduce: map }, 'a reduce function needs "value"'],
    ["a combine with an aggregator", { combine: map }, "combines by itself"],
    ["a combine without reduce", { reduce: undefined, combine: map }, '"combine" is there without "reduce"'],
    ["a key without reduce", { reduce: undefined, key: text() }, '"key" is there without "reduce"'],
    ["a value with an aggregator", { value: int() }, '"value" is there with an aggregator, which brings its own'],
    ["an order with an aggregator", { orderBy: int() }, '"orderBy" is there with an aggregator'],
    [
      "an order with combine",
      { value: int(), reduce: map, orderBy: int(), combine: map },
      '"combine" is there with "orderBy"',
    ],
    [
      "an order without order",
      { value: int(), reduce: map, orderBy: json() },
      '"orderBy" is "json", which has no order',
    ],
    [
      "an order that is no codec",
      { value: int(), reduce: map, orderBy: int },
      '"orderBy" is a function, no codec; call it, as in int()',
    ],
    ["an order without reduce", { reduce: undefined, orderBy: int() }, '"orderBy" is there without "reduce"'],
    [
      "a partitioner that is none",
      { partition: 5 },
      '"partition" is a number; give a function (key, partitions), or sampledRanges()',
    ],
    ["side files that are no list", { files: "a.txt" }, '"files" is a string; give a list of names such as'],
    ["a side file without a name", { files: [5] }, "the name of a side file is a number; give a text"],
    [
      "a side file with a path",
      { files: ["a/b.txt"] },
      'the side file "a/b.txt" has no usable name; use 1 to 64 letters',
    ],
    ["a side file named twice", { files: ["a.txt", "b.txt", "a.txt"] }, '"files" has "a.txt" twice; name it once'],
    ["too many side files", { files: Array.from({ length: 65 }, (_, index) => `f${index}`) }, "give at most 64"],
    ["no reduce tasks", { reduces: 0 }, '"reduces" is 0; give a whole number from 1 to 9999'],
    ["an aggregator for reduce tasks", { reduces: sum() }, '"reduces" is an object; give a whole number'],
    ["an aggregator without main output", { output: undefined, outputs: { errors: output } }, '"output" is missing'],
    ["outputs that are a list", { outputs: [output] }, '"outputs" is an array; give an object'],
    [
      "key ranges that are not called",
      { partition: sampledRanges },
      '"partition" is the function sampledRanges itself; call it',
    ],
    ["outputs that are no object", { outputs: 5 }, '"outputs" is a number; give an object'],
    [
      "an output that is a format not called",
      { outputs: { errors: () => output } },
      '"outputs.errors" is a function, no output format; call it',
    ],
    [
      "an output's name that is no folder",
      { outputs: { badLines: output } },
      'use 1 to 64 of a-z, 0-9 and "-", such as "bad-lines"',
    ],
    ["an output without a name", { outputs: { "": output } }, 'the output "" has no usable name'],
    [
      "numbers up to a parameter that is not there",
      { input: createInput({ ...numbers, numbers: "n" }) },
      'its input counts to the parameter "n", which "params" does not declare; add n: int({ min: 0 }) to it',
    ],
    [
      "numbers up to a parameter that is no number",
      { input: createInput({ ...numbers, numbers: "n" }), params: { n: text() } },
      'its input counts to the parameter "n", which is a text',
    ],
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

describe("jobProgram()", () => {
  it.each([
    [undefined, "it is missing"],
    [null, "it is null"],
    [{}, "it is an object"],
    [[], "it is an array"],
    [map, "it is a function"],
  ])("refuses %s, which is no job", (value, message) => {
    expect(() => jobProgram(value)).toThrow(
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

  it("lets compressed files be cut only where records are found without what is far before", () => {
    const bytesOf = (text_: string): Uint8Array => new TextEncoder().encode(text_);
    const splittingOf = (framing: Framing): string => {
      const own = createInput({
        name: "in",
        splitting: "delimiter",
        framing,
        createReader: () => ({ read: () => "", reason: () => "" }),
      });
      return extractSpec(define({ name: "job", input: own, map, output })).inputs[0]?.format.splitting ?? "";
    };
    expect(splittingOf({ kind: "delimited", delimiter: "line" })).toBe("delimiter");
    expect(splittingOf({ kind: "delimited", delimiter: bytesOf("\r\n") })).toBe("delimiter");
    expect(splittingOf({ kind: "events", startsWith: () => true })).toBe("delimiter");
    expect(splittingOf({ kind: "delimited", delimiter: bytesOf("abab") })).toBe("plain");
    expect(splittingOf({ kind: "delimited", delimiter: bytesOf("++") })).toBe("plain");
    expect(splittingOf({ kind: "fixed", bytes: 100 })).toBe("plain");
  });

  it("gives one stage for a map-only job", () => {
    expect(extractSpec(define({ name: "job", input, map, output })).stages).toEqual([
      { kind: "map", inputs: [0], outputs: [{ name: "", extension: "txt" }] },
    ]);
  });

  it("names the side files that must be given", () => {
    expect(extractSpec(defineJob(good)).files).toEqual([]);
    expect(extractSpec(defineJob({ ...good, files: ["b.txt", "a.txt"] })).files).toEqual(["b.txt", "a.txt"]);
  });

  it("counts to the parameter that an input of numbers names", () => {
    const job = define({ ...good, input: createInput({ ...numbers, numbers: "n" }), params: { n: int() } });
    const format = (options?: object): unknown => extractSpec(job, options).inputs[0]?.format;
    expect(format({ params: { n: 7 } })).toEqual({ name: "numbers", splitting: "numbers", numbers: 7 });
    expect(format()).toEqual({ name: "numbers", splitting: "numbers" });
    expect(() => format({ params: { n: -1 } })).toThrow(
      expect.objectContaining({
        code: "E_JOB_INVALID",
        message:
          'Cannot submit job "job": its input counts to the parameter "n", which is -1; give a whole number of 0 or more',
      }),
    );
    const ten = define({ ...good, input: createInput({ ...numbers, numbers: 10 }) });
    expect(extractSpec(ten).inputs[0]?.format).toMatchObject({ numbers: 10 });
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
