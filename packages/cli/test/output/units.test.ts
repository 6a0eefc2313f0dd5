import { describe, expect, it } from "vitest";
import { escapeText } from "../../src/output/escape-text.ts";
import { formatTable } from "../../src/output/table.ts";
import {
  formatBytes,
  formatCount,
  formatDuration,
  parseBytes,
  parseDuration,
  parseWhole,
} from "../../src/output/units.ts";

describe("units", () => {
  it.each([
    ["1048576", 1_048_576],
    ["64KiB", 65_536],
    ["1.5 GB", 1_500_000_000],
    ["1gib", 1_073_741_824],
    ["1.5GiB", 1_610_612_736],
    ["0.1GiB", 107_374_182],
    ["1.1KB", 1_100],
    ["2.0", 2],
    ["0", 0],
  ])("parseBytes() reads %s", (text, bytes) => {
    expect(parseBytes(text, "--bytes")).toBe(bytes);
  });

  it.each(["", "-1", "1e3", "12 parsecs", "9999999TiB", "NaN", "0x10"])(
    "parseBytes() refuses %s and says how to write it",
    (text) => {
      expect(() => parseBytes(text, "--bytes")).toThrow(/Cannot read --bytes .*write it as/);
    },
  );

  it.each(["0.6", "1.5", "1.5 B"])("parseBytes() refuses %s, a part of a byte", (text) => {
    expect(() => parseBytes(text, "--split-bytes")).toThrow(
      `Cannot read --split-bytes "${text}": not a whole number of bytes; write it as 1048576, 64KiB or 1.5GiB`,
    );
  });

  it.each([
    ["500ms", 500],
    ["30s", 30_000],
    ["1.5m", 90_000],
  ])("parseDuration() reads %s", (text, ms) => {
    expect(parseDuration(text, "--timeout")).toBe(ms);
  });

  it.each(["-1", "1.5", "1e9", "07", "", " 1", "１"])("parseWhole() refuses %s and names the range", (text) => {
    expect(() => parseWhole(text, "--reduces", { min: 1, max: 9_999 })).toThrow(/--reduces .*from 1 to 9999/);
  });

  it("formats bytes, durations and counts for people", () => {
    expect([formatBytes(999), formatBytes(1_536), formatBytes(3 * 2 ** 30)]).toEqual(["999 B", "1.50 KiB", "3.00 GiB"]);
    expect([formatDuration(12), formatDuration(12_340), formatDuration(245_000), formatDuration(7_500_000)]).toEqual([
      "12 ms",
      "12.3 s",
      "4 m 05 s",
      "2 h 05 m",
    ]);
    expect(formatCount(2_747_282_505)).toBe("2,747,282,505");
  });
});

describe("formatTable()", () => {
  it("aligns columns and shows control characters instead of obeying them", () => {
    expect(
      formatTable(
        ["NAME", "N"],
        [
          ["a\u001b[2J", "1"],
          ["long-name", "22"],
        ],
      ),
    ).toBe("NAME        N\na\\u{1b}[2J  1\nlong-name   22\n");
  });

  it("takes more rows than a call takes arguments", () => {
    const rows = Array.from({ length: 200_000 }, () => ["a", "b"]);
    expect(formatTable(["NAME", "N"], rows)).toHaveLength("NAME  N\n".length + 200_000 * "a     b\n".length);
  });

  it("shows newlines, bidi marks and lone surrogates as code points", () => {
    expect(escapeText("a\nb\u202Ec\uD800")).toBe("a\\u{a}b\\u{202e}c\\u{d800}");
  });
});
