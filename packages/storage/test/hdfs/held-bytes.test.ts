import { describe, expect, it } from "vitest";
import { HeldBytes } from "../../src/hdfs/held-bytes.ts";

const KiB = 1024;
const MiB = 1024 * KiB;

/** Keep pieces of one file until it is refused. @returns what it keeps then. */
function fill(held: HeldBytes, pieceBytes: number): number {
  let bytes = 0;
  while (held.take(bytes, pieceBytes)) bytes += pieceBytes;
  return bytes;
}

describe("HeldBytes", () => {
  it("lets a lone file keep 4 MiB and no more", () => {
    expect(fill(new HeldBytes(), 256 * KiB)).toBe(4 * MiB);
    expect(new HeldBytes().take(0, 4 * MiB)).toBe(true);
    expect(new HeldBytes().take(0, 4 * MiB + 1)).toBe(false);
  });

  it("keeps no more than 64 MiB of 256 files, and 128 KiB of each whatever the others keep", () => {
    const held = new HeldBytes();
    const kept = Array.from({ length: 256 }, () => fill(held, 32 * KiB));
    expect(kept[0]).toBe(4 * MiB);
    expect(Math.min(...kept)).toBe(128 * KiB);
    expect(kept.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(64 * MiB);
  });

  it("gives to other files what a file has given back", () => {
    const held = new HeldBytes();
    const before = Array.from({ length: 20 }, () => fill(held, 32 * KiB));
    for (const bytes of before) held.giveBack(bytes);
    expect(Array.from({ length: 20 }, () => fill(held, 32 * KiB))).toEqual(before);
  });
});
