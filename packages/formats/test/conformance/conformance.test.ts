// The kit on the formats that come with Millrace, and on formats that break its rules one by one.

import { checkInputFormat, checkOutputFormat, combinedLog, jsonLines, textLines, textTable } from "@millrace/formats";
import { int, object, text } from "@millrace/sdk";
import {
  type InputFormat,
  type OutputFormat,
  type RecordReader,
  badRecord,
  createInput,
  createOutput,
  inputFormatOf,
  noRecord,
} from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

const decode = (bytes: Uint8Array, begin: number, end: number): string =>
  new TextDecoder().decode(bytes.slice(begin, end));

/** A format of lines with one thing about it changed. */
function lines(
  change: Partial<InputFormat<unknown>>,
  reader: () => Partial<RecordReader<unknown>> = () => ({}),
): InputFormat<unknown> {
  return {
    name: "lines",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    createReader: () => ({ read: decode, reason: () => "", ...reader() }),
    ...change,
  };
}

const check = (format: InputFormat<unknown>, bytes = "a,1\nb,2\n\nc,3\n"): unknown =>
  checkInputFormat(createInput(format), [{ bytes }, { bytes: "last" }]);

describe("checkInputFormat()", () => {
  it("takes the formats that come with Millrace", () => {
    const hit = '192.0.2.1 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.0" 200 2326 "-" "a \\"b\\""';
    expect(checkInputFormat(combinedLog(), [{ bytes: `\uFEFF${hit}\r\nbad\n\n${hit}` }])).toMatchObject({
      records: 2,
      badRecords: 1,
    });
    expect(
      checkInputFormat(textLines(), [{ bytes: "a\r\n\nä\u2028b\0\rc", records: ["a", "", "ä\u2028b\0\rc"] }]),
    ).toMatchObject({ records: 3 });
    expect(
      checkInputFormat(jsonLines(object({ id: text(), n: int() })), [
        {
          bytes: '\uFEFF{"id":"a","n":1}\n{"id":"a"}\nno\n\n{"n":2,"id":"\\n","x":1}',
          records: [
            { id: "a", n: 1 },
            { id: "\n", n: 2 },
          ],
          bad: 2,
        },
      ]),
    ).toMatchObject({ records: 2, badRecords: 2 });
  });

  it("leaves samples as they are, also those that are buffers", () => {
    const bytes = Buffer.from("a\nb\n");
    checkInputFormat(textLines(), [{ bytes, records: ["a", "b"] }]);
    expect(bytes.toString()).toBe("a\nb\n");
  });

  it("tells how much it checked", () => {
    expect(check(lines({}))).toMatchObject({ records: 5, badRecords: 0 });
  });

  it.each([
    [
      "other records than the sample has",
      () => checkInputFormat(textLines(), [{ bytes: "a\nb", records: ["a", "c"] }]),
      'record 1 of sample:0 is "b", expected was "c"',
    ],
    [
      "more records than the sample has",
      () => checkInputFormat(textLines(), [{ bytes: "a\nb", records: ["a"] }]),
      'record 1 of sample:0 is "b", expected was none',
    ],
    [
      "fewer records than the sample has",
      () => checkInputFormat(textLines(), [{ bytes: "a", records: ["a", "b"] }]),
      'record 1 of sample:0 is not there, expected was "b"',
    ],
    [
      "bad records that the sample does not have",
      () => checkInputFormat(jsonLines(), [{ bytes: "no", records: [] }]),
      "sample:0 has 1 bad records, expected were 0",
    ],
    [
      "a view of the bytes",
      () => check(lines({}, () => ({ read: (bytes, begin, end) => bytes.subarray(begin, end) }))),
      "keep nothing of the bytes",
    ],
    [
      "a record that decodes the bytes later",
      () => check(lines({}, () => ({ read: (bytes, begin, end) => ({ toJSON: () => decode(bytes, begin, end) }) }))),
      "keep nothing of the bytes",
    ],
    [
      "bytes beside the record",
      () => check(lines({}, () => ({ read: (bytes, begin, end) => decode(bytes, begin, end + 1) }))),
      "read cut at",
    ],
    [
      "a number of the line in the split",
      () =>
        check(
          lines({}, () => {
            let count = 0;
            return { read: () => count++ };
          }),
        ),
      "record 1 of sample:0 read cut at [1]",
    ],
    ["a reader that keeps back over splits", () => check(lines({}, keepPairs)), "declare splitting none"],
    [
      "a reader that is not reset",
      () =>
        check(lines({ splitting: "none" }, () => ({ ...keepPairs(), begin: () => undefined, finish: () => noRecord }))),
      "reset the reader in begin",
    ],
    ["no reason", () => check(lines({}, () => ({ read: () => badRecord }))), 'the reason "" of a bad record'],
    [
      "a reason of two lines",
      () => check(lines({}, () => ({ read: () => badRecord, reason: () => "a\nb" }))),
      "is no clause of 1 to 200 characters",
    ],
    [
      "an error of its own",
      () =>
        check(
          lines({}, () => ({
            read: (bytes, begin, end) => {
              if (decode(bytes, begin, end).includes("\u0000")) throw new RangeError("NUL");
              return 1;
            },
          })),
        ),
      'makes the reader throw "RangeError: NUL"',
    ],
    ["no files", () => check(lines({ splitting: "numbers", numbers: 3 })), "it reads no files"],
  ])("refuses a format that gives %s", (_what, run, message) => {
    expect(run).toThrow(message);
  });

  it("takes a format over several lines when it declares that it is not split", () => {
    expect(check(lines({ splitting: "none" }, keepPairs))).toMatchObject({ records: 3 });
  });
});

/** Puts two lines together, wherever they are. */
function keepPairs(): Partial<RecordReader<unknown>> {
  let kept: string | undefined;
  const take = (): string | undefined => {
    const before = kept;
    kept = undefined;
    return before;
  };
  return {
    begin: () => {
      take();
    },
    read: (bytes, begin, end) => {
      const line = decode(bytes, begin, end);
      const before = take();
      if (before !== undefined) return before + line;
      kept = line;
      return noRecord;
    },
    finish: () => take() ?? noRecord,
  };
}

/** A format that writes texts as lines, with one thing about it changed. */
function writer(change: Partial<OutputFormat<string>>): OutputFormat<string> {
  return {
    name: "lines",
    extension: "txt",
    createWriter: () => ({ write: (record, sink) => sink.writeText(`${record}\n`) }),
    ...change,
  };
}

describe("checkOutputFormat()", () => {
  it("takes the formats that come with Millrace", () => {
    const users = jsonLines(object({ id: text() }));
    expect(
      checkOutputFormat(users, { records: [{ id: "a\n" }], refused: [{ id: 1 }, null], readBy: users }).bytes,
    ).toEqual(new TextEncoder().encode('{"id":"a\\n"}\n'));
    checkOutputFormat(textLines(), { records: ["a", ""], refused: ["a\nb", 1, "\ud800"], readBy: textLines() });
    checkOutputFormat(textTable(), { records: [["a\t", null], { a: 1 }], refused: [1, [new Date()]] });
  });

  let written = 0;
  it.each([
    ["cannot be read back", writer({}), 'record 0 is read back as "a", written was "a\\nb"'],
    [
      "counts records of all files",
      writer({ createWriter: () => ({ write: (record, sink) => sink.writeText(`${record}${written++}\n`) }) }),
      "a file has other bytes when the sink holds some before",
    ],
    [
      "removes what is there",
      writer({
        createWriter: () => ({
          write: (record, sink) => {
            sink.clear();
            sink.writeText(record);
          },
        }),
      }),
      "it changes what was in the sink before",
    ],
    [
      "overwrites what is there",
      writer({
        createWriter: () => ({
          write: (record, sink) => {
            sink.writeText(record);
            sink.bytes[0] = 9;
          },
        }),
      }),
      "it changes what was in the sink before",
    ],
  ])("refuses a format that %s", (_what, format, message) => {
    expect(() => checkOutputFormat(createOutput(format), { records: ["a\nb", "c"], readBy: textLines() })).toThrow(
      message,
    );
  });

  it("refuses a format that takes what is no record, and one that throws its own errors", () => {
    expect(() => checkOutputFormat(createOutput(writer({})), { records: [], refused: [1] })).toThrow("it takes 1");
    const throws = writer({
      createWriter: () => ({
        write: () => {
          throw new TypeError("no");
        },
      }),
    });
    expect(() => checkOutputFormat(createOutput(throws), { records: [], refused: [1] })).toThrow(
      'it throws "TypeError: no" for 1',
    );
  });

  it("refuses a format that changes the record", () => {
    const format: OutputFormat<{ n: number }> = {
      name: "numbers",
      extension: "txt",
      createWriter: () => ({ write: (record, sink) => sink.writeText(`${++record.n}\n`) }),
    };
    expect(() => checkOutputFormat(createOutput(format), { records: [{ n: 1 }] })).toThrow(
      'it changes the record {"n":1}',
    );
  });

  it("reads formats as the engine does", () => {
    expect(inputFormatOf(textLines()).splitting).toBe("delimiter");
  });
});
