// Every aggregator with values to try it on and a plain computation of its result: for the tests, which run few of
// them, and the bench, which runs many and counts.

import * as fc from "fast-check";
import {
  aggregateFields,
  type Aggregator,
  checkAggregatorLaws,
  count,
  distinct,
  doubleCodec,
  first,
  histogram,
  intCodec,
  last,
  max,
  maxBy,
  mean,
  min,
  minBy,
  optionalCodec,
  sample,
  set,
  standardDeviation,
  sum,
  sumOfIntegers,
  textCodec,
  topK,
  tupleCodec,
  variance,
} from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { nearestRatio, nearestVariance, sumScaled } from "./big-rational.ts";

/** One aggregator: run it on `runs` lists of values. A difference throws. */
export interface LawCase {
  readonly name: string;
  readonly run: (runs: number) => void;
}

const edges = [0, -0, 5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, -Number.MAX_VALUE, 0.1, 2 ** 53 - 1, 2 ** 971];

/** Doubles of every kind, the ends of the range often. */
export const anyDouble: fc.Arbitrary<number> = fc.oneof(
  fc.double(),
  fc.double({ min: -1e6, max: 1e6 }),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(...edges),
);
/** Without NaN and infinities. */
export const finite: fc.Arbitrary<number> = anyDouble.filter(Number.isFinite);

/** Values that take each other away: large ones of both signs, and what is left. */
export const cancelling: fc.Arbitrary<number[]> = fc
  .tuple(fc.array(finite, { minLength: 1, maxLength: 20 }), fc.array(finite, { minLength: 1, maxLength: 3 }))
  .map(([values, rest]) => [...values, ...rest, ...values.map((value) => -value)]);

/** Exact, with fractions of any size, rounded once. */
export function exactSum(values: readonly number[]): number {
  return nearestRatio(sumScaled(values), 1n, -1074);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** What is compared: numbers by `Object.is`, as `toStrictEqual` does, everything else by its parts. */
function requireSame(actual: unknown, expected: unknown): void {
  const show = (value: unknown): string =>
    JSON.stringify(value, (_name, part: unknown) =>
      typeof part === "bigint"
        ? `${part}n`
        : typeof part === "number"
          ? Object.is(part, -0)
            ? "-0"
            : `${part}`
          : part,
    );
  if (show(actual) !== show(expected)) throw new Error(`result ${show(actual)}, expected ${show(expected)}`);
}

interface Checked<V, A> {
  readonly values: fc.Arbitrary<readonly V[]>;
  readonly expected: (values: readonly V[]) => A;
}

function lawCase<V, A>(name: string, aggregator: Aggregator<V, A>, { values, expected }: Checked<V, A>): LawCase {
  const property = fc.property(values, fc.integer(), fc.integer({ min: 1, max: 8 }), (list, seed, perTask) => {
    const result = checkAggregatorLaws(aggregator, { values: list, random: seededRandom(seed), rounds: 3, perTask });
    requireSame(result, expected(list));
  });
  return { name, run: (numRuns) => fc.assert(property, { numRuns }) };
}

function listOf<V>(value: fc.Arbitrary<V>, maxLength = 40): fc.Arbitrary<V[]> {
  return fc.array(value, { minLength: 1, maxLength });
}

const words = fc.constantFrom("a", "b", "c", "dd", "é", "", "\u{1f600}", "\uffee");
const orders = fc.constantFrom(0, 1, 1.5, -2, 3, Number.POSITIVE_INFINITY, Number.NaN);
const weights = fc.constantFrom(0, 1, 1.5, -2, 3, Number.POSITIVE_INFINITY);
const bounds = [-1, 0, 0.5, 10];

/** NaN above all, as the codec of doubles has it. */
function compareDoubles(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

type Ordered = { readonly item: string; readonly by: number };

function bestBy(values: readonly Ordered[], direction: 1 | -1): string {
  return values.reduce((best, value) => {
    const order = compareDoubles(value.by, best.by) * direction || compareBytes(value.item, best.item);
    return order < 0 ? value : best;
  }).item;
}

function bucketCounts(values: readonly number[]): { readonly atMost: number | null; readonly count: number }[] {
  const above = (value: number, index: number): boolean => index < 0 || !(value <= bounds[index]!);
  return [...bounds, null].map((atMost, index) => ({
    atMost,
    count: values.filter((value) => above(value, index - 1) && (atMost === null || value <= atMost)).length,
  }));
}

function sumWithSpecials(values: readonly number[]): number {
  const odd = values.filter((value) => !Number.isFinite(value));
  return odd.length > 0 ? odd.reduce((a, b) => a + b) : exactSum(values);
}

function heaviest(values: readonly { readonly item: string; readonly weight: number }[], k: number): unknown[] {
  return values
    .toSorted((a, b) => (a.weight === b.weight ? compareBytes(a.item, b.item) : b.weight > a.weight ? 1 : -1))
    .slice(0, k);
}

const sums: readonly LawCase[] = [
  lawCase("count", count(), { values: listOf(fc.anything()), expected: (values) => values.length }),
  lawCase("sum", sum(), { values: listOf(finite), expected: exactSum }),
  lawCase("sum, cancelling", sum(), { values: cancelling, expected: exactSum }),
  lawCase("sum, of one size", sum(), {
    values: listOf(fc.double({ min: 0, max: 10, noNaN: true }), 200),
    expected: exactSum,
  }),
  lawCase("sum, subnormal", sum(), {
    values: listOf(fc.double({ min: -1e-307, max: 1e-307, noNaN: true })),
    expected: exactSum,
  }),
  lawCase("sum, near overflow", sum(), {
    values: listOf(fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, 2 ** 970, -(2 ** 970), 2 ** 969, 1, 5e-324)),
    expected: exactSum,
  }),
  lawCase("sum, NaN and infinities", sum(), { values: listOf(anyDouble), expected: sumWithSpecials }),
  lawCase("sumOfIntegers", sumOfIntegers(), {
    values: listOf(fc.maxSafeInteger(), 100),
    expected: (values) => values.reduce((total, value) => total + BigInt(value), 0n),
  }),
  lawCase("mean", mean(), {
    values: listOf(finite),
    expected: (values) => nearestRatio(sumScaled(values), BigInt(values.length), -1074),
  }),
  lawCase("variance", variance(), {
    values: listOf(finite),
    expected: (values) => (values.length < 2 ? null : nearestVariance(values, 1)),
  }),
  lawCase("variance, of integers", variance({ population: true }), {
    values: listOf(fc.integer({ min: -1000, max: 1000 })),
    expected: (values) => nearestVariance(values, 0),
  }),
  lawCase("variance, far from zero", variance({ population: true }), {
    values: listOf(fc.double({ min: 1e9, max: 1e9 + 1, noNaN: true })),
    expected: (values) => nearestVariance(values, 0),
  }),
  lawCase("standardDeviation", standardDeviation(), {
    values: listOf(finite),
    expected: (values) => (values.length < 2 ? null : Math.sqrt(nearestVariance(values, 1))),
  }),
];

const choices: readonly LawCase[] = [
  lawCase("min", min(intCodec), { values: listOf(fc.integer()), expected: (values) => Math.min(...values) }),
  lawCase("max", max(textCodec), {
    values: listOf(fc.string({ unit: "grapheme" })),
    expected: (values) => values.reduce((a, b) => (compareBytes(a, b) < 0 ? b : a)),
  }),
  lawCase("max, with NaN", max(doubleCodec), {
    values: listOf(orders),
    expected: (values) => values.reduce((a, b) => (compareDoubles(a, b) < 0 ? b : a)),
  }),
  lawCase("minBy", minBy(textCodec, doubleCodec), {
    values: listOf(fc.record({ item: words, by: orders })),
    expected: (values) => bestBy(values, 1),
  }),
  lawCase("maxBy", maxBy(textCodec, doubleCodec), {
    values: listOf(fc.record({ item: words, by: orders })),
    expected: (values) => bestBy(values, -1),
  }),
  lawCase("first", first(optionalCodec(textCodec)), {
    values: listOf(fc.option(words)),
    expected: (values) => values[0]!,
  }),
  lawCase("last", last(optionalCodec(textCodec)), {
    values: listOf(fc.option(words)),
    expected: (values) => values.at(-1)!,
  }),
  lawCase("topK", topK(3, textCodec), {
    values: listOf(fc.record({ item: words, weight: weights })),
    expected: (values) => heaviest(values, 3) as { readonly item: string; readonly weight: number }[],
  }),
  lawCase("set", set(tupleCodec(textCodec, intCodec)), {
    values: listOf(fc.tuple(words, fc.integer({ min: -3, max: 3 }))),
    expected: (values) =>
      [...new Map(values.map((value) => [JSON.stringify(value), value])).values()].toSorted(
        (a, b) => compareBytes(a[0], b[0]) || a[1] - b[1],
      ),
  }),
];

/** A sample has no expected value: of fewer than `k` it has all, of more it has k of them, none twice. */
function sampleCase(k: number): LawCase {
  const property = fc.property(
    fc.uniqueArray(fc.nat(), { minLength: 1, maxLength: 40 }),
    fc.integer(),
    fc.integer({ min: 1, max: 8 }),
    (values, seed, perTask) => {
      const result = checkAggregatorLaws(sample(k, intCodec), {
        values,
        random: seededRandom(seed),
        rounds: 3,
        perTask,
      });
      const isPart = new Set(result).size === result.length && result.every((value) => values.includes(value));
      if (!isPart || result.length !== Math.min(k, values.length)) throw new Error(`no sample: ${String(result)}`);
    },
  );
  return { name: `sample of ${k}`, run: (numRuns) => fc.assert(property, { numRuns }) };
}

const counts: readonly LawCase[] = [
  lawCase("histogram", histogram(bounds), {
    values: listOf(fc.oneof(anyDouble, fc.constantFrom(...bounds))),
    expected: bucketCounts,
  }),
  lawCase("distinct, small", distinct(textCodec), {
    values: listOf(fc.string({ maxLength: 2 }), 100),
    expected: (values) => new Set(values).size,
  }),
  sampleCase(1),
  sampleCase(10),
];

const rows = fc.record({
  bytes: fc.option(finite),
  last: fc.option(words),
  hosts: fc.option(fc.string({ maxLength: 1 })),
  spread: fc.option(fc.integer({ min: -9, max: 9 })),
  buckets: fc.option(finite),
  inner: fc.option(fc.record({ top: fc.record({ item: words, weight: weights }) })),
});

const nested = aggregateFields({
  hits: count(),
  bytes: sum(),
  last: last(textCodec),
  hosts: set(textCodec),
  spread: variance({ population: true }),
  buckets: histogram(bounds),
  inner: aggregateFields({ n: count(), top: topK(2, textCodec) }),
});

/** Several at once, each with values missing; a last value of none is given as the others of none are. */
const together: LawCase = lawCase("aggregateFields", nested, {
  values: fc
    .array(rows, { minLength: 1, maxLength: 20 })
    .map((list) => [{ ...list[0]!, last: list[0]!.last ?? "" }, ...list.slice(1)]),
  expected: (values) => {
    const given = <N extends keyof (typeof values)[number]>(name: N): NonNullable<(typeof values)[number][N]>[] =>
      values.map((value) => value[name]).filter((value) => value !== null && value !== undefined);
    const spread = given("spread");
    return {
      hits: values.length,
      bytes: exactSum(given("bytes")),
      last: given("last").at(-1)!,
      hosts: [...new Set(given("hosts"))].toSorted(compareBytes),
      spread: spread.length === 0 ? null : nearestVariance(spread, 0),
      buckets: bucketCounts(given("buckets")),
      inner: {
        n: given("inner").length,
        top: heaviest(
          given("inner").map((inner) => inner.top!),
          2,
        ) as { readonly item: string; readonly weight: number }[],
      },
    };
  },
});

/** Every case. */
export const lawCases: readonly LawCase[] = [...sums, ...choices, ...counts, together];
