// Every aggregator in a job of each form: the same result of the same records, whatever tasks and reducers there are, and
// what the records say.

import {
  count,
  csv,
  defineAggregation,
  defineJob,
  distinct,
  fields,
  first,
  histogram,
  int,
  jsonLines,
  last,
  max,
  maxBy,
  mean,
  min,
  minBy,
  optional,
  quantile,
  sample,
  set,
  standardDeviation,
  sum,
  testJob,
  text,
  topK,
  variance,
} from "millrace";
import { describe, expect, it } from "vitest";

const sales = csv({ columns: { shop: text(), item: text(), price: optional(int()) }, header: false });
const items = ["pear", "fig", "plum", "kiwi", "lime"];
const rows = Array.from({ length: 200 }, (_, index) => ({
  shop: `shop-${index % 3}`,
  item: items[(index * 7) % 5] ?? "",
  price: index % 11 === 0 ? null : (index * 37) % 101,
}));
const input = rows.map(({ shop, item, price }) => `${shop},${item},${price ?? ""}`);

const asJob = defineJob({
  name: "as-job",
  input: sales,
  map: ({ shop, item, price }, emit) => {
    const both = price === null ? null : { item, by: price };
    emit(shop, {
      total: price,
      mean: price,
      low: price,
      high: price,
      cheapest: both,
      dearest: both,
      spread: price,
      deviation: price,
      first: price,
      last: price,
      median: price,
      buckets: price,
      items: item,
      kinds: item,
      top: price === null ? null : { item, weight: price },
      some: price,
    });
  },
  reduce: fields({
    rows: count(),
    total: sum(),
    mean: mean(),
    low: min(int()),
    high: max(int()),
    cheapest: minBy(text(), int()),
    dearest: maxBy(text(), int()),
    spread: variance(),
    deviation: standardDeviation(),
    first: first(int()),
    last: last(int()),
    median: quantile(int(), 0.5),
    buckets: histogram(int(), [10, 50]),
    items: distinct(text()),
    kinds: set(text()),
    top: topK(2, text()),
    some: sample(3, int()),
  }),
  output: jsonLines(),
});

const asAggregation = defineAggregation({
  name: "as-aggregation",
  input: sales,
  aggregations: {
    shops: {
      groupBy: { shop: sales.shop },
      reduce: {
        rows: count(),
        total: sum(sales.price),
        mean: mean(sales.price),
        low: min(sales.price),
        high: max(sales.price),
        cheapest: minBy(sales.item, sales.price),
        dearest: maxBy(sales.item, sales.price),
        spread: variance(sales.price),
        deviation: standardDeviation(sales.price),
        first: first(sales.price),
        last: last(sales.price),
        median: quantile(sales.price, 0.5),
        buckets: histogram(sales.price, [10, 50]),
        items: distinct(sales.item),
        kinds: set(sales.item),
        top: topK(2, sales.item, sales.price),
        some: sample(3, sales.price),
      },
      output: jsonLines(),
    },
  },
});

type Row = Readonly<Record<string, unknown>>;

/** The results of each shop, without what does not depend on the values alone. */
async function run(form: "job" | "aggregation", maps: number, reduces: number): Promise<ReadonlyMap<string, Row>> {
  const given = { input, maps, reduces };
  if (form === "job") {
    const { records } = await testJob(asJob, given);
    return new Map(records.map(({ key, value }) => [key, value]));
  }
  const { outputs } = await testJob(asAggregation, given);
  return new Map(
    (outputs.shops as readonly Row[]).map((row) => {
      const { shop, ...rest } = row;
      return [String(shop), rest];
    }),
  );
}

function expectedOf(shop: string): Row {
  const here = rows.filter((row) => row.shop === shop);
  const priced = here.flatMap(({ item, price }) => (price === null ? [] : [{ item, price }]));
  const prices = priced.map(({ price }) => price);
  const sorted = prices.toSorted((a, b) => a - b);
  const total = prices.reduce((a, b) => a + b, 0);
  const average = total / prices.length;
  const spread = prices.reduce((all, price) => all + (price - average) ** 2, 0) / (prices.length - 1);
  const byPrice = priced.toSorted((a, b) => a.price - b.price || (a.item < b.item ? -1 : 1));
  const heaviest = priced.toSorted((a, b) => b.price - a.price || (a.item < b.item ? -1 : 1));
  return {
    rows: here.length,
    total,
    mean: average,
    low: sorted[0],
    high: sorted.at(-1),
    cheapest: byPrice[0]?.item,
    dearest: heaviest[0]?.item,
    spread: expect.closeTo(spread, 8) as number,
    deviation: expect.closeTo(Math.sqrt(spread), 8) as number,
    first: prices[0],
    last: prices.at(-1),
    median: expect.closeTo(sorted[Math.floor((sorted.length - 1) / 2)] ?? 0, -0.4) as number,
    buckets: [
      { atMost: 10, count: prices.filter((price) => price <= 10).length },
      { atMost: 50, count: prices.filter((price) => price > 10 && price <= 50).length },
      { atMost: null, count: prices.filter((price) => price > 50).length },
    ],
    items: 5,
    kinds: items.toSorted((a, b) => (a < b ? -1 : 1)),
    top: heaviest.slice(0, 2).map(({ item, price }) => ({ item, weight: price })),
    some: expect.any(Array) as unknown[],
  };
}

describe("aggregators in a job", () => {
  it.each([
    ["job", 2, 2],
    ["job", 5, 3],
    ["aggregation", 2, 2],
    ["aggregation", 5, 3],
  ] as const)("of form %s with %i maps and %i reducers say what the records say", async (form, maps, reduces) => {
    const results = await run(form, maps, reduces);
    expect(results.size).toBe(3);
    for (const [shop, result] of results) expect(result, shop).toEqual(expectedOf(shop));
  });

  it("sample values of the group, none twice unless it is there twice, and the same again", async () => {
    const results = await run("job", 3, 2);
    expect(await run("job", 3, 2)).toEqual(results);
    for (const [shop, { some }] of results) {
      const prices = rows.filter((row) => row.shop === shop).map(({ price }) => price);
      for (const price of some as readonly number[]) prices.splice(prices.indexOf(price), 1);
      expect(some).toHaveLength(3);
      expect(prices).toHaveLength(rows.filter((row) => row.shop === shop).length - 3);
    }
  });
});
