// Rows that fall into few groups, which kernels gather before they add them, against the record-by-record path.

import { createKernelMemory } from "@millrace/data";
import {
  count,
  defineAggregation,
  double,
  floorTime,
  greaterThan,
  int,
  mean,
  object,
  optional,
  quantile,
  sum,
  time,
} from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { jsonLines } from "../../src/index.ts";
import { encoder, expectSame, run } from "./rows-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const rows = jsonLines(
  object({ status: int(), at: optional(time()), bytes: optional(int()), load: optional(double()), ms: double() }),
);
const output = jsonLines();
const hits = count();
const groupings = {
  hours: {
    groupBy: { status: rows.status, hour: floorTime(rows.at, "1h") },
    reduce: { hits, bytes: sum(rows.bytes), p99: quantile(rows.bytes, 0.99), slow: quantile(rows.ms, 0.9) },
    output,
  },
  loads: { groupBy: { load: rows.load }, reduce: { hits, low: quantile(rows.load, 0.1) }, output },
  all: {
    groupBy: {},
    reduce: { p50: quantile(rows.ms, 0.5), mean: mean(rows.bytes), hits, sizes: quantile(rows.bytes, 0.5) },
    output,
  },
  cells: {
    where: greaterThan(rows.ms, 1),
    groupBy: { status: rows.status, load: rows.load, day: floorTime(rows.at, "1d") },
    reduce: { sum: sum(rows.status), mean: mean(rows.bytes) },
    output,
  },
  sums: { groupBy: { at: rows.at }, reduce: { bytes: sum(rows.bytes), mean: mean(rows.bytes) }, output },
  counts: { groupBy: { status: rows.status }, reduce: { hits }, output },
  times: { groupBy: { at: rows.at }, reduce: { p1: quantile(rows.ms, 0.01) }, output },
} as const;
type GroupingName = keyof typeof groupings;

function jobOf(names: readonly GroupingName[]) {
  return defineAggregation({
    name: "few",
    input: rows,
    aggregations: Object.fromEntries(names.map((name) => [name, groupings[name]])) as Pick<typeof groupings, "counts">,
  });
}

const hourMs = 3_600_000;
/** Stands for what JSON.stringify() does not write. */
const negativeZero = 4242;
const line = fc
  .record({
    status: fc.constantFrom(200, 200, 200, 404, -1, 0),
    at: fc.oneof(
      fc.integer({ min: -2, max: 2 }).map((hour) => hour * hourMs),
      fc.integer({ min: -2 * hourMs, max: 2 * hourMs }),
      fc.constant(null),
    ),
    bytes: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 100_000 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          null,
          0,
          -7,
          1,
          2_147_483_647,
          2_147_483_648,
          2_199_023_255_553,
          999_999_999_999_999,
        ),
      },
    ),
    load: fc.constantFrom(0, 0, negativeZero, 1.5, 2, -2, 1e-9, 1e12, null),
    ms: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 60_000 }).map((value) => value / 1000) },
      { weight: 1, arbitrary: fc.constantFrom(0, -1.25, 0.00002, 0.000001, 3e9, 1e-300) },
    ),
  })
  .map((row) => JSON.stringify(row).replace(`:${negativeZero}`, ":-0.0"));
/** The same rows several times over: groups of more than a few rows, in several blocks. */
const texts = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 150 }), fc.integer({ min: 1, max: 12 }))
  .map(([all, times]) => encoder.encode(`${all.join("\n")}\n`.repeat(times)));

describe("addRows()", () => {
  it("adds rows of few groups as the record-by-record path does", () => {
    const memories = [65_536, 400_000, 2_000_000].map((bytes) => [bytes, createKernelMemory(bytes)] as const);
    let [byKernels, all] = [0, 0];
    fc.assert(
      fc.property(
        texts,
        fc.subarray(Object.keys(groupings) as GroupingName[], { minLength: 1 }),
        fc.constantFrom(...memories),
        fc.record({ chunkBytes: fc.constantFrom(700, 50_000, 500_000), partitions: fc.integer({ min: 1, max: 3 }) }),
        (text, names, [memoryBytes, memory], options) => {
          const [records, done] = expectSame(jobOf(names), text, { ...options, memoryBytes, memory });
          all += records;
          byKernels += done;
        },
      ),
      { numRuns: 300 },
    );
    expect(byKernels / all).toBeGreaterThan(0.7);
  });

  it("goes on where groups are too many to be gathered", () => {
    const text = encoder.encode(
      Array.from({ length: 9_000 }, (_, index) => {
        const isFew = index % 3000 < 1500;
        return `{"status":${isFew ? index % 3 : index},"at":${isFew ? 0 : index * 1000},"bytes":${(index * 7919) % 50_021},"ms":${index / 8}}\n`;
      }).join(""),
    );
    for (const memoryBytes of [65_536, 4_000_000]) {
      const memory = createKernelMemory(memoryBytes);
      const options = { chunkBytes: 400_000, partitions: 2, memoryBytes };
      for (const names of [["hours"], ["times", "counts"], ["all", "hours", "cells"]] as const) {
        const byKernel = run(jobOf(names), text, { ...options, memory });
        const byRecord = run(jobOf(names), text, options);
        expect(Buffer.compare(byKernel.run, byRecord.run)).toBe(0);
        expect(byKernel.pairsEmitted).toBe(byRecord.pairsEmitted);
        expect(byKernel.left).toBe(0);
      }
    }
  });

  it("leaves rows of a sum that is no safe integer, also those without a value of it", () => {
    const row = (bytes: number | null): string => `{"status":1,"bytes":${bytes},"ms":1}\n`;
    const text = encoder.encode(row(999_999_999_999_999).repeat(12) + row(null).repeat(30));
    const [memoryBytes, chunkBytes, partitions] = [65_536, 700, 1];
    const memory = createKernelMemory(memoryBytes);
    // A count and buckets lie behind the sum.
    expectSame(jobOf(["all"]), text, { memory, memoryBytes, chunkBytes, partitions });
  });

  it("leaves to the map what makes a sum no safe integer", () => {
    const row = (bytes: number): string => `{"status":1,"bytes":${bytes},"ms":1}\n`;
    const large = Array.from({ length: 6000 }, (_, index) => row(2_000_000_000_000 + Number(index % 3 === 0)));
    const text = encoder.encode(large.join("") + row(999_999_999_999_999).repeat(20) + row(5).repeat(2000));
    const memoryBytes = 2_000_000;
    const [records, byKernels] = expectSame(jobOf(["all", "hours", "sums"]), text, {
      memory: createKernelMemory(memoryBytes),
      memoryBytes,
      chunkBytes: 5_000,
      partitions: 2,
    });
    expect(byKernels).toBeLessThan(records);
  });

  it("leaves to the map what makes a sum no safe integer together with the gathered rows of its block", () => {
    const row = (bytes: number): string => `{"status":1,"bytes":${bytes},"ms":1}\n`;
    // Above 2^41 no row is gathered. The first block brings the sum to 4.495e15, just below 2^52, so that the second one
    // gathers; of that, 4.464e15 is in rows too large for it and 1.191e15 in others: 10.15e15, where 2^53 is 9.007e15.
    const first = row(4_390_000_000_001).repeat(1024);
    const second = row(9_300_000_000_001).repeat(480) + row(2_190_000_000_001).repeat(544);
    const [memoryBytes, partitions] = [2_000_000, 1];
    const [records, byKernels] = expectSame(jobOf(["all", "sums"]), encoder.encode(first + second), {
      memory: createKernelMemory(memoryBytes),
      memoryBytes,
      chunkBytes: 1_000_000,
      partitions,
    });
    expect(byKernels).toBeGreaterThan(1024);
    expect(byKernels).toBeLessThan(records);
  });
});
