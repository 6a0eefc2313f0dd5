// `emits` of a job: what is refused of it, what kernels are given, and what its map does of single records.

import type { ColumnContent } from "@millrace/data";
import { describe, expect, it } from "vitest";
import {
  type EmittedColumns,
  add,
  before,
  boolean,
  choose,
  defineJob,
  double,
  equals,
  greaterThan,
  int,
  matches,
  object,
  optional,
  sum,
  text,
  time,
  tuple,
  words,
} from "../../src/index.ts";
import { type PairsChoice, type StepMapContext, createTable, extractSpec, jobProgram } from "../../src/engine/index.ts";
import { plainOutput } from "../program/plain-formats.ts";

const format = {
  name: "test-log",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  createReader: () => ({ read: () => ({}), reason: () => "" }),
} as const;
const log = createTable(format, {
  path: text(),
  user: optional(text()),
  status: int(),
  bytes: optional(int()),
  ms: double(),
  at: time(),
  ok: boolean(),
});
const found = new Map<string, ColumnContent>([
  ["path", "text"],
  ["user", "text"],
  ["status", "number"],
  ["bytes", "number"],
  ["ms", "number"],
  ["at", "number"],
]);
const none = { key: undefined, value: undefined, orderBy: undefined };
const query = boolean({ default: false });

function jobOf(emits: unknown, codecs: object = {}): Parameters<typeof jobProgram>[0] {
  return (defineJob as unknown as (definition: unknown) => Parameters<typeof jobProgram>[0])({
    name: "job",
    params: { query },
    input: log,
    key: text(),
    value: object({ at: time(), ms: double() }),
    orderBy: time(),
    emits: typeof emits === "function" ? emits : () => emits,
    map: (_record: unknown, emit: (key: string) => void) => emit("left"),
    reduce: () => undefined,
    output: plainOutput<unknown>(),
    ...codecs,
  });
}

function operatorOf(emits: unknown, codecs: object = {}) {
  const [stage] = jobProgram(jobOf(emits, codecs)).stages;
  const operator = stage?.kind === "map" ? stage.maps[0]?.operators[0] : undefined;
  if (operator?.batch?.kind !== "columns") throw new Error("no plan of columns");
  return { map: operator.map, choose: operator.batch.choose };
}

const pair: EmittedColumns = { key: log.user, value: { at: log.at, ms: log.bytes }, order: log.at };
const chosen = (emits: unknown, codecs: object = {}, params: object = { query: false }): PairsChoice =>
  operatorOf(emits, codecs).choose(found, params as never);

describe("emits", () => {
  it("gives kernels columns as the codecs write them, and leaves rows without one of them", () => {
    expect(chosen({ ...pair, where: greaterThan(log.status, 400) })).toEqual({
      program: {
        conditions: [
          { operation: "compare", column: "status", test: "greaterThan", value: 400 },
          { operation: "isMissing", column: "user" },
          { operation: "not" },
          { operation: "isMissing", column: "bytes" },
          { operation: "not" },
          { operation: "and", count: 3 },
        ],
        key: [{ column: "user", optional: false }],
        value: [
          { column: "at", optional: false },
          { column: "bytes", optional: false, isDouble: true },
        ],
        order: { column: "at", optional: false },
      },
    });
    const unordered = {
      key: object({ page: text(), status: int() }),
      value: double(),
      orderBy: undefined,
    };
    const page = choose(query, { true: log.path, false: before(log.path, "?") });
    expect(chosen({ key: { page, status: log.status }, value: log.ms }, unordered)).toEqual({
      program: {
        conditions: [],
        key: [
          { column: "path", optional: false, before: "?" },
          { column: "status", optional: false },
        ],
        value: [{ column: "ms", optional: false, isDouble: true }],
      },
    });
  });

  it.each<[string, unknown, object, string]>([
    ["none", undefined, {}, "the map takes all records"],
    [
      "a condition that kernels do not know",
      { ...pair, where: matches(log.path, "a") },
      {},
      "no kernel computes matches",
    ],
    ["a key that is made", { ...pair, key: before(log.path, "?") }, {}, "no kernel orders the values of a key"],
    ["arithmetic", { ...pair, value: { at: log.at, ms: add(log.ms, 1) } }, {}, "no kernel computes add(ms, 1)"],
    ["a column that they do not find", { ...pair, value: log.ok }, { value: boolean() }, "no kernel finds ok"],
    [
      "what is missing",
      { ...pair, value: choose(query, { true: log.path, false: null }) },
      { value: text() },
      "is missing",
    ],
  ])("leaves all records to the map with %s", (_name, emits, codecs, reason) => {
    expect(chosen(emits, codecs)).toEqual({ reason: expect.stringContaining(reason) as unknown });
  });

  it.each<[string, unknown, object, string]>([
    ["a text", "x", {}, '"emits" gave a string; give { key, value } of columns'],
    ["a key that is no column", { ...pair, key: "x" }, {}, '"emits.key" is the text "x", no column'],
    ["an unknown property", { ...pair, sort: log.at }, {}, 'what "emits" gives has no property "sort"'],
    ["another kind", { ...pair, key: log.status }, {}, '"emits.key" is status, int, and its codec is of text'],
    [
      "a double where there are ints",
      { ...pair, value: log.ms },
      { value: int() },
      '"emits.value" is ms, double, and its codec is of int',
    ],
    [
      "a field that is not there",
      { ...pair, value: { at: log.at, mss: log.ms } },
      {},
      '"emits.value" has no property "mss"; did you mean "ms"?',
    ],
    ["a field that is missing", { ...pair, value: { at: log.at } }, {}, '"emits.value.ms" is nothing'],
    [
      "a tuple",
      { ...pair, value: log.ms },
      { value: tuple(int(), int()) },
      '"emits.value" is ["int","int"] by its codec',
    ],
    [
      "an optional codec",
      { ...pair, value: log.ms },
      { value: optional(double()) },
      "by its codec; columns make texts",
    ],
    ["no order", { ...pair, order: undefined }, {}, '"emits.order" is nothing'],
    ["an order of nothing", pair, { orderBy: undefined }, '"emits" gives an order, and there is no "orderBy"'],
    ["words", { ...pair, key: words(log.path) }, {}, '"emits.key" uses words(), of which a record has several'],
    ["no condition", { ...pair, where: log.status }, {}, '"emits.where" is status, a number and no condition'],
    [
      "a parameter of another job",
      { ...pair, where: equals(log.status, int()) },
      {},
      '"emits.where" uses a parameter that "params" does not declare',
    ],
  ])("refuses %s", (_name, emits, codecs, message) => {
    expect(() => chosen(emits, codecs)).toThrow(message);
  });

  it.each<[string, object, string]>([
    [
      "batches",
      { map: undefined, mapBatch: () => undefined },
      '"emits" is there with "mapBatch", which gets all lines',
    ],
    ["lines with a text", { linesWith: () => "a" }, '"linesWith" is there with "emits", which sees all records'],
    [
      "an aggregator",
      { value: undefined, orderBy: undefined, reduce: sum() },
      '"emits" is there without a reduce function',
    ],
    ["no reduce", { ...none, reduce: undefined }, '"emits" is there without a reduce function'],
    ["no function", { emits: {} }, '"emits" is an object'],
  ])("is refused beside %s", (_name, more, message) => {
    expect(() => operatorOf(pair, more)).toThrow(message);
  });

  it("is asked when the job is submitted, and what it throws itself is left to the task", () => {
    const spec = (emits: (params: { readonly query: boolean }) => unknown, all: boolean): unknown =>
      extractSpec(jobOf(emits), { params: { query: all } });
    const wrong = { ...pair, key: log.status };
    const emits = ({ query: all }: { readonly query: boolean }): unknown => (all ? wrong : pair);
    expect(spec(emits, false)).toMatchObject({ name: "job" });
    expect(() => spec(emits, true)).toThrow('"emits.key"');
    expect(() => spec(async () => Promise.resolve(pair), false)).toThrow('"emits" gave a promise');
    expect(() => spec(async () => Promise.reject(new Error("later")), false)).toThrow("gave a promise");
    const throws = (): never => {
      throw new TypeError("not now");
    };
    expect(spec(throws, false)).toMatchObject({ name: "job" });
  });

  it("emits the pair of a record, and calls the map for the others, as parameters say", () => {
    const { map } = operatorOf(({ query: all }: { readonly query: boolean }) =>
      all ? undefined : { ...pair, where: greaterThan(log.ms, 1) },
    );
    const emitted: unknown[] = [];
    const emit = (...all: unknown[]): void => {
      emitted.push(structuredClone(all));
    };
    const contextOf = (all: boolean): StepMapContext => ({ params: { query: all } }) as unknown as StepMapContext;
    const record = { path: "/", user: "u", status: 200, bytes: 5, ms: 2, at: 7, ok: true };
    const context = contextOf(false);
    map(record, emit, context);
    map({ ...record, ms: 0 }, emit, context);
    map({ ...record, user: null }, emit, context);
    map({ ...record, bytes: null }, emit, context);
    map(record, emit, contextOf(true));
    expect(emitted).toEqual([["u", { at: 7, ms: 5 }, 7], ["left"], ["left"], ["left"], ["left"]]);
  });
});
