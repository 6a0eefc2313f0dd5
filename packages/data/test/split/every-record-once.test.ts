// Every record is read exactly once, for every split and every size of buffer. All strings up to a length over
// small alphabets, all split points; the numbers are chosen so that one core needs about ten seconds.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KernelMemory, createKernelMemory } from "../../src/index.ts";
import { readSplit } from "./chunked-source.ts";

type Delimiter = "line" | Uint8Array;

/** Records by the definition: from the left, each up to the next delimiter; nothing after the last one is no record. */
function recordsByDefinition(
  text: string,
  delimiter: Delimiter,
): { readonly offset: number; readonly text: string; readonly end: number }[] {
  const mark = delimiter === "line" ? "\n" : String.fromCharCode(...delimiter);
  const records = [];
  for (let offset = 0; offset < text.length;) {
    const found = text.indexOf(mark, offset);
    const content = text.slice(offset, found < 0 ? text.length : found);
    const end = found < 0 ? text.length : found + mark.length;
    records.push({
      offset,
      text: delimiter === "line" && found >= 0 && content.endsWith("\r") ? content.slice(0, -1) : content,
      end,
    });
    offset = end;
  }
  return records;
}

function* stringsOver(alphabet: string, lengthMax: number): Generator<string> {
  let strings = [""];
  for (let length = 0; length <= lengthMax; length++) {
    yield* strings;
    strings = strings.flatMap((prefix) => alphabet.split("").map((letter) => prefix + letter));
  }
}

interface Reading {
  readonly delimiter: Delimiter;
  /** With kernels. */
  readonly memory?: KernelMemory;
}

function checkSplits(text: string, cuts: readonly number[], chunkBytes: number, { delimiter, memory }: Reading): void {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const expected = recordsByDefinition(text, delimiter);
  const records: string[] = [];
  const offsets: number[] = [];
  let tiled = 0;
  for (const [index, start] of cuts.entries()) {
    const split = readSplit(bytes, chunkBytes, {
      start,
      end: cuts[index + 1] ?? text.length,
      framing: { kind: "delimited", delimiter },
      memory,
    });
    records.push(...split.records);
    offsets.push(...split.offsets);
    if (split.begin < split.end) {
      if (split.begin !== tiled) break;
      tiled = split.end;
    }
  }
  // Compared as text first: `expect` on a million arrays would take most of the time.
  const seen = JSON.stringify([records, offsets, tiled]);
  const wanted = JSON.stringify([
    expected.map((record) => record.text),
    expected.map((record) => record.offset),
    text.length,
  ]);
  if (seen !== wanted)
    expect.fail(`${JSON.stringify(text)} cut at ${cuts.join()} in chunks of ${chunkBytes}: ${seen}, not ${wanted}`);
}

function checkAll(alphabet: string, lengthMax: number, reading: Reading): number {
  let cases = 0;
  for (const text of stringsOver(alphabet, lengthMax)) {
    for (let cut = 0; cut <= text.length; cut++) {
      // Buffers longer than the text are all the same; those over half of it have one edge, as in texts shorter by one.
      const chunkBytesMax = text.length === 8 ? 4 : Math.max(1, text.length);
      for (let chunkBytes = 1; chunkBytes <= chunkBytesMax; chunkBytes++) {
        checkSplits(text, cut === 0 ? [0] : [0, cut], chunkBytes, reading);
        cases++;
      }
    }
  }
  return cases;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

describe("createSplitReader() reads every record once", () => {
  it("lines over {a, CR, LF}", () => expect(checkAll("a\r\n", 8, { delimiter: "line" })).toBeGreaterThan(100_000));
  it("lines over {a, CR, LF} found by kernels", () => {
    const memory = createKernelMemory(64);
    expect(memory.place).toBeDefined();
    expect(checkAll("a\r\n", 6, { delimiter: "line", memory })).toBeGreaterThan(10_000);
  });
  it.each(["+", "++", "+++", "+a+", "aa+", "+a"])("delimiter %s over {a, +}", (delimiter) =>
    expect(checkAll("a+", 8, { delimiter: bytesOf(delimiter) })).toBeGreaterThan(10_000),
  );

  it("three and more splits, one byte each, and delimiters that overlap themselves", () => {
    for (const delimiter of ["++", "+++", "+a+", "+a+a"]) {
      for (const text of stringsOver("a+", 9)) {
        checkSplits(
          text,
          Array.from({ length: Math.max(1, text.length) }, (_, cut) => cut),
          3,
          { delimiter: bytesOf(delimiter) },
        );
      }
    }
  });

  it("long random texts, any cuts, any buffer", () => {
    const memory = createKernelMemory(64);
    const text = fc.string({ unit: fc.constantFrom("a", "b", "+", "+", "\r", "\n"), maxLength: 400 });
    const delimiter = fc.constantFrom<Delimiter>(
      "line",
      bytesOf("+"),
      bytesOf("++"),
      bytesOf("+++"),
      bytesOf("ab+ab"),
      bytesOf("\r\n"),
    );
    fc.assert(
      fc.property(
        text,
        delimiter,
        fc.array(fc.nat(400), { maxLength: 6 }),
        fc.integer({ min: 1, max: 70 }),
        (value, mark, cuts, chunkBytes) => {
          checkSplits(
            value,
            [...new Set([0, ...cuts.filter((cut) => cut < value.length)])].toSorted((a, b) => a - b),
            chunkBytes,
            { delimiter: mark, memory },
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("goes back past a long run of overlapping delimiters", () => {
    const text = `ab${"+".repeat(1001)}c++d`;
    for (const cut of [3, 500, 501, 1000, 1002, 1003, 1004])
      checkSplits(text, [0, cut], 64, { delimiter: bytesOf("++") });
  });
});

describe("createSplitReader() and the vectors of other engines' bugs", () => {
  it.each([
    ["HADOOP-9867", "abcxxx defxxx ghixxx jklxxx mnoxxx pqrxxx stuxxx", "xxx", 33],
    ["MAPREDUCE-6549", "abc++def+++ghi++", "+++", 4],
    ["MAPREDUCE-6549", "abc+++def++ghi++", "++", 5],
    ["MAPREDUCE-6549", "abc+++defg++hij++", "++", 4],
    ["MAPREDUCE-6549", "abc++def+++ghi++", "++", 9],
    ["MAPREDUCE-6549, the one that passed", "abc++def++ghi++", "++", 5],
  ])("%s: %s, delimiter %s, split %d", (_bug, text, delimiter, split) => {
    const cuts = [];
    for (let cut = 0; cut < text.length; cut += split) cuts.push(cut);
    for (let chunkBytes = 1; chunkBytes <= 20; chunkBytes++)
      checkSplits(text, cuts, chunkBytes, { delimiter: bytesOf(delimiter) });
  });
  it("HADOOP-13192: the search for a delimiter backs up", () => {
    for (let chunkBytes = 1; chunkBytes <= 16; chunkBytes++) {
      expect(
        readSplit(bytesOf("aaaabccc"), chunkBytes, {
          start: 0,
          end: 8,
          framing: { kind: "delimited", delimiter: bytesOf("aaab") },
        }).records,
      ).toEqual(["a", "ccc"]);
      expect(
        readSplit(bytesOf("***|data****|"), chunkBytes, {
          start: 0,
          end: 13,
          framing: { kind: "delimited", delimiter: bytesOf("***|") },
        }).records,
      ).toEqual(["", "data*"]);
    }
  });
});
