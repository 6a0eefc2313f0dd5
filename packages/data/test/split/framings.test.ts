// Every framing gives the same records for any cutting of a file into splits and for any chunks of its bytes, and what
// the splits own tiles the file.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Framing, SplitReaderOptions } from "../../src/index.ts";
import { createSplitReader } from "../../src/index.ts";
import { ChunkedSource, readSplit } from "./chunked-source.ts";

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Lines that begin with a letter begin an event. */
const events: Framing = {
  kind: "events",
  startsWith: (bytes, begin, end) => begin < end && bytes[begin]! >= 0x41 && bytes[begin]! <= 0x5a,
};

interface Piece {
  readonly offset: number;
  readonly text: string;
  readonly end: number;
}

/** Events by the definition: a line that begins with a letter, and the lines up to the next. */
function eventsByDefinition(text: string): readonly Piece[] {
  const pieces: { offset: number; text: string; end: number }[] = [];
  for (let offset = 0; offset < text.length;) {
    const feed = text.indexOf("\n", offset);
    const end = feed < 0 ? text.length : feed + 1;
    const raw = text.slice(offset, end);
    const last = pieces.at(-1);
    if (last === undefined || /^[A-Z]/.test(raw)) pieces.push({ offset, text: raw, end });
    else {
      last.text += raw;
      last.end = end;
    }
    offset = end;
  }
  return pieces.map((piece) => ({ ...piece, text: piece.text.replace(/\r?\n$/, "") }));
}

function fixedByDefinition(text: string, size: number): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let offset = 0; offset < text.length; offset += size) {
    const piece = text.slice(offset, offset + size);
    pieces.push({ offset, text: piece, end: offset + piece.length });
  }
  return pieces;
}

interface Cutting {
  readonly text: string;
  readonly cuts: readonly number[];
  readonly chunkBytes: number;
  readonly framing: Framing;
}

function checkSplits({ text, cuts, chunkBytes, framing }: Cutting, expected: readonly Piece[]): void {
  const records: string[] = [];
  const offsets: number[] = [];
  const ranges: { readonly begin: number; readonly end: number }[] = [];
  const starts = [...new Set([0, ...cuts.filter((cut) => cut < text.length)])].toSorted((a, b) => a - b);
  for (const [index, start] of starts.entries()) {
    const end = starts[index + 1] ?? text.length;
    const split = readSplit(bytesOf(text), chunkBytes, { start, end, framing });
    records.push(...split.records);
    offsets.push(...split.offsets);
    ranges.push({ begin: split.begin, end: split.end });
  }
  let tiled = 0;
  for (const range of ranges.filter(({ begin, end }) => begin < end)) {
    if (range.begin !== tiled) break;
    tiled = range.end;
  }
  const seen = JSON.stringify([records, offsets, tiled]);
  const wanted = JSON.stringify([
    expected.map((piece) => piece.text),
    expected.map((piece) => piece.offset),
    text.length,
  ]);
  if (seen !== wanted)
    expect.fail(`${JSON.stringify(text)} cut at ${starts.join()} in chunks of ${chunkBytes}: ${seen}, not ${wanted}`);
}

function* stringsOver(alphabet: string, lengthMax: number): Generator<string> {
  let strings = [""];
  for (let length = 0; length <= lengthMax; length++) {
    yield* strings;
    strings = strings.flatMap((prefix) => alphabet.split("").map((letter) => prefix + letter));
  }
}

const cutsAndChunks = {
  cuts: fc.array(fc.nat(300), { maxLength: 6 }),
  chunkBytes: fc.integer({ min: 1, max: 70 }),
};

describe("createSplitReader() of events", () => {
  it("gives each event once for all texts over {A, b, CR, LF}, all cuts and chunks", () => {
    for (const text of stringsOver("Ab\r\n", 6)) {
      const expected = eventsByDefinition(text);
      for (let cut = 0; cut < Math.max(1, text.length); cut++)
        for (let chunkBytes = 1; chunkBytes <= Math.max(1, text.length); chunkBytes++)
          checkSplits({ text, cuts: [cut], chunkBytes, framing: events }, expected);
    }
  });

  it("gives the same records for any cutting of any file as one split does", () => {
    const text = fc.string({ unit: fc.constantFrom("A", "B", "c", " ", "\n", "\n", "\r\n", "\nA"), maxLength: 300 });
    fc.assert(
      fc.property(text, cutsAndChunks.cuts, cutsAndChunks.chunkBytes, (value, cuts, chunkBytes) => {
        checkSplits({ text: value, cuts, chunkBytes, framing: events }, eventsByDefinition(value));
      }),
      { numRuns: 3_000 },
    );
  });

  it("keeps the delimiters between the lines of an event, and takes the last one away", () => {
    const text = "Ax\r\n at y\r\n\r\nB\n\n";
    expect(readSplit(bytesOf(text), 4, { start: 0, end: text.length, framing: events }).records).toEqual([
      "Ax\r\n at y\r\n",
      "B\n",
    ]);
  });

  it("takes the first lines of a file as an event also when none of them begins one", () => {
    const text = " at x\n at y\nAz\n";
    const first = readSplit(bytesOf(text), 64, { start: 0, end: 3, framing: events });
    expect(first).toEqual({ records: [" at x\n at y"], offsets: [0], begin: 0, end: 12 });
    expect(readSplit(bytesOf(text), 64, { start: 3, end: text.length, framing: events }).records).toEqual(["Az"]);
  });

  it("reads no further than the first line behind its end when no event is open", () => {
    const text = `A\n${"b\n".repeat(40)}`;
    const source = new ChunkedSource(bytesOf(text), 10);
    let chunks = 0;
    const reader = createSplitReader({
      source: { seek: (offset) => source.seek(offset), next: () => (chunks++, source.next()) },
      start: 20,
      end: 40,
      framing: events,
    });
    expect(reader.nextBatch()).toBeUndefined();
    expect(reader.owned()).toEqual({ begin: 20, end: 20 });
    expect(chunks).toBeLessThanOrEqual(4);
  });

  it("reads an event to its end however far that is behind the split's", () => {
    const text = `A${"\nb".repeat(500)}\nC`;
    const split = readSplit(bytesOf(text), 7, { start: 0, end: 1, framing: events });
    expect(split.records).toEqual([`A${"\nb".repeat(500)}`]);
    expect(split.end).toBe(text.length - 1);
  });

  it.each([1, 3, 8, 64, 1000])("takes an event of the limit and refuses one byte more, chunks of %d", (chunkBytes) => {
    const read = (text: string): readonly string[] =>
      readSplit(bytesOf(text), chunkBytes, {
        start: 0,
        end: text.length,
        framing: events,
        recordBytesMax: 16,
        uri: "file:/x",
      }).records;
    const longest = "A12345\n789\n12345";
    for (const after of ["", "\n", "\r\n", "\nB\n"]) {
      expect(read(`B\n${longest}${after}`)[1]).toBe(longest);
      expect(() => read(`B\n${longest}6${after}`)).toThrow(
        expect.objectContaining({ code: "E_RECORD_TOO_LARGE", details: { uri: "file:/x", offset: 2 } }),
      );
    }
  });
});

describe("createSplitReader() of fixed records", () => {
  it("gives the same records for any cutting of any file as one split does", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "\n", "z"), maxLength: 120 }),
        fc.integer({ min: 1, max: 30 }),
        cutsAndChunks.cuts,
        cutsAndChunks.chunkBytes,
        (text, bytes, cuts, chunkBytes) => {
          checkSplits({ text, cuts, chunkBytes, framing: { kind: "fixed", bytes } }, fixedByDefinition(text, bytes));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it("gives a rest that is shorter as a record of its own, and reads to the end of a file of unknown length", () => {
    const split = readSplit(bytesOf("abcdefgh"), 5, {
      start: 0,
      end: Number.MAX_SAFE_INTEGER,
      framing: { kind: "fixed", bytes: 3 },
    });
    expect(split).toEqual({ records: ["abc", "def", "gh"], offsets: [0, 3, 6], begin: 0, end: 8 });
  });

  it("owns nothing where no record begins", () => {
    const split = readSplit(bytesOf("abcdefgh"), 5, { start: 4, end: 6, framing: { kind: "fixed", bytes: 3 } });
    expect(split).toEqual({ records: [], offsets: [], begin: 4, end: 4 });
  });

  it("is bounded in its batches", () => {
    const reader = createSplitReader({
      source: new ChunkedSource(new Uint8Array(20_000), 20_000),
      start: 0,
      end: 20_000,
      framing: { kind: "fixed", bytes: 1 },
    });
    const counts: number[] = [];
    for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) counts.push(batch.count);
    expect(counts).toEqual([8192, 8192, 3616]);
  });

  it.each([0, -1, 1.5, Number.NaN, 1001])("refuses records of %d bytes", (bytes) => {
    const options: SplitReaderOptions = {
      source: new ChunkedSource(new Uint8Array(0), 1),
      start: 0,
      end: 0,
      framing: { kind: "fixed", bytes },
      recordBytesMax: 1_000,
    };
    expect(() => createSplitReader(options)).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});

describe("createSplitReader() of a whole file", () => {
  const whole: Framing = { kind: "whole-file" };

  it("gives the file as one record, for any chunks", () => {
    for (const chunkBytes of [1, 3, 100])
      expect(readSplit(bytesOf("a\nb\r\n"), chunkBytes, { start: 0, end: 5, framing: whole })).toEqual({
        records: ["a\nb\r\n"],
        offsets: [0],
        begin: 0,
        end: 5,
      });
  });

  it("gives no record for a file without bytes, and none for a split that does not begin it", () => {
    expect(readSplit(bytesOf(""), 3, { start: 0, end: 0, framing: whole }).records).toEqual([]);
    expect(readSplit(bytesOf(""), 3, { start: 0, end: Number.MAX_SAFE_INTEGER, framing: whole }).records).toEqual([]);
    expect(readSplit(bytesOf("ab"), 3, { start: 1, end: 2, framing: whole })).toMatchObject({
      records: [],
      begin: 1,
      end: 1,
    });
  });

  it.each([1, 7, 100])("takes a file of the limit and refuses one byte more, chunks of %d", (chunkBytes) => {
    const read = (text: string, end: number): readonly string[] =>
      readSplit(bytesOf(text), chunkBytes, { start: 0, end, framing: whole, recordBytesMax: 16 }).records;
    for (const end of [16, Number.MAX_SAFE_INTEGER]) {
      expect(read("x".repeat(16), end)).toEqual(["x".repeat(16)]);
      expect(() => read("x".repeat(17), end)).toThrow(expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }));
    }
  });
});
