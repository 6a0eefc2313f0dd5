import { checkAggregatorLaws, foldValues, presentState } from "@millrace/data";
import {
  type Aggregator,
  count,
  distinct,
  fields,
  int,
  max,
  mean,
  min,
  quantile,
  sum,
  text,
  time,
  topK,
} from "@millrace/sdk";
import { seededRandom } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

const present = <V, A>(aggregator: Aggregator<V, A>, values: readonly V[]): A =>
  presentState(aggregator, foldValues(aggregator, values));

describe("fields()", () => {
  const all = fields({
    hits: count(),
    bytes: sum(int()),
    mean: mean(),
    least: min(int()),
    last: max(time()),
    p99: quantile(int(), 0.99),
    hosts: distinct(text()),
    top: topK(2, text()),
  });

  it("gives each result by name", () => {
    const values = [
      { bytes: 10, mean: 1, least: 5, last: 7, p99: 100, hosts: "a", top: { item: "a", weight: 1 } },
      { bytes: 5, mean: 2, least: 4, last: 9, p99: 100, hosts: "b", top: { item: "b", weight: 2 } },
      { hosts: "a" },
    ];
    const result = present(all, values);
    expect(result).toMatchObject({ hits: 3, bytes: 15, mean: 1.5, least: 4, last: 9, hosts: 2 });
    expect(result.p99).toBeCloseTo(100, -1);
    expect(result.top.map(({ item }) => item)).toEqual(["b", "a"]);
  });

  it("gives null for what has no result of no value, and counts what was skipped", () => {
    expect(present(all, [{ bytes: null }, {}])).toEqual({
      hits: 2,
      bytes: 0,
      mean: null,
      least: null,
      last: null,
      p99: null,
      hosts: 0,
      top: [],
    });
  });

  it("tells zeros from nothing", () => {
    expect(present(all, [{ mean: 0, least: 0, p99: 0 }])).toMatchObject({ mean: 0, least: 0, p99: 0 });
  });

  it("keeps the laws of an aggregator", () => {
    const random = seededRandom("laws");
    const values = Array.from({ length: 40 }, (_, index) => ({
      bytes: index % 3 === 0 ? null : Math.floor(random() * 1000),
      ...(index % 2 === 0 ? {} : { p99: Math.floor(random() * 1e6), least: index, hosts: `host-${index % 5}` }),
    }));
    expect(checkAggregatorLaws(all, { values, random }).hits).toBe(40);
  });
});

describe("sum(), mean() and quantile() of whole numbers", () => {
  it.each([
    ["sum", sum(int())],
    ["mean", mean(time())],
    ["quantile", quantile(int(), 0.5)],
  ])("%s refuses a fraction where a codec of whole numbers is named", (_name, aggregator) => {
    expect(() => present(aggregator, [1.5])).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
  });

  it("sum() takes fractions, and is exact", () => {
    expect(present(sum(), [0.1, 0.2, 0.3, -0.6, 1e100, -1e100])).toBe(
      present(sum(), [1e100, 0.3, 0.2, -1e100, 0.1, -0.6]),
    );
  });

  it("refuses a codec with a parameter's options", () => {
    expect(() => sum(int({ min: 0 }))).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});
