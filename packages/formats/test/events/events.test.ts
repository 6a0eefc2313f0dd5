import { checkInputFormat, events } from "@millrace/formats";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain, readText } from "../read-text.ts";

const java = [
  "2026-01-02 03:04:05 INFO started",
  "2026-01-02 03:04:06 ERROR failed: 2026",
  "java.lang.IllegalStateException: no",
  "\tat org.example.Main.run(Main.java:5)",
  "",
  "Caused by: java.io.IOException",
  "2026-01-02 03:04:07 INFO gone on",
];
const expected = [
  { text: java[0], firstLine: java[0] },
  { text: java.slice(1, 6).join("\n"), firstLine: java[1] },
  { text: java[6], firstLine: java[6] },
];

describe("events()", () => {
  it.each([
    ["a text", "2026-"],
    ["an expression", /\d{4}-\d\d-\d\d /],
    ["an expression with ^", /^\d{4}-\d\d-\d\d /u],
    ["an expression that is found further on too", /2026/],
  ])("cuts where a line begins with %s", (_what, startsWith) => {
    const format = events({ startsWith });
    expect(plain(readText(format, java.join("\n")).records)).toEqual(expected);
    const report = checkInputFormat(format, [
      { bytes: java.join("\n"), records: expected },
      { bytes: `${java.join("\n")}\n`, records: expected },
      { bytes: "" },
    ]);
    expect(report.readings).toBeGreaterThan(300);
  });

  it("keeps CRLF between lines and leaves it out of the first", () => {
    const { records } = readText(events({ startsWith: ">" }), "> a\r\nb\r\n> c\r\n");
    expect(plain(records)).toEqual([
      { text: "> a\r\nb", firstLine: "> a" },
      { text: "> c", firstLine: "> c" },
    ]);
  });

  it("gives what stands before the first such line as an event of its own", () => {
    const { records } = readText(events({ startsWith: ">" }), "\uFEFFrest\n of one\n> c\nd");
    expect(records.map((event) => event.text)).toEqual(["rest\n of one", "> c\nd"]);
  });

  it("compares bytes and characters whole", () => {
    expect(readText(events({ startsWith: "ä" }), "ä1\nã2\nä3").records.map((event) => event.text)).toEqual([
      "ä1\nã2",
      "ä3",
    ]);
    expect(readText(events({ startsWith: /./u }), "😀1\n\n😀2").records.map((event) => event.text)).toEqual([
      "😀1\n",
      "😀2",
    ]);
  });

  it("sees the first 512 bytes of a line", () => {
    const long = "x".repeat(600);
    expect(readText(events({ startsWith: /x{512}/ }), `${long}\n${"x".repeat(511)}\n${long}`).records).toHaveLength(2);
    expect(readText(events({ startsWith: /x{513}/ }), `${long}\n${long}`).records).toHaveLength(1);
  });

  it.each(["", "a\nb", "\ud800", /x*/, /a/gu, /a/y, /$/])("refuses to begin with %s", (startsWith) => {
    expect(() => events({ startsWith })).toThrow('Cannot use "startsWith" of "events"');
  });

  it("gives each line to one event, whatever the lines are", () => {
    const line = fc.string({ unit: fc.constantFrom(">", "a", " ", "\r", "ä") });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), (lines) => {
        const groups: string[][] = [];
        for (const each of lines) {
          if (each.startsWith(">") || groups.length === 0) groups.push([]);
          groups.at(-1)?.push(each);
        }
        // The CR of a line that ends an event goes with its LF.
        const wanted = groups.map((group) => group.join("\n").replace(/\r$/u, "")).filter((text) => text !== "");
        const { records } = readText(events({ startsWith: ">" }), `${lines.join("\n")}\n`);
        expect(records.map((event) => event.text)).toEqual(wanted);
      }),
    );
  });
});
