// Regular expressions as parameters, and what else of a job they must fit.

import { describe, expect, it } from "vitest";
import { createTable } from "../../src/expression/table.ts";
import { type Param, matches, pattern, patternGroup, text } from "../../src/index.ts";
import { parseParams } from "../../src/param/parse-params.ts";

const refusal = (code: string, part: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(part) as string });

describe("pattern()", () => {
  it.each<[string, Param<string>, readonly string[]]>([
    ["of JavaScript", pattern(), ["", "a+", "(?<=x)y\\b", "(?<name>a)\\k<name>", "\\p{L}"]],
    ["of RE2", pattern({ syntax: "re2" }), ["", "a+", "(?i)bot", "[[:alpha:]]", "(?P<name>a)"]],
  ])("%s takes what its syntax has, as text", (_syntax, param, taken) => {
    for (const given of taken) expect(param.parse(given)).toBe(given);
  });

  it.each<[string, Param<string>, string, string]>([
    [
      "of JavaScript",
      pattern(),
      "(",
      '"(" is no regular expression: Unterminated group; write it in JavaScript\'s syntax',
    ],
    ["of JavaScript", pattern(), "a: (", '"a: (" is no regular expression: Unterminated group;'],
    ["of JavaScript", pattern(), "a{2", '"a{2" is no regular expression'],
    ["of JavaScript", pattern(), "\\_", '"\\\\_" is no regular expression: Invalid escape'],
    ["of RE2", pattern({ syntax: "re2" }), "(", '"(" is no regular expression: missing closing )'],
    ["of RE2", pattern({ syntax: "re2" }), "(?=x)", "write it in RE2's syntax, which has no look-around"],
  ])("%s refuses what is none", (_syntax, param, given, part) => {
    expect(() => param.parse(given)).toThrow(refusal("E_PARAMETER", part));
  });

  it("refuses a default that is none", () => {
    expect(() => pattern({ default: "(" })).toThrow(refusal("E_JOB_INVALID", "as default of pattern(): Unterminated"));
  });

  it("stands in matches() when it is RE2's, and not when it is JavaScript's", () => {
    const input = {
      name: "test-lines",
      splitting: "delimiter",
      framing: { kind: "delimited", delimiter: "line" },
      createReader: () => ({ read: () => ({}), reason: () => "" }),
    } as const;
    const { path } = createTable(input, { path: text() });
    expect(() => matches(path, pattern({ syntax: "re2" }))).not.toThrow();
    expect(() => matches(path, pattern())).toThrow(refusal("E_JOB_INVALID", 'write pattern({ syntax: "re2" })'));
  });
});

describe("patternGroup()", () => {
  const declared = { form: pattern(), group: patternGroup("form", { default: 0 }) };

  it("takes the groups that the pattern has, and 0", () => {
    const form = "(a)|(?:b)(?<c>c)";
    for (const group of ["0", "1", "2"]) expect(parseParams(declared, { form, group })["group"]).toBe(Number(group));
    expect(parseParams(declared, { form: "a" })["group"]).toBe(0);
  });

  it("refuses one that the pattern does not have, and says how many it has", () => {
    expect(() => parseParams(declared, { form: "(a)(b)", group: "3" })).toThrow(
      refusal(
        "E_PARAMETER",
        'Cannot use "3" as parameter "group": the pattern "(a)(b)" has 2 groups; give one from 1 to 2, or 0 for all',
      ),
    );
    expect(() => parseParams(declared, { form: "a", group: "1" })).toThrow(
      refusal("E_PARAMETER", "has no group; give 0"),
    );
  });

  it("refuses what is no number of a group, also as a default", () => {
    for (const given of ["", "-1", "1.5", "100", "a"])
      expect(() => parseParams(declared, { form: "a", group: given })).toThrow(refusal("E_PARAMETER", "from 0 to 99"));
    expect(() => patternGroup("form", { default: -1 })).toThrow(refusal("E_JOB_INVALID", "patternGroup()"));
  });

  it("refuses to be a group of a parameter that is not there", () => {
    expect(() => parseParams({ group: patternGroup("form", { default: 0 }) }, {})).toThrow(
      refusal("E_PARAMETER", 'there is no parameter "form" with a pattern'),
    );
  });
});
