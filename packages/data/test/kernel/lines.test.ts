// Kernels that look at lines, against plain loops.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createKernelMemory } from "../../src/index.ts";
import { textKernels } from "../../src/kernel/text-kernels.ts";

const memory = createKernelMemory(65_536);
const place = memory.place!;
const kernels = memory.open(textKernels)!;
const base = memory.chunk.byteOffset;

/** Lines as pairs of offsets, those alone that LF ends. */
function linesOf(bytes: Uint8Array, max: number): number[] {
  const pairs: number[] = [];
  let begin = 0;
  for (let at = 0; at < bytes.length && pairs.length < 2 * max; at++) {
    if (bytes[at] !== 10) continue;
    pairs.push(begin, at > begin && bytes[at - 1] === 13 ? at - 1 : at);
    begin = at + 1;
  }
  return pairs;
}

const bytesOfLines = fc.uint8Array({ maxLength: 300 }).chain((bytes) =>
  fc.array(fc.nat(299), { maxLength: 60 }).map((places) => {
    for (const each of places) if (each < bytes.length) bytes[each] = each % 3 === 0 ? 13 : 10;
    return bytes;
  }),
);

describe("kernels", () => {
  it("splitLines() finds lines as a loop does, from any place, up to as many as there is room for", () => {
    const pairs = memory.borrow();
    memory.giveBack();
    fc.assert(
      fc.property(bytesOfLines, fc.nat(40), fc.integer({ min: 1, max: 70 }), (bytes, shift, max) => {
        memory.chunk.fill(10, 0, 512);
        memory.chunk.set(bytes, shift);
        const from = base + shift;
        const found = kernels.splitLines(from, from, from + bytes.length, pairs.byteOffset, max);
        const at = pairs.byteOffset >>> 2;
        expect([...place.words.subarray(at, at + 2 * found)]).toEqual(linesOf(bytes, max));
      }),
      { numRuns: 2000 },
    );
  });

  it("findNonAscii() finds the first byte of 128 or more", () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 130, maxLength: 200 }), fc.nat(40), (bytes, shift) => {
        memory.chunk.fill(255, 0, 512);
        memory.chunk.set(bytes, shift);
        const first = bytes.findIndex((byte) => byte >= 128);
        const from = base + shift;
        expect(kernels.findNonAscii(from, from + bytes.length) - from).toBe(first < 0 ? bytes.length : first);
      }),
      { numRuns: 2000 },
    );
  });
});
