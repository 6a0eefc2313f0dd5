// The stated errors of the two sketches: quantile() on values chosen to be hard, distinct() against exact counts.
// `bench/aggregators.ts` does the same with more of everything, distinct() up to 10 million.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  BufferCell,
  checkAggregatorLaws,
  distinct,
  foldValues,
  intCodec,
  presentState,
  quantile,
  quantileRelativeError,
  textCodec,
} from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { distinctErrors } from "./distinct-errors.ts";
import { finite } from "./law-cases.ts";

vi.setConfig({ testTimeout: 60_000 });

const shares = [0, 0.001, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1];

/** Throw unless every quantile is within the stated error of the value at its rank. */
function expectBound(values: readonly number[]): void {
  const sorted = Float64Array.from(values).toSorted();
  // One state serves all shares: only the presentation differs.
  const state = foldValues(quantile(0.5), values);
  for (const q of shares) {
    const exact = sorted[Math.floor(q * (values.length - 1))]!;
    const result = presentState(quantile(q), state);
    // The stated error, and the rounding of both to steps of subnormal doubles.
    const allowed = Math.abs(exact) * quantileRelativeError + (Math.abs(exact) < 2 ** -1022 ? Number.MIN_VALUE : 0);
    expect(Math.abs(result - exact), `q ${q}: ${result} for ${exact}`).toBeLessThanOrEqual(allowed);
  }
}

function manyOf(count: number, value: (random: () => number, index: number) => number): number[] {
  const random = seededRandom(count);
  return Array.from({ length: count }, (_, index) => value(random, index));
}

const hard: Readonly<Record<string, readonly number[]>> = {
  "a heavy tail (Pareto, no mean)": manyOf(20_000, (random) => (1 - random()) ** -1.5),
  "a tail beyond all tails": manyOf(5_000, (random) => Math.exp(Math.min(700, 1 / (1 - random())))),
  "a normal distribution of both signs": manyOf(
    20_000,
    (random) => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  ),
  "one value": [42],
  "all equal": manyOf(10_000, () => 0.1),
  "all zero, of both signs": manyOf(1000, (_random, index) => (index % 2 === 0 ? 0 : -0)),
  "negative ones": manyOf(10_000, (random) => -(random() ** -2)),
  "mostly zeros": manyOf(10_000, (random, index) => (index % 100 === 0 ? random() : 0)),
  "two values far apart": manyOf(1001, (_random, index) => (index % 2 === 0 ? 1e-300 : 1e300)),
  "powers of two, all of them": manyOf(2098, (_random, index) => 2 ** (index - 1074)),
  "powers of ten of both signs": manyOf(617, (_random, index) => (index % 2 === 0 ? 1 : -1) * 10 ** (index - 308)),
  "integers, ascending": manyOf(50_000, (_random, index) => index),
  "integers, descending": manyOf(50_000, (_random, index) => 50_000 - index),
  "the greatest doubles": manyOf(3000, (random) => Number.MAX_VALUE * (1 - 0.6 * random())),
  "the least normal doubles": manyOf(3000, (random) => 2.2250738585072014e-308 * (1 + random())),
  "subnormal doubles": manyOf(3000, (random) => 5e-324 * Math.ceil(random() * 1000)),
  "the bounds of buckets": manyOf(4000, (_random, index) => (1.01 / 0.99) ** (index - 2000)),
};

describe("quantile()", () => {
  it.each(Object.entries(hard))("is within 1 %% for %s", (_name, values) => expectBound(values));
  it("is within 1 % for any values", () => {
    fc.assert(fc.property(fc.array(finite, { minLength: 1, maxLength: 60 }), expectBound), { numRuns: 300 });
  });
  it("keeps the laws", () => {
    const property = fc.property(
      fc.array(fc.double(), { minLength: 1, maxLength: 40 }),
      fc.integer(),
      (values, seed) => {
        checkAggregatorLaws(quantile(0.5), { values, random: seededRandom(seed), rounds: 3 });
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
  it("has infinities and NaN as values of their own", () => {
    const values = [Number.NaN, Infinity, -Infinity, 1];
    expect([0, 1 / 3, 2 / 3, 1].map((q) => presentState(quantile(q), foldValues(quantile(q), values)))).toEqual([
      -Infinity,
      expect.closeTo(1, 1),
      Infinity,
      Number.NaN,
    ]);
    expect(presentState(quantile(0.5), foldValues(quantile(0.5), []))).toBeNaN();
  });
  it("has a state that grows with the logarithm of the range, not with the values", () => {
    const cell = new BufferCell().clear(quantile(0.5));
    for (const value of manyOf(100_000, (random) => 1 + 999_999 * random()))
      quantile(0.5).add(cell, value, { task: 0, position: 0 });
    // log(10^6) / log(1.01 / 0.99) is 691 buckets of 12 bytes.
    expect(cell.length).toBeLessThan(8 + 700 * 12);
  });
  it("takes shares from 0 to 1 and numbers alone", () => {
    for (const wrong of [-0.1, 1.1, Number.NaN])
      expect(() => quantile(wrong)).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
    expect(() => foldValues(quantile(0.5), ["1" as unknown as number])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID" }),
    );
  });
});

describe("distinct()", () => {
  // 0.81 % is the standard error: of 20 counts one may lie beyond 2 of them, none beyond 4 but once in 16,000.
  it("is within its error of exact counts up to a million, and unbiased", () => {
    const errors = distinctErrors({ counts: [1, 2, 10, 100, 1000, 1024], upTo: 1_000_000, perDecade: 4, series: 3 });
    for (const { count, exact, error } of errors) {
      if (exact <= 1024) expect(count).toBe(exact);
      else expect(Math.abs(error), `${count} for ${exact}`).toBeLessThan(4 * 0.0081);
    }
    const large = errors.filter(({ exact }) => exact > 1024);
    const rms = Math.sqrt(large.reduce((total, { error }) => total + error ** 2, 0) / large.length);
    expect(rms).toBeLessThan(0.0081 * 1.5);
  });
  it("counts values of other kinds by their bytes", () => {
    const values = manyOf(3000, (_random, index) => index % 1500);
    const count = presentState(distinct(intCodec), foldValues(distinct(intCodec), values));
    expect(Math.abs(count - 1500) / 1500).toBeLessThan(4 * 0.0081);
    expect(presentState(distinct(textCodec), foldValues(distinct(textCodec), ["a", "b", "a", ""]))).toBe(3);
  });
});
