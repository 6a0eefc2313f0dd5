// What the words of the language refuse when no compiler has told, and what they make.

import { showExpression } from "@millrace/data";
import { describe, expect, it } from "vitest";
import {
  type Expr,
  add,
  and,
  atLeast,
  choice,
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
    const condition = and(
      atLeast(log.status, least),
      or(hasPrefix(log.path, "/a"), not(isMissing(log.user))),
      lessThan(log.time, "2026-01-01"),
      equals(add(log.status, 1), divide(log.status, 2)),
      equals(subtract(600, log.status), divide(least, log.status)),
      matches(substring(log.path, 1), "^x"),
      equals(lookup(log.status, side, "name"), words(log.path)),
      equals(floorTime(log.time, "1d", { zone: "Europe/Berlin" }), new Date(0)),
    );
    expect(condition.kind).toBe("boolean");
    expect(showExpression(nodeOf(condition), (mark) => (mark === least ? "least" : undefined))).toBe(
      'and(atLeast(status, params.least), or(hasPrefix(path, "/a"), not(isMissing(user))), lessThan(time, the time 1767225600000), ' +
        'equals(add(status, 1), divide(status, 2)), equals(subtract(600, status), divide(params.least, status)), matches(substring(path, 1), "^x"), equals(lookup(status, "codes.csv", "name"), words(path)), ' +
        'equals(floorTime(time, "1d", { zone: "Europe/Berlin" }), the time 0))',
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
    ["a text floored", () => floorTime(log.path as never, "1d"), "Cannot make floorTime(): path is a text, not a time"],
    ["a zone that is no text", () => floorTime(log.time, "1d", { zone: 1 as never }), "its zone is a number"],
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
