import { describe, expect, it } from "vitest";
import { createSplitReader } from "../../src/index.ts";
import { ChunkedSource, readSplit } from "./chunked-source.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const lineFraming = { kind: "delimited", delimiter: "line" } as const;
const lines = (text: string): readonly string[] =>
  readSplit(bytesOf(text), 5, { start: 0, end: text.length, framing: lineFraming }).records;

describe("createSplitReader()", () => {
  it("ends lines at LF alone and removes one CR before it", () => {
    expect(lines("a\r\nb\r\r\n\rc\n\n\r\nd\r")).toEqual(["a", "b\r", "\rc", "", "", "d\r"]);
    expect(lines("\0\u0085\uFEFF\n")).toEqual(["\0\u0085\u00FF"]);
    expect(lines("")).toEqual([]);
  });
  it("gives empty lines one by one, in batches of bounded size", () => {
    const reader = createSplitReader({
      source: new ChunkedSource(new Uint8Array(100_000).fill(10), 65_536),
      start: 0,
      end: 100_000,
      framing: lineFraming,
    });
    let records = 0;
    let largest = 0;
    for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) {
      records += batch.count;
      largest = Math.max(largest, batch.count);
    }
    expect(records).toBe(100_000);
    expect(largest).toBeLessThanOrEqual(8192);
    expect(reader.owned()).toEqual({ begin: 0, end: 100_000 });
  });
  it("owns nothing where no record begins, and does not read beyond its end to know that", () => {
    const long = bytesOf("x".repeat(1000));
    const source = new ChunkedSource(long, 10);
    let chunks = 0;
    const reader = createSplitReader({
      source: { seek: (offset) => source.seek(offset), next: () => (chunks++, source.next()) },
      start: 300,
      end: 600,
      framing: lineFraming,
    });
    expect(reader.nextBatch()).toBeUndefined();
    expect(reader.owned()).toEqual({ begin: 300, end: 300 });
    expect(chunks).toBeLessThanOrEqual(31);
  });
  it.each([1, 3, 8, 64, 1000])(
    "takes a record of the limit and refuses one byte more, with chunks of %d",
    (chunkBytes) => {
      const read = (text: string, delimiter: "line" | Uint8Array): readonly string[] =>
        readSplit(bytesOf(text), chunkBytes, {
          start: 0,
          end: text.length,
          framing: { kind: "delimited", delimiter },
          recordBytesMax: 16,
          uri: "file:/x",
        }).records;
      for (const end of ["", "\n", "\r\n"]) {
        expect(read(`ab\n${"x".repeat(16)}${end}`, "line")).toEqual(["ab", "x".repeat(16)]);
        expect(() => read(`ab\n${"x".repeat(17)}${end}`, "line")).toThrow(
          expect.objectContaining({ code: "E_RECORD_TOO_LARGE", details: { uri: "file:/x", offset: 3 } }),
        );
      }
      expect(read(`${"x".repeat(16)}abcabd`, bytesOf("abcabd"))).toEqual(["x".repeat(16)]);
      expect(() => read(`${"x".repeat(17)}abcabd`, bytesOf("abcabd"))).toThrow(
        expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }),
      );
    },
  );
  it("keeps its memory flat for an endless record", () => {
    const chunk = new Uint8Array(65_536).fill(120);
    const reader = createSplitReader({
      source: { seek: () => undefined, next: () => chunk },
      start: 0,
      end: 100,
      framing: lineFraming,
      recordBytesMax: 1 << 20,
    });
    expect(() => reader.nextBatch()).toThrow(expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }));
  });
  it("refuses a delimiter without bytes", () => {
    expect(() =>
      createSplitReader({
        source: new ChunkedSource(new Uint8Array(0), 1),
        start: 0,
        end: 0,
        framing: { kind: "delimited", delimiter: new Uint8Array(0) },
      }),
    ).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});
