// Results as bytes: whatever an aggregator presents comes back as it was.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainValueCodec } from "../../src/index.ts";

const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double(),
    fc.integer(),
    fc.string({ unit: "binary" }).filter((text) => text.isWellFormed()),
    fc.uint8Array({ maxLength: 20 }),
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 5 }).map((of) => ({ ...of })),
  ),
})).value;

describe("plainValueCodec", () => {
  it("gives back what it was given", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = plainValueCodec.encode(value);
        expect(plainValueCodec.decode(bytes)).toEqual(value);
        expect(plainValueCodec.encode(plainValueCodec.decode(bytes))).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it("tells -0 from 0, and knows one NaN", () => {
    expect(plainValueCodec.decode(plainValueCodec.encode(-0))).toBe(-0);
    expect(plainValueCodec.encode(Number.NaN)).toEqual(new Uint8Array([3, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0]));
    expect(plainValueCodec.encode(undefined)).toEqual(plainValueCodec.encode(null));
  });

  it("gives back a property named __proto__", () => {
    const value = JSON.parse('{"__proto__":{"hits":1},"a":2}') as object;
    const read = plainValueCodec.decode(plainValueCodec.encode(value)) as object;
    expect(JSON.stringify(read)).toBe('{"__proto__":{"hits":1},"a":2}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  it("refuses what is not plain, and bytes that are no value", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    for (const value of [1n, Symbol("a"), () => 1, cycle, "\uD800"])
      expect(() => plainValueCodec.encode(value)).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
    for (const bytes of [[], [9], [3, 0], [4, 5, 65], [6, 2, 0]])
      expect(() => plainValueCodec.decode(new Uint8Array(bytes))).toThrow(
        expect.objectContaining({ code: "E_VALUE_INVALID" }),
      );
  });
});
