// What a definition of an aggregation is refused for, when no compiler has told: each names the job, the part and what
// to do.

import { describe, expect, it } from "vitest";
import {
  boolean,
  bytes,
  choose,
  count,
  defineAggregation,
  equals,
  floorTime,
  greaterThan,
  histogram,
  int,
  isMissing,
  list,
  lookup,
  max,
  optional,
  quantile,
  set,
  sideTable,
  sum,
  text,
  time,
  words,
} from "../../src/index.ts";
import { createTable, jobProgram, specOf } from "../../src/engine/index.ts";
import { plainInput, plainOutput } from "../program/plain-formats.ts";

const format = {
  name: "test-log",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  createReader: () => ({ read: () => ({}), reason: () => "" }),
} as const;
const columns = { path: text(), status: int(), time: time(), user: optional(text()), raw: bytes() };
const log = createTable(format, columns);
const other = createTable({ ...format, name: "other-log" }, { size: int(), status: text() });
const output = plainOutput<unknown>();
const grouping = { groupBy: { path: log.path }, reduce: { hits: count() }, output };
const define = defineAggregation as unknown as (definition: unknown) => unknown;
const withGrouping = (change: object): unknown => ({
  name: "job",
  input: log,
  aggregations: { paths: { ...grouping, ...change } },
});

describe("defineAggregation()", () => {
  it.each<[string, unknown, string]>([
    ["no object", undefined, "Cannot define a job: its definition is missing; give an object"],
    ["no name", { ...(withGrouping({}) as object), name: "" }, 'Cannot define job ""'],
    ["a property of another form", { ...(withGrouping({}) as object), map: () => 1 }, 'it has no property "map"'],
    [
      "a misspelt property",
      { ...(withGrouping({}) as object), were: isMissing(log.user) },
      'it has no property "were"; did you mean "where"?',
    ],
    ["no input", { name: "job", aggregations: {} }, '"input" is missing; give one such as textLines()'],
    [
      "no aggregations",
      { name: "job", input: log },
      '"aggregations" is missing; give an object of { groupBy, reduce, output } by name',
    ],
    ["none of them", { name: "job", input: log, aggregations: {} }, '"aggregations" has 0 groupings; give 1 to 256'],
    [
      "one that is no object",
      { name: "job", input: log, aggregations: { paths: 1 } },
      'the aggregation "paths" is a number',
    ],
    [
      "a name that is no folder",
      { name: "job", input: log, aggregations: { byPath: grouping } },
      'the output "byPath" has no usable name, it is a folder below the job\'s output; use 1 to 64 of a-z, 0-9 and "-", such as "by-path"',
    ],
    [
      "a misspelt property of a grouping",
      withGrouping({ tops: { by: "hits", count: 1 } }),
      'in the aggregation "paths", it has no property "tops"; did you mean "top"?',
    ],
    [
      "no groupBy",
      withGrouping({ groupBy: undefined }),
      '"groupBy" is missing; give an object of columns by name, {} for one group of all',
    ],
    [
      "a group that is a text",
      withGrouping({ groupBy: { path: "path" } }),
      '"groupBy.path" is the text "path", no column; give one of the input, such as log.path',
    ],
    [
      "a group that is a codec",
      withGrouping({ groupBy: { path: text() } }),
      '"groupBy.path" is a parameter or codec, which is the same for every record',
    ],
    [
      "a group that is nothing",
      withGrouping({ groupBy: { path: undefined } }),
      '"groupBy.path" is nothing (a column that is not there?), no column',
    ],
    [
      "a group of a bad name",
      withGrouping({ groupBy: { ["__proto__"]: log.path } }),
      'a column of its rows is named "__proto__"',
    ],
    [
      "a column of another input",
      withGrouping({ groupBy: { size: other.size } }),
      '"groupBy.size" uses the column "size" of "other-log", which is not the input, and "test-log" has no such column; use a column of the input',
    ],
    [
      "a column that is another there",
      withGrouping({ groupBy: { status: other.status } }),
      "which is not the input, and is another there",
    ],
    ["no reduce", withGrouping({ reduce: undefined }), '"reduce" is missing; give an object of aggregators by name'],
    ["an empty reduce", withGrouping({ reduce: {} }), '"reduce" has no aggregator; add one, such as rows: count()'],
    [
      "an aggregator without column",
      withGrouping({ reduce: { bytes: sum() } }),
      '"reduce.bytes" is an aggregator without a column; name one, such as sum(log.bytes)',
    ],
    [
      "an aggregator of a codec",
      withGrouping({ reduce: { last: max(time()) } }),
      '"reduce.last" is an aggregator without a column',
    ],
    [
      "an aggregator that was not called",
      withGrouping({ reduce: { hits: count } }),
      '"reduce.hits" is a function; call it, as in count()',
    ],
    ["no aggregator", withGrouping({ reduce: { hits: 1 } }), '"reduce.hits" is a number, no aggregator'],
    [
      "a name in both",
      withGrouping({ reduce: { path: count() } }),
      'the name "path" is in "groupBy" and in "reduce"; give one of them another',
    ],
    [
      "a column of another input in an aggregator",
      withGrouping({ reduce: { size: sum(other.size) } }),
      '"reduce.size" uses the column "size" of "other-log"',
    ],
    [
      "no condition",
      withGrouping({ where: log.status }),
      '"where" is status, a number and no condition; compare it, as by equals()',
    ],
    ["a condition that is a function", withGrouping({ where: () => true }), '"where" is a function, no column'],
    [
      "a parameter that is not declared",
      withGrouping({ where: equals(log.status, int()) }),
      '"where" uses a parameter that "params" does not declare, in equals(status, a parameter); put it there under a name',
    ],
    [
      "two texts taken apart",
      withGrouping({ groupBy: { path: words(log.path), user: words(log.user) } }),
      "it takes two texts apart, words(path) and words(user), which would be a row for each pair of words; use one",
    ],
    [
      "words of words",
      withGrouping({ groupBy: { path: words(words(log.path)) } }),
      '"groupBy.path" takes two texts apart',
    ],
    [
      "words for all",
      { ...(withGrouping({}) as object), where: equals(words(log.path), "a") },
      '"where" uses words(), which is a row for each',
    ],
    [
      "a parameter that chooses and is not declared",
      withGrouping({ groupBy: { path: choose(boolean(), { true: log.path, false: null }) } }),
      '"groupBy.path" uses a parameter that "params" does not declare',
    ],
    [
      "a counter of words",
      { ...(withGrouping({}) as object), counters: { words: equals(words(log.path), "a") } },
      '"counters.words" uses words(), which is a row for each; count records',
    ],
    [
      "a counter that is no condition",
      { ...(withGrouping({}) as object), counters: { status: log.status } },
      '"counters.status" is status, a number and no condition',
    ],
    [
      "a counter without a name",
      { ...(withGrouping({}) as object), counters: { "": isMissing(log.user) } },
      "a counter has a name of 0 characters; give it 1 to 128",
    ],
    [
      "counters that are none",
      { ...(withGrouping({}) as object), counters: ["a"] },
      '"counters" is an array; give an object of conditions by name',
    ],
    [
      "having that is no function",
      withGrouping({ having: equals(log.status, 5) }),
      '"having" is an object; give a function such as (row) => greaterThan(row.hits, 10)',
    ],
    ["having without condition", withGrouping({ having: () => true }), '"having" gives the boolean true, no condition'],
    [
      "having of a value",
      withGrouping({ having: (row: any) => row.hits }),
      '"having" gives hits, a number and no condition',
    ],
    [
      "having about records",
      withGrouping({ having: () => greaterThan(log.status, 5) }),
      '"having" uses the column "status" of "test-log", but is about groups; use a column of the row',
    ],
    [
      "having of an unknown column",
      withGrouping({ having: (row: any) => greaterThan(row.hit, 5) }),
      '"having" cannot use row.hit: the row has no "hit" (did you mean "hits"?); use one of "path", "hits"',
    ],
    [
      "having of what has no order",
      withGrouping({ reduce: { hits: count(), users: set(log.user) }, having: (row: any) => isMissing(row.users) }),
      'the results of "users" have no order',
    ],
    [
      "having of another kind",
      withGrouping({ having: (row: any) => greaterThan(row.hits, "10" as never) }),
      'hits is a number, and cannot stand beside the text "10"',
    ],
    [
      "having of a parameter that is not declared",
      withGrouping({ having: (row: any) => greaterThan(row.hits, int()) }),
      '"having" uses a parameter that "params" does not declare',
    ],
    ["top that is no object", withGrouping({ top: 5 }), '"top" is a number; give { by, count }'],
    ["top by nothing", withGrouping({ top: { count: 5 } }), '"top.by" is missing, none of "reduce"; rank by "hits"'],
    [
      "top by an unknown result",
      withGrouping({ top: { by: "hit", count: 5 } }),
      '"top.by" is "hit", none of "reduce" (did you mean "hits"?); rank by "hits"',
    ],
    [
      "top by what has no order",
      withGrouping({ reduce: { all: histogram(log.status, [1, 2]) }, top: { by: "all", count: 5 } }),
      '"top.by" is "all", whose results have no order; add one that has, such as count()',
    ],
    [
      "top of none",
      withGrouping({ top: { by: "hits", count: 0 } }),
      '"top.count" is 0; give 1 to 10000, or a parameter',
    ],
    ["top of too many", withGrouping({ top: { by: "hits", count: 10_001 } }), '"top.count" is 10001; give 1 to 10000'],
    [
      "top of a parameter that is not declared",
      withGrouping({ top: { by: "hits", count: int() } }),
      '"top.count" is a parameter that "params" does not declare',
    ],
    [
      "top of a property of another name",
      withGrouping({ top: { by: "hits", counts: 5 } }),
      'its "top" has no property "counts"; did you mean "count"?',
    ],
    ["no output", withGrouping({ output: undefined }), '"output" is missing; give one such as textTable()'],
    [
      "an output of other rows",
      withGrouping({ output: plainOutput({ path: "text", hitss: "int" }) }),
      'in the aggregation "paths", its rows do not fit its output "plain": the record has no "hitss", the nearest is "hits"',
    ],
    [
      "an output of other kinds",
      withGrouping({ output: plainOutput({ path: "int", hits: "int" }) }),
      '"path" is a text and not a number',
    ],
    [
      "an input without columns",
      { name: "job", input: plainInput(), aggregations: { paths: grouping } },
      '"groupBy.path" uses the column "path" of "test-log", but the input has no columns; read it with a format that has them',
    ],
  ])("refuses %s", (_what, definition, message) => {
    const refused = (): unknown => define(definition);
    expect(refused).toThrow(message);
    expect(refused).toThrow(/^Cannot (?:define (?:a job: |job "[^"]*": )|make greaterThan)/u);
    expect(refused).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });

  it("refuses one parameter under two names, and a top list of a parameter that counts nothing", () => {
    const one = int();
    const both = { ...(withGrouping({}) as object), params: { one, two: one } };
    expect(() => define(both)).toThrow('the parameters "one" and "two" are one value; make one for each, as by text()');
    const name = text();
    const ofText = { ...(withGrouping({ top: { by: "hits", count: name } }) as object), params: { name } };
    expect(() => define(ofText)).toThrow('"top.count" is a parameter that is a text; declare it with int({ min: 1 })');
  });

  it("takes columns of another table of the same format", () => {
    const again = createTable(format, columns);
    expect(() => define({ name: "job", input: again, aggregations: { paths: grouping } })).not.toThrow();
  });

  it("refuses columns of lists where a table is made", () => {
    expect(() => createTable(format, { all: list(text()) } as never)).toThrow('its codec ["text"] is no scalar');
  });

  it("makes a program whose plan says what it is", () => {
    const codes = sideTable({ file: "codes.csv", columns: { code: int(), name: text() }, key: "code" });
    const most = int({ default: 10 });
    const job = defineAggregation({
      name: "traffic",
      params: { most },
      input: log,
      aggregations: {
        minutes: {
          groupBy: { minute: floorTime(log.time, "1m") },
          reduce: { p99: quantile(log.status, 0.99) },
          output,
        },
        names: {
          groupBy: { name: lookup(log.status, codes, "name") },
          reduce: { hits: count() },
          top: { by: "hits", count: most },
          output,
        },
      },
    });
    const spec = specOf(jobProgram(job));
    expect(spec.files).toEqual(["codes.csv"]);
    expect(spec.stages).toEqual([
      { kind: "map", inputs: [0], shuffle: { partitions: "auto", pairs: "state", ordered: false }, outputs: [] },
      {
        kind: "reduce",
        reads: 0,
        shuffle: { partitions: 1, pairs: "state", ordered: false },
        outputs: [{ name: "minutes", extension: "txt" }],
      },
      { kind: "reduce", reads: 1, outputs: [{ name: "names", extension: "txt" }] },
    ]);
    expect(Object.keys(spec.params)).toEqual(["most"]);
  });
});
