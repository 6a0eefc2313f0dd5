import {
  type Job,
  type Pair,
  chain,
  count,
  defineJob,
  int,
  object,
  outputOf,
  records,
  sampledRanges,
  sum,
  text,
} from "@millrace/sdk";
import { jobProgram, specOf } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { plainInput, plainOutput } from "../program/plain-formats.ts";
import { runProgram } from "../program/run-program.ts";

const words = defineJob({
  name: "words",
  params: { word: text({ default: "" }) },
  input: plainInput<string>("text"),
  map: (line, emit) => {
    for (const word of line.split(" ")) emit(word, 1);
  },
  reduce: sum(),
  output: plainOutput<Pair<string, number>>(),
});
const counted = records(object({ key: text(), value: int() }));
const byCount = defineJob({
  name: "by-count",
  input: counted,
  key: int(),
  value: text(),
  map: ({ key, value }, emit) => {
    emit(-value, key);
  },
  reduces: 1,
  reduce: (negative, names, emit) => {
    for (const name of names) emit(`${name} ${-negative}`);
  },
  output: plainOutput<string>("text"),
});
const upper = defineJob({
  name: "upper",
  input: plainInput<string>("text"),
  setup: () => ({ suffix: "!" }),
  map: (line, emit, { state }) => {
    emit(line.toUpperCase() + state.suffix);
  },
  output: plainOutput<string>("text"),
});
const split = defineJob({
  name: "split",
  input: plainInput<string>("text"),
  map: (line, _emit, { outputs }) => {
    if (line.startsWith("E")) outputs.errors(line);
    else outputs.others(line);
  },
  outputs: { errors: plainOutput<string>("text"), others: plainOutput<string>("text") },
});
const left = defineJob({
  name: "left",
  input: plainInput<string>("text"),
  map: (line, _emit, { outputs }) => {
    outputs.left(line);
  },
  outputs: { left: plainOutput<string>("text") },
});
const lines = [["a b a", "c"], ["a c"]];

/** Call without the compiler's checks. */
const chained = (...jobs: readonly unknown[]): unknown => (chain as (...jobs: readonly unknown[]) => unknown)(...jobs);
const refused = (message: string): unknown =>
  expect.objectContaining({ code: "E_JOB_INVALID", message: expect.stringContaining(message) as string });

describe("chain()", () => {
  it("runs the map of a later job on what the reducers of the one before write", async () => {
    const job = chain(words, byCount);
    expect(await runProgram(job, { inputs: { "": lines } })).toEqual({ "": ["a 3", "c 2", "b 1"] });
    expect(specOf(jobProgram(job)).stages).toEqual([
      { kind: "map", inputs: [0], shuffle: { partitions: "auto", pairs: "state", ordered: false }, outputs: [] },
      { kind: "reduce", reads: 0, shuffle: { partitions: 1, pairs: "value", ordered: false }, outputs: [] },
      { kind: "reduce", reads: 1, outputs: [{ name: "", extension: "txt" }] },
    ]);
  });

  it("runs map-only jobs in one pass, each with its own state", async () => {
    const job = chain(upper, upper, words);
    expect(jobProgram(job).stages).toHaveLength(2);
    expect((await runProgram(job, { inputs: { "": [["a"]] } }))[""]).toEqual([{ key: "A!!", value: 1 }]);
  });

  it("runs a map-only job behind a reduce inside its stage", async () => {
    const job = chain(words, byCount, upper);
    expect(jobProgram(job).stages).toHaveLength(3);
    expect((await runProgram(job, { inputs: { "": lines } }))[""]).toEqual(["A 3!", "C 2!", "B 1!"]);
  });

  it("is the same however it is nested", async () => {
    const inputs = { "": lines };
    const flat = chain(upper, words, byCount, upper);
    const expected = await runProgram(flat, { inputs });
    expect(await runProgram(chain(chain(upper, words), chain(byCount, upper)), { inputs })).toEqual(expected);
    expect(await runProgram(chain(upper, chain(words, byCount, upper)), { inputs })).toEqual(expected);
    expect(specOf(jobProgram(chain(chain(upper, words), chain(byCount, upper))))).toEqual(specOf(jobProgram(flat)));
  });

  it("is called like its last job and has the parameters and files of all", () => {
    expect(jobProgram(chain(words, byCount))).toMatchObject({ name: "by-count", params: { word: {} } });
  });

  it("writes the named outputs of all its jobs", async () => {
    const noting = defineJob({
      name: "noting",
      input: plainInput<string>("text"),
      map: (line, emit, { outputs }) => {
        outputs.seen(line);
        emit(line, 1);
      },
      value: int(),
      reduce: (key, _values, emit, { outputs }) => {
        outputs.seen(`reduced ${key}`);
        emit(key);
      },
      output: plainOutput<string>("text"),
      outputs: { seen: plainOutput<string>() },
    });
    const later = defineJob({
      name: "later",
      input: plainInput<string>("text"),
      map: (line, emit, { outputs }) => {
        outputs.late(line);
        emit(line);
      },
      output: plainOutput<string>("text"),
      outputs: { late: plainOutput<string>() },
    });
    const job = chain(noting, later);
    expect(await runProgram(job, { inputs: { "": [["x"]] } })).toEqual({
      "": ["x"],
      seen: ["x", "reduced x"],
      late: ["x"],
    });
    expect(specOf(jobProgram(job)).stages.map((stage) => (stage.kind === "sample" ? [] : stage.outputs))).toEqual([
      [{ name: "seen", extension: "txt" }],
      [
        { name: "", extension: "txt" },
        { name: "seen", extension: "txt" },
        { name: "late", extension: "txt" },
      ],
    ]);
    expect(() => chain(noting, defineJob({ ...laterLike, outputs: { seen: plainOutput<string>() } }))).toThrow(
      refused('Cannot chain jobs "noting" and "like": both have an output called "seen"'),
    );
  });

  const laterLike = {
    name: "like",
    input: plainInput<string>("text"),
    map: (line: string, emit: (record: string) => void): void => {
      emit(line);
    },
    output: plainOutput<string>("text"),
  };

  it("takes a parameter of two jobs for one when both declare it alike", () => {
    const one = defineJob({ ...laterLike, params: { top: int({ default: 1, about: "one" }) } });
    const same = defineJob({ ...laterLike, params: { top: int({ default: 1, about: "another" }) } });
    const other = defineJob({ ...laterLike, name: "other", params: { top: text() } });
    expect(Object.keys(jobProgram(chain(one, same)).params)).toEqual(["top"]);
    expect(() => chain(one, other)).toThrow(
      refused(
        'Cannot chain jobs "like" and "other": both have a parameter "top", but one is {"type":"int","default":"1"}',
      ),
    );
  });

  it.each<[string, readonly unknown[], string]>([
    ["no job", [], "no job was given"],
    ["one job", [words], "only one job was given"],
    ["a function", [words, () => 1], "the second is no job"],
    ["a hole", [words, undefined, byCount], "the second is missing"],
    [
      "a text for a pair",
      [words, upper],
      'Cannot chain jobs "words" and "upper": "words" writes { key: text, value: … } and "upper" reads text, but the record is an object and not a text',
    ],
    ["a pair for a text", [upper, byCount], '"upper" writes text and "by-count" reads { key: text, value: int }'],
    [
      "a job without main output",
      [split, upper],
      '"split" has no main output to go on with; take a named one, as by outputOf(job, "errors")',
    ],
  ])("refuses %s", (_what, jobs, message) => {
    expect(() => chained(...jobs)).toThrow(refused(message));
  });

  it("names the field that does not fit, with the nearest", () => {
    const writing = defineJob({
      ...laterLike,
      name: "writing",
      output: plainOutput<string>({ path: "text", hits: "int" }),
    });
    const reading = (wire: unknown): unknown =>
      defineJob({ ...laterLike, name: "reading", input: plainInput<string>(wire) });
    expect(() => chained(writing, reading({ pth: "text" }))).toThrow(
      refused('the record has no "pth", the nearest is "path"'),
    );
    expect(() => chained(writing, reading({ hits: "text" }))).toThrow(refused('"hits" is a number and not a text'));
    expect(() => chained(writing, reading({ hits: { optional: "double" } }))).not.toThrow();
    expect(() => chained(reading({ a: "text" }), writing)).not.toThrow();
  });

  it("refuses records() as first input and as last output, when they are to be run", () => {
    expect(() => specOf(jobProgram(byCount))).toThrow(refused('Cannot run job "by-count": its input is records()'));
    const writing = defineJob({ ...laterLike, output: records(text()) });
    expect(() => specOf(jobProgram(writing))).toThrow(refused("its output is records()"));
    expect(() => specOf(jobProgram(chain(writing, upper)))).not.toThrow();
  });

  it("samples for key ranges behind map-only jobs, and else wants one reducer for them", () => {
    const sorting = defineJob({
      ...laterLike,
      name: "sorting",
      value: int(),
      map: (line: string, emit: (key: string, value: number) => void) => {
        emit(line, 1);
      },
      reduce: (key, _values, emit) => {
        emit(key);
      },
      partition: sampledRanges(),
    });
    expect(specOf(jobProgram(chain(upper, sorting))).stages).toMatchObject([
      { kind: "sample", of: 1 },
      { kind: "map", shuffle: { ranges: 0 } },
      { kind: "reduce", reads: 1 },
    ]);
    const later = jobProgram(chain(words, byCount, sorting));
    expect(() => specOf(later)).toThrow(refused("nothing to sample before the first has run"));
    expect(() => specOf(later, { reduces: 2 })).toThrow(refused("give that job reduces: 1, or pass --reduces 1"));
    expect(specOf(later, { reduces: 1 }).stages.at(2)).toMatchObject({ kind: "reduce", shuffle: { partitions: 1 } });
  });

  it("refuses more stages than a job may have", () => {
    const ten = Array.from({ length: 10 }).reduce<Job<string, string>>((sum) => chain(sum, upper), upper);
    expect(jobProgram(ten).stages).toHaveLength(1);
    const counting = defineJob({
      ...laterLike,
      input: plainInput<string>(),
      map: (line: string, emit: (key: string) => void) => emit(line),
      reduce: count(),
      output: plainOutput<unknown>(),
    });
    const many = (jobs: number): unknown => chained(...Array.from({ length: jobs }, () => counting));
    expect(() => many(15)).not.toThrow();
    expect(() => many(16)).toThrow(refused("together they have 17 stages"));
  });
});

describe("outputOf()", () => {
  it("goes on with what a job writes to a named output, and keeps the others", async () => {
    const job = chain(outputOf(split, "errors"), upper);
    expect(await runProgram(job, { inputs: { "": [["E1", "x", "E2"]] } })).toEqual({
      "": ["E1!", "E2!"],
      others: ["x"],
    });
  });

  it("goes on from the reduce of a job with one; its map must not write there", async () => {
    const job = (writes: boolean): unknown =>
      outputOf(
        defineJob({
          name: "sides",
          input: plainInput<string>("text"),
          value: int(),
          map: (line, emit, { outputs }) => {
            if (writes) outputs.main(line);
            emit(line, 1);
          },
          reduce: (key, _values, _emit, { outputs }) => {
            outputs.main(key);
            outputs.other(key);
          },
          outputs: { main: plainOutput<string>(), other: plainOutput<string>() },
        }),
        "main",
      );
    expect(await runProgram(job(false), { inputs: { "": [["a"]] } })).toEqual({ "": ["a"], other: ["a"] });
    await expect(runProgram(job(true), { inputs: { "": [["a"]] } })).rejects.toThrow(
      'Cannot write to the output "main" of job "sides" here',
    );
  });

  it("refuses emit, as the job has no main output", async () => {
    const emitting = defineJob({
      name: "emitting",
      input: plainInput<string>("text"),
      outputs: { main: plainOutput<string>() },
      map: (line, emit) => {
        (emit as unknown as (record: string) => void)(line);
      },
    });
    await expect(runProgram(outputOf(emitting, "main"), { inputs: { "": [["a"]] } })).rejects.toThrow(
      'Cannot emit: job "emitting" has no main output',
    );
  });

  it.each<[string, unknown, string, string]>([
    ["a name that is not there", split, "eror", 'it has none of that name; it has "errors", "others"'],
    ["a name nearly there", split, "error", 'did you mean "errors"?'],
    ["a job with a main output", upper, "errors", "it also has a main output"],
    ["what is no job", {}, "errors", "is no job"],
    [
      "the output of an earlier job",
      chain(outputOf(split, "errors"), left),
      "others",
      "written by an earlier job of the chain",
    ],
  ])("refuses %s", (_what, job, name, message) => {
    expect(() => (outputOf as (of: unknown, name: string) => unknown)(job, name)).toThrow(refused(message));
  });
});
