import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SegmentVector } from "@millrace/core";
import { VectorFile } from "../../src/vectors/vector-file.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-vectors-"));
  path = join(directory, "vectors");
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const vectors: readonly SegmentVector[] = [
  {
    pairs: [1, 0, 2 ** 40],
    rawBytes: [10, 0, 2 ** 52],
    digests: ["00112233445566ff", "0000000000000000", "ffffffffffffffff"],
  },
  { pairs: [7], rawBytes: [70], digests: ["0123456789abcdef"] },
  { pairs: [], rawBytes: [], digests: [] },
];

describe("VectorFile", () => {
  it("gives back vectors and single entries by position, also after it was opened again", async () => {
    const file = VectorFile.open(path);
    const positions = vectors.map((vector) => file.append(vector));
    await file.sync();
    file.close();
    const again = VectorFile.open(path);
    for (const [index, vector] of vectors.entries()) expect(again.read(positions[index] ?? -1)).toEqual(vector);
    expect(again.readEntry(positions[0] ?? -1, 2)).toEqual({
      pairs: 2 ** 40,
      rawBytes: 2 ** 52,
      digest: "ffffffffffffffff",
    });
    again.close();
  });

  it("refuses a vector with any bit flipped, and a position where none begins", () => {
    const file = VectorFile.open(path);
    file.append(vectors[0] ?? { pairs: [], rawBytes: [], digests: [] });
    file.close();
    const whole = readFileSync(path);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      writeFileSync(path, flipped);
      const damaged = VectorFile.open(path);
      expect(() => damaged.read(0), `bit ${bit}`).toThrow(
        expect.objectContaining({ code: "E_STATE_DAMAGED" }) as Error,
      );
      damaged.close();
    }
    const empty = VectorFile.open(join(directory, "empty"));
    expect(() => empty.read(0)).toThrow(/damaged/);
    empty.close();
  });
});
