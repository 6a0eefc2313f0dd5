import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatBatch, parseJournal } from "../../src/journal/journal-lines.ts";

const batches = [
  [{ kind: "a", n: 1 }],
  [{ kind: "b", text: "line\nbreak \u2028 é" }, { kind: "c" }],
  [{ kind: "d" }, { kind: "e" }, { kind: "f" }],
];
const formatted = batches.map((records, index) => formatBatch(records, index + 1));
const whole = Buffer.concat(formatted);
const endOfBatch = formatted.map((_, index) => Buffer.concat(formatted.slice(0, index + 1)).length);

describe("parseJournal()", () => {
  it("gives back what formatBatch() wrote", () => {
    expect(parseJournal(whole, "j")).toEqual({ records: batches.flat(), goodBytes: whole.length, batch: 3 });
    expect(parseJournal(Buffer.alloc(0), "j")).toEqual({ records: [], goodBytes: 0, batch: 0 });
  });

  it("cuts a tail torn at every byte back to a whole record", () => {
    for (let cut = 0; cut <= whole.length; cut += 1) {
      const { records, goodBytes } = parseJournal(whole.subarray(0, cut), "j");
      expect(goodBytes).toBeLessThanOrEqual(cut);
      expect(records).toEqual(batches.flat().slice(0, records.length));
      if (endOfBatch.includes(cut)) expect(goodBytes).toBe(cut);
    }
  });

  it("cuts a tail of zeros, as a file system gives after a crash", () => {
    for (const zeros of [1, 100, 4096])
      expect(parseJournal(Buffer.concat([whole, Buffer.alloc(zeros)]), "j").goodBytes).toBe(whole.length);
  });

  it("cuts the last batch when its first page is missing and a later one arrived", () => {
    const torn = Buffer.from(whole);
    torn.fill(0, endOfBatch[1] ?? 0, (endOfBatch[1] ?? 0) + 12);
    expect(parseJournal(torn, "j")).toEqual({
      records: batches.slice(0, 2).flat(),
      goodBytes: endOfBatch[1],
      batch: 2,
    });
  });

  it("refuses a flipped bit in every byte before the last batch, with an offset at or before it", () => {
    for (let at = 0; at < (endOfBatch[1] ?? 0); at += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 0x04, at);
      expect(() => parseJournal(flipped, "j"), `byte ${at}`).toThrow(
        expect.objectContaining({ code: "E_STATE_DAMAGED" }) as Error,
      );
    }
  });

  it("never gives a record that was not written, whatever is flipped", () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(at) ^ mask, at);
        try {
          const { records } = parseJournal(flipped, "j");
          expect(records).toEqual(batches.flat().slice(0, records.length));
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: "E_STATE_DAMAGED" });
        }
      }),
      { numRuns: 500 },
    );
  });
});
