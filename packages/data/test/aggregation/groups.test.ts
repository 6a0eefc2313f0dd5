// Groups of several groupings in one shuffle: keys in order, states that keep the laws, and through a map output and a
// reduce input the results of a plain computation.

import { describe, expect, it } from "vitest";
import {
  type Aggregator,
  type GroupKey,
  type GroupRow,
  type StatePart,
  aggregateGroups,
  checkAggregatorLaws,
  compareBytes,
  count,
  distinct,
  doubleCodec,
  foldValues,
  groupKeyCodec,
  intCodec,
  type KeyCodec,
  max,
  mergeStates,
  min,
  optionalCodec,
  presentState,
  quantile,
  sum,
  textCodec,
} from "../../src/index.ts";
import { mapTask, reducePartition, segmentsOf } from "../map/map-reduce-kit.ts";
import { seededRandom } from "../seeded-random.ts";

const rows = { aggregator: count(), everyRow: true };
const total = { aggregator: sum(), everyRow: false };
const first = { aggregator: min(textCodec), everyRow: false };
const middle = { aggregator: quantile(0.5), presents: [quantile(0.5), quantile(0.9)], everyRow: false };
const hosts = { aggregator: distinct(textCodec), everyRow: false };

const groupings: readonly (readonly StatePart[])[] = [
  [rows, total, first],
  [rows],
  [],
  [middle, hosts, rows, first, total],
];

function randomRow(ordinal: number, random: () => number): GroupRow {
  const number = (): number => (random() < 0.5 ? Math.floor(random() * 100) : random() * 1e6 - 5e5);
  const text = (): string => "abcdefghijklmnop".slice(0, Math.floor(random() * 16));
  const maybe = <T>(value: T): T | null => (random() < 0.2 ? null : value);
  const values = [
    [undefined, maybe(number()), maybe(text())],
    [undefined],
    [],
    [maybe(number()), maybe(text()), undefined, maybe(text()), maybe(number())],
  ];
  return { ordinal, values: values[ordinal]! };
}

describe("aggregateGroups()", () => {
  it.each([0, 1, 2, 3])("keeps the laws of aggregators in grouping %i of several", (ordinal) => {
    const random = seededRandom(ordinal + 1);
    const aggregator = aggregateGroups(groupings);
    for (const size of [1, 2, 17, 300]) {
      const values = Array.from({ length: size }, () => randomRow(ordinal, random));
      checkAggregatorLaws(aggregator, { values, random });
    }
  });

  it.each([0, 1, 2, 3])("keeps them with grouping %i alone", (ordinal) => {
    const random = seededRandom(ordinal + 10);
    const aggregator = aggregateGroups([groupings[ordinal]!]);
    const values = Array.from({ length: 100 }, () => randomRow(ordinal, random));
    checkAggregatorLaws(aggregator, { values, random });
  });

  it("counts rows and skips missing values", () => {
    const aggregator = aggregateGroups(groupings);
    const state = foldValues(aggregator, [
      { ordinal: 0, values: [undefined, null, null] },
      { ordinal: 0, values: [undefined, 3, "b"] },
      { ordinal: 0, values: [undefined, 4, "a"] },
    ]);
    expect(presentState(aggregator, state)).toEqual([3, 7, "a"]);
  });

  it("names the parts of each grouping, for plans", () => {
    expect(aggregateGroups(groupings).wire).toEqual([
      ["count", "sum", ["min", "text"]],
      ["count"],
      [],
      [["quantile", 0.5, 0.9], ["distinct", "text"], "count", ["min", "text"], "sum"],
    ]);
    expect(aggregateGroups([[rows, { ...rows, presents: [rows.aggregator, rows.aggregator] }]]).wire).toEqual([
      ["count", "count"],
    ]);
  });

  it("refuses to merge states of two groupings, which is a bug", () => {
    const aggregator = aggregateGroups(groupings);
    const states = [0, 1].map((ordinal) => foldValues(aggregator, [randomRow(ordinal, seededRandom(1))]));
    expect(() => mergeStates(aggregator, states)).toThrow("states of one key are of one grouping");
  });

  it("gives what a plain computation gives, through spills and merges", () => {
    const random = seededRandom(42);
    const keys = groupKeyCodec([[intCodec, textCodec], [optionalCodec(textCodec)]] as unknown as KeyCodec<unknown>[][]);
    const of: StatePart[][] = [[rows, { aggregator: max(doubleCodec), everyRow: false }, hosts], [total]];
    const aggregator = aggregateGroups(of) as Aggregator<GroupRow, unknown>;
    const plain = new Map<
      string,
      { ordinal: number; rows: number; max: number | null; sum: number; hosts: Set<string> }
    >();
    const tasks = Array.from({ length: 3 }, () => {
      // One object for all rows, as the map of an aggregation has.
      const row = { ordinal: 0, key: [] as unknown[], values: [] as unknown[] };
      return mapTask<GroupKey, GroupRow, never>(
        (function* () {
          for (let index = 0; index < 4_000; index++) {
            const number = Math.floor(random() * 1_000);
            const host = `host-${Math.floor(random() * 50)}`;
            row.ordinal = Math.floor(random() * 2);
            row.key =
              row.ordinal === 0 ? [number % 7, `path ${number % 300}`] : [number % 5 === 0 ? null : `k${number % 200}`];
            row.values = row.ordinal === 0 ? [null, number, host] : [number];
            const name = JSON.stringify([row.ordinal, row.key]);
            const group = plain.get(name) ?? { ordinal: row.ordinal, rows: 0, max: null, sum: 0, hosts: new Set() };
            group.rows++;
            group.max = Math.max(group.max ?? number, number);
            group.sum += number;
            group.hosts.add(host);
            plain.set(name, group);
            yield [row, row] as const;
          }
        })(),
        { key: keys, aggregator: aggregator as never, partitions: 2 },
      );
    });
    expect(tasks.some(({ result }) => result.spills > 0)).toBe(true);
    const groups = [0, 1].flatMap((partition) => {
      const { groups } = reducePartition<GroupKey, GroupRow, unknown, never>(segmentsOf(tasks, partition), {
        key: keys,
        aggregator,
        fanIn: 2,
      });
      const encoded = groups.map(([key]) => keys.encode(key));
      expect(encoded.toSorted(compareBytes)).toEqual(encoded);
      return groups;
    });
    const actual = new Map(groups.map(([{ ordinal, key }, value]) => [JSON.stringify([ordinal, key]), value]));
    const expected = new Map(
      [...plain].map(([name, group]) => [
        name,
        group.ordinal === 0 ? [group.rows, group.max, group.hosts.size] : [group.sum],
      ]),
    );
    expect(actual).toEqual(expected);
  });
});

describe("groupKeyCodec()", () => {
  const codec = groupKeyCodec([
    [textCodec, intCodec],
    [],
    [optionalCodec(textCodec)],
  ] as unknown as KeyCodec<unknown>[][]);

  it("gives back what it was given, and sorts by grouping, then by values", () => {
    const groups: GroupKey[] = [
      { ordinal: 0, key: ["a", 1] },
      { ordinal: 0, key: ["a", 2] },
      { ordinal: 0, key: ["a\0", -5] },
      { ordinal: 1, key: [] },
      { ordinal: 2, key: [null] },
      { ordinal: 2, key: [""] },
      { ordinal: 2, key: ["b"] },
    ];
    const encoded = groups.map((group) => codec.encode(group));
    expect(encoded.toSorted(compareBytes)).toEqual(encoded);
    expect(encoded.map((bytes) => codec.decode(bytes))).toEqual(groups);
  });

  it("refuses bytes of no grouping, no grouping at all, and more than a byte can tell apart", () => {
    expect(() => codec.decode(new Uint8Array([3]))).toThrow("no grouping 3");
    expect(() => groupKeyCodec([])).toThrow("Cannot group by 0 groupings");
    expect(() => groupKeyCodec(Array.from({ length: 257 }, () => []))).toThrow("257");
  });
});
