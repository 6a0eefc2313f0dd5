// Kernels stand in for the aggregators that we made, and for none that an author made of them.

import { describe, expect, it } from "vitest";
import {
  type Aggregator,
  count,
  countsInDouble,
  distinct,
  kernelStateOf,
  mean,
  presentsDouble,
  quantile,
  sum,
  textCodec,
} from "../../src/index.ts";
import { mapTask, reducePartition, segmentsOf } from "../map/map-reduce-kit.ts";

describe("kernelStateOf()", () => {
  it("names the states of our own", () => {
    expect(kernelStateOf(count())).toBe("count");
    expect(kernelStateOf(sum())).toBe("sum");
    expect(kernelStateOf(mean())).toBe("mean");
    expect(kernelStateOf(quantile(0.5))).toBe("quantile");
    expect(kernelStateOf(distinct(textCodec))).toBe("distinct");
    expect([count(), sum()].map(countsInDouble)).toEqual([true, true]);
    expect([mean(), quantile(0.5)].map(countsInDouble)).toEqual([false, false]);
  });

  it("is that of a copy, and none where a function is another", () => {
    expect(kernelStateOf({ ...sum(), wire: "sum" })).toBe("sum");
    const other = { ...sum() };
    for (const changed of [{ add: () => true }, { merge: () => true }, { encode: () => undefined }])
      expect(kernelStateOf({ ...other, ...changed })).toBeUndefined();
    expect([sum(), { ...sum() }, { ...sum(), present: () => 0 }].map(presentsDouble)).toEqual([true, true, false]);
    expect(kernelStateOf({ ...count(), kernelState: "sum" })).toBe("count");
  });

  it("an aggregator made of ours keeps to its own functions", () => {
    const twice: Aggregator<number, number> = {
      ...sum(),
      add: (cell, value, place) => sum().add(cell, value * 2, place),
    };
    const halved: Aggregator<number, number> = { ...sum(), present: (cell) => sum().present(cell) / 2 };
    const pairs = Array.from({ length: 3000 }, (_, index): [string, number] => [`key-${index % 7}`, index]);
    const total = (of: Aggregator<number, number>): number => {
      const run = mapTask(pairs, { key: textCodec, aggregator: of, partitions: 1, memoryBytes: 65_536 });
      const { groups } = reducePartition(segmentsOf([run], 0), { key: textCodec, aggregator: of });
      return groups.reduce((all, [, value]) => all + (value as number), 0);
    };
    const plain = (2999 * 3000) / 2;
    expect([total(sum()), total(twice), total(halved)]).toEqual([plain, plain * 2, plain / 2]);
  });
});
