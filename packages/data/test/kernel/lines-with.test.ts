// Lines that a kernel passes over, against a look at each.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKernelMemory, createSplitReader, passLinesWithout } from "../../src/index.ts";
import { textKernels } from "../../src/kernel/text-kernels.ts";
import { ChunkedSource } from "../split/chunked-source.ts";

const memory = createKernelMemory(65_536);
const kernels = memory.open(textKernels)!;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Lines that are left to the function, all others being passed over. */
function linesLeft(
  text: Uint8Array,
  what: string,
  options: { readonly chunkBytes: number; readonly inPlace: boolean },
): string[] {
  const source = new ChunkedSource(text, options.chunkBytes, options.inPlace ? memory : undefined);
  const step = passLinesWithout(memory, encoder.encode(what))!;
  const reader = createSplitReader({
    source,
    start: 0,
    end: text.length,
    framing: { kind: "delimited", delimiter: "line" },
    memory,
  });
  const left: string[] = [];
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = step.mapFrom(batch, 0); index < batch.count; index++) {
      left.push(decoder.decode(batch.bytes.slice(batch.offsets[2 * index], batch.offsets[2 * index + 1])));
      if (index + 1 < batch.count) index = step.mapFrom(batch, index + 1) - 1;
    }
  return left;
}

const letters = fc.constantFrom("a", "b", "ab", "ba", "aab", " ", "\u00e9", "\r");
const lines = fc.array(
  fc.array(letters, { maxLength: 30 }).map((parts) => parts.join("")),
  { maxLength: 40 },
);
const needles = fc.array(fc.constantFrom("a", "b", " "), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(""));

describe("passLinesWithout()", () => {
  it("leaves the lines that hold the text, or what is no ASCII, and at most others that the text goes beyond", () => {
    fc.assert(
      fc.property(
        lines,
        needles,
        fc.integer({ min: 1, max: 400 }),
        fc.boolean(),
        (given, what, chunkBytes, inPlace) => {
          const text = encoder.encode(given.map((line) => `${line}\n`).join(""));
          const wanted = given
            .map((line) => line.replace(/\r$/u, ""))
            .filter((line) => line.includes(what) || line.includes("\u00e9"));
          const left = linesLeft(text, what, { chunkBytes, inPlace });
          expect(left.filter((line) => line.includes(what) || line.includes("\u00e9"))).toEqual(wanted);
          // What is left in vain ends with a begin of the text, which what lies behind the batch happened to complete.
          const begins = Array.from(what, (_, index) => what.slice(0, index + 1));
          for (const line of left.filter((each) => !wanted.includes(each)))
            expect(begins.some((begin) => line.endsWith(begin))).toBe(true);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("finds long texts by their begin", () => {
    const long = "x".repeat(300);
    const text = encoder.encode(`${long}y\n${"x".repeat(255)}\n${"x".repeat(256)}\n`);
    expect(linesLeft(text, `${long}y`, { chunkBytes: 1000, inPlace: true })).toEqual([`${long}y`, "x".repeat(256)]);
  });

  it("is not there for an empty text", () => {
    expect(passLinesWithout(memory, new Uint8Array(0))).toBeUndefined();
  });
});

describe("findTextOrNonAscii()", () => {
  it("finds the first of both as a loop does", () => {
    const alphabet = fc.constantFrom(97, 98, 32, 200);
    const base = memory.chunk.byteOffset;
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 120 }),
        fc.array(fc.constantFrom(97, 98), { minLength: 1, maxLength: 20 }),
        fc.nat(20),
        (bytes, text, shift) => {
          memory.chunk.fill(0, 0, 512);
          memory.chunk.set(bytes, shift);
          memory.chunk.set(text, 1000);
          const plain = Buffer.from(bytes);
          const places = [plain.indexOf(Buffer.from(text)), plain.findIndex((byte) => byte >= 128)].filter(
            (at) => at >= 0,
          );
          const from = base + shift;
          const found = kernels.findTextOrNonAscii(from, from + bytes.length, base + 1000, text.length) - from;
          expect(found).toBe(Math.min(bytes.length, ...places));
        },
      ),
      { numRuns: 3000 },
    );
  });
});
