// Aggregators that go by the place of a value, through spills, merges of several passes, and any order of segments.

import { describe, expect, it } from "vitest";
import { aggregateFields, first, intCodec, last, sample, textCodec } from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { type Emitted, mapTask, reducePartition, segmentsOf } from "./map-reduce-kit.ts";

const aggregator = aggregateFields({ first: first(textCodec), last: last(textCodec), some: sample(4, textCodec) });
type Value = { readonly first: string; readonly last: string; readonly some: string };
type Result = { readonly first: string; readonly last: string; readonly some: readonly string[] };
const options = { key: intCodec, aggregator, partitions: 2 };

function taskPairs(task: number, count: number): Emitted<number, Value, never>[] {
  const random = seededRandom(task);
  return Array.from({ length: count }, (_, position): Emitted<number, Value, never> => {
    const value = `${task}-${position}`;
    return [Math.floor(random() ** 2 * 900), { first: value, last: value, some: value }];
  });
}

describe("first(), last() and sample()", () => {
  const tasks = Array.from({ length: 5 }, (_, task) => taskPairs(task, 4000));

  it("give the same run of a task for any memory", () => {
    const whole = mapTask(tasks[3]!, { ...options, task: 3, memoryBytes: 16 << 20 });
    expect(whole.result.spills).toBe(0);
    const spilled = mapTask(tasks[3]!, { ...options, task: 3, fanIn: 3 });
    expect(spilled.result.spills).toBeGreaterThan(3);
    expect(Buffer.compare(spilled.bytes, whole.bytes)).toBe(0);
  });

  it("say what stands first and last in the order of tasks, whatever comes first to the reducer", () => {
    const mapped = tasks.map((pairs, task) => mapTask(pairs, { ...options, task }));
    const expected = new Map<number, { first: string; last: string; all: string[] }>();
    for (const [key, value] of tasks.flat()) {
      const group = expected.get(key) ?? { first: value.first, last: "", all: [] };
      group.last = value.last;
      group.all.push(value.some);
      expected.set(key, group);
    }
    let groups = 0;
    for (const partition of [0, 1]) {
      const segments = segmentsOf(mapped, partition);
      const read = (order: typeof segments, fanIn: number): [number, Result][] =>
        reducePartition<number, Value, Result, never>(order, { key: intCodec, aggregator, fanIn }).groups as [
          number,
          Result,
        ][];
      const found = read(segments, 128);
      expect(read(segments.toReversed(), 2)).toEqual(found);
      for (const [key, { first: firstOne, last: lastOne, some }] of found) {
        const group = expected.get(key)!;
        expect([firstOne, lastOne]).toEqual([group.first, group.last]);
        expect(new Set(some).size).toBe(Math.min(4, group.all.length));
        expect(some.filter((value) => !group.all.includes(value))).toEqual([]);
      }
      groups += found.length;
    }
    expect(groups).toBe(expected.size);
  });
});
