// Packed answers: what goes in comes out, however the network cuts it, and what no source sends is refused unallocated.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BlockCodec } from "@millrace/data";
import { BlockUnpacker } from "../../src/coding/block-unpacker.ts";
import { playedCodec } from "../played-codec.ts";
import { loadLz4 } from "../../src/coding/lz4-codec.ts";
import { packChunk, packedBytesMax } from "../../src/coding/pack-chunk.ts";
import {
  packedBlockBytes,
  packedBlockBytesMax,
  packedHeadBytes,
  writePackedHead,
} from "../../src/coding/packed-block.ts";

const native = await loadLz4();
const played = playedCodec();
/** LZ4 where it is installed, as a codec of the same kind does for all that is not its own. */
const lz4: BlockCodec = native ?? played;

function pack(raw: Buffer): Buffer {
  const into = Buffer.alloc(packedBytesMax(raw.length));
  return into.subarray(0, packChunk(lz4, raw, into));
}

/** Feed pieces; the bytes of a block are copied, as they are valid until the next. */
function unpack(
  pieces: readonly Buffer[],
  codec = lz4,
): {
  readonly bytes: Buffer;
  readonly wireBytes: number;
  readonly whole: boolean;
} {
  const unpacker = new BlockUnpacker(codec);
  const blocks: Buffer[] = [];
  let wireBytes = 0;
  for (const piece of pieces) {
    for (const block of unpacker.push(piece)) {
      blocks.push(Buffer.from(block.bytes));
      wireBytes += block.wireBytes;
    }
  }
  return {
    bytes: Buffer.concat(blocks),
    wireBytes,
    whole: wireBytes === pieces.reduce((sum, piece) => sum + piece.length, 0),
  };
}

function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place));
}

/** Bytes that repeat here and there. */
const content = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.integer({ min: 1, max: 400 })), { maxLength: 12 })
  .map((parts) =>
    Buffer.concat(parts.flatMap(([bytes, times]) => Array.from({ length: times }, () => Buffer.from(bytes)))),
  );

const head = (rawBytes: number, storedBytes: number): Buffer => {
  const bytes = Buffer.alloc(packedHeadBytes);
  writePackedHead(bytes, 0, { rawBytes, storedBytes });
  return bytes;
};

describe("packChunk() and BlockUnpacker", () => {
  it("give back what was packed, at any cuts, and tell what it took", () => {
    fc.assert(
      fc.property(content, fc.array(fc.nat(), { maxLength: 20 }), (raw, cuts) => {
        const packed = pack(raw);
        const { bytes, wireBytes, whole } = unpack(cutAt(packed, cuts));
        expect(bytes.equals(raw)).toBe(true);
        expect(wireBytes).toBe(packed.length);
        expect(whole).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("give back what was packed when it comes in two pieces, cut at every byte, and byte by byte", () => {
    const raw = Buffer.concat([Buffer.from("abcd".repeat(50)), Buffer.from([1, 2, 3])]);
    const packed = Buffer.concat([pack(raw), pack(Buffer.from("x")), pack(raw)]);
    const all = Buffer.concat([raw, Buffer.from("x"), raw]);
    for (let cut = 0; cut <= packed.length; cut += 1) {
      expect(unpack([packed.subarray(0, cut), packed.subarray(cut)]).bytes.equals(all)).toBe(true);
      const part = unpack([packed.subarray(0, cut)]);
      expect(all.subarray(0, part.bytes.length).equals(part.bytes)).toBe(true);
      expect(part.wireBytes).toBeLessThanOrEqual(cut);
    }
    expect(unpack([...packed].map((byte) => Buffer.from([byte]))).bytes.equals(all)).toBe(true);
  });

  it("shorten what repeats, and send what does not as it is, in blocks", () => {
    const repeats = Buffer.from("key 000017 value\n".repeat(40_000));
    expect(pack(repeats).length).toBeLessThan(repeats.length / 20);
    const noise = Buffer.alloc(2 * packedBlockBytes + 5);
    let state = 1;
    for (let at = 0; at < noise.length; at += 1) noise[at] = (state = (state * 48_271) % 0x7fffffff) >>> 7;
    const packed = pack(noise);
    expect(packed.length).toBe(packedBytesMax(noise.length));
    expect(packed.length).toBe(noise.length + 3 * packedHeadBytes);
    expect(unpack([packed]).bytes.equals(noise)).toBe(true);
  });

  it("refuse lengths that no source sends before anything is allocated", () => {
    const codec = playedCodec();
    for (const [rawBytes, storedBytes] of [
      [0, 0],
      [1, 0],
      [1, 2],
      [packedBlockBytesMax + 1, 10],
      [packedBlockBytesMax + 1, packedBlockBytesMax + 1],
      [0xffffffff, 0xffffffff],
      [0xffffffff, 8],
    ] as const) {
      const lying = Buffer.concat([head(rawBytes, storedBytes), Buffer.alloc(64)]);
      for (const pieces of [[lying], [...lying].map((byte) => Buffer.from([byte]))])
        expect(() => unpack(pieces, codec), `${rawBytes} ${storedBytes}`).toThrow("a block that is none");
    }
    expect(codec.unpacked()).toBe(0);
  });

  it("send what a failing codec does not pack as it is", () => {
    const raw = Buffer.from("abcdefgh".repeat(40_000));
    const into = Buffer.alloc(packedBytesMax(raw.length));
    const failing = (): never => {
      throw new Error("no memory");
    };
    const bytes = packChunk({ ...played, compress: failing }, raw, into);
    expect(bytes).toBe(into.length);
    expect(unpack([into]).bytes.equals(raw)).toBe(true);
  });

  it("refuse a block that holds more or fewer bytes than its head says, and any that is damaged, without other harm", () => {
    const raw = Buffer.from("abcdefgh".repeat(2_000));
    const packed = pack(raw);
    const stored = packed.subarray(packedHeadBytes);
    for (const rawBytes of [raw.length - 1, raw.length + 1, packedBlockBytesMax]) {
      expect(() => unpack([head(rawBytes, stored.length), stored])).toThrow();
      const lying = Buffer.from(stored);
      lying.writeUInt32LE(rawBytes, 0);
      expect(() => unpack([head(rawBytes, lying.length), lying])).toThrow();
    }
    // LZ4 has no check sum: what unpacks to other bytes is found by those of the segment.
    fc.assert(
      fc.property(fc.nat({ max: stored.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(stored);
        damaged[at]! ^= flip;
        let length = raw.length;
        try {
          ({ length } = unpack([head(raw.length, damaged.length), damaged]).bytes);
        } catch {
          return;
        }
        expect(length).toBe(raw.length);
      }),
      { numRuns: 500 },
    );
  });

  it("take arbitrary bytes without allocating more than a block", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          const { bytes: out, wireBytes } = unpack([Buffer.from(bytes)]);
          expect(wireBytes).toBeLessThanOrEqual(bytes.length);
          expect(out.length).toBeLessThanOrEqual((bytes.length / packedHeadBytes) * packedBlockBytesMax);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(Error);
        }
      }),
      { numRuns: 500 },
    );
  });
});
