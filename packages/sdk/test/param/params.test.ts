import { type Param, boolean, choice, double, int, text, time } from "@millrace/sdk";
import { parseParams } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

const code = (code: string, message: string): unknown =>
  expect.objectContaining({ code, message: expect.stringContaining(message) as string });

describe("parseParams()", () => {
  const declared = {
    pattern: text(),
    top: int({ default: 10, min: 1, max: 99 }),
    mode: choice("fast", "exact", { default: "fast" }),
  };

  it("gives values of the declared types, defaults included", () => {
    expect({ ...parseParams(declared, { pattern: "a=b", top: "12" }) }).toEqual({
      pattern: "a=b",
      top: 12,
      mode: "fast",
    });
  });

  it("takes an empty text as a value", () => {
    expect(parseParams(declared, { pattern: "" })["pattern"]).toBe("");
  });

  it("refuses an unknown name, with the nearest known one", () => {
    expect(() => parseParams(declared, { patern: "x" })).toThrow(
      code("E_PARAMETER", '"patern": the job does not declare it; did you mean "pattern"?'),
    );
    expect(() => parseParams(declared, { pattern: "x", colour: "x" })).toThrow(
      code("E_PARAMETER", 'the job has "pattern", "top", "mode"'),
    );
    expect(() => parseParams({}, { x: "x" })).toThrow(code("E_PARAMETER", "the job has none"));
  });

  it.each(["__proto__", "constructor", "toString"])("refuses %s as an unknown name", (name) => {
    expect(() => parseParams(declared, JSON.parse(`{"pattern":"x","${name}":"x"}`) as Record<string, string>)).toThrow(
      code("E_PARAMETER", "does not declare it"),
    );
  });

  it("refuses a missing value", () => {
    expect(() => parseParams(declared, {})).toThrow(
      code("E_PARAMETER", "it has no default and was not given; pass -p pattern=<text>"),
    );
  });

  it("names the parameter of a wrong text, once", () => {
    expect(() => parseParams(declared, { pattern: "x", top: "many" })).toThrow(
      code("E_PARAMETER", 'Cannot use parameter "top": "many" is not a whole number from 1 to 99'),
    );
  });
});

describe("parameters of each type", () => {
  it.each<[string, Param<unknown>, string, unknown]>([
    ["int()", int(), "-12", -12],
    ["int()", int(), "+0", 0],
    ["int()", int(), "-0", 0],
    ["int()", int(), "9007199254740991", 9007199254740991],
    ["double()", double(), "-1.5e3", -1500],
    ["double()", double(), ".5", 0.5],
    ["boolean()", boolean(), "true", true],
    ["boolean()", boolean(), "false", false],
    ["choice()", choice("a", "b"), "b", "b"],
    ["text()", text(), "ünï 🙂", "ünï 🙂"],
    ["time()", time(), "2026-01-31", Date.UTC(2026, 0, 31)],
    ["time()", time(), "2026-01-31T12:30", Date.UTC(2026, 0, 31, 12, 30)],
    ["time()", time(), "2026-01-31 12:30:15.25+02:00", Date.UTC(2026, 0, 31, 10, 30, 15, 250)],
    ["time()", time(), "2026-01-31T12:30:15-0530", Date.UTC(2026, 0, 31, 18, 0, 15)],
    ["time()", time(), "0001-01-01T00:00:00Z", new Date("0001-01-01T00:00:00Z").getTime()],
    ["time()", time(), "2024-02-29", Date.UTC(2024, 1, 29)],
  ])("%s parses a text", (_name, param, given, value) => {
    expect(Object.is(param.parse(given), value) || param.parse(given)).toBe(true);
  });

  it.each<[string, Param<unknown>, string]>([
    ...["", " ", "1.5", "1e3", "0x10", "NaN", "Infinity", "９", "9007199254740992", "1_000"].map(
      (given): [string, Param<unknown>, string] => ["int()", int(), given],
    ),
    ...["", ".", "1e400", "NaN", "Infinity", "1,5", "0x10"].map((given): [string, Param<unknown>, string] => [
      "double()",
      double(),
      given,
    ]),
    ["int({ min })", int({ min: 1 }), "0"],
    ["int({ max })", int({ max: 1 }), "2"],
    ["double({ min, max })", double({ min: 0, max: 1 }), "1.01"],
    ["boolean()", boolean(), "yes"],
    ["boolean()", boolean(), "TRUE"],
    ["choice()", choice("a", "b"), "c"],
    ["text()", text(), "\ud800"],
    ...[
      "",
      "today",
      "2026-1-1",
      "2026-02-30",
      "2026-13-01",
      "2026-01-01T24:00",
      "2026-01-01T00:60",
      "2026-01-01T00:00:60Z",
      "1700000000000",
      "2026-01-01T00:00+99:00",
    ].map((given): [string, Param<unknown>, string] => ["time()", time(), given]),
  ])("%s refuses %j", (_name, param, given) => {
    expect(() => param.parse(given)).toThrow(expect.objectContaining({ code: "E_PARAMETER" }));
  });

  it("suggests the nearest word of a choice", () => {
    expect(() => choice("fast", "exact").parse("exakt")).toThrow(
      code("E_PARAMETER", 'is not one of "fast", "exact"; did you mean "exact"?'),
    );
  });

  it.each([
    ["int()", () => int({ default: 0, min: 1 })],
    ["int()", () => int({ default: 1.5 })],
    ["double()", () => double({ default: Number.NaN })],
    ["time()", () => time({ default: "yesterday" })],
    ["choice()", () => (choice as (...of: unknown[]) => unknown)("a", { default: "b" })],
    ["choice()", () => choice()],
  ])("%s refuses a default that is no value of it", (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});
