// Results that come of one state share it, whatever stands between them.

import { count, distinct, max, quantile, sum, textCodec, timeCodec } from "@millrace/data";
import type { ExpressionNode } from "@millrace/data";
import { describe, expect, it } from "vitest";
import { type LoneMeasure, shareStates } from "../../src/aggregation/share-states.ts";

const column = (name: string): ExpressionNode => ({
  node: "column",
  name,
  wire: "double",
  optional: true,
  from: "property",
  table: { name: "log" },
});
const measure = (name: string, aggregator: LoneMeasure["aggregator"], ...columns: ExpressionNode[]): LoneMeasure => ({
  name,
  aggregator,
  columns,
  pack: undefined,
});

describe("shareStates()", () => {
  it("gives quantiles of one column one state, and equal aggregators too", () => {
    const { parts, measures } = shareStates([
      measure("p50", quantile(0.5), column("bytes")),
      measure("hits", count()),
      measure("p99", quantile(0.99), column("bytes")),
      measure("other", quantile(0.99), column("time")),
      measure("bytes", sum(), column("bytes")),
      measure("rows", count()),
    ]);
    expect(parts.map(({ presents, columns, everyRow }) => [presents?.length ?? 1, columns.length, everyRow])).toEqual([
      [2, 1, false],
      [2, 0, true],
      [1, 1, false],
      [1, 1, false],
    ]);
    expect(measures).toEqual([
      { name: "p50", result: 0 },
      { name: "hits", result: 2 },
      { name: "p99", result: 1 },
      { name: "other", result: 4 },
      { name: "bytes", result: 5 },
      { name: "rows", result: 3 },
    ]);
  });

  it("shares nothing of other columns, other parameters or what is packed by itself", () => {
    const pack = (): unknown => 1;
    const { parts } = shareStates([
      measure("a", max(timeCodec), column("a")),
      measure("b", max(timeCodec), column("b")),
      measure("c", max(textCodec), column("a")),
      measure("d", distinct(textCodec), column("a")),
      { ...measure("e", distinct(textCodec), column("a")), pack },
      measure("f", distinct(textCodec), column("a"), column("b")),
    ]);
    expect(parts.length).toBe(6);
  });
});
