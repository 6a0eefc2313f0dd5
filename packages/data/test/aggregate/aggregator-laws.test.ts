// The law kit on each aggregator, and each result against a plain computation.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  aggregateFields,
  type Aggregator,
  checkAggregatorLaws,
  count,
  distinct,
  doubleCodec,
  foldValues,
  intCodec,
  max,
  mean,
  min,
  presentState,
  quantile,
  sum,
  sumOfIntegers,
  textCodec,
  topK,
} from "../../src/index.ts";
import { nearestRatio, sumScaled } from "./big-rational.ts";
import { seededRandom } from "../seeded-random.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

const anyDouble = fc.oneof(
  fc.double(),
  fc.double({ min: -1e6, max: 1e6 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 5e-324, 1.7976931348623157e308, -1.7976931348623157e308, 0.1, 2 ** 53 - 1),
);
const finite = anyDouble.filter(Number.isFinite);

function expectLaws<V, A>(
  aggregator: Aggregator<V, A>,
  value: fc.Arbitrary<V>,
  expected: (values: readonly V[]) => A,
  maxLength = 40,
): void {
  fc.assert(
    fc.property(fc.array(value, { maxLength, minLength: 1 }), fc.integer(), (values, seed) => {
      const result = checkAggregatorLaws(aggregator, { values, random: seededRandom(seed), rounds: 3 });
      expect(result).toEqual(expected(values));
    }),
    { numRuns: 200 },
  );
}

/** Exact, with fractions of any size as multiples of 2^-1074. */
function exactSum(values: readonly number[]): number {
  return nearestRatio(sumScaled(values), 1n, -1074);
}

describe("aggregator laws", () => {
  it("count()", () => expectLaws(count(), fc.anything(), (values) => values.length));
  it("sum() of finite doubles is exact and rounded once", () => expectLaws(sum(), finite, exactSum));
  it("sum() of numbers of one size", () =>
    expectLaws(sum(), fc.double({ min: 0, max: 10, noNaN: true }), exactSum, 200));
  it("sum() with infinities and NaN", () => {
    expectLaws(sum(), anyDouble, (values) => {
      const odd = values.filter((value) => !Number.isFinite(value));
      return odd.length > 0 ? odd.reduce((a, b) => a + b) : exactSum(values);
    });
  });
  it("sumOfIntegers() has all digits beyond 2^53 (B66)", () =>
    expectLaws(
      sumOfIntegers(),
      fc.maxSafeInteger(),
      (values) => values.reduce((total, value) => total + BigInt(value), 0n),
      100,
    ));
  it("mean()", () =>
    expectLaws(mean(), finite, (values) => nearestRatio(sumScaled(values), BigInt(values.length), -1074)));
  it("min() and max()", () => {
    expectLaws(min(intCodec), fc.integer(), (values) => Math.min(...values));
    expectLaws(max(textCodec), fc.string(), (values) =>
      values.reduce((a, b) => (Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 ? b : a)),
    );
    expectLaws(max(doubleCodec), fc.constantFrom(1, 2, Number.NaN), (values) =>
      values.some(Number.isNaN) ? Number.NaN : Math.max(...values),
    );
  });
  it("topK() keeps the heaviest, ties by bytes", () => {
    const weighted = fc.record({
      item: fc.constantFrom("a", "b", "c", "dd", "é", ""),
      weight: fc.constantFrom(0, 1, 1.5, -2, 3, Infinity),
    });
    expectLaws(topK(3, textCodec), weighted, (values) =>
      values
        .toSorted((a, b) =>
          a.weight === b.weight
            ? Buffer.compare(Buffer.from(a.item), Buffer.from(b.item))
            : b.weight > a.weight
              ? 1
              : -1,
        )
        .slice(0, 3),
    );
    expect(() => foldValues(topK(3, textCodec), [{ item: "a", weight: Number.NaN }])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID" }),
    );
    expect(() => topK(0, textCodec)).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
  it("quantile() is within 1 % of the value at that rank", () => {
    for (const q of [0, 0.5, 0.99, 1]) {
      fc.assert(
        fc.property(fc.array(finite, { minLength: 1, maxLength: 60 }), fc.integer(), (values, seed) => {
          const result = checkAggregatorLaws(quantile(q), { values, random: seededRandom(seed), rounds: 2 });
          const exact = values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))]!;
          expect(Math.abs(result - exact)).toBeLessThanOrEqual(Math.abs(exact) * 0.010001 + 1e-323);
        }),
        { numRuns: 60 },
      );
    }
    expect(presentState(quantile(1), foldValues(quantile(1), [1, Infinity, Number.NaN]))).toBeNaN();
  });
  it("distinct() is exact while small", () =>
    expectLaws(distinct(textCodec), fc.string({ maxLength: 2 }), (values) => new Set(values).size, 100));
  it("distinct() keeps the laws and its error when large", () => {
    for (const size of [1023, 1024, 1025, 5_000, 60_000]) {
      const values = Array.from({ length: size }, (_, index) => `visitor-${index}`);
      const aggregator = distinct(textCodec);
      const halves = [
        foldValues(aggregator, values.slice(0, size / 2)),
        foldValues(aggregator, values.slice(size / 3)),
      ];
      const result =
        size > 6000
          ? presentState(aggregator, foldValues(aggregator, values))
          : checkAggregatorLaws(aggregator, {
              values: [...values, ...values.slice(0, 500)],
              random: seededRandom(size),
              rounds: 1,
            });
      expect(Math.abs(result - size) / size).toBeLessThan(size <= 1024 ? 1e-9 : 0.03);
      expect(halves[0]!.length).toBeGreaterThan(0);
    }
  });
  it("aggregateFields() keeps the laws of its fields, skips what is missing and counts rows", () => {
    const fields = aggregateFields({
      hits: count(),
      bytes: sum(),
      p50: quantile(0.5),
      last: max(textCodec),
      hosts: distinct(textCodec),
      inner: aggregateFields({ n: count(), top: topK(2, textCodec) }),
    });
    const row = fc.record({
      bytes: fc.option(finite),
      p50: fc.integer(),
      last: fc.string(),
      hosts: fc.string({ maxLength: 1 }),
      inner: fc.record({ top: fc.record({ item: fc.string({ maxLength: 2 }), weight: fc.nat(3) }) }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.integer(), (values, seed) => {
        const result = checkAggregatorLaws(fields, { values, random: seededRandom(seed), rounds: 3 });
        expect(result.hits).toBe(values.length);
        expect(result.inner.n).toBe(values.length);
        expect(result.bytes).toBe(exactSum(values.map((value) => value.bytes ?? 0)));
        expect(result.hosts).toBe(new Set(values.map((value) => value.hosts)).size);
      }),
      { numRuns: 60 },
    );
  });
});

describe("sum()", () => {
  it("stays exact over a million additions of both signs", () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 200_000 }, () => (random() - 0.5) * 10 ** Math.floor(random() * 20));
    expect(presentState(sum(), foldValues(sum(), values))).toBe(exactSum(values));
  });
  it("loses no bit where large and small values share a digit", () => {
    // The large one fills the top of a digit in which the small one has its only bit. Taken away in another order,
    // so that bits lost in the first half are not lost in the second too.
    for (let shift = 0; shift < 48; shift++) {
      const small = 2 ** (shift - 9);
      const large = (2 ** 53 - 1) * 2 ** (shift + 14);
      const values = Array.from({ length: 3000 }, (_, index) => (index % 3 === 0 ? small : large));
      const back = values.toSorted((x, y) => y - x).map((value) => -value);
      expect(presentState(sum(), foldValues(sum(), [...values, ...back, small]))).toBe(small);
    }
  });
  it("of integers alone refuses fractions", () => {
    for (const value of [0.5, Number.NaN, Infinity, "1"]) {
      expect(() => foldValues(sumOfIntegers(), [value as number])).toThrow(
        expect.objectContaining({ code: "E_VALUE_INVALID" }),
      );
    }
    expect(presentState(sumOfIntegers(), foldValues(sumOfIntegers(), [2 ** 60, -(2 ** 60), 1e300, 3, -1e300]))).toBe(
      3n,
    );
    expect(presentState(sumOfIntegers(), foldValues(sumOfIntegers(), [2 ** 60, 1, 2 ** 61]))).toBe(3n * 2n ** 60n + 1n);
  });
  it("of nothing is 0, and overflows to infinity only when rounded", () => {
    const huge = Number.MAX_VALUE;
    expect(presentState(sum(), foldValues(sum(), []))).toBe(0);
    expect(presentState(sum(), foldValues(sum(), [huge, huge, -huge]))).toBe(huge);
    expect(presentState(sum(), foldValues(sum(), [huge, huge]))).toBe(Infinity);
    expect(presentState(sum(), foldValues(sum(), [2 ** 53, 1, 1]))).toBe(2 ** 53 + 2);
  });
});
