// Lines of key and value, as Hadoop reads and writes them.

import { checkInputFormat, checkOutputFormat, keyValueText } from "@millrace/formats";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";
import { readText } from "../read-text.ts";

describe("keyValueText()", () => {
  it("cuts a line at its first separator, and takes one without for a key", () => {
    expect(
      readEach(keyValueText(), ["a\tb\tc", "a", "", "\tb", "\u{1F600}\t\u00fc"]).map(
        (each) => "record" in each && each.record,
      ),
    ).toEqual([
      { key: "a", value: "b\tc" },
      { key: "a", value: "" },
      { key: "", value: "" },
      { key: "", value: "b" },
      { key: "\u{1F600}", value: "\u00fc" },
    ]);
    expect(readOne(keyValueText({ separator: "," }), "a\tb,c")).toEqual({ key: "a\tb", value: "c" });
  });

  it("does not look for the separator behind the line", () => {
    expect(
      checkInputFormat(keyValueText({ separator: '"' }), [
        {
          bytes: 'a\nb"c\n',
          records: [
            { key: "a", value: "" },
            { key: "b", value: "c" },
          ],
        },
      ]),
    ).toMatchObject({ records: 2 });
  });

  // Quadratic, it takes more than a minute.
  it("is not quadratic in a chunk of lines without a separator", { timeout: 20_000 }, () => {
    const lines = 500_000;
    const { records } = readText(keyValueText(), "a\n".repeat(lines));
    expect(records).toHaveLength(lines);
    expect(records.at(-1)).toEqual({ key: "a", value: "" });
  });

  it("writes what an aggregator gives, and reads it back", () => {
    expect(
      writeAll(keyValueText(), [
        { key: "a", value: 1 },
        { key: 2n, value: true },
        { key: "", value: "b\tc" },
      ]),
    ).toBe("a\t1\n2\ttrue\n\tb\tc\n");
    const records = [
      { key: "a", value: "b\tc" },
      { key: "", value: "" },
      { key: "\rx", value: "\u2028" },
    ];
    checkOutputFormat(keyValueText(), { records, readBy: keyValueText() });
  });

  it("refuses what would be read as something else", () => {
    const refused = [
      { key: "a\tb", value: "c" },
      { key: "a", value: "b\n" },
      { key: "a", value: "b\r" },
      { key: "a", value: null },
      { key: "\ud800", value: "" },
      null,
      "a\tb",
    ];
    checkOutputFormat(keyValueText(), { records: [], refused });
    checkOutputFormat(keyValueText({ separator: "," }), {
      records: [{ key: "a\tb", value: "," }],
      refused: [{ key: ",", value: "" }],
    });
  });

  it.each(["", "ab", "\n", "\r", "ä"])("refuses the separator %j", (separator) => {
    expect(() => keyValueText({ separator })).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});
