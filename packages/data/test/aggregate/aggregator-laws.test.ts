// The law kit on each aggregator, and each result against a plain computation.

import { describe, expect, it, vi } from "vitest";
import {
  type Aggregator,
  BufferCell,
  checkAggregatorLaws,
  count,
  distinct,
  doubleCodec,
  exponentialBounds,
  first,
  foldValues,
  histogram,
  intCodec,
  linearBounds,
  maxBy,
  mean,
  mergeStates,
  minBy,
  presentState,
  sample,
  set,
  standardDeviation,
  sum,
  sumOfIntegers,
  textCodec,
  topK,
  variance,
} from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { exactSum, lawCases } from "./law-cases.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

const present = <V, A>(aggregator: Aggregator<V, A>, values: readonly V[]): A =>
  presentState(aggregator, foldValues(aggregator, values));
const refusedWith = (code: string): unknown => expect.objectContaining({ code });

describe("checkAggregatorLaws()", () => {
  it.each(lawCases.map((each) => [each.name, each] as const))("%s", (_name, each) => each.run(200));
  it("finds an aggregator that keeps what came first to it", () => {
    const greedy: Aggregator<number, number> = {
      ...count(),
      add: (cell, value) => {
        if (cell.view.getFloat64(cell.offset, true) === 0) cell.view.setFloat64(cell.offset, value, true);
        return true;
      },
    };
    const samples = { values: [1, 2, 3, 4, 5], random: seededRandom(1) };
    expect(() => checkAggregatorLaws(greedy, samples)).toThrow("the order of values changes nothing");
  });
});

describe("sum()", () => {
  it("stays exact over 200,000 additions of both signs", () => {
    const random = seededRandom(7);
    const values = Array.from({ length: 200_000 }, () => (random() - 0.5) * 10 ** Math.floor(random() * 20));
    expect(present(sum(), values)).toBe(exactSum(values));
  });
  it("loses no bit where large and small values share a digit", () => {
    // The large one fills the top of a digit in which the small one has its only bit. Taken away in another order,
    // so that bits lost in the first half are not lost in the second too.
    for (let shift = 0; shift < 48; shift++) {
      const small = 2 ** (shift - 9);
      const large = (2 ** 53 - 1) * 2 ** (shift + 14);
      const values = Array.from({ length: 3000 }, (_, index) => (index % 3 === 0 ? small : large));
      const back = values.toSorted((x, y) => y - x).map((value) => -value);
      expect(present(sum(), [...values, ...back, small])).toBe(small);
    }
  });
  it("of integers alone refuses fractions", () => {
    for (const value of [0.5, Number.NaN, Infinity, "1"])
      expect(() => foldValues(sumOfIntegers(), [value as number])).toThrow(refusedWith("E_VALUE_INVALID"));
    expect(present(sumOfIntegers(), [2 ** 60, -(2 ** 60), 1e300, 3, -1e300])).toBe(3n);
    expect(present(sumOfIntegers(), [2 ** 60, 1, 2 ** 61])).toBe(3n * 2n ** 60n + 1n);
  });
  it("of nothing is 0, of negative zeros too", () => {
    expect(present(sum(), [])).toBe(0);
    expect(present(sum(), [-0, -0])).toBe(0);
    expect(present(sum(), [0.5, -0.5, -0])).toBe(0);
  });
  it("is infinite only when the true sum rounds so", () => {
    const huge = Number.MAX_VALUE;
    const halfStep = 2 ** 970;
    expect(present(sum(), [huge, huge, -huge])).toBe(huge);
    expect(present(sum(), [huge, huge])).toBe(Infinity);
    // Half a step above the greatest is a tie, and the even neighbour is the one that overflows.
    expect(present(sum(), [huge, halfStep])).toBe(Infinity);
    expect(present(sum(), [huge, halfStep, -5e-324])).toBe(huge);
    expect(present(sum(), [-huge, -halfStep, 5e-324])).toBe(-huge);
    expect(
      present(sum(), [...Array.from({ length: 4000 }, () => huge), ...Array.from({ length: 3999 }, () => -huge)]),
    ).toBe(huge);
  });
  it("rounds ties to even, also below the least normal number", () => {
    expect(present(sum(), [2 ** 53, 1, 1])).toBe(2 ** 53 + 2);
    expect(present(sum(), [2 ** 53, 1])).toBe(2 ** 53);
    expect(present(sum(), [2 ** 53 + 2, 1])).toBe(2 ** 53 + 4);
    expect(present(sum(), [2 ** 53, 1, 5e-324])).toBe(2 ** 53 + 2);
    expect(present(sum(), [5e-324, 5e-324, 2.2250738585072014e-308])).toBe(2.2250738585072024e-308);
  });
  it("knows NaN and infinities", () => {
    expect(present(sum(), [Infinity, 1, -Number.MAX_VALUE])).toBe(Infinity);
    expect(present(sum(), [-Infinity, 0.5])).toBe(-Infinity);
    expect(present(sum(), [Infinity, -Infinity])).toBeNaN();
    expect(present(sum(), [Number.NaN, 0.5, Infinity])).toBeNaN();
  });
});

describe("mean()", () => {
  it("is rounded once and finite where the sum is not", () => {
    expect(present(mean(), [Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Number.MAX_VALUE);
    expect(present(mean(), [5e-324, 0, 0])).toBe(0);
    expect(present(mean(), [5e-324, 5e-324, 0])).toBe(5e-324);
    expect(present(mean(), [1, Infinity])).toBe(Infinity);
    expect(present(mean(), [])).toBeNaN();
  });
});

describe("variance()", () => {
  it("is of a sample, or of all there is", () => {
    const values = [2, 4, 4, 4, 5, 5, 7, 9];
    expect(present(variance({ population: true }), values)).toBe(4);
    expect(present(variance(), values)).toBe(32 / 7);
    expect(present(standardDeviation({ population: true }), values)).toBe(2);
  });
  it("is null of too few values", () => {
    expect(present(variance(), [])).toBeNull();
    expect(present(variance(), [1])).toBeNull();
    expect(present(variance({ population: true }), [])).toBeNull();
    expect(present(variance({ population: true }), [1.5])).toBe(0);
  });
  it("does not cancel, and knows the ends of the range", () => {
    expect(present(variance({ population: true }), [1e16, 1e16 + 2])).toBe(1);
    expect(present(variance({ population: true }), [5e-324, 0])).toBe(0);
    expect(present(variance({ population: true }), [2 ** 511, -(2 ** 511)])).toBe(2 ** 1022);
    expect(present(variance({ population: true }), [2 ** 512, -(2 ** 512)])).toBe(Infinity);
    expect(present(variance(), [1, Infinity])).toBeNaN();
    expect(present(variance(), [1, Number.NaN])).toBeNaN();
    expect(() => present(variance(), ["1" as unknown as number])).toThrow(refusedWith("E_VALUE_INVALID"));
  });
});

describe("minBy() and maxBy()", () => {
  it("refuse what is no { item, by }", () => {
    for (const value of [null, 1, { item: "a" }, { item: 1, by: 1 }, { item: "a", by: "b" }])
      expect(() => foldValues(minBy(textCodec, intCodec), [value as never])).toThrow(refusedWith("E_VALUE_INVALID"));
  });
  it("of equal order values take the least item, in both directions", () => {
    const values = ["b", "a", "c"].map((item) => ({ item, by: 1 }));
    expect(present(minBy(textCodec, doubleCodec), values)).toBe("a");
    expect(present(maxBy(textCodec, doubleCodec), values)).toBe("a");
  });
});

describe("first()", () => {
  it("refuses a value that it would not keep", () => {
    expect(() => foldValues(first(textCodec), ["a", "\ud800"])).toThrow(refusedWith("E_VALUE_INVALID"));
  });
  it("goes by task, then by position", () => {
    const aggregator = first(textCodec);
    const cell = new BufferCell().clear(aggregator);
    aggregator.add(cell, "late", { task: 2, position: 0 });
    aggregator.add(cell, "early", { task: 1, position: 2 ** 40 });
    aggregator.add(cell, "later", { task: 1, position: 2 ** 40 + 1 });
    expect(aggregator.present(cell)).toBe("early");
  });
});

describe("set()", () => {
  it("refuses one value more than it may hold, added or merged", () => {
    const aggregator = set(intCodec, { max: 3 });
    expect(present(aggregator, [3, 1, 2, 1, 3])).toEqual([1, 2, 3]);
    expect(() => foldValues(aggregator, [1, 2, 3, 4])).toThrow(refusedWith("E_VALUE_INVALID"));
    const states = [foldValues(aggregator, [1, 2]), foldValues(aggregator, [2, 3])];
    expect(presentState(aggregator, mergeStates(aggregator, states))).toEqual([1, 2, 3]);
    expect(() => mergeStates(aggregator, [...states, foldValues(aggregator, [4])])).toThrow(
      refusedWith("E_VALUE_INVALID"),
    );
  });
  it("holds many values of many lengths", () => {
    const values = Array.from({ length: 3000 }, (_, index) => "x".repeat(index % 70) + String(index));
    expect(present(set(textCodec, { max: 3000 }), [...values, ...values]).length).toBe(3000);
  });
  it("takes 1 to 100,000 as its bound", () => {
    for (const wrong of [0, 1.5, 100_001, Number.NaN])
      expect(() => set(intCodec, { max: wrong })).toThrow(refusedWith("E_JOB_INVALID"));
  });
});

describe("topK() and sample()", () => {
  it("take 1 to 10,000, and topK() a weight that is a number", () => {
    for (const wrong of [0, 1.5, 10_001, Number.NaN]) {
      expect(() => topK(wrong, textCodec)).toThrow(refusedWith("E_JOB_INVALID"));
      expect(() => sample(wrong, textCodec)).toThrow(refusedWith("E_JOB_INVALID"));
    }
    for (const weight of [Number.NaN, "1", null])
      expect(() => foldValues(topK(3, textCodec), [{ item: "a", weight: weight as number }])).toThrow(
        refusedWith("E_VALUE_INVALID"),
      );
  });
  it("sample() gives each value the same chance", () => {
    // 400 samples of 10 of 100 places: each place 40 times on average, with a standard deviation of 6.
    const chosen = new Float64Array(100);
    const aggregator = sample(10, intCodec);
    for (let task = 0; task < 400; task++) {
      const cell = new BufferCell().clear(aggregator);
      for (let index = 0; index < 100; index++) aggregator.add(cell, index, { task, position: index });
      for (const value of aggregator.present(cell)) chosen[value]!++;
    }
    expect(Math.min(...chosen)).toBeGreaterThan(10);
    expect(Math.max(...chosen)).toBeLessThan(70);
  });
});

describe("histogram()", () => {
  it("counts a bound in the bucket below it, NaN in the last", () => {
    expect(present(histogram([0, 10]), [-Infinity, -0, 0, 1e-9, 10, 10.1, Infinity, Number.NaN])).toEqual([
      { atMost: 0, count: 3 },
      { atMost: 10, count: 2 },
      { atMost: null, count: 3 },
    ]);
    expect(() => foldValues(histogram([1]), ["1" as unknown as number])).toThrow(refusedWith("E_VALUE_INVALID"));
  });
  it("makes bounds at equal distances and ratios", () => {
    expect(linearBounds(0, 5, 4)).toEqual([0, 5, 10, 15]);
    expect(exponentialBounds(1, 10, 4)).toEqual([1, 10, 100, 1000]);
    expect(exponentialBounds(0.005, 2, 3)).toEqual([0.005, 0.01, 0.02]);
  });
  it("refuses bounds that do not ascend or are no numbers", () => {
    for (const wrong of [[], [1, 1], [2, 1], [Number.NaN], [Infinity], Array.from({ length: 1001 }, (_, i) => i), "1"])
      expect(() => histogram(wrong as number[])).toThrow(refusedWith("E_JOB_INVALID"));
    for (const make of [
      () => linearBounds(0, 0, 2),
      () => linearBounds(0, 1, 0),
      () => exponentialBounds(0, 2, 3),
      () => exponentialBounds(1, 1e200, 3),
    ])
      expect(make).toThrow(refusedWith("E_JOB_INVALID"));
  });
});

describe("distinct()", () => {
  it("keeps the laws over its bound of exact counts", () => {
    for (const size of [1023, 1024, 1025, 5_000]) {
      const values = Array.from({ length: size }, (_, index) => `visitor-${index}`);
      const result = checkAggregatorLaws(distinct(textCodec), {
        values: [...values, ...values.slice(0, 500)],
        random: seededRandom(size),
        rounds: 1,
      });
      expect(Math.abs(result - size) / size).toBeLessThan(size <= 1024 ? 1e-9 : 0.03);
    }
  });
});
