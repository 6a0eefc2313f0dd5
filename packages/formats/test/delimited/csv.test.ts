import { isMillraceError } from "@millrace/core";
import { checkInputFormat, checkOutputFormat, csv, tsv } from "@millrace/formats";
import { boolean, bytes, double, int, optional, text, time } from "@millrace/sdk";
import { inputFormatOf } from "@millrace/sdk/engine";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plain, readText } from "../read-text.ts";
import { writeAll } from "../read-records.ts";

const users = csv({
  columns: {
    id: text(),
    country: optional(text()),
    age: optional(int()),
    since: time(),
    score: double(),
    active: boolean(),
  },
});
const header = "id,country,age,since,score,active\n";
const ada = { id: "ada", country: "GB", age: 36, since: Date.UTC(2026, 0, 2), score: 1.5, active: true };

function rows(columns: Parameters<typeof csv>[0]["columns"], body: string, options: object = {}): unknown {
  const { records, bad } = readText(csv({ columns, header: false, ...options }), body);
  return { records: plain(records), bad };
}

describe("csv()", () => {
  it("reads typed columns below a header", () => {
    const { records, bad } = readText(
      users,
      `${header}ada,GB,36,2026-01-02,1.5,true\nbob,,,2026-01-02T03:04:05.678+01:00,-1e3,false\n`,
    );
    expect(bad).toEqual([]);
    expect(plain(records)).toEqual([
      ada,
      { id: "bob", country: null, age: null, since: Date.UTC(2026, 0, 2, 2, 4, 5, 678), score: -1000, active: false },
    ]);
  });

  it("has its columns as expressions", () => {
    expect(users.country).toMatchObject({ kind: "text" });
    expect(users.since).toMatchObject({ kind: "time" });
  });

  it.each([
    ["quotes", '"a","b"', [["a", "b"]]],
    ["a doubled quote", '"say ""hi""",""""', [['say "hi"', '"']]],
    ["a delimiter in quotes", '"a,b",c', [["a,b", "c"]]],
    ["blanks, which belong to the field", " a , b ", [[" a ", " b "]]],
    [
      "CRLF",
      "a,b\r\nc,d\r\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["a lone CR in quotes", '"a\rb",c', [["a\rb", "c"]]],
    [
      "a last line without its end",
      "a,b\nc,d",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "empty lines",
      "a,b\n\n\nc,d\n\n",
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "empty fields",
      ',\n"",',
      [
        ["", ""],
        ["", ""],
      ],
    ],
    ["NUL, which is data", "a\0b,c", [["a\0b", "c"]]],
    ["text beyond ASCII", "ä,😀\n", [["ä", "😀"]]],
    ["apostrophes, which are no quotes", "'a,b'", [["'a", "b'"]]],
  ])("reads %s", (_what, body, expected) => {
    expect(rows({ a: text(), b: text() }, body)).toEqual({ records: expected.map(([a, b]) => ({ a, b })), bad: [] });
  });

  it.each([
    ["too few columns", "a", "1 column, not 2"],
    ["too many columns", "a,1,c", "more than 2 columns"],
    ["a trailing delimiter", "a,1,", "more than 2 columns"],
    ["a number that is none", "a,one", 'the column "b" is no whole number'],
    ["a fraction in a column of whole numbers", "a,1.5", 'the column "b" is no whole number'],
    ["a number beyond 2^53", "a,9007199254740993", 'the column "b" is no whole number'],
    ["blanks around a number", "a, 1", 'the column "b" is no whole number'],
    ["an empty field of a number", "a,", 'the column "b" is empty'],
    ["a quote inside a field", 'a"b,1', 'a quote stands in the column "a", which is not quoted'],
    ["text behind the closing quote", '"a"b,1', 'text after the closing quote of the column "a"'],
    ["text behind the last closing quote", 'a,"1"b', 'text after the closing quote of the column "b"'],
    [
      "an open quote",
      'a,"1',
      "a quote is open at the end of the line; set quotedNewlines when fields may hold line breaks",
    ],
  ])("gives a bad record for %s, at the begin, in the middle and at the end", (_what, line, reason) => {
    const columns = { a: text(), b: int() };
    expect(rows(columns, `${line}\nx,1\ny,2\n`)).toMatchObject({ bad: [reason] });
    expect(rows(columns, `x,1\n${line}\ny,2\n`)).toMatchObject({ bad: [reason] });
    expect(rows(columns, `x,1\ny,2\n${line}`)).toEqual({
      records: [
        { a: "x", b: 1 },
        { a: "y", b: 2 },
      ],
      bad: [reason],
    });
  });

  it.each([
    ["2026-02-30", undefined],
    ["2026-01-02 03:04", Date.UTC(2026, 0, 2, 3, 4)],
    ["2026-01-02T03:04:60Z", Date.UTC(2026, 0, 2, 3, 5)],
    ["2026-01-02T03:04:05.5-0130", Date.UTC(2026, 0, 2, 4, 34, 5, 500)],
    ["0001-01-01", -62_135_596_800_000],
    ["1767323045678", 1_767_323_045_678],
    ["-1", -1],
    ["2026-01-02T03:04:05Zx", undefined],
    ["2026-01-02T25:04:05Z", undefined],
    ["tomorrow", undefined],
  ])("reads the time %s", (given, expected) => {
    const { records, bad } = readText(csv({ columns: { at: time() }, header: false }), given);
    expect(records.map(({ at }) => at)).toEqual(expected === undefined ? [] : [expected]);
    expect(bad).toEqual(expected === undefined ? ['the column "at" is no time'] : []);
  });

  it.each([
    ["1.5", 1.5],
    ["-.5", -0.5],
    ["5.", 5],
    ["+1e-3", 0.001],
    ["123456789012345.6", 123456789012345.6],
    ["0.12345678901234567890", 0.12345678901234568],
    ["NaN", Number.NaN],
    ["-Inf", -Infinity],
    ["-0", -0],
    [".", undefined],
    ["1e", undefined],
    ["0x10", undefined],
    ["1_000", undefined],
  ])("reads the number %s", (given, expected) => {
    const { records } = readText(csv({ columns: { n: double() }, header: false }), given);
    expect(records.map(({ n }) => n)).toEqual(expected === undefined ? [] : [expected]);
  });

  it("reads every double as JavaScript does", () => {
    const numbers = csv({ columns: { n: double() }, header: false });
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          fc.integer().map((n) => n / 1000),
          fc.stringMatching(/^-?\d{1,18}\.\d{0,22}$/u),
        ),
        (n) => {
          expect(readText(numbers, String(n)).records.map((row) => row.n)).toEqual([Number(String(n))]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("tells the missing from the empty text", () => {
    const { records } = readText(csv({ columns: { a: optional(text()), b: text() }, header: false }), '"",""\n,\n');
    expect(plain(records)).toEqual([
      { a: "", b: "" },
      { a: null, b: "" },
    ]);
  });

  it("reads an empty line as an empty field when there is one column", () => {
    const { records } = readText(csv({ columns: { a: optional(text()) }, header: false }), 'x\n\n""\n');
    expect(plain(records)).toEqual([{ a: "x" }, { a: null }, { a: "" }]);
  });

  it("skips a byte order mark, at the begin of a file alone", () => {
    expect(plain(readText(users, `\uFEFF${header}ada,GB,36,2026-01-02,1.5,true`).records)).toEqual([ada]);
    const one = csv({ columns: { a: text() }, header: false });
    expect(plain(readText(one, "\uFEFFa\n\uFEFFb").records)).toEqual([{ a: "a" }, { a: "\uFEFFb" }]);
    expect(plain(readText(one, "\uFEFFa", 7).records)).toEqual([{ a: "\uFEFFa" }]);
  });

  it("counts lines with bytes that are no UTF-8 and keeps them", () => {
    const { records, counters } = readText(
      csv({ columns: { a: text() }, header: false }),
      Uint8Array.of(0x61, 0xff, 0x0a),
    );
    expect(plain(records)).toEqual([{ a: "a\uFFFD" }]);
    expect(counters).toEqual(new Map([["millrace.invalidUtf8Records", 1]]));
  });

  it("expects no header where a split begins inside a file", () => {
    expect(plain(readText(users, "ada,GB,36,2026-01-02,1.5,true\n", 100).records)).toEqual([ada]);
  });

  it("refuses a file with another header, and names both", () => {
    const other = csv({ columns: { id: text(), hits: int() } });
    expect(() => readText(other, 'hits,"i""d"\n1,a\n')).toThrow(
      'Cannot read "file:///in" as csv: its header has the columns "hits", "i\\"d", the format "id", "hits"; name the file\'s columns in its order, or set header: false',
    );
    try {
      readText(other, "id\n");
      expect.unreachable();
    } catch (thrown) {
      expect(isMillraceError(thrown) && thrown.code).toBe("E_INPUT_FORMAT");
    }
  });

  it("reads a field of 64 MiB less what is around it", () => {
    const big = new Uint8Array(64 * 1024 * 1024 - 4).fill(0x61);
    const file = new Uint8Array(big.length + 4);
    file.set(new TextEncoder().encode("1,"));
    file.set(big, 2);
    const [row] = readText(csv({ columns: { n: int(), t: text() }, header: false }), file).records;
    expect(row?.t.length).toBe(big.length + 2);
  });

  it.each([[""], [",,"], ['"'], ["\n"], ["é\u0301"]])("refuses the delimiter %j", (delimiter) => {
    expect(() => csv({ columns: { a: text() }, delimiter })).toThrow("as the delimiter of csv: it is one character");
  });

  it.each([
    [{}, "it has no columns"],
    [{ a: bytes() }, 'the column "a" has the codec "bytes"'],
    [{ "0": text() }, 'the column name "0" is a number'],
    [{ toJSON: text() }, 'the column name "toJSON" is taken'],
    [{ a: int({ min: 1 }) }, "Cannot use a codec with options"],
  ])("refuses the columns %j", (columns, reason) => {
    expect(() => csv({ columns })).toThrow(reason);
  });
});

describe("csv({ quotedNewlines })", () => {
  const notes = csv({ columns: { id: int(), note: text() }, quotedNewlines: true });

  it("makes a file unsplittable, and only then", () => {
    expect(inputFormatOf(notes).splitting).toBe("none");
    expect(inputFormatOf(users).splitting).toBe("delimiter");
  });

  it("reads fields over several lines, with the line ends that they have", () => {
    const { records, bad } = readText(notes, 'id,note\r\n1,"a\r\nb\n\nc"\r\n2,d\r\n3,"e, ""f""\n,g"\n');
    expect(bad).toEqual([]);
    expect(plain(records)).toEqual([
      { id: 1, note: "a\r\nb\n\nc" },
      { id: 2, note: "d" },
      { id: 3, note: 'e, "f"\n,g' },
    ]);
  });

  it("gives one bad record for a quote that is open at the end of the file, and starts the next file anew", () => {
    expect(readText(notes, 'id,note\n1,a\n2,"b\n3,c\n')).toMatchObject({
      bad: ["the file ends before the closing quote"],
    });
    checkInputFormat(notes, [
      { bytes: 'id,note\n1,"a\n2,b\n', records: [], bad: 1 },
      { bytes: "id,note\n1,a\n", records: [{ id: 1, note: "a" }] },
    ]);
  });

  it("ends the job at a field beyond the limit, whose rest would be taken for rows, and says where its row begins", () => {
    const line = `${"x".repeat(1024 * 1024 - 1)}\n`;
    expect(() => readText(notes, `id,note\n1,"a\nb"\n2,"${line.repeat(65)}3,b\n`)).toThrow(
      expect.objectContaining({
        code: "E_INPUT_FORMAT",
        message:
          'Cannot read "file:///in" as csv: the row that begins in line 4 has a quote that is not closed within 67108864 characters; close it, or leave the file out',
      }),
    );
  });

  it("gives one bad record for a row beyond the limit whose last line closes it, and goes on behind it", () => {
    const line = `${"x".repeat(1024 * 1024 - 1)}\n`;
    const { records, bad } = readText(notes, `id,note\n2,"${line.repeat(63)}${"x".repeat(1024 * 1024)}"\n3,b\n`);
    expect(bad).toEqual(["the lines of a row have more than 67108864 characters"]);
    expect(plain(records)).toEqual([{ id: 3, note: "b" }]);
  });

  it("is not quadratic in the lines of a field", () => {
    const { records } = readText(notes, `id,note\n1,"${"\n".repeat(1_000_000)}"\n`);
    expect(records[0]?.note.length).toBe(1_000_000);
  });
});

describe("csv() as an output", () => {
  it("writes a header for each file, and quotes where they are needed", () => {
    const { bytes: written } = checkOutputFormat(users, {
      records: [
        ada,
        { id: 'a"b', country: "", age: null, since: Date.UTC(2026, 0, 2, 3, 4, 5, 6), score: -0, active: false },
        { id: "a,b", country: null, age: -1, since: -1e15, score: Number.NaN, active: false },
      ],
      readBy: users,
      refused: [
        null,
        "ada",
        { ...ada, id: 1 },
        { ...ada, id: "\ud800" },
        { ...ada, id: "a\nb" },
        { ...ada, age: 1.5 },
        { ...ada, since: Number.NaN },
        { ...ada, score: "1" },
        { ...ada, active: 1 },
        { id: "ada" },
      ],
    });
    expect(new TextDecoder().decode(written)).toBe(
      [
        header.trimEnd(),
        "ada,GB,36,2026-01-02T00:00:00Z,1.5,true",
        '"a""b","",,2026-01-02T03:04:05.006Z,-0,false',
        '"a,b",,-1,-1000000000000000,NaN,false',
        "",
      ].join("\n"),
    );
  });

  it("tells which column is wrong", () => {
    expect(() => writeAll(users, [{ ...ada, age: 1.5 }])).toThrow(
      'Cannot write the column "age" of csv: it is the number 1.5, not whole number; emit one',
    );
  });

  it("writes what it reads, and reads what it writes", () => {
    const columns = { a: text(), b: optional(text()), n: optional(double()), i: int(), t: time(), f: boolean() };
    const texts = fc.oneof(
      fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", "a", "\uFEFF", "ä", "😀", " ", "\0") }),
      fc.string(),
    );
    const row = fc.record({
      a: texts,
      b: fc.option(texts),
      n: fc.option(fc.double()),
      i: fc.maxSafeInteger(),
      t: fc.maxSafeInteger(),
      f: fc.boolean(),
    });
    for (const format of [
      csv({ columns, quotedNewlines: true }),
      tsv({ columns, quotedNewlines: true, header: false }),
      csv({ columns, quotedNewlines: true, delimiter: "ä" }),
    ]) {
      fc.assert(
        fc.property(fc.array(row), (records) => {
          checkOutputFormat(format, { records, readBy: format });
        }),
        { numRuns: 150 },
      );
    }
  });
});

describe("tsv()", () => {
  it("reads and writes tabs", () => {
    const table = tsv({ columns: { path: text(), hits: int() }, header: false });
    checkInputFormat(table, [
      {
        bytes: '/a b\t1\n"/x\ty"\t2\n/c,3\n',
        records: [
          { path: "/a b", hits: 1 },
          { path: "/x\ty", hits: 2 },
        ],
        bad: 1,
      },
    ]);
    expect(writeAll(table, [{ path: "a\tb", hits: 1 }])).toBe('"a\tb"\t1\n');
  });
});

describe("csv() and the conformance kit", () => {
  it("gives the same records however a file is cut", () => {
    const report = checkInputFormat(users, [
      {
        bytes: `\uFEFF${header}ada,GB,36,2026-01-02,1.5,true\r\nbroken\n"b""ob",,,2026-01-02T00:00:00Z,0,false\n\nopen,"GB,36,2026-01-02,1.5,true\n`,
        records: [ada, { id: 'b"ob', country: null, age: null, since: Date.UTC(2026, 0, 2), score: 0, active: false }],
        bad: 2,
      },
      { bytes: "" },
      { bytes: header, records: [] },
    ]);
    expect(report).toMatchObject({ records: 2, badRecords: 2 });
    expect(report.readings).toBeGreaterThan(400);
  });
});
