// Records that are longer than allowed: cut on request, by themselves, and the rest as if they were not there.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Framing } from "../../src/index.ts";
import { createSplitReader } from "../../src/index.ts";
import { ChunkedSource } from "./chunked-source.ts";

const max = 8;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

interface Read {
  readonly offset: number;
  readonly text: string;
  readonly isCut: boolean;
}

const events: Framing = { kind: "events", startsWith: (bytes, begin, end) => begin < end && bytes[begin] === 0x41 };
const framings: readonly { readonly framing: Framing; readonly expected: (text: string) => readonly Read[] }[] = [
  { framing: { kind: "delimited", delimiter: "line" }, expected: (text) => shown(pieces(text, "\n"), /\r?\n$/) },
  {
    framing: { kind: "delimited", delimiter: bytesOf("--\n") },
    expected: (text) => shown(pieces(text, "--\n"), /--\n$/),
  },
  { framing: events, expected: (text) => shown(joined(pieces(text, "\n")), /\r?\n$/) },
];

interface Piece {
  readonly offset: number;
  readonly raw: string;
}

function pieces(text: string, delimiter: string): readonly Piece[] {
  const found: Piece[] = [];
  for (let offset = 0; offset < text.length;) {
    const at = text.indexOf(delimiter, offset);
    const end = at < 0 ? text.length : at + delimiter.length;
    found.push({ offset, raw: text.slice(offset, end) });
    offset = end;
  }
  return found;
}

function joined(lines: readonly Piece[]): readonly Piece[] {
  const whole: Piece[] = [];
  for (const line of lines) {
    const last = whole.at(-1);
    if (last === undefined || line.raw.startsWith("A")) whole.push(line);
    else whole[whole.length - 1] = { offset: last.offset, raw: last.raw + line.raw };
  }
  return whole;
}

function shown(found: readonly Piece[], ending: RegExp): readonly Read[] {
  return found.map(({ offset, raw }) => {
    const text = raw.replace(ending, "");
    return { offset, text: text.slice(0, max), isCut: text.length > max };
  });
}

function readAll(text: string, { framing, chunk, cuts }: { framing: Framing; chunk: number; cuts: readonly number[] }) {
  const bytes = bytesOf(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const records: Read[] = [];
  let owned = 0;
  for (let index = 0; index + 1 < places.length; index++) {
    const [start = 0, end = 0] = places.slice(index, index + 2);
    if (start === end) continue;
    const source = new ChunkedSource(bytes, chunk);
    const reader = createSplitReader({ source, start, end, framing, recordBytesMax: max, longRecords: "cut" });
    for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) {
      const { offsets, count, fileOffset, isCut = false } = batch;
      if (isCut) expect(count).toBe(1);
      for (let at = 0; at < count; at++) {
        const [begin = 0, stop = 0] = offsets.subarray(2 * at, 2 * at + 2);
        const shownText = String.fromCharCode(...batch.bytes.subarray(begin, stop));
        records.push({ offset: fileOffset + begin, text: shownText, isCut });
      }
    }
    const range = reader.owned();
    if (range.begin === range.end) continue;
    expect(range.begin).toBe(owned);
    owned = range.end;
  }
  expect(owned).toBe(bytes.length);
  return records;
}

describe("createSplitReader() with long records cut", () => {
  const letters = fc.constantFrom("A", "x", "xxxxxx", "-", "--\n", "\n", "\r\n", "\r", "AAAAAAAAAAAAAAAAAAAA");
  const texts = fc.array(letters, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(""));
  // A lone CR before the end of the file belongs to the record, before LF to the delimiter: both readers agree on it.
  it.each([0, 1, 2])("gives all records, long ones by their beginning, and ranges that tile: framing %i", (index) => {
    const { framing, expected } = framings[index]!;
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.nat(200), { maxLength: 3 }),
        (text, chunk, cuts) => {
          expect(readAll(text, { framing, chunk, cuts })).toEqual(expected(text));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("holds no more than the limit of a record of any length", () => {
    let left = 200;
    const chunk = new Uint8Array(1 << 20).fill(0x78);
    const source = { seek: () => undefined, next: () => (left-- > 0 ? chunk : undefined) };
    const options = { source, start: 0, end: 100, recordBytesMax: 1 << 20, longRecords: "cut" } as const;
    const reader = createSplitReader({ ...options, framing: { kind: "delimited", delimiter: "line" } });
    const batch = reader.nextBatch();
    expect(batch).toMatchObject({ count: 1, isCut: true, fileOffset: 0 });
    expect(batch?.bytes.length).toBeLessThan(3 << 20);
    expect(reader.owned()).toEqual({ begin: 0, end: 200 << 20 });
  });
});
