import { textLines } from "@millrace/formats";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";

describe("textLines() as input", () => {
  it.each([
    ["an empty line", ""],
    ["blanks", "  \t "],
    ["NUL", "a\0b"],
    ["a lone CR", "a\rb"],
    ["a line separator", "a\u2028b\u0085c"],
    ["a byte order mark", "\ufeffa"],
    ["names of Object.prototype", "__proto__ constructor"],
    ["characters beyond 16 bits", "🙂 ü \u{e000}"],
  ])("keeps %s", (_what, line) => {
    expect(readOne(textLines(), line)).toBe(line);
  });

  it("gives U+FFFD for bytes that are no UTF-8, and counts the record", () => {
    const counters = new Map<string, number>();
    const records = [
      Uint8Array.of(0x61, 0xff, 0x62),
      Uint8Array.of(0xc0, 0x80),
      Uint8Array.of(0xed, 0xa0, 0x80),
      Uint8Array.of(0xf0, 0x9f, 0x99),
    ];
    expect(readEach(textLines(), records, counters)).toEqual([
      { record: "a\ufffdb" },
      { record: "\ufffd\ufffd" },
      { record: "\ufffd\ufffd\ufffd" },
      { record: "\ufffd" },
    ]);
    expect(counters).toEqual(new Map([["millrace.invalidUtf8Records", 4]]));
  });

  it("does not count a U+FFFD that was there", () => {
    const counters = new Map<string, number>();
    readEach(textLines(), ["\ufffd"], counters);
    expect(counters.size).toBe(0);
  });

  it("reads from shared memory", () => {
    const shared = new Uint8Array(new SharedArrayBuffer(8));
    shared.set([0x61, 0xff, 0x62]);
    expect(readEach(textLines(), [shared.subarray(0, 3)])).toEqual([{ record: "a\ufffdb" }]);
  });
});

describe("textLines() as output", () => {
  it("ends each line with LF", () => {
    expect(writeAll(textLines(), ["a", "", "ü🙂", "a\rb"])).toBe("a\n\nü🙂\na\rb\n");
  });

  it.each([
    ["a line feed", "a\nb", 'Cannot write the line "a\\nb": it holds a line feed'],
    ["a lone surrogate", "a\ud800", "a lone surrogate has no UTF-8"],
    ["a number", 5, "it is a number, no text"],
    ["nothing", undefined, "it is a undefined, no text"],
    ["null", null, "it is null, no text"],
  ])("refuses %s", (_what, line, message) => {
    expect(() => writeAll(textLines(), [line as string])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID", message: expect.stringContaining(message) as string }),
    );
  });
});
