import {
  antiJoin,
  chain,
  defineJob,
  defineJoin,
  eachJoinedText,
  innerJoin,
  int,
  fullJoin,
  leftJoin,
  object,
  semiJoin,
  text,
  tuple,
} from "@millrace/sdk";
import { jobProgram, specOf } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { plainInput, plainOutput } from "../program/plain-formats.ts";
import { runProgram } from "../program/run-program.ts";

type User = { readonly id: string; readonly country: string };
type Hit = { readonly user: string; readonly path: string };
const users = {
  input: plainInput<User>(),
  value: text(),
  map: (user: User, emit: (key: string, value: string) => void): void => {
    emit(user.id, user.country);
  },
};
const hits = {
  input: plainInput<Hit>(),
  value: object({ path: text() }),
  map: (hit: Hit, emit: (key: string, value: { readonly path: string }) => void): void => {
    emit(hit.user, { path: hit.path });
  },
};
const given = {
  users: [
    [
      { id: "ann", country: "DE" },
      { id: "bob", country: "FR" },
    ],
    [
      { id: "ann", country: "IT" },
      { id: "eve", country: "ES" },
    ],
  ],
  hits: [
    [
      { user: "ann", path: "/1" },
      { user: "zoe", path: "/2" },
    ],
    [
      { user: "bob", path: "/3" },
      { user: "ann", path: "/4" },
    ],
  ],
};

/** Run a join of users and hits; one partition, so that rows come in the order of keys. */
async function join(
  reduce: (key: string, sides: { users: Iterable<string>; hits: Iterable<{ path: string }> }) => Iterable<unknown>,
): Promise<readonly unknown[] | undefined> {
  const job = defineJoin({
    name: "join",
    inputs: { users, hits },
    reduce: (key, sides, emit) => {
      for (const row of reduce(key, sides)) emit(row);
    },
    output: plainOutput<unknown>(),
  });
  return (await runProgram(job, { inputs: given, partitions: 1 }))[""];
}

describe("eachJoinedText()", () => {
  it("joins two inputs: others are refused, and what it may keep in memory stands in the program", () => {
    const reduce = eachJoinedText();
    const [output, texts] = [plainOutput<string>(), { ...users, value: text() }];
    const job = defineJoin({ name: "two", inputs: { a: texts, b: texts }, reduce, output });
    const [stage] = jobProgram(job).stages.filter(({ kind }) => kind === "reduce");
    expect(stage).toMatchObject({ reduce: { plan: { kind: "joined-texts", limits: { bytesMax: 64 * 1024 * 1024 } } } });
    expect(() => defineJoin({ name: "three", inputs: { a: texts, b: texts, c: texts }, reduce, output })).toThrow(
      /joins two inputs, and there are 3; give a function/u,
    );
  });
});

describe("defineJoin()", () => {
  it("gives the values of each input for a key, none where an input does not have it", async () => {
    const rows = await join((key, sides) => [[key, [...sides.users], [...sides.hits]]]);
    expect(rows).toEqual([
      ["ann", ["DE", "IT"], [{ path: "/1" }, { path: "/4" }]],
      ["bob", ["FR"], [{ path: "/3" }]],
      ["eve", ["ES"], []],
      ["zoe", [], [{ path: "/2" }]],
    ]);
  });

  it("may iterate all inputs but the last again, and need not read any", async () => {
    const rows = await join((key, sides) => (key === "ann" ? [...sides.users, ...sides.users] : []));
    expect(rows).toEqual(["DE", "IT", "DE", "IT"]);
  });

  it("streams the last input once", async () => {
    await expect(join((_key, { hits: last }) => [...last, ...last])).rejects.toThrow(
      'Cannot read the values of the input "hits" again: those of the last input stream once',
    );
  });

  it("refuses the values of a key that do not fit in memory, naming key, input and what to do", async () => {
    const long = "x".repeat(1024 * 1024);
    const many = { users: [Array.from({ length: 65 }, () => ({ id: "ann", country: long }))], hits: [] };
    const job = defineJoin({
      name: "large",
      inputs: { users, hits },
      reduce: () => undefined,
      output: plainOutput<unknown>(),
    });
    await expect(runProgram(job, { inputs: many })).rejects.toThrow(
      expect.objectContaining({
        code: "E_JOIN_MEMORY",
        message:
          'Cannot join the key "ann" of job "large": with its input "users" the values before the last input take more than 67108864 bytes, after 63 values; put the input with the most values of one key last, or emit smaller values',
      }),
    );
    const turned = defineJoin({
      name: "large",
      inputs: { hits, users },
      reduce: (_key, sides, emit) => emit([...sides.users].length),
      output: plainOutput<number>(),
    });
    expect((await runProgram(turned, { inputs: many }))[""]).toEqual([65]);
  });

  it("is a map stage over all inputs, ordered by input, and a reduce stage", () => {
    const job = defineJoin({
      name: "join",
      inputs: { users, hits },
      reduce: () => undefined,
      output: plainOutput<unknown>(),
    });
    expect(specOf(jobProgram(job))).toMatchObject({
      inputs: [{ name: "users" }, { name: "hits" }],
      stages: [
        { kind: "map", inputs: [0, 1], shuffle: { partitions: "auto", pairs: "value", ordered: true }, outputs: [] },
        { kind: "reduce", reads: 0, outputs: [{ name: "", extension: "txt" }] },
      ],
    });
  });

  it("has parameters, state, named outputs and a key of its own", async () => {
    const job = defineJoin({
      name: "all",
      params: { least: int({ default: 0 }) },
      setup: ({ params }) => ({ twice: params.least * 2 }),
      key: tuple(text(), int()),
      inputs: {
        left: {
          input: plainInput<string>(),
          value: int(),
          map: (line, emit, { state }) => {
            emit([line, 1], state.twice);
          },
        },
        right: {
          input: plainInput<string>(),
          value: int(),
          map: (line, emit, { outputs }) => {
            outputs.seen(line);
            emit([line, 1], 7);
          },
        },
      },
      reduce: ([line, one], { left, right }, emit) => {
        emit([line, one, ...left, ...right]);
      },
      output: plainOutput<readonly unknown[]>(),
      outputs: { seen: plainOutput<string>() },
    });
    const inputs = { left: [["a"]], right: [["a", "b"]] };
    expect(await runProgram(job, { inputs, params: { least: 3 }, partitions: 1 })).toEqual({
      "": [
        ["a", 1, 6, 7],
        ["b", 1, 7],
      ],
      seen: ["a", "b"],
    });
  });

  it("may be the first job of a chain, and no later one", async () => {
    const joined = defineJoin({
      name: "joined",
      inputs: { users, hits },
      reduce: (_key, sides, emit) => {
        for (const row of innerJoin(sides)) emit(`${row.users} ${row.hits.path}`);
      },
      output: plainOutput<string>(),
    });
    const upper = defineJob({
      name: "upper",
      input: plainInput<string>(),
      map: (line, emit) => emit(line.toLowerCase()),
      output: plainOutput<string>(),
    });
    expect((await runProgram(chain(joined, upper), { inputs: given, partitions: 1 }))[""]).toEqual([
      "de /1",
      "it /1",
      "de /4",
      "it /4",
      "fr /3",
    ]);
    expect(() => (chain as (...jobs: unknown[]) => unknown)(upper, joined)).toThrow(
      expect.objectContaining({
        code: "E_JOB_INVALID",
        message: expect.stringContaining(
          '"joined" has 2 inputs, and only the first job of a chain may have several',
        ) as string,
      }),
    );
  });

  const good = { name: "join", inputs: { users, hits }, reduce: () => undefined, output: plainOutput<unknown>() };
  const define = (definition: unknown): unknown =>
    (defineJoin as unknown as (definition: unknown) => unknown)(definition);

  it("names the side files that must be given", () => {
    expect(jobProgram(define({ ...good, files: ["a.txt"] })).files).toEqual(["a.txt"]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["no inputs", { inputs: undefined }, '"inputs" is missing; give an object'],
    ["inputs that are a list", { inputs: [users, hits] }, '"inputs" is an array; give an object such as'],
    ["one input", { inputs: { users } }, '"inputs" has 1 of them; give 2 to 16'],
    ["an input that is a format", { inputs: { users, hits: plainInput() } }, 'the input "hits" is a format alone'],
    ["an input that is no object", { inputs: { users, hits: 5 } }, 'the input "hits" is a number'],
    [
      "an input with a key of its own",
      { inputs: { users, hits: { ...hits, key: int() } } },
      'the input "hits" has a key of its own, but a join has one for all; write "key" beside "inputs"',
    ],
    [
      "an input without value",
      { inputs: { users, hits: { ...hits, value: undefined } } },
      '"inputs.hits.value" is missing; give a codec',
    ],
    [
      "an input without map",
      { inputs: { users: { ...users, map: undefined }, hits } },
      '"inputs.users.map" is missing',
    ],
    [
      "an input without input",
      { inputs: { users: { ...users, input: undefined }, hits } },
      '"inputs.users.input" is missing',
    ],
    [
      "a misspelt property of an input",
      { inputs: { users: { ...users, valeu: text() }, hits } },
      'the input "users" has no property "valeu"; did you mean "value"?',
    ],
    ["a name that is no flag", { inputs: { "the users": users, hits } }, 'the input "the users" has no usable name'],
    ["a side file with a path", { files: ["../a"] }, 'the side file "../a" has no usable name'],
    ["a misspelt property", { redcue: good.reduce }, 'it has no property "redcue"; did you mean "reduce"?'],
    ["an aggregator", { reduce: {} }, '"reduce" is an object; give a function'],
    ["no reduce", { reduce: undefined }, '"reduce" is missing; give a function'],
    ["a key without order", { key: { ...object({ a: text() }), preservesOrder: undefined } }, "has no order"],
  ])("refuses %s", (_what, change, message) => {
    expect(() => define({ ...good, ...change })).toThrow(
      expect.objectContaining({ code: "E_JOB_INVALID", message: expect.stringContaining(message) as string }),
    );
  });
});

describe("joins by what the reducer emits", () => {
  it("innerJoin() gives every combination, the last input outside", async () => {
    expect(await join((_key, sides) => innerJoin(sides))).toEqual([
      { users: "DE", hits: { path: "/1" } },
      { users: "IT", hits: { path: "/1" } },
      { users: "DE", hits: { path: "/4" } },
      { users: "IT", hits: { path: "/4" } },
      { users: "FR", hits: { path: "/3" } },
    ]);
  });

  it("leftJoin() keeps the values of one input", async () => {
    const kept = async (keep: "users" | "hits"): Promise<unknown> =>
      (await join((_key, sides) => leftJoin(sides, keep)))?.slice(4);
    expect(await kept("hits")).toEqual([
      { users: "FR", hits: { path: "/3" } },
      { users: null, hits: { path: "/2" } },
    ]);
    expect(await kept("users")).toEqual([
      { users: "FR", hits: { path: "/3" } },
      { users: "ES", hits: null },
    ]);
  });

  it("fullJoin() keeps the values of every input", async () => {
    expect((await join((_key, sides) => fullJoin(sides)))?.slice(4)).toEqual([
      { users: "FR", hits: { path: "/3" } },
      { users: "ES", hits: null },
      { users: null, hits: { path: "/2" } },
    ]);
  });

  it("semiJoin() and antiJoin() give values of one input alone", async () => {
    expect(await join((_key, sides) => semiJoin(sides, "hits"))).toEqual([
      { path: "/1" },
      { path: "/4" },
      { path: "/3" },
    ]);
    expect(await join((_key, sides) => semiJoin(sides, "users"))).toEqual(["DE", "IT", "FR"]);
    expect(await join((_key, sides) => antiJoin(sides, "hits"))).toEqual([{ path: "/2" }]);
    expect(await join((_key, sides) => antiJoin(sides, "users"))).toEqual(["ES"]);
  });

  it("work with three inputs", () => {
    const sides = { a: [1, 2], b: [3], c: [4, 5] };
    expect([...innerJoin(sides)].map((row) => [row.a, row.b, row.c])).toEqual([
      [1, 3, 4],
      [2, 3, 4],
      [1, 3, 5],
      [2, 3, 5],
    ]);
    expect([...innerJoin({ ...sides, b: [] })]).toEqual([]);
    expect([...leftJoin({ ...sides, b: [], c: [] as number[] }, "a")]).toEqual([
      { a: 1, b: null, c: null },
      { a: 2, b: null, c: null },
    ]);
    expect([...leftJoin({ ...sides, a: [] }, "a")]).toEqual([]);
    expect([...fullJoin({ a: [1, 2], b: [] as number[], c: [4] })]).toEqual([
      { a: 1, b: null, c: 4 },
      { a: 2, b: null, c: 4 },
    ]);
    expect([...semiJoin({ ...sides, b: [] }, "a")]).toEqual([]);
    expect([...antiJoin({ ...sides, b: [] }, "a")]).toEqual([]);
  });

  it("refuse an input that is not there, with the nearest name", () => {
    expect(() => leftJoin({ users: [1], hits: [2] }, "hit" as "hits")).toThrow(
      expect.objectContaining({
        code: "E_USER_CODE",
        message: expect.stringContaining('did you mean "hits"?') as string,
      }),
    );
  });
});
