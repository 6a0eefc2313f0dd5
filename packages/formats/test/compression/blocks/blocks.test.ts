// Raw Snappy and LZ4 blocks against the libraries that everyone uses, both ways, and damage.

import { ByteSink } from "@millrace/data";
import * as fc from "fast-check";
import lz4 from "lz4-napi";
import snappy from "snappy";
import { describe, expect, it } from "vitest";
import { packLz4 } from "../../../src/compression/blocks/pack-lz4.ts";
import { packSnappy } from "../../../src/compression/blocks/pack-snappy.ts";
import { packBlockStream, unpackBlockStream } from "../../../src/compression/blocks/block-stream.ts";
import { unpackLz4 } from "../../../src/compression/blocks/unpack-lz4.ts";
import { unpackSnappy } from "../../../src/compression/blocks/unpack-snappy.ts";

/** Bytes that repeat as texts do, over short and long distances, and bytes that do not. */
const content = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc
        .tuple(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(400))
        .map(([part, times]) => repeated(part, times)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => new Uint8Array(Buffer.concat(parts)));

function repeated(part: Uint8Array, times: number): Uint8Array {
  return Buffer.concat(Array.from({ length: times }, () => part));
}

const codecs = [
  {
    name: "snappy" as const,
    pack: packSnappy,
    unpack: unpackSnappy,
    theirPack: (bytes: Uint8Array) => snappy.compressSync(Buffer.from(bytes)),
    theirUnpack: (block: Uint8Array) => snappy.uncompressSync(Buffer.from(block), { asBuffer: true }) as Buffer,
  },
  {
    name: "lz4" as const,
    pack: packLz4,
    unpack: unpackLz4,
    // Theirs has the length before the block.
    theirPack: (bytes: Uint8Array) => lz4.compressSync(Buffer.from(bytes)).subarray(4),
    theirUnpack: (block: Uint8Array, length: number) => {
      const head = Buffer.alloc(4);
      head.writeUInt32LE(length);
      return lz4.uncompressSync(Buffer.concat([head, block]));
    },
  },
];

describe.each(codecs)("blocks of $name", ({ name, pack, unpack, theirPack, theirUnpack }) => {
  const packed = (bytes: Uint8Array): Uint8Array => {
    const sink = new ByteSink();
    pack(bytes, sink);
    return sink.toBytes();
  };

  it("are read by the library that everyone uses", () => {
    fc.assert(
      fc.property(content, (bytes) => {
        expect(Buffer.from(theirUnpack(packed(bytes), bytes.length)).equals(bytes)).toBe(true);
      }),
    );
  });

  it("that the library wrote are read, behind what was there", () => {
    fc.assert(
      fc.property(content, fc.nat(9), (bytes, at) => {
        const target = new Uint8Array(at + bytes.length).fill(7);
        expect(unpack(theirPack(bytes), target, at)).toBe(target.length);
        expect(Buffer.from(target.subarray(at)).equals(bytes)).toBe(true);
        expect(target.subarray(0, at).every((byte) => byte === 7)).toBe(true);
      }),
    );
  });

  it("pack what repeats, and grow little by what does not", () => {
    const text = new TextEncoder().encode("a line of a log, or nearly so\n".repeat(4_000));
    expect(packed(text).length).toBeLessThan(text.length / 10);
    const noise = Uint8Array.from({ length: 65_536 }, (_none, index) => Math.imul(index + 1, 0x9e3779b1) >>> 24);
    expect(packed(noise).length).toBeLessThan(noise.length * 1.01 + 16);
  });

  it("unpack to what they hold or to nothing, whatever is wrong, and never beside their room", () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.nat(255), fc.nat(), (bytes, place, byte, cut) => {
        const block = packed(bytes);
        if (block.length > 0) block[place % block.length] = byte;
        const room = new Uint8Array(bytes.length + 64).fill(9);
        const target = room.subarray(32, 32 + bytes.length);
        for (const damaged of [block, block.subarray(0, cut % (block.length + 1))]) {
          const end = unpack(damaged, target, 0);
          expect(end).toBeGreaterThanOrEqual(-1);
          expect(end).toBeLessThanOrEqual(target.length);
        }
        expect(room.subarray(0, 32).every((each) => each === 9)).toBe(true);
        expect(room.subarray(32 + bytes.length).every((each) => each === 9)).toBe(true);
      }),
    );
  });

  it("in Hadoop's framing are read back, and refused where they are cut off or unpack to more than may be", () => {
    fc.assert(
      fc.property(content, fc.nat(), (bytes, cut) => {
        const sink = new ByteSink();
        packBlockStream(name, bytes, sink);
        const stream = sink.toBytes();
        const back = unpackBlockStream(name, stream, bytes.length);
        expect(typeof back === "string" ? back : Buffer.from(back).equals(bytes)).toBe(true);
        if (bytes.length > 0) expect(typeof unpackBlockStream(name, stream, bytes.length - 1)).toBe("string");
        const short = unpackBlockStream(name, stream.subarray(0, 1 + (cut % (stream.length - 1))), bytes.length);
        expect(typeof short).toBe("string");
      }),
    );
  });
});

describe("unpackSnappy()", () => {
  it("refuses a copy from before the block, and a literal beyond it", () => {
    const target = new Uint8Array(8);
    expect(unpackSnappy(Uint8Array.of(4, 0b0000_0001, 1), target, 4)).toBe(-1);
    expect(unpackSnappy(Uint8Array.of(8, 7 << 2, 1, 2), target, 0)).toBe(-1);
    expect(unpackSnappy(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 1), target, 0)).toBe(-1);
  });
});

describe("unpackLz4()", () => {
  it("refuses lengths without an end, copies from nowhere, and a block that ends with a copy", () => {
    const target = new Uint8Array(1024);
    expect(unpackLz4(new Uint8Array(600).fill(255), target, 0)).toBe(-1);
    expect(unpackLz4(Uint8Array.of(0x10, 65, 0, 0, 0), target, 0)).toBe(-1);
    expect(unpackLz4(Uint8Array.of(0x10, 65, 1, 0), target, 0)).toBe(-1);
    expect(unpackLz4(new Uint8Array(0), target, 0)).toBe(-1);
  });
});
