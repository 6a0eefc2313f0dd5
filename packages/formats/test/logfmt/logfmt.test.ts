import { checkInputFormat, checkOutputFormat, logfmt } from "@millrace/formats";
import { boolean, double, int, optional, text, time } from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeAll } from "../read-records.ts";
import { plain, readText } from "../read-text.ts";

const app = logfmt({
  columns: {
    level: text(),
    msg: optional(text()),
    ms: optional(double()),
    retry: optional(boolean()),
    at: optional(time()),
  },
});
const message = (line: string): unknown => readOne(app, `level=info ${line}`).msg;

describe("logfmt()", () => {
  it("reads a line of a router", () => {
    const router = logfmt({
      columns: {
        at: text(),
        method: text(),
        path: text(),
        status: int(),
        bytes: int(),
        service: text(),
        fwd: text(),
        code: optional(text()),
      },
    });
    expect(
      plain([
        readOne(
          router,
          'at=info method=GET path="/a?b=c" host=example.herokuapp.com request_id=8601b555-6a83 fwd="204.204.204.204" dyno=web.1 connect=1ms service=18ms status=200 bytes=13 tls=true',
        ),
      ]),
    ).toEqual([
      {
        at: "info",
        method: "GET",
        path: "/a?b=c",
        status: 200,
        bytes: 13,
        service: "18ms",
        fwd: "204.204.204.204",
        code: null,
      },
    ]);
  });

  it.each([
    ["a word", "msg=it", "it"],
    ["quotes", 'msg="it works"', "it works"],
    ["escapes", 'msg="a\\"b\\\\c\\n\\t\\r\\/\\u00e4\\ud83d\\ude00"', 'a"b\\c\n\t\r/ä😀'],
    ["escapes of Go", 'msg="\\x00\\xe4\\xbd\\xa0\\a\\v\\U0001f600\\xff"', "\0你\u0007\v😀\uFFFD"],
    ["half a pair", 'msg="\\ud83d"', "\uFFFD"],
    ["backslashes that escape nothing", 'msg="C:\\dir"', "C:\\dir"],
    ["a backslash without quotes", "msg=C:\\new", "C:\\new"],
    ["= in a value", "msg=a=b=", "a=b="],
    ["nothing", "msg=", null],
    ["no such key", "other=1", null],
    ["empty quotes", 'msg=""', ""],
    ["a bare key", "msg", "true"],
    ["a bare key before others", "msg other=1", "true"],
    ["the last of two", "msg=1 msg=2", "2"],
    ["nothing last", "msg=1 msg=", null],
    ["a key that begins as another", "msgs=1 m=2 msg=3", "3"],
    ["several blanks and tabs", "\t msg=a \t", "a"],
    ["NUL as a blank", "msg=a\0x=1", "a"],
    ["text beyond ASCII", "ключ=1 msg=значение", "значение"],
    ["a value that is a key with quotes", 'x="msg=no" msg=yes', "yes"],
  ])("reads %s", (_what, line, expected) => {
    expect(message(line)).toBe(expected);
  });

  it.each([
    ["an open quote", 'level=info msg="a', "the line ends before the closing quote of a value"],
    ["an escaped last quote", 'level=info msg="a\\"', "the line ends before the closing quote of a value"],
    ["a value without a key", "level=info =1", "a value without a key"],
    ["a quote without a key", 'level=info "a"', "a quote without a key"],
    ["a quote inside a key", 'level=info a"b=1', "a quote inside a key"],
    ["a quote inside a value", 'level=info a=b"c', "a quote inside a value"],
    ["text after quotes", 'level=info a="b"c', "text after the closing quote of a value"],
    ["no key that must be there", "msg=1", 'no key "level"'],
    ["plain text", "the quick brown fox", 'no key "level"'],
    ["a number that is none", "level=info ms=12ms", 'the value of "ms" is no number'],
    ["a bare key for a number", "level=info ms", 'the key "ms" has no number'],
    ["a boolean that is none", "level=info retry=yes", 'the value of "retry" is no boolean'],
    ["blanks alone", "   ", 'no key "level"'],
  ])("gives a bad record for %s, at the begin, in the middle and at the end", (_what, line, reason) => {
    const good = "level=info msg=x";
    for (const lines of [
      [line, good, good],
      [good, line, good],
      [good, good, line],
    ]) {
      expect(readText(app, lines.join("\n"))).toMatchObject({ bad: [reason], records: { length: 2 } });
    }
  });

  it("finds columns whatever the order of the line before was", () => {
    const lines = [
      "level=a ms=1 msg=x",
      "msg=y level=b",
      "ms=2 level=c msg",
      "level=d",
      'level=e msg="f" ms=3 retry at=2026-01-02T00:00:00Z',
    ];
    expect(plain(readText(app, lines.join("\r\n")).records)).toEqual([
      { level: "a", msg: "x", ms: 1, retry: null, at: null },
      { level: "b", msg: "y", ms: null, retry: null, at: null },
      { level: "c", msg: "true", ms: 2, retry: null, at: null },
      { level: "d", msg: null, ms: null, retry: null, at: null },
      { level: "e", msg: "f", ms: 3, retry: true, at: Date.UTC(2026, 0, 2) },
    ]);
  });

  it("is not quadratic in pairs, quotes and backslashes", () => {
    for (const text of [
      "a=1 ".repeat(500_000),
      `b="${'\\"'.repeat(1_000_000)}"`,
      `b="${"\\".repeat(2_000_000)}"`,
      "c ".repeat(1_000_000),
    ]) {
      expect(readOne(app, `${text} level=x`).level).toBe("x");
    }
  });

  it("takes an empty line for none and skips a byte order mark", () => {
    expect(readEach(app, [""])).toEqual([{ none: true }]);
    expect(readText(app, "\uFEFFlevel=a\n\nlevel=b").records.map((record) => record.level)).toEqual(["a", "b"]);
  });

  it.each(["a b", "a=b", 'a"b', "\u0000"])("refuses the column %j, which is no key", (name) => {
    expect(() => logfmt({ columns: { [name]: text() } })).toThrow("is no key, for it holds a blank, = or a quote");
  });

  it("writes what is read back", () => {
    expect(writeAll(app, [{ level: "a b", msg: "", ms: 1.5, retry: true, at: 0 }])).toBe(
      'level="a b" msg="" ms=1.5 retry=true at=1970-01-01T00:00:00Z\n',
    );
    const all = logfmt({ columns: { a: optional(text()), b: optional(int()) } });
    checkOutputFormat(all, {
      records: [
        { a: null, b: null },
        { a: "true", b: 0 },
        { a: "\u007f\0\n\\", b: null },
      ],
      refused: [{ a: 1, b: 2 }, null, "a=1", { a: "\udc00", b: 1 }],
      readBy: all,
    });
  });

  it("writes any values so that they are read back", () => {
    const columns = {
      t: text(),
      o: optional(text()),
      n: optional(double()),
      "http.status": optional(int()),
      f: boolean(),
    };
    const format = logfmt({ columns });
    const texts = fc.oneof(
      fc.string({
        unit: fc.constantFrom(
          '"',
          "\\",
          "=",
          "x",
          "u",
          "0",
          "\n",
          "\r",
          "\t",
          " ",
          "\0",
          "ä",
          "😀",
          "\uFEFF",
          "\u007f",
        ),
      }),
      fc.string({ unit: "grapheme" }),
    );
    const record = fc.record({
      t: texts,
      o: fc.option(texts),
      n: fc.option(fc.double()),
      "http.status": fc.option(fc.maxSafeInteger()),
      f: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(record), (records) => {
        checkOutputFormat(format, { records, readBy: format });
      }),
      { numRuns: 300 },
    );
  });

  it("passes the conformance kit", () => {
    const report = checkInputFormat(app, [
      {
        bytes: '\uFEFFlevel=info msg="a b\\n"\r\nbroken="\nlevel=warn msg ms=2\n\n \nlevel=error',
        records: [
          { level: "info", msg: "a b\n", ms: null, retry: null, at: null },
          { level: "warn", msg: "true", ms: 2, retry: null, at: null },
          { level: "error", msg: null, ms: null, retry: null, at: null },
        ],
        bad: 2,
      },
    ]);
    expect(report.records).toBe(3);
  });
});
