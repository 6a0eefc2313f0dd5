// The unsigned byte order of encodings is the order of keys, and keys that differ have bytes that differ.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  booleanCodec,
  bytesCodec,
  compareBytes,
  doubleCodec,
  intCodec,
  type KeyCodec,
  objectCodec,
  optionalCodec,
  textCodec,
  timeCodec,
  tupleCodec,
} from "../../src/index.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

type Compare<T> = (a: T, b: T) => number;

const compareNumbers: Compare<number> = (a, b) => {
  if (Number.isNaN(a) || Number.isNaN(b)) return (Number.isNaN(a) ? 1 : 0) - (Number.isNaN(b) ? 1 : 0);
  return a < b ? -1 : a > b ? 1 : 0;
};
const compareText: Compare<string> = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const compareOptional =
  <T>(compare: Compare<T>): Compare<T | null> =>
  (a, b) =>
    a === null || b === null ? (a === null ? 0 : 1) - (b === null ? 0 : 1) : compare(a, b);
const compareTuples =
  (...parts: readonly Compare<never>[]): Compare<readonly unknown[]> =>
  (a, b) => {
    for (const [index, compare] of parts.entries()) {
      const order = compare(a[index] as never, b[index] as never);
      if (order !== 0) return order;
    }
    return 0;
  };

const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.string({ unit: fc.constantFrom("\0", "\u0001", "a", "ÿ", "\uE000", "\uFF5E", "😀"), maxLength: 4 }),
);
const int = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -300, max: 300 }),
  fc.constantFrom(0, -0, 2 ** 53 - 1, 1 - 2 ** 53, 255, 256, 65535, 65536, 2 ** 32, -(2 ** 32)),
);
const double = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, 0, -0, Infinity, -Infinity, 5e-324, -5e-324, 1e21, 2 ** 53 + 2),
);
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc.array(fc.constantFrom(0, 1, 254, 255), { maxLength: 5 }).map((list) => Uint8Array.from(list)),
);

function expectOrder<T>(codec: KeyCodec<T>, values: fc.Arbitrary<T>, compare: Compare<T>): void {
  fc.assert(
    fc.property(values, values, (a, b) => {
      expect(Math.sign(compareBytes(codec.encode(a), codec.encode(b)))).toBe(Math.sign(compare(a, b)));
      const pair = tupleCodec(codec, codec, textCodec);
      expect(Math.sign(compareBytes(pair.encode([a, b, "x"]), pair.encode([b, a, "x"])))).toBe(
        Math.sign(compare(a, b) || compare(b, a)),
      );
      expect(codec.encode(codec.decode(codec.encode(a)))).toEqual(codec.encode(a));
      expect(pair.encode(pair.decode(pair.encode([a, b, ""])))).toEqual(pair.encode([a, b, ""]));
    }),
    { numRuns: 1500 },
  );
}

describe("key codecs keep order", () => {
  it("textCodec by code point, not by UTF-16 unit", () => {
    expectOrder(textCodec, text, compareText);
    expect(compareBytes(textCodec.encode("\uE000"), textCodec.encode("😀"))).toBeLessThan(0);
    expect(["😀", "\uE000"].toSorted()).toEqual(["😀", "\uE000"]);
  });
  it("bytesCodec", () => expectOrder(bytesCodec, bytes, (a, b) => Buffer.compare(a, b)));
  it("intCodec", () => expectOrder(intCodec, int, compareNumbers));
  it("timeCodec", () => expectOrder(timeCodec, int, compareNumbers));
  it("doubleCodec with NaN last", () => expectOrder(doubleCodec, double, compareNumbers));
  it("booleanCodec", () => expectOrder(booleanCodec, fc.boolean(), (a, b) => Number(a) - Number(b)));
  it("optionalCodec with missing first", () =>
    expectOrder(optionalCodec(textCodec), fc.option(text), compareOptional(compareText)));
  it("tupleCodec", () =>
    expectOrder(
      tupleCodec(textCodec, intCodec),
      fc.tuple(text, int),
      compareTuples(compareText as Compare<never>, compareNumbers as Compare<never>),
    ));
  it("tupleCodec of tuples and bytes", () => {
    expectOrder(
      tupleCodec(tupleCodec(bytesCodec, bytesCodec), bytesCodec),
      fc.tuple(fc.tuple(bytes, bytes), bytes),
      (a, b) => Buffer.compare(a[0][0], b[0][0]) || Buffer.compare(a[0][1], b[0][1]) || Buffer.compare(a[1], b[1]),
    );
  });
  it("objectCodec in the order of its fields", () => {
    const codec = objectCodec({ status: intCodec, path: optionalCodec(textCodec) });
    const values = fc.record({ status: int, path: fc.option(text) });
    expectOrder(
      codec,
      values,
      (a, b) => compareNumbers(a.status, b.status) || compareOptional(compareText)(a.path, b.path),
    );
  });
});

describe("key codecs keep keys apart and together", () => {
  it("doubleCodec makes one group of NaN and one of zero", () => {
    const odd = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_0001n, 0xfff8_0000_0000_0000n]).buffer);
    for (const nan of odd) expect(doubleCodec.encode(nan)).toEqual(doubleCodec.encode(Number.NaN));
    expect(doubleCodec.encode(-0)).toEqual(doubleCodec.encode(0));
    expect(Object.is(doubleCodec.decode(doubleCodec.encode(-0)), 0)).toBe(true);
    expect(Object.is(intCodec.decode(intCodec.encode(-0)), 0)).toBe(true);
  });
  it.each(["\uD800", "a\uDC00b", `${"x".repeat(100)}\uD83D`])("textCodec refuses a lone surrogate", (value) => {
    expect(() => textCodec.encode(value)).toThrow(
      expect.objectContaining({ name: "MillraceError", code: "E_VALUE_INVALID" }),
    );
    expect(() => tupleCodec(textCodec, intCodec).encode([value, 1])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID" }),
    );
  });
  it.each([1.5, 2 ** 53, Number.NaN, Infinity, "7", 7n, null, undefined])("intCodec refuses %s", (value) => {
    expect(() => intCodec.encode(value as number)).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
  });
  it("objectCodec keeps naughty words apart", () => {
    const codec = objectCodec({ constructor: intCodec, toString: textCodec });
    expect(codec.decode(codec.encode({ constructor: 1, toString: "x" } as never))).toEqual({
      constructor: 1,
      toString: "x",
    });
    expect(() => objectCodec(JSON.parse('{"__proto__":1}') as never)).toThrow(
      expect.objectContaining({ code: "E_JOB_INVALID" }),
    );
  });
  it("objectCodec refuses an object without fields", () => {
    expect(() => objectCodec({})).toThrow(
      expect.objectContaining({
        code: "E_JOB_INVALID",
        message: "Cannot make a codec of an object: it has no fields; give it one or more",
      }),
    );
  });
  it("textCodec gives back naughty strings as they were", () => {
    for (const value of [
      "",
      "\0",
      "__proto__",
      "\uFEFFbom",
      "é",
      "e\u0301",
      "a\tb\nc",
      "😀".repeat(50),
      "x".repeat(70_000),
      `${"é".repeat(20_000)}😀`,
    ])
      expect(textCodec.decode(textCodec.encode(value))).toBe(value);
  });
  it("int encodings are short and stable", () => {
    const hex = (value: number): string => Buffer.from(intCodec.encode(value)).toString("hex");
    expect([0, 1, 200, 256, -1, -256, 2 ** 53 - 1, 1 - 2 ** 53].map(hex)).toEqual([
      "80",
      "8101",
      "81c8",
      "820100",
      "7ffe",
      "7efeff",
      "871fffffffffffff",
      "79e0000000000000",
    ]);
  });
});

describe("decode()", () => {
  it("refuses bytes that are no encoding", () => {
    const bad: readonly [{ readonly decode: (bytes: Uint8Array) => unknown }, string][] = [
      [intCodec, ""],
      [intCodec, "81"],
      [intCodec, "8100"],
      [intCodec, "88"],
      [intCodec, "87ffffffffffffff"],
      [intCodec, "810101"],
      [booleanCodec, "02"],
      [doubleCodec, "00"],
      [textCodec, "ff"],
      [tupleCodec(textCodec, intCodec), "6100"],
      [tupleCodec(textCodec, intCodec), "61000280"],
      [optionalCodec(intCodec), "02"],
    ];
    for (const [codec, hex] of bad)
      expect(() => codec.decode(Buffer.from(hex, "hex")), hex).toThrow(
        expect.objectContaining({ code: "E_VALUE_INVALID" }),
      );
  });
});
