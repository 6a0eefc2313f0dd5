// Each aggregator in both of its forms: of a codec, with the law kit of the data plane, and of columns, whose values are
// packed as rows of an aggregation would.

import { checkAggregatorLaws, foldValues, presentState } from "@millrace/data";
import {
  type Aggregator,
  distinct,
  double,
  exponentialBounds,
  fields,
  first,
  histogram,
  int,
  json,
  last,
  linearBounds,
  list,
  maxBy,
  mean,
  minBy,
  optional,
  quantile,
  records,
  object,
  sample,
  set,
  standardDeviation,
  sum,
  text,
  time,
  topK,
  variance,
} from "@millrace/sdk";
import { seededRandom } from "@millrace/sdk/engine";
import { describe, expect, expectTypeOf, it } from "vitest";
import {
  type ColumnAggregator,
  columnAggregatorBody,
  isColumnAggregator,
} from "../../src/aggregation/column-aggregator.ts";

const present = <V, A>(aggregator: Aggregator<V, A>, values: readonly V[]): A =>
  presentState(aggregator, foldValues(aggregator, values));

const log = records(
  object({ path: text(), bytes: optional(int()), ms: double(), time: time(), agent: optional(text()) }),
);

/** Aggregate rows, each an array of the columns' values, as an aggregation does. */
function presentRows<A>(aggregator: ColumnAggregator<A, unknown>, rows: readonly (readonly unknown[])[]): A | null {
  const body = columnAggregatorBody(aggregator);
  const values = rows
    .map((row) => (body.pack === undefined ? row[0] : body.pack(row as never)))
    .filter((value) => value !== undefined && (body.pack !== undefined || value !== null));
  if (values.length === 0 && body.ofNothing === null) return null;
  return present(body.aggregator as Aggregator<unknown, A>, values);
}

const notOne = (code: string): unknown => expect.objectContaining({ code });

describe("aggregators of codecs", () => {
  it("keep the laws, all in one", () => {
    const all = fields({
      low: minBy(text(), int()),
      high: maxBy(list(text()), double()),
      spread: variance(),
      deviation: standardDeviation(int(), { population: true }),
      first: first(json<{ readonly a: number }>()),
      last: last(optional(text())),
      buckets: histogram(double(), exponentialBounds(1, 10, 3)),
      kinds: set(text()),
      some: sample(3, text()),
    });
    const random = seededRandom("laws");
    const values = Array.from({ length: 60 }, (_, index) => ({
      low: { item: `item-${index % 7}`, by: index % 5 },
      ...(index % 2 === 0 ? {} : { high: { item: [`a${index}`], by: random() } }),
      spread: random() * 100,
      deviation: index,
      first: { a: index },
      last: index % 3 === 0 ? `last-${index}` : null,
      buckets: index * 3,
      kinds: `kind-${index % 4}`,
      some: `value-${index}`,
    }));
    const result = checkAggregatorLaws(all, { values, random, perTask: 7 });
    expect(result).toMatchObject({
      low: "item-0",
      first: { a: 0 },
      last: "last-57",
      kinds: ["kind-0", "kind-1", "kind-2", "kind-3"],
      buckets: [
        { atMost: 1, count: 1 },
        { atMost: 10, count: 3 },
        { atMost: 100, count: 30 },
        { atMost: null, count: 26 },
      ],
    });
    expect(result.deviation).toBeCloseTo(Math.sqrt((60 ** 2 - 1) / 12), 12);
    expect(result.some).toHaveLength(3);
    expectTypeOf(result.low).toEqualTypeOf<string | null>();
    expectTypeOf(result.high).toEqualTypeOf<readonly string[] | null>();
    expectTypeOf(result.spread).toEqualTypeOf<number | null>();
    expectTypeOf(result.kinds).toEqualTypeOf<readonly string[]>();
    expectTypeOf(result.buckets).toEqualTypeOf<readonly { readonly atMost: number | null; readonly count: number }[]>();
  });

  it("give null in fields() for what has no result of no value", () => {
    const all = fields({
      low: minBy(text(), int()),
      spread: variance(),
      first: first(text()),
      last: last(text()),
      buckets: histogram(int(), linearBounds(0, 1, 1)),
      kinds: set(text()),
      some: sample(3, text()),
      top: topK(3, text()),
    });
    expect(present(all, [{}])).toEqual({
      low: null,
      spread: null,
      first: null,
      last: null,
      buckets: [
        { atMost: 0, count: 0 },
        { atMost: null, count: 0 },
      ],
      kinds: [],
      some: [],
      top: [],
    });
  });

  it("refuse fractions where a codec of whole numbers is named", () => {
    for (const aggregator of [variance(int()), standardDeviation(int())])
      expect(() => present(aggregator, [1.5])).toThrow(notOne("E_VALUE_INVALID"));
    expect(() => present(histogram(int(), [1]), [1.5])).toThrow(notOne("E_VALUE_INVALID"));
  });

  it("refuse options of parameters, and numbers out of their range", () => {
    for (const make of [
      () => minBy(text(), int({ min: 0 })),
      () => minBy(text({ default: "a" }), int()),
      () => first(text({ default: "a" })),
      () => set(text({ default: "a" })),
      () => set(text(), { max: 0 }),
      () => sample(0, text()),
      () => topK(10_001, text()),
      () => histogram(double(), []),
      () => variance(int({ min: 0 })),
    ])
      expect(make).toThrow(notOne("E_JOB_INVALID"));
  });
});

describe("aggregators of columns", () => {
  it("choose an item by another column and skip rows with either missing", () => {
    const rows = [
      ["/b", 5],
      ["/a", null],
      [null, 1],
      ["/c", 2],
    ];
    expect(presentRows(minBy(log.path, log.bytes), rows)).toBe("/c");
    expect(presentRows(maxBy(log.path, log.bytes), rows)).toBe("/b");
    expect(presentRows(maxBy(log.path, log.bytes), [["/a", null]])).toBeNull();
    expectTypeOf(minBy(log.path, log.ms)).toExtend<ColumnAggregator<string, unknown>>();
    expectTypeOf(minBy(log.path, log.bytes)).toExtend<ColumnAggregator<string | null, unknown>>();
  });

  it("take the first, the last, all and some of the values that are there", () => {
    const rows = [[null], ["x"], ["y"], [null], ["x"]];
    expect(presentRows(first(log.agent), rows)).toBe("x");
    expect(presentRows(last(log.agent), rows)).toBe("x");
    expect(presentRows(set(log.agent), rows)).toEqual(["x", "y"]);
    expect(presentRows(sample(2, log.agent), rows)).toHaveLength(2);
    expect(presentRows(first(log.agent), [[null]])).toBeNull();
    expectTypeOf(set(log.agent)).toEqualTypeOf<ColumnAggregator<readonly string[], never>>();
    expectTypeOf(sample(2, log.bytes)).toEqualTypeOf<ColumnAggregator<readonly number[], never>>();
  });

  it("weigh an item by a column of numbers", () => {
    const rows = [
      ["/a", 1],
      ["/b", 3],
      ["/c", null],
      ["/d", Number.NaN],
      ["/a", 2],
    ];
    expect(presentRows(topK(2, log.path, log.ms), rows)).toEqual([
      { item: "/b", weight: 3 },
      { item: "/a", weight: 2 },
    ]);
    expectTypeOf(topK(2, log.path, log.ms)).toEqualTypeOf<
      ColumnAggregator<readonly { readonly item: string; readonly weight: number }[], never>
    >();
  });

  it("spread numbers", () => {
    expect(presentRows(variance(log.ms, { population: true }), [[1], [null], [3]])).toBe(1);
    expect(presentRows(standardDeviation(log.ms), [[1]])).toBeNull();
    expect(presentRows(histogram(log.bytes, [1]), [[1], [2], [null]])).toEqual([
      { atMost: 1, count: 1 },
      { atMost: null, count: 1 },
    ]);
    expect(presentRows(mean(log.bytes), [])).toBeNull();
  });

  it("say what stands for their result: of a list nothing", () => {
    const result = (aggregator: ColumnAggregator<unknown, unknown>): unknown => columnAggregatorBody(aggregator).result;
    expect(result(minBy(log.path, log.bytes))).toEqual({ wire: "text", optional: true });
    expect(result(last(log.time))).toEqual({ wire: "time", optional: true });
    expect(result(variance(log.ms))).toEqual({ wire: "double", optional: true });
    expect(result(sum(log.ms))).toEqual({ wire: "double", optional: false });
    for (const each of [set(log.path), sample(1, log.path), topK(1, log.path, log.ms), histogram(log.ms, [1])])
      expect(result(each)).toBeUndefined();
    expect(isColumnAggregator(quantile(log.ms, 0.5))).toBe(true);
    expect(isColumnAggregator(distinct(text()))).toBe(false);
  });

  it("are refused when their parts do not fit together", () => {
    for (const make of [
      // @ts-expect-error a column beside a codec
      () => minBy(log.path, int()),
      // @ts-expect-error a codec beside a column
      () => maxBy(text(), log.bytes),
      // @ts-expect-error a weight of text
      () => topK(1, log.path, log.path),
      // @ts-expect-error no weight
      () => topK(1, log.path),
      // @ts-expect-error a weight beside a codec
      () => topK(1, text(), log.bytes),
      // @ts-expect-error text has no variance
      () => variance(log.path),
      // @ts-expect-error text has no buckets
      () => histogram(log.path, [1]),
      // @ts-expect-error neither a codec nor a column
      () => first("path"),
      // @ts-expect-error neither a codec nor a column
      () => set(undefined),
    ])
      expect(make).toThrow(notOne("E_JOB_INVALID"));
  });
});
