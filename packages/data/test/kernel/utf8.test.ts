// The kernel that checks UTF-8 against the platform's decoder.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKernelMemory } from "../../src/index.ts";
import { textKernels } from "../../src/kernel/text-kernels.ts";

const memory = createKernelMemory(65_536);
const kernels = memory.open(textKernels)!;
const decoder = new TextDecoder("utf-8", { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The first place at which no character is whole; the end when there is none. */
function firstInvalid(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const begin = at;
    const length = [1, 2, 3, 4].find(
      (each) => isUtf8(bytes.subarray(begin, begin + each)) && begin + each <= bytes.length,
    );
    if (length === undefined) return at;
    at += length;
  }
  return at;
}

/** The first and last characters of each length, and what is next to them. */
const edges = [
  ["7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf", "f0908080", "f48fbfbf"],
  ["80", "bf", "c080", "c1bf", "e09fbf", "eda080", "edbfbf", "f08fbfbf", "f4908080", "f5", "ff"],
  ["c3", "e2", "e280", "f0", "f09f", "f09f99"],
].map((all) => all.map((hex) => [...Buffer.from(hex, "hex")]));
const [whole = [], wrong = [], cut = []] = edges;
const pieces = fc.oneof(
  { weight: 12, arbitrary: fc.constant([97]) },
  { weight: 8, arbitrary: fc.constantFrom(...whole) },
  { weight: 1, arbitrary: fc.constantFrom(...wrong, ...cut) },
);
const texts = fc.oneof(
  { weight: 4, arbitrary: fc.array(pieces, { maxLength: 60 }).map((all) => Uint8Array.from(all.flat())) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }) },
  // Blocks of ASCII are passed over four at a time.
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(200), pieces, fc.nat(200)).map(([before, piece, behind]) => {
      const plain = (length: number): number[] => Array.from({ length }, () => 98);
      return Uint8Array.from([...plain(before), ...piece, ...plain(behind)]);
    }),
  },
);

describe("findFourBytes()", () => {
  it("finds the first lead of a character of four bytes", () => {
    const base = memory.chunk.byteOffset;
    fc.assert(
      fc.property(texts, fc.nat(40), (bytes, shift) => {
        memory.chunk.fill(0xf0, 0, 1024);
        memory.chunk.set(bytes, shift);
        const from = base + shift;
        const first = bytes.findIndex((byte) => byte >= 0xf0);
        const found = kernels.findFourBytes(from, from + bytes.length) - from;
        expect(found).toBe(first < 0 ? bytes.length : first);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("findInvalidUtf8()", () => {
  it("finds the first byte at which no whole character begins", () => {
    const base = memory.chunk.byteOffset;
    fc.assert(
      fc.property(texts, fc.nat(40), fc.nat(255), (bytes, shift, around) => {
        memory.chunk.fill(around, 0, 1024);
        memory.chunk.set(bytes, shift);
        const from = base + shift;
        expect(kernels.findInvalidUtf8(from, from + bytes.length) - from).toBe(firstInvalid(bytes));
      }),
      { numRuns: 5000 },
    );
  });
});
