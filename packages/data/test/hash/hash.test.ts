import * as fc from "fast-check";
import { crc32 as nativeCrc32 } from "node:zlib";
import { describe, expect, it } from "vitest";
import { crc32, Murmur128, partitionOf } from "../../src/index.ts";
import { murmur32 } from "../../src/hash/murmur32.ts";

const hash = (bytes: Uint8Array): string => murmur32(bytes, 0, bytes.length).toString(16).padStart(8, "0");

describe("partitionOf()", () => {
  it("has the test vectors of its documentation", () => {
    const vectors: readonly [Uint8Array, string][] = [
      [Buffer.from(""), "00000000"],
      [Buffer.from("a"), "3c2569b2"],
      [Buffer.from("abc"), "b3dd93fa"],
      [Buffer.from("hello"), "248bfa47"],
      [Buffer.from("hello, world"), "149bbb7f"],
      [Uint8Array.of(0), "514e28b7"],
      [Uint8Array.of(255, 255, 255, 255), "76293b50"],
    ];
    for (const [key, expected] of vectors) {
      expect(hash(key)).toBe(expected);
      expect(partitionOf(key, 1000)).toBe(Number.parseInt(expected, 16) % 1000);
    }
  });
  it("puts the empty key in partition 0 and every key in range", () => {
    expect(partitionOf(new Uint8Array(0), 7)).toBe(0);
    fc.assert(
      fc.property(
        fc.uint8Array(),
        fc.integer({ min: 1, max: 9999 }),
        (key, partitions) => partitionOf(key, partitions) < partitions,
      ),
    );
  });
});

describe("crc32()", () => {
  it("equals zlib's, also in pieces", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        expect(crc32(bytes)).toBe(nativeCrc32(bytes));
        expect(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut)))).toBe(nativeCrc32(bytes));
      }),
    );
  });
});

describe("Murmur128", () => {
  it("gives the reference's value", () => {
    expect(new Murmur128().update(Buffer.from("The quick brown fox jumps over the lazy dog")).hex(32)).toBe(
      "2f1583c3ecee2c675d7bf66ce5e91d2c",
    );
  });
  it("does not depend on how bytes are cut", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.array(fc.nat(20)), (bytes, cuts) => {
        const pieces = new Murmur128();
        let at = 0;
        for (const cut of cuts) {
          pieces.update(bytes, at, Math.min(bytes.length, at + cut));
          at = Math.min(bytes.length, at + cut);
        }
        expect(pieces.update(bytes, at).hex(32)).toBe(new Murmur128().update(bytes).hex(32));
      }),
    );
  });
});
