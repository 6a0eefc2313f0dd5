import { type InputFormat, type OutputFormat, createFormat, createInput, createOutput } from "@millrace/sdk";
import { createTable, inputFormatOf, outputFormatOf } from "@millrace/sdk/engine";
import { int, text } from "@millrace/sdk";
import { describe, expect, it } from "vitest";

const input: InputFormat<string> = {
  name: "frames",
  splitting: "none",
  framing: { kind: "whole-file" },
  createReader: () => ({ read: () => "", reason: () => "" }),
};
const output: OutputFormat<string> = {
  name: "frames",
  extension: "bin",
  createWriter: () => ({ write: () => undefined }),
};
const refused = (message: string): unknown =>
  expect.objectContaining({ code: "E_JOB_INVALID", message: expect.stringContaining(message) as string });

describe("createInput()", () => {
  it("takes what planning can go by", () => {
    expect(inputFormatOf(createInput(input))).toBe(input);
    for (const framing of [
      { kind: "delimited", delimiter: "line" },
      { kind: "delimited", delimiter: Uint8Array.of(0) },
      { kind: "fixed", bytes: 100 },
      { kind: "events", startsWith: () => true },
    ] as const)
      expect(() => createInput({ ...input, splitting: "delimiter", framing })).not.toThrow();
    const lines = { framing: { kind: "delimited", delimiter: "line" }, layout: { kind: "line" } } as const;
    expect(() => createInput({ ...input, splitting: "delimiter", ...lines })).not.toThrow();
    expect(() => createInput({ ...input, splitting: "numbers", numbers: 3 })).not.toThrow();
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "no splitting rule",
      { splitting: undefined },
      'Cannot make the input format "frames": it has no splitting rule; say how planning may cut a file',
    ],
    [
      "lines of kernels in records that are none",
      {
        splitting: "delimiter",
        framing: { kind: "delimited", delimiter: Uint8Array.of(44) },
        layout: { kind: "line" },
      },
      'its layout is "line" and its framing "delimited"; leave the layout out',
    ],
    [
      "pairs of kernels in records of another length",
      {
        splitting: "delimiter",
        framing: { kind: "fixed", bytes: 12 },
        layout: { kind: "pair", keyBytes: 10, valueBytes: 90 },
      },
      'its layout is "pair"',
    ],
    ["a layout that is none", { layout: null }, "its layout is missing"],
    ["a misspelt splitting", { splitting: "delimeter" }, 'its splitting is "delimeter"; did you mean "delimiter"?'],
    [
      "a splitting of its own",
      { splitting: () => [] },
      'its splitting is a function; use "none", "delimiter", "sync-mark", "numbers"',
    ],
    ["no framing", { framing: undefined }, "its framing is missing; say how records lie in a file"],
    ["a framing of another kind", { framing: { kind: "lines" } }, 'its framing is of kind "lines"; use "delimited"'],
    [
      "an empty delimiter",
      { framing: { kind: "delimited", delimiter: new Uint8Array() } },
      'give "line", or a Uint8Array of 1 to 64 bytes',
    ],
    ["a delimiter of text", { framing: { kind: "delimited", delimiter: "\n" } }, 'its delimiter is "\\n"'],
    ["records of no bytes", { framing: { kind: "fixed", bytes: 0 } }, "its records have 0 bytes"],
    ["events without a test", { framing: { kind: "events" } }, "its startsWith is missing"],
    [
      "whole files that are cut",
      { splitting: "delimiter" },
      'its records are whole files, which splitting "delimiter" would cut',
    ],
    ["numbers without a count", { splitting: "numbers" }, "it counts to missing; give numbers"],
    ["fractions of numbers", { splitting: "numbers", numbers: 1.5 }, "it counts to 1.5"],
    ["no reader", { createReader: undefined }, "its createReader is missing"],
    ["no name", { name: "" }, 'Cannot make an input format: its name is ""'],
  ])("refuses %s", (_what, change, message) => {
    expect(() => createInput({ ...input, ...change } as InputFormat<string>)).toThrow(refused(message));
    expect(() => createFormat({ ...input, ...change } as InputFormat<string>, output)).toThrow(refused(message));
    expect(() => createTable({ ...input, ...change } as InputFormat<string>, {})).toThrow(refused(message));
  });

  it("refuses what is no object", () => {
    expect(() => createInput(undefined as unknown as InputFormat<string>)).toThrow(
      refused("it is missing; give an object"),
    );
  });
});

describe("createOutput()", () => {
  it("takes rows that kernels know", () => {
    for (const rows of [{ kind: "line" }, { kind: "table" }, { kind: "pair", keyBytes: 10, valueBytes: 0 }] as const)
      expect(outputFormatOf(createOutput({ ...output, rows })).rows).toBe(rows);
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      "an extension with a dot before",
      { extension: ".csv" },
      'Cannot make the output format "frames": its extension is ".csv"',
    ],
    ["no extension", { extension: undefined }, "its extension is missing"],
    ["no writer", { createWriter: {} }, "its createWriter is an object"],
    ["rows that no kernel knows", { rows: { kind: "lines" } }, 'its rows are of kind "lines"; did you mean "line"?'],
    ["rows that are none", { rows: null }, 'its rows are of kind missing; use "pair", "line", "table"'],
    ["rows of no length", { rows: { kind: "pair", keyBytes: 10 } }, "10 bytes of key and missing of value"],
    ["rows of too long keys", { rows: { kind: "pair", keyBytes: 65_537, valueBytes: 1 } }, "65537 bytes of key"],
  ])("refuses %s", (_what, change, message) => {
    expect(() => createOutput({ ...output, ...change } as OutputFormat<string>)).toThrow(refused(message));
  });
});

describe("createTable()", () => {
  it("says what its records are, unless the format does", () => {
    const columns = { id: text(), hits: int() };
    expect(inputFormatOf(createTable(input, columns)).wire).toEqual({ id: "text", hits: "int" });
    const table = createTable({ ...input, wire: "json" }, columns, output);
    expect(inputFormatOf(table).wire).toBe("json");
    expect(outputFormatOf(table).wire).toEqual({ id: "text", hits: "int" });
    expect(inputFormatOf(createTable(input, { line: text() }, output, { record: "line" })).wire).toBe("text");
  });
});
