// What ready-made functions say of the parameters that they read: misspelt ones are refused, where they were silently none.

import {
  type Param,
  boolean,
  choice,
  count,
  defineJob,
  defineJoin,
  double,
  eachCutLine,
  eachJoinedText,
  eachLineAsKey,
  eachMatch,
  eachSortedLine,
  eachWord,
  int,
  optional,
  pattern,
  sum,
  text,
  tuple,
} from "@millrace/sdk";
import { jobProgram } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { plainInput, plainOutput } from "../program/plain-formats.ts";

type AnyParams = Readonly<Record<string, Param<unknown>>>;
type Cut = Parameters<typeof eachCutLine>[0];
const io = { input: plainInput<string>(), output: plainOutput() };

const matches = (options: Parameters<typeof eachMatch>[0], params: AnyParams) =>
  defineJob({ name: "matches", params, ...io, map: eachMatch(options), reduce: count() });
const words = (options: Parameters<typeof eachWord>[0], params: AnyParams) =>
  defineJob({ name: "words", params, ...io, map: eachWord(options), reduce: sum() });
const lines = (numeric: string, unique: string) =>
  defineJob({
    name: "lines",
    params: { numeric: boolean({ default: false }), unique: boolean({ default: false }) },
    ...io,
    key: tuple(optional(double()), text()),
    value: boolean(),
    map: eachLineAsKey({ numeric }),
    reduce: eachSortedLine({ unique }),
  });
const join = (params: AnyParams, cut: Partial<Cut> = {}) => {
  const map = eachCutLine({ separator: "separator", column: "column", malformed: "join.malformed", ...cut });
  const side = { input: plainInput<string>(), value: text(), map };
  return defineJoin({
    name: "joined",
    params,
    inputs: { left: side, right: side },
    reduce: eachJoinedText({ kind: "kind" }),
    output: plainOutput(),
  });
};
const joinParams = { separator: text({ default: "\t" }), column: int({ default: 1 }), kind: choice("inner", "outer") };

describe("a job of ready-made functions", () => {
  it("is refused where parameters are misspelt, with the nearest", () => {
    expect(() => matches({ pattern: "patern" }, { pattern: pattern() })).toThrow(
      'Cannot define job "matches": eachMatch() takes its pattern from the parameter "patern", which "params" does not declare (did you mean "pattern"?); declare it with pattern() or text() or choice()',
    );
    expect(() => matches({ pattern: "p", group: "g" }, { p: pattern() })).toThrow(/its group from the parameter "g"/u);
    expect(() => words({ letters: "leters" }, { letters: boolean() })).toThrow(/did you mean "letters"/u);
    expect(() => lines("numerc", "unique")).toThrow(/eachLineAsKey\(\).*did you mean "numeric"/u);
    expect(() => lines("numeric", "uniqe")).toThrow(/eachSortedLine\(\).*did you mean "unique"/u);
    expect(() => join(joinParams, { column: "colum" })).toThrow(/eachCutLine\(\).*did you mean "column"/u);
    expect(() => join({ separator: text(), column: int() })).toThrow(/eachJoinedText\(\) takes its kind/u);
    expect(() => lines("numeric", "unique")).not.toThrow();
  });

  it("is refused where a parameter is of another type", () => {
    expect(() => matches({ pattern: "p" }, { p: int() })).toThrow(
      'takes its pattern from the parameter "p", which is of type int; declare it with pattern() or text() or choice()',
    );
    expect(() => matches({ pattern: "p", ignoreCase: "i" }, { p: pattern(), i: text() })).toThrow(/with boolean\(\)/u);
    expect(() => words({ letters: "l" }, { l: text() })).toThrow(/which is of type text; declare it with boolean\(\)/u);
    expect(() => join({ ...joinParams, column: double() })).toThrow(
      /which is of type double; declare it with int\(\)/u,
    );
    expect(() => join({ ...joinParams, kind: text() })).toThrow(
      /which is of type text; declare it with choice\("inner"/u,
    );
  });

  it("is refused where the kind of a join may be none of the six", () => {
    expect(() => join({ ...joinParams, kind: choice("inner", "full", { default: "full" }) })).toThrow(
      'Cannot define job "joined": eachJoinedText() takes its kind from the parameter "kind", which may be "full"; let it be one of inner, left, right, outer, semi, anti',
    );
  });

  it("is refused when it is submitted with values that it cannot run with", () => {
    const check = (values: Readonly<Record<string, unknown>>) => () => {
      for (const { checkParams } of jobProgram(join(joinParams)).parts)
        checkParams?.({ separator: ",", column: 1, kind: "inner", ...values });
    };
    expect(check({})).not.toThrow();
    expect(check({ column: 0 })).toThrow(
      'Cannot use parameter "column": eachCutLine() takes its column from it, and it is 0; give a whole number from 1 on',
    );
    expect(check({ column: -1 })).toThrow(expect.objectContaining({ code: "E_PARAMETER" }));
    expect(check({ separator: "" })).toThrow(/Cannot use parameter "separator".*what stands between columns/u);
  });
});

describe("a maker of functions", () => {
  const refused = (make: (options: never) => unknown, options: unknown, reason: RegExp | string): void => {
    expect(() => make(options as never)).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
    expect(() => make(options as never)).toThrow(reason);
  };

  it("refuses options that are none", () => {
    refused(eachMatch, undefined, "Cannot make eachMatch(): its options are missing; give an object");
    refused(eachMatch, {}, 'Cannot make eachMatch(): "pattern" is missing; give the name of a parameter');
    refused(eachMatch, { pattern: /a/u }, /"pattern" is an object/u);
    refused(eachMatch, { pattern: "p", ignorCase: "i" }, /did you mean "ignoreCase"/u);
    refused(eachWord, null, /its options are null/u);
    refused(eachWord, { letters: 1 }, '"letters" is a number; give the name of a parameter, or true or false');
    refused(eachWord, { leters: true }, /no property "leters"; did you mean "letters"/u);
    refused(eachWord, { tooLong: true }, '"tooLong" is a boolean; give the name of a counter');
    refused(eachLineAsKey, { numeric: true }, /"numeric" is a boolean/u);
    refused(eachSortedLine, { uniqe: "u" }, /did you mean "unique"/u);
    refused(eachCutLine, { separator: "s", column: 1, malformed: "m" }, /"column" is a number/u);
    refused(eachCutLine, { separator: "s", column: "c" }, '"malformed" is missing; give the name of a counter');
    refused(eachJoinedText, null, /its options are null/u);
    refused(eachJoinedText, { kind: "" }, /"kind" is an empty text/u);
  });
});

describe("a ready-made function within another", () => {
  const context = { params: {}, count: (): void => undefined };
  const emit = (): void => undefined;

  it("refuses parameters that are not what it reads", () => {
    const params = { p: "a", g: -1, kind: "full" };
    const code = expect.objectContaining({ code: "E_PARAMETER" });
    expect(() => eachMatch({ pattern: "patern" })("a", emit, { params })).toThrow(code);
    expect(() => eachMatch({ pattern: "p", group: "g" })("a", emit, { params })).toThrow(/"g".*it is -1/u);
    expect(() => eachMatch({ pattern: "p" })("a", emit, { params: { p: "(" } })).toThrow(/"p".*it is "\("/u);
    expect(() => eachWord({ letters: "leters" })("a", emit, context)).toThrow(code);
    expect(() => eachLineAsKey({ numeric: "n" })("a", emit, context)).toThrow(code);
    const cut = eachCutLine({ separator: "s", column: "c", malformed: "m" });
    expect(() => cut("a", emit, { ...context, params: { s: "", c: 1 } })).toThrow(/"s".*it is ""/u);
    const sides = { left: ["a"], right: ["b"] } as never;
    expect(() => eachJoinedText({ kind: "kind" })("k", sides, emit, { params })).toThrow(/it is "full"; give one of/u);
    expect(() => eachJoinedText({ kind: "knd" })("k", sides, emit, { params })).toThrow(code);
  });
});
