import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intCodec, jsonCodec, listCodec, objectCodec, textCodec } from "../../src/index.ts";

describe("jsonCodec", () => {
  it("gives back JSON values", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(jsonCodec().decode(jsonCodec().encode(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
  it.each([Number.NaN, Infinity, { a: [1, Number.NaN] }, [undefined], [() => 1], undefined, () => 1, 1n, Symbol("x")])(
    "refuses what JSON would change: %s",
    (value) => {
      expect(() => jsonCodec().encode(value)).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
    },
  );
  it("refuses a cycle and takes null", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(() => jsonCodec().encode(cycle)).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
    expect(jsonCodec().decode(jsonCodec().encode({ a: null, b: [null] }))).toEqual({ a: null, b: [null] });
  });
});

describe("listCodec and objectCodec of values", () => {
  const codec = listCodec(objectCodec({ name: textCodec, tags: listCodec(jsonCodec<unknown>()), n: intCodec }));
  it("give back nested values", () => {
    const values = fc.array(
      fc.record({
        name: fc.string({ unit: "grapheme" }),
        tags: fc.array(fc.constantFrom<unknown>(null, 1, "x", { a: [] })),
        n: fc.maxSafeInteger(),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(values, (value) => {
        expect(codec.decode(codec.encode(value))).toEqual(value.map((item) => ({ ...item, n: item.n + 0 })));
      }),
    );
  });
  it("refuse cut bytes", () => {
    const bytes = codec.encode([{ name: "abc", tags: [1, 2], n: 77 }]);
    for (let end = 1; end < bytes.length; end++)
      expect(() => codec.decode(bytes.subarray(0, end))).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
  });
});
