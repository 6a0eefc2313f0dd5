import type { Split, SplitPart } from "@millrace/core";
import { textLines, numbers, wholeFile } from "@millrace/formats";
import { inputFormatOf, seededRandom } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { samplePieces } from "../../src/attempt/sample-pieces.ts";
import { hostLimits } from "../../src/host-limits.ts";

const MiB = 2 ** 20;
const part = (uri: string, bytes: number, offset = 0): SplitPart => ({
  uri,
  offset,
  bytes,
  fileBytes: offset + bytes,
  modifiedMs: 0,
  codec: "none",
});
const split = (...parts: readonly SplitPart[]): Split => ({
  input: 0,
  parts,
  bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
  hosts: [],
});
const lines = inputFormatOf(textLines());
/** For splits whose parts say it themselves. */
const codecOf = (): never => {
  throw new Error("nobody needs to look");
};

describe("samplePieces()", () => {
  it("chooses one place in each equal stretch of the split, in random order", () => {
    const pieces = samplePieces(split(part("a", 64 * MiB, 5 * MiB)), lines, { random: seededRandom("x"), codecOf });
    expect(pieces.length).toBe(hostLimits.samplePieces);
    const places = pieces.map((piece) => piece.part.offset - 5 * MiB);
    const sorted = places.toSorted((a, b) => a - b);
    expect(places).not.toEqual(sorted);
    expect(sorted.map((at) => Math.floor(at / (2 * MiB)))).toEqual(Array.from({ length: 32 }, (_, index) => index));
    for (const piece of pieces) {
      // A record is owned by its first byte: nothing begins behind the part's end.
      expect(piece.part.offset + piece.part.bytes).toBe(69 * MiB);
      expect(piece.bytesMax).toBe(hostLimits.samplePieceBytes);
    }
  });

  it("is the same for the same seed, and another for another", () => {
    const places = (seed: string): readonly number[] =>
      samplePieces(split(part("a", 64 * MiB)), lines, { random: seededRandom(seed), codecOf }).map(
        (piece) => piece.part.offset,
      );
    expect(places("x")).toEqual(places("x"));
    expect(places("x")).not.toEqual(places("y"));
  });

  it("takes all of a split that is no larger than its pieces", () => {
    const parts = [part("a", 10), part("b", 20)];
    expect(samplePieces(split(...parts), lines, { random: seededRandom("x"), codecOf })).toEqual(
      parts.map((each) => ({ part: each, bytesMax: each.bytes })),
    );
    expect(samplePieces(split(), lines, { random: seededRandom("x"), codecOf })).toEqual([]);
  });

  it("reads packed files, and those that do not split, from their begin, each once", () => {
    const packed = { ...part("a.gz", 64 * MiB), codec: "gzip" as const };
    expect(samplePieces(split(packed), lines, { random: seededRandom("x"), codecOf })).toEqual([
      { part: packed, bytesMax: MiB },
    ]);
    const files = Array.from({ length: 100 }, (_, index) => part(`f${index}`, MiB));
    const pieces = samplePieces(split(...files), inputFormatOf(wholeFile()), { random: seededRandom("x"), codecOf });
    expect(new Set(pieces.map((piece) => piece.part.uri)).size).toBe(pieces.length);
    expect(pieces.length).toBeLessThanOrEqual(32);
    for (const piece of pieces) expect(piece).toMatchObject({ part: { offset: 0, bytes: MiB }, bytesMax: 32 * 1024 });
  });

  it("takes some numbers of many, and all of few", () => {
    const format = inputFormatOf(numbers(10));
    const few = split(part("numbers:", 1_000, 7));
    expect(samplePieces(few, format, { random: seededRandom("x"), codecOf })).toEqual([
      { part: few.parts[0], bytesMax: 1_000 },
    ]);
    const many = samplePieces(split(part("numbers:", 10 ** 9)), format, { random: seededRandom("x"), codecOf });
    expect([many.length, many[0]?.bytesMax]).toEqual([32, 32]);
  });
});
