// The order promise, through map outputs that spill and reduce inputs that merge in several passes: the groups
// are those of a plain sort, and the bytes of runs do not depend on memory, fan-in or compression.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  bytesCodec,
  count,
  crc32,
  distinct,
  doubleCodec,
  intCodec,
  max,
  optionalCodec,
  quantile,
  sum,
  textCodec,
  topK,
} from "../../src/index.ts";
import { deflate } from "../run/run-kit.ts";
import { seededRandom } from "../seeded-random.ts";
import { type Emitted, groupPlainly, mapTask, reducePartition, segmentsOf } from "./map-reduce-kit.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

const naughty = [
  "",
  "\0",
  "\0\0",
  "a",
  "a\0",
  "a\0b",
  "__proto__",
  "constructor",
  "toString",
  "\uE000",
  "\uFF5E",
  "😀",
  "é",
  "e\u0301",
  "a\tb",
  "a\nb",
  "x".repeat(40),
  `${"x".repeat(40)}y`,
  "x".repeat(300),
];
const keys = fc.oneof(fc.constantFrom(...naughty), fc.string({ unit: "grapheme", maxLength: 20 }));
const values = fc.uint8Array({ maxLength: 30 });

describe("map output and reduce input", () => {
  it("give the groups of a plain sort, values in order of task and position", () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(keys, values), { maxLength: 60 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 2, max: 4 }),
        (tasks, partitions, fanIn) => {
          const mapped = tasks.map((pairs) =>
            mapTask(pairs, { key: textCodec, value: bytesCodec, partitions, blockRawBytesMax: 200 }),
          );
          const expected = groupPlainly(tasks, { key: textCodec, partitions });
          for (let partition = 0; partition < partitions; partition++) {
            expect(
              reducePartition(segmentsOf(mapped, partition), { key: textCodec, value: bytesCodec, fanIn }).groups,
            ).toEqual(expected[partition]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it("keep the order of 160,000 random byte arrays through spills and a merge of 64 runs", () => {
    const random = seededRandom(12);
    const key = (): Uint8Array =>
      Uint8Array.from({ length: Math.floor(random() ** 2 * 12) }, () =>
        random() < 0.3 ? 0 : Math.floor(random() * 256),
      );
    const tasks = Array.from({ length: 64 }, () =>
      Array.from({ length: 2500 }, (_, index): Emitted<Uint8Array, number, never> => [key(), index]),
    );
    const mapped = tasks.map((pairs) => mapTask(pairs, { key: bytesCodec, value: intCodec, partitions: 1 }));
    expect(mapped.every((task) => task.result.spills > 0)).toBe(true);
    const hexOf = (groups: readonly (readonly [Uint8Array, unknown])[]): string =>
      groups.map(([bytes, list]) => `${Buffer.from(bytes).toString("hex")} ${(list as number[]).join()}`).join("\n");
    const found = reducePartition(segmentsOf(mapped, 0), { key: bytesCodec, value: intCodec }).groups;
    expect(hexOf(found) === hexOf(groupPlainly(tasks, { key: bytesCodec, partitions: 1 })[0]!)).toBe(true);
  });

  it("order values by the order key, then task and position", () => {
    const order = fc.constantFrom<number | null>(null, -1, 0, 1, 1.5);
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.tuple(keys, fc.nat(9), order), { maxLength: 40 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (tasks, partitions) => {
          const options = { key: textCodec, orderBy: optionalCodec(doubleCodec), partitions };
          const mapped = tasks.map((pairs) =>
            mapTask<string, number, number | null>(pairs, { ...options, value: intCodec }),
          );
          const expected = groupPlainly<string, number, number | null>(tasks, options);
          for (let partition = 0; partition < partitions; partition++) {
            expect(
              reducePartition(segmentsOf(mapped, partition), {
                key: textCodec,
                orderBy: options.orderBy,
                value: intCodec,
                fanIn: 2,
              }).groups,
            ).toEqual(expected[partition]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("write the same run for any memory, spilled or not", () => {
    const random = seededRandom(1);
    const pairs = Array.from({ length: 20_000 }, (_, index): Emitted<string, string, never> => [
      `key ${Math.floor(random() ** 3 * 3000)}`,
      `value ${index}`,
    ]);
    const whole = mapTask(pairs, { key: textCodec, value: textCodec, partitions: 5, memoryBytes: 16 << 20 });
    expect(whole.result.spills).toBe(0);
    for (const [memoryBytes, fanIn] of [
      [65_536, 128],
      [65_536, 2],
      [70_000, 3],
      [200_000, 7],
    ] as const) {
      const spilled = mapTask(pairs, { key: textCodec, value: textCodec, partitions: 5, memoryBytes, fanIn });
      expect(spilled.result.spills).toBeGreaterThan(3);
      expect(Buffer.compare(spilled.bytes, whole.bytes)).toBe(0);
      expect({ ...spilled.result, spills: 0 }).toEqual(whole.result);
    }
    const packed = mapTask(pairs, { key: textCodec, value: textCodec, partitions: 5, codec: deflate });
    expect(packed.result.vectorDigest).toBe(whole.result.vectorDigest);
    expect(packed.result.storedBytes).toBeLessThan(whole.result.storedBytes / 2);
    expect(whole.result).toMatchObject({ pairs: 20_000, pairsEmitted: 20_000 });
  });

  it("combine with an aggregator to the same run for any memory", () => {
    const random = seededRandom(2);
    const pairs = Array.from({ length: 60_000 }, (): Emitted<string, number, never> => [
      `${"long prefix of a key ".repeat(Math.floor(random() * 2))}${Math.floor(random() ** 4 * 20_000)}`,
      Math.floor(random() * 100),
    ]);
    const whole = mapTask(pairs, { key: textCodec, aggregator: sum(), partitions: 3, memoryBytes: 32 << 20 });
    expect(whole.result.spills).toBe(0);
    for (const memoryBytes of [65_536, 100_000, 300_000]) {
      const spilled = mapTask(pairs, { key: textCodec, aggregator: sum(), partitions: 3, memoryBytes, fanIn: 4 });
      expect(spilled.result.spills).toBeGreaterThan(1);
      expect(Buffer.compare(spilled.bytes, whole.bytes)).toBe(0);
    }
    const totals = new Map<string, number>();
    for (const [key, value] of pairs) totals.set(key, (totals.get(key) ?? 0) + value);
    const found = [0, 1, 2].flatMap(
      (partition) => reducePartition(segmentsOf([whole], partition), { key: textCodec, aggregator: sum() }).groups,
    );
    expect(new Map(found as [string, number][])).toEqual(totals);
    expect(whole.result.pairs).toBe(totals.size);
  });

  it.each([
    ["count", count(), () => 1],
    ["quantile", quantile(0.9), (random: () => number) => random() * 1000],
    ["sum of fractions", sum(), (random: () => number) => random() - 0.5],
  ])("aggregate by %s over tasks and passes as at once", (_name, aggregator, value) => {
    const random = seededRandom(3);
    const tasks = Array.from({ length: 9 }, () =>
      Array.from({ length: 3000 }, (): Emitted<number, number, never> => [Math.floor(random() * 50), value(random)]),
    );
    const options = { key: intCodec, aggregator, partitions: 2 };
    const apart = tasks.map((pairs) => mapTask<number, number, never>(pairs, options));
    const together = [mapTask<number, number, never>(tasks.flat(), { ...options, memoryBytes: 16 << 20 })];
    for (const partition of [0, 1]) {
      const expected = reducePartition<number, number, number, never>(segmentsOf(together, partition), options).groups;
      for (const fanIn of [2, 3, 128])
        expect(
          reducePartition<number, number, number, never>(segmentsOf(apart, partition), { ...options, fanIn }).groups,
        ).toEqual(expected);
    }
  });

  it("take states that grow far beyond a slot", () => {
    const random = seededRandom(4);
    const visits = Array.from({ length: 30_000 }, (): Emitted<string, string, never> => [
      random() < 0.8 ? "front" : `page ${Math.floor(random() * 20)}`,
      `visitor ${Math.floor(random() * 3000)}`,
    ]);
    const run = mapTask(visits, {
      key: textCodec,
      aggregator: distinct(textCodec),
      partitions: 1,
      memoryBytes: 65_536,
    });
    expect(run.result.spills).toBeGreaterThan(0);
    const expected = new Map<string, Set<string>>();
    for (const [key, visitor] of visits) expected.set(key, (expected.get(key) ?? new Set()).add(visitor));
    for (const [key, visitors] of reducePartition(segmentsOf([run], 0), {
      key: textCodec,
      aggregator: distinct(textCodec),
    }).groups as [string, number][]) {
      expect(Math.abs(visitors - expected.get(key)!.size) / expected.get(key)!.size).toBeLessThan(0.03);
    }
    const top = mapTask(
      visits.map(([key, visitor], index): Emitted<string, { item: string; weight: number }, never> => [
        key,
        { item: visitor, weight: index % 77 },
      ]),
      { key: textCodec, aggregator: topK(100, textCodec), partitions: 1 },
    );
    const groups = reducePartition(segmentsOf([top], 0), { key: textCodec, aggregator: topK(100, textCodec) })
      .groups as [string, { weight: number }[]][];
    expect(
      groups
        .find(([key]) => key === "front")![1]
        .map((entry) => entry.weight)
        .slice(0, 5),
    ).toEqual([76, 76, 76, 76, 76]);
  });

  it("take records of any size, from nothing to four times the memory", () => {
    const memoryBytes = 65_536;
    const sizes = [
      0,
      1,
      3,
      memoryBytes - 60,
      memoryBytes - 33,
      memoryBytes - 32,
      memoryBytes - 31,
      memoryBytes - 28,
      memoryBytes - 4,
      memoryBytes,
      memoryBytes + 1,
      2 * memoryBytes,
      4 * memoryBytes + 5,
    ];
    const pairs = sizes.flatMap((size, index): Emitted<string, Uint8Array, never>[] => [
      [`k${index % 3}`, new Uint8Array(size).fill(index + 1)],
      [`k${index % 2}`, Uint8Array.of(index)],
    ]);
    const run = mapTask(pairs, { key: textCodec, value: bytesCodec, partitions: 2, memoryBytes });
    expect(run.result.spills).toBeGreaterThan(5);
    const whole = mapTask(pairs, { key: textCodec, value: bytesCodec, partitions: 2, memoryBytes: 8 << 20 });
    expect(Buffer.compare(run.bytes, whole.bytes)).toBe(0);
    // As lengths and check sums: comparing megabytes item by item takes the test framework seconds.
    const shorten = (groups: readonly (readonly [string, unknown])[]): unknown =>
      groups.map(([key, list]) => [key, (list as Uint8Array[]).map((value) => `${value.length} ${crc32(value)}`)]);
    const expected = groupPlainly([pairs, pairs], { key: textCodec, partitions: 2 });
    for (const partition of [0, 1])
      expect(
        shorten(reducePartition(segmentsOf([run, whole], partition), { key: textCodec, value: bytesCodec }).groups),
      ).toEqual(shorten(expected[partition]!));
  });

  it("merge values and states that lie apart, in several passes", () => {
    const large = (length: number, byte: number): Uint8Array => new Uint8Array(length).fill(byte);
    const tasks = Array.from({ length: 5 }, (_, task): Emitted<string, Uint8Array, never>[] => [
      ["a", large(70_000 + task, task)],
      ["b", large(3, task)],
      ["a", large(300_000, 9 - task)],
      [`only ${task}`, large(90_000, task)],
    ]);
    const show = (list: unknown): unknown =>
      (Array.isArray(list) ? (list as Uint8Array[]) : [list as Uint8Array]).map(
        (value) => `${value.length} of ${value[0]}`,
      );
    const options = { key: textCodec, partitions: 1 };
    const expected = groupPlainly(tasks, options)[0]!;
    const values = tasks.map((pairs) => mapTask(pairs, { ...options, value: bytesCodec, codec: deflate }));
    const states = tasks.map((pairs) =>
      mapTask(pairs, { ...options, aggregator: max(bytesCodec), memoryBytes: 2 << 20 }),
    );
    for (const fanIn of [2, 3, 128]) {
      const groups = reducePartition(segmentsOf(values, 0), { key: textCodec, value: bytesCodec, fanIn }).groups;
      expect(groups.map(([key, list]) => [key, show(list)])).toEqual(expected.map(([key, list]) => [key, show(list)]));
      const greatest = reducePartition(segmentsOf(states, 0), {
        key: textCodec,
        aggregator: max(bytesCodec),
        fanIn,
      }).groups;
      const wanted = expected.map(([key, list]) => [key, show(list.toSorted((x, y) => Buffer.compare(x, y)).at(-1))]);
      expect(greatest.map(([key, value]) => [key, show(value)])).toEqual(wanted);
    }
  });

  it("run the author's combiner at fixed cuts, so that memory stays invisible", () => {
    const random = seededRandom(5);
    const pairs = Array.from({ length: 5000 }, (): Emitted<string, number, never> => [
      `word ${Math.floor(random() * 300)}`,
      1,
    ]);
    const combine = {
      pairs: 1000,
      run: (_key: string, ones: Iterable<number>, emit: (value: number) => void) => {
        let total = 0;
        for (const one of ones) total += one;
        emit(total);
      },
    };
    const runs = [65_536, 80_000, 16 << 20].map((memoryBytes) =>
      mapTask(pairs, { key: textCodec, value: intCodec, combine, partitions: 2, memoryBytes, fanIn: 3 }),
    );
    for (const run of runs) expect(Buffer.compare(run.bytes, runs[0]!.bytes)).toBe(0);
    // Five cuts: at most five values a key.
    const groups = [0, 1].flatMap(
      (partition) =>
        reducePartition(segmentsOf([runs[0]!], partition), { key: textCodec, value: intCodec }).groups as [
          string,
          number[],
        ][],
    );
    expect(Math.max(...groups.map(([, counts]) => counts.length))).toBe(5);
    expect(groups.flatMap(([, counts]) => counts).reduce((a, b) => a + b, 0)).toBe(5000);
  });

  it("cut for the combiner at exactly the pairs of the plan", () => {
    const seen: number[][] = [];
    const run = (_key: string, values: Iterable<number>, emit: (value: number) => void): void => {
      seen.push([...values]);
      emit(seen.at(-1)![0]!);
    };
    const pairs = Array.from({ length: 10 }, (_, index): Emitted<string, number, never> => ["k", index]);
    mapTask(pairs, { key: textCodec, value: intCodec, combine: { pairs: 3, run }, partitions: 1 });
    expect(seen).toEqual([[0, 1, 2], [3, 4, 5], [6, 7, 8], [9]]);
  });

  it("sort keys with long common prefixes and many equal keys", () => {
    const random = seededRandom(6);
    const prefix = "https://www.example.org/a/very/long/path/that/all/keys/share/";
    const pairs = Array.from({ length: 9000 }, (_, index): Emitted<string, number, never> => {
      const kind = Math.floor(random() * 4);
      return [
        kind === 0
          ? prefix
          : kind === 1
            ? prefix.slice(0, Math.floor(random() * prefix.length))
            : kind === 2
              ? `${prefix}${"\0".repeat(Math.floor(random() * 9))}`
              : `${prefix}${Math.floor(random() * 5000)}`,
        index,
      ];
    });
    const run = mapTask(pairs, { key: textCodec, value: intCodec, partitions: 1, memoryBytes: 8 << 20 });
    expect(reducePartition(segmentsOf([run], 0), { key: textCodec, value: intCodec }).groups).toEqual(
      groupPlainly([pairs], { key: textCodec, partitions: 1 })[0],
    );
  });

  it("take zero pairs, zero segments and more partitions than keys", () => {
    const empty = mapTask<string, string, never>([], { key: textCodec, value: textCodec, partitions: 7 });
    expect(empty.result).toMatchObject({ pairs: 0, rawBytes: 0, spills: 0 });
    expect(reducePartition(segmentsOf([empty, empty], 6), { key: textCodec, value: textCodec }).groups).toEqual([]);
    expect(reducePartition([], { key: textCodec, value: textCodec }).groups).toEqual([]);
    const one = mapTask([["k", 1]], { key: textCodec, aggregator: count(), partitions: 999 });
    expect(one.result.vector.pairs.filter((pairs) => pairs > 0)).toEqual([1]);
  });
});
