// What of an aggregation kernels are given to do.

import type { ColumnContent, RowGrouping } from "@millrace/data";
import { describe, expect, it } from "vitest";
import {
  and,
  atLeast,
  before,
  choice,
  choose,
  count,
  defineAggregation,
  distinct,
  double,
  equals,
  first,
  floorTime,
  greaterThan,
  hasPrefix,
  int,
  isMissing,
  max,
  mean,
  not,
  notEquals,
  optional,
  quantile,
  set,
  sum,
  text,
  textOf,
  time,
  words,
} from "../../src/index.ts";
import { type RowsChoice, createTable, jobProgram } from "../../src/engine/index.ts";
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
  hidden: text(),
});
const columns = new Map<string, ColumnContent>([
  ["path", "text"],
  ["user", "text"],
  ["status", "number"],
  ["bytes", "number"],
  ["ms", "number"],
  ["at", "number"],
]);
const reduce = { hits: count() };
const output = plainOutput<unknown>();
const define = defineAggregation as unknown as (definition: unknown) => Parameters<typeof jobProgram>[0];

function chooseOf(definition: object, params: Readonly<Record<string, string | number>> = {}): RowsChoice {
  const [stage] = jobProgram(define({ name: "job", input: log, ...definition })).stages;
  const batch = stage?.kind === "map" ? stage.maps[0]?.operators[0]?.batch : undefined;
  if (batch?.kind !== "rows") throw new Error("no plan of rows");
  return batch.choose(columns, params);
}

function groupingOf(grouping: object, more: object = {}): RowGrouping | string | undefined {
  const { program, left } = chooseOf({ aggregations: { only: { reduce, groupBy: {}, output, ...grouping } }, ...more });
  return program?.groupings[0] ?? left[0]?.reason;
}

describe("chooseRows()", () => {
  it("gives keys and states of columns", () => {
    const chosen = chooseOf({
      aggregations: {
        times: {
          groupBy: { status: log.status, week: floorTime(log.at, "2w"), user: log.user },
          reduce: {
            hits: count(),
            bytes: sum(log.bytes),
            ms: mean(log.ms),
            low: quantile(log.ms, 0.1),
            high: quantile(log.ms, 0.9),
          },
          output,
        },
        users: { groupBy: {}, reduce: { users: distinct(log.user), pairs: distinct(log.user, log.status) }, output },
      },
    });
    expect(chosen).toEqual({
      done: ["times", "users"],
      left: [],
      program: {
        isSeveral: true,
        counters: [],
        byRecord: 0,
        groupings: [
          {
            ordinal: 0,
            conditions: [],
            keys: [
              { column: "status", optional: false },
              { column: "at", optional: false, floor: { width: 14 * 86_400_000, origin: -3 * 86_400_000 } },
              { column: "user", optional: true },
            ],
            parts: [
              { state: "count", stateBytes: 8 },
              { state: "sum", stateBytes: 8, column: "bytes", isDouble: false },
              { state: "mean", stateBytes: 16, column: "ms", isDouble: true },
              { state: "quantile", stateBytes: 8, column: "ms", isDouble: true },
            ],
          },
          {
            ordinal: 1,
            conditions: [],
            keys: [],
            parts: [
              { state: "distinct", stateBytes: 8, values: [{ column: "user", optional: false }] },
              {
                state: "distinct",
                stateBytes: 8,
                values: [
                  { column: "user", optional: true },
                  { column: "status", optional: true },
                ],
              },
            ],
          },
        ],
      },
    });
  });

  it("gives conditions, those of the job with those of the grouping", () => {
    const least = int({ min: 0 });
    const where = and(atLeast(log.status, least), not(isMissing(log.user)), notEquals(log.path, "/x"));
    const chosen = chooseOf(
      {
        params: { least },
        where: greaterThan(log.ms, 0.5),
        aggregations: { only: { where, groupBy: {}, reduce, output } },
      },
      { least: 400 },
    );
    expect(chosen.program?.groupings[0]?.conditions).toEqual([
      { operation: "compare", column: "ms", test: "greaterThan", value: 0.5 },
      { operation: "compare", column: "status", test: "atLeast", value: 400 },
      { operation: "isMissing", column: "user" },
      { operation: "not" },
      { operation: "text", column: "path", test: "notEquals", value: "/x" },
      { operation: "and", count: 3 },
      { operation: "and", count: 2 },
    ]);
    expect(groupingOf({ where: hasPrefix(log.path, "/a") })).toMatchObject({
      conditions: [{ operation: "text", column: "path", test: "hasPrefix", value: "/a" }],
    });
  });

  it("gives what parameters choose, encoded as all that they may choose", () => {
    const by = choice("path", "page", "status", "none");
    const of = choice("ms", "bytes");
    const width = choice("1m", "1d");
    const measure = choose(of, { ms: log.ms, bytes: log.bytes });
    const group = choose(by, { path: log.path, page: before(log.path, "?"), status: textOf(log.status), none: null });
    const definition = {
      params: { by, of, width },
      where: not(isMissing(measure)),
      counters: { without: isMissing(measure) },
      aggregations: {
        only: {
          groupBy: { at: floorTime(log.at, width), group, measure },
          reduce: { mean: mean(measure), most: max(measure) },
          output,
        },
      },
    };
    const planOf = (params: Readonly<Record<string, string>>): RowsChoice => chooseOf(definition, params);
    const measured = { column: "bytes", optional: true, isDouble: true };
    expect(planOf({ by: "page", of: "bytes", width: "1d" }).program).toMatchObject({
      counters: [{ name: "without", conditions: [{ operation: "isMissing", column: "bytes" }] }],
      groupings: [
        {
          conditions: [{ operation: "isMissing", column: "bytes" }, { operation: "not" }],
          keys: [
            { column: "at", optional: false, floor: { width: 86_400_000, origin: 0 } },
            { column: "path", optional: true, before: "?" },
            measured,
          ],
          parts: [
            { state: "mean", column: "bytes", isDouble: false },
            { state: "max", values: [{ ...measured, optional: false }] },
          ],
        },
      ],
    });
    const keys = (by: string): unknown => planOf({ by, of: "ms", width: "1m" }).program?.groupings[0]?.keys[1];
    expect(["path", "status", "none"].map(keys)).toEqual([
      { column: "path", optional: true },
      { column: "status", optional: true, isDecimal: true },
      {},
    ]);
  });

  it.each<[string, object, string]>([
    [
      "a text before two characters",
      { groupBy: { page: before(log.path, "?x") } },
      'no kernel computes before(path, "?x")',
    ],
    ["a double as text", { groupBy: { ms: textOf(log.ms) } }, "no kernel computes textOf(ms)"],
    ["a column that kernels do not find", { groupBy: { hidden: log.hidden } }, "no kernel finds hidden"],
    [
      "a floor in a zone",
      { groupBy: { day: floorTime(log.at, "1d", { zone: "Europe/Paris" }) } },
      'no kernel computes floorTime(at, "1d", { zone: "Europe/Paris" })',
    ],
    ["words", { groupBy: { word: words(log.path) } }, "it has a row for each word"],
    ["a state that kernels do not know", { reduce: { all: set(log.path) } }, "no kernel knows the state of set"],
    ["a state without bytes alone", { reduce: { most: max(log.bytes) } }, "no kernel knows the state of max"],
    ["a column of a state", { reduce: { all: distinct(log.hidden) } }, "no kernel finds hidden"],
    [
      "a condition",
      { where: and(equals(log.status, 200), equals(log.hidden, "x")) },
      'no kernel computes and(equals(status, 200), equals(hidden, "x"))',
    ],
    [
      "more keys than a line is long",
      { groupBy: Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`k${index}`, log.path])) },
      "it is grouped by more than 7 columns",
    ],
    ["values that go by place", { reduce: { first: first(log.path) } }, '"only" keeps values by their places'],
  ])("leaves a grouping with %s to the map", (_name, grouping, reason) => {
    expect(groupingOf(grouping)).toBe(reason);
  });

  it("leaves the others to kernels, unless one goes by place", () => {
    const paths = { groupBy: { path: log.path }, reduce, output };
    const most = { groupBy: {}, reduce: { all: set(log.path) }, output };
    const start = { groupBy: {}, reduce: { start: first(log.path) }, output };
    const chosen = chooseOf({ aggregations: { most, paths } });
    expect(chosen).toMatchObject({
      done: ["paths"],
      left: [{ name: "most" }],
      program: { byRecord: 1, isSeveral: true },
    });
    expect(chooseOf({ aggregations: { paths, start } })).toMatchObject({
      done: [],
      left: [{ name: "paths" }, { name: "start" }],
    });
    expect(chooseOf({ where: equals(log.hidden, "x"), aggregations: { paths } }).program).toBeUndefined();
  });
});
