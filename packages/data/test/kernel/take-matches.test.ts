// Matches of plain patterns that a kernel helps to find, against the regular expressions that they are.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesCodec, createKernelMemory, createSplitReader, takeMatches, textCodec } from "../../src/index.ts";
import { ChunkedSource } from "../split/chunked-source.ts";

const memory = createKernelMemory(65_536);
const bytes = memory.place!.bytes;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
const textKeys = [textCodec.wire, undefined] as const;

/** A place of a match: the characters that may stand there, in the form of a class. */
const places = fc.constantFrom("a", "b", " ", "ab", "abc", "a ");
/** One with a text in it that is looked for: at which place, and what. */
const patterns = fc
  .tuple(
    fc.array(places, { maxLength: 3 }),
    fc.array(fc.constantFrom("a", "b", " "), { minLength: 1, maxLength: 3 }),
    fc.array(places, { maxLength: 3 }),
  )
  .map(([before, text, after]) => ({ before, text, all: [...before, ...text, ...after] }));

/** What is taken, and what a function takes of the lines that are left. */
function taken(
  text: Uint8Array,
  { before, text: wanted, all }: { before: readonly string[]; text: readonly string[]; all: readonly string[] },
  options: { readonly chunkBytes: number; readonly inPlace: boolean },
): { readonly keys: string[]; readonly left: string[] } {
  const [keys, left]: [string[], string[]] = [[], []];
  const expression = new RegExp(all.map((each) => `[${each}]`).join(""), "gu");
  const waiting: [number, number][] = [];
  const slices = {
    take: (from: number, to: number) => waiting.push([from, to]) > 0,
    settle: () => {
      for (const [from, to] of waiting.splice(0)) keys.push(decoder.decode(bytes.slice(from, to)));
    },
  };
  const step = takeMatches(
    memory,
    { slices, wires: textKeys },
    {
      places: all.map((each) =>
        Uint8Array.from({ length: 128 }, (_, code) => Number(each.includes(String.fromCharCode(code)))),
      ),
      text: encoder.encode(wanted.join("")),
      textAt: before.length,
    },
  )!;
  const source = new ChunkedSource(text, options.chunkBytes, options.inPlace ? memory : undefined);
  const framing = { kind: "delimited", delimiter: "line" } as const;
  const reader = createSplitReader({ source, start: 0, end: text.length, framing, memory });
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = 0; index < batch.count; index++) {
      index = step.mapFrom(batch, index);
      if (index === batch.count) break;
      const line = decoder.decode(batch.bytes.slice(batch.offsets[2 * index], batch.offsets[2 * index + 1]));
      left.push(line);
      keys.push(...(line.match(expression) ?? []));
    }
  return { keys, left };
}

const lines = fc.array(
  fc
    .array(fc.constantFrom("a", "b", "c", "ab", "ba ", " ", "\u00e9", "\r"), { maxLength: 40 })
    .map((parts) => parts.join("")),
  { maxLength: 30 },
);

describe("takeMatches()", () => {
  it("takes what the expression matches, and leaves lines that are not of ASCII", () => {
    fc.assert(
      fc.property(
        lines,
        patterns,
        fc.constantFrom("\n", "\r\n"),
        fc.record({ chunkBytes: fc.integer({ min: 1, max: 600 }), inPlace: fc.boolean() }),
        (given, pattern, ending, options) => {
          const text = encoder.encode(given.map((line) => `${line}${ending}`).join(""));
          const expression = new RegExp(pattern.all.map((each) => `[${each}]`).join(""), "gu");
          const read = given.map((line) => (ending === "\n" ? line.replace(/\r$/u, "") : line));
          const { keys, left } = taken(text, pattern, options);
          expect(keys).toEqual(read.flatMap((line) => line.match(expression) ?? []));
          expect(left).toEqual(read.filter((line) => line.includes("\u00e9")));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("leaves the first line with a match when keys are not taken", () => {
    const step = takeMatches(
      memory,
      { slices: { take: () => false, settle: () => undefined }, wires: textKeys },
      {
        places: [Uint8Array.from({ length: 128 }, (_, code) => Number(code === 97))],
        text: encoder.encode("a"),
        textAt: 0,
      },
    )!;
    const batch = { bytes: encoder.encode("b\nba\n"), offsets: Int32Array.of(0, 1, 2, 4), count: 2, fileOffset: 0 };
    expect(step.mapFrom(batch, 0)).toBe(1);
  });

  it("is not there where keys are no texts, or are not taken where they lie", () => {
    const pattern = { places: [new Uint8Array(128)], text: encoder.encode("a"), textAt: 0 };
    const slices = { take: () => true, settle: () => undefined };
    expect(takeMatches(memory, { slices, wires: [bytesCodec.wire, undefined] }, pattern)).toBeUndefined();
    expect(takeMatches(memory, { wires: textKeys }, pattern)).toBeUndefined();
  });
});
