// What the words of the language refuse when no compiler has told, and what they make.

import { showExpression } from "@millrace/data";
import { describe, expect, it } from "vitest";
import {
  type Expr,
  add,
  and,
  atLeast,
  before,
  boolean,
  choice,
  choose,
  contains,
  divide,
  double,
  equals,
  floorTime,
  hasPrefix,
  int,
  isMissing,
  lessThan,
  lookup,
  matches,
  not,
  optional,
  or,
  sideTable,
  substring,
  subtract,
  text,
  textOf,
  time,
  words,
} from "../../src/index.ts";
import { nodeOf } from "../../src/expression/expr.ts";
import { createTable } from "../../src/expression/table.ts";

const input = {
  name: "test-log",
  splitting: "delimiter",
  framing: { kind: "delimited", delimiter: "line" },
  createReader: () => ({ read: () => ({}), reason: () => "" }),
} as const;
const log = createTable(input, { path: text(), status: int(), time: time(), user: optional(text()) });
const any = log as unknown as Readonly<Record<string, Expr<never>>>;
const side = sideTable({ file: "codes.csv", columns: { code: int(), name: text() }, key: "code" });

describe("builders of expressions", () => {
  it("make what their words say", () => {
    const least = int({ default: 500 });
    const kind = choice("page", "status", "none");
    const width = choice("1m", "1d");
    const condition = and(
      atLeast(log.status, least),
      or(hasPrefix(log.path, "/a"), not(isMissing(log.user))),
      lessThan(log.time, "2026-01-01"),
      equals(add(log.status, 1), divide(log.status, 2)),
      equals(subtract(600, log.status), divide(least, log.status)),
      matches(substring(log.path, 1), "^x"),
      equals(lookup(log.status, side, "name"), words(log.path)),
      equals(floorTime(log.time, "1d", { zone: "Europe/Berlin" }), new Date(0)),
      equals(choose(kind, { page: before(log.path, "?"), status: textOf(log.status), none: null }), "x"),
      equals(floorTime(log.time, width), "2026-01-01"),
    );
    expect(condition.kind).toBe("boolean");
    expect(showExpression(nodeOf(condition), (mark) => (mark === least ? "least" : undefined))).toBe(
      'and(atLeast(status, params.least), or(hasPrefix(path, "/a"), not(isMissing(user))), lessThan(time, the time 1767225600000), ' +
        'equals(add(status, 1), divide(status, 2)), equals(subtract(600, status), divide(params.least, status)), matches(substring(path, 1), "^x"), equals(lookup(status, "codes.csv", "name"), words(path)), ' +
        'equals(floorTime(time, "1d", { zone: "Europe/Berlin" }), the time 0), ' +
        'equals(choose(a parameter, { page: before(path, "?"), status: textOf(status), none: null }), "x"), ' +
        'equals(choose(a parameter, { 1m: floorTime(time, "1m"), 1d: floorTime(time, "1d") }), the time 1767225600000))',
    );
  });

  it.each<[string, () => unknown, string]>([
    [
      "a text beside a number",
      () => equals(log.status, "500" as never),
      'Cannot make equals(): status is a number, and cannot stand beside the text "500"; give both sides the same kind',
    ],
    [
      "a number beside a text",
      () => equals(log.path, 5 as never),
      "path is a text, and cannot stand beside the number 5",
    ],
    [
      "a column of another kind",
      () => equals(log.status, log.path as never),
      "status is a number, and cannot stand beside path, a text",
    ],
    [
      "a time beside a number",
      () => atLeast(log.time, 5 as never),
      "time is a time, and cannot stand beside the number 5",
    ],
    [
      "a parameter of another kind",
      () => equals(log.status, text() as never),
      "status is a number, and cannot stand beside a parameter that is a text",
    ],
    ["a choice beside a number", () => equals(log.status, choice("a", "b") as never), "a parameter that is a text"],
    [
      "no column on the left",
      () => equals("path" as never, "a" as never),
      'Cannot make equals(): it needs a column or what is made of one, not the text "path"',
    ],
    [
      "a parameter on the left",
      () => equals(int() as never, 5 as never),
      "not a parameter, which is the same for every record",
    ],
    ["nothing on the right", () => equals(log.status, undefined as never), "nothing (a column that is not there?)"],
    ["NaN", () => equals(log.status, Number.NaN), "NaN equals no number"],
    ["a lone surrogate", () => contains(log.path, "\uD800"), "holds a lone surrogate"],
    ["no time", () => lessThan(log.time, "yesterday"), 'Cannot make lessThan() of time: "yesterday" is no time'],
    ["an invalid Date", () => lessThan(log.time, new Date(Number.NaN)), "the Date is invalid"],
    ["a number as condition", () => and(log.status as never), "Cannot make and(): status is a number, not a boolean"],
    ["a value as condition", () => or(true as never), "Cannot make or(): it needs a column"],
    ["arithmetic of a text", () => add(log.path as never, 1), "Cannot make add(): path is a text, not a number"],
    [
      "arithmetic with a text",
      () => add(log.status, "1" as never),
      'status is a number, and cannot stand beside the text "1"',
    ],
    [
      "arithmetic of constants alone",
      () => divide(1, 2),
      "Cannot make divide(): it needs a column or what is made of one, not the number 1",
    ],
    ["a text less a number", () => subtract("1" as never, log.status), 'beside the text "1"'],
    ["nothing on the left", () => subtract(undefined as never, log.status), "nothing (a column that is not there?)"],
    [
      "a width that is no text",
      () => floorTime(log.time, 5n as never),
      "Cannot floor times to a bigint: it is no width",
    ],
    [
      "no text to stand before",
      () => before(log.path, undefined as never),
      'Cannot make before() of path: "what" is missing; give a text such as "?"',
    ],
    [
      "no options of a floor",
      () => floorTime(log.time, "1m", null as never),
      'Cannot make floorTime(): its options are null; give { zone: "Europe/Berlin" }',
    ],
    [
      "a misspelt zone",
      () => floorTime(log.time, "1m", { zoen: "UTC" } as never),
      'Cannot make floorTime(): it has no property "zoen"; did you mean "zone"?',
    ],
    ["a text floored", () => floorTime(log.path as never, "1d"), "Cannot make floorTime(): path is a text, not a time"],
    ["a zone that is no text", () => floorTime(log.time, "1d", { zone: 1 as never }), "its zone is a number"],
    [
      "a width that is no choice",
      () => floorTime(log.time, text() as never),
      "Cannot make floorTime(): its width is a parameter that is a text; make it a choice() of widths",
    ],
    [
      "a choice of no width",
      () => floorTime(log.time, choice("1m", "day") as never),
      'Cannot floor times to "day": it is no width of time',
    ],
    ["what stands before nothing", () => before(log.path, ""), "nothing stands before an empty text"],
    ["a number of a text", () => textOf(log.path as never), "Cannot make textOf(): path is a text, not a number"],
    [
      "a choice by what is no parameter",
      () => choose(log.path as never, {} as never),
      "Cannot make choose(): it needs a parameter, not an object; give one made by choice()",
    ],
    [
      "a choice by a number",
      () => choose(int() as never, {} as never),
      "its parameter is a int; give one made by choice() or boolean()",
    ],
    [
      "a choice that is not whole",
      () => choose(choice("a", "b"), { a: log.path } as never),
      'for "b" it has nothing (a column that is not there?); give a column, what is made of one, or null',
    ],
    [
      "a choice of more than there is",
      () => choose(boolean(), { true: log.path, false: null, flase: null } as never),
      '"flase" is no value of its parameter (did you mean "false"?); leave it out',
    ],
    [
      "a choice of two kinds",
      () => choose(boolean(), { true: log.path, false: log.status } as never),
      "path is a text and status a number; give all of them the same kind",
    ],
    ["a choice of nothing", () => choose(boolean(), { true: null, false: null }), "it has no expression"],
    [
      "a choice of words",
      () => choose(boolean(), { true: words(log.path), false: log.path }),
      "words(path) is a row for each word; take the words of what is chosen",
    ],
    ["a begin below 0", () => substring(log.path, -1), 'Cannot make substring() of path: "from" is -1'],
    ["half a length", () => substring(log.path, 0, 0.5), '"length" is 0.5'],
    [
      "a pattern that is no text",
      () => matches(log.path, 5 as never),
      "path is a text, and cannot stand beside the number 5",
    ],
    ["words of a number", () => words(log.status as never), "status is a number, not a text"],
    [
      "a column that is not there",
      () => any["stauts"],
      'Cannot use the column "stauts" of "test-log": there is none of this name (did you mean "status"?); use one of "path", "status", "time", "user"',
    ],
    [
      "no side table",
      () => lookup(log.status as never, {} as never, "name" as never),
      "its second argument is no side table",
    ],
    [
      "a column of a side table",
      () => lookup(log.status, side, "nam" as never),
      '"codes.csv" has no column "nam" (did you mean "name"?)',
    ],
    [
      "a key of another kind",
      () => lookup(log.path as never, side, "name"),
      'Cannot make lookup() of path in "codes.csv": path is a text, not a number',
    ],
    [
      "a key that is no column",
      () => sideTable({ file: "a.csv", columns: { id: text() }, key: "ids" as never }),
      'its key is "ids", none of its columns (did you mean "id"?)',
    ],
    [
      "a column of a list",
      () => sideTable({ file: "a.csv", columns: { id: { ...text(), wire: ["text"] } as never }, key: "id" }),
      'the column "id" has no text form',
    ],
    [
      "no file",
      () => sideTable({ file: "", columns: { id: text() }, key: "id" }),
      'the side file "" has no usable name',
    ],
    [
      "a column with options",
      () => createTable(input, { path: text({ default: "/" }) }),
      "Cannot use a codec with options",
    ],
    [
      "a column of no scalar",
      () => createTable(input, { path: { ...text(), wire: "json" } as never }),
      'Cannot make the column "path" of "test-log": its codec "json" is no scalar',
    ],
  ])("refuse %s", (_what, make, message) => {
    expect(make).toThrow(message);
    expect(make).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });

  it.each([
    ["(", 'Cannot use the pattern "(": missing closing )'],
    ["a(?=b)", 'invalid or unsupported Perl syntax, "(?=" at character 2'],
    ["x\\1", 'invalid escape sequence, "\\\\1" at character 2'],
    ["[z-a]", 'invalid character class range, "z-a" at character 2'],
    ["a{1001}", 'invalid repeat count, "{1001}" at character 2'],
  ])("refuse the pattern %j, which is not RE2's, with its place", (pattern, message) => {
    expect(() => matches(log.path, pattern)).toThrow(message);
  });

  it("take patterns of RE2 that JavaScript has not", () => {
    expect(() => matches(log.path, "(?i)x\\z[[:alpha:]]\\pL(?P<name>a)")).not.toThrow();
  });

  it("leave double parameters beside int columns alone: both are numbers", () => {
    expect(() => equals(log.status, double({ default: 1.5 }))).not.toThrow();
  });

  it("let tools look at a table without refusing them", () => {
    expect(() => JSON.stringify(log)).not.toThrow();
    expect(any["then"]).toBeUndefined();
    expect(typeof any["toString"]).toBe("function");
  });
});
