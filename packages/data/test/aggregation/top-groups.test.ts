// Top lists: the first k groups by rank, ties by key, whatever order they come in.

import { describe, expect, it } from "vitest";
import {
  type RankedGroup,
  checkAggregatorLaws,
  compareBytes,
  foldValues,
  mergeStates,
  presentState,
  topGroups,
} from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const group = (count: number, rank: string, key: string, payload = ""): RankedGroup => ({
  count,
  rank: bytes(rank),
  key: bytes(key),
  payload: bytes(payload),
});
const top = (groups: readonly RankedGroup[]): readonly string[] => {
  const aggregator = topGroups();
  return presentState(aggregator, foldValues(aggregator, groups)).map(
    ({ key, payload }) => `${new TextDecoder().decode(key)}:${new TextDecoder().decode(payload)}`,
  );
};

describe("topGroups()", () => {
  it("keeps the groups of highest rank, in that order, ties by key", () => {
    expect(
      top([
        group(3, "1", "d", "x"),
        group(3, "2", "c"),
        group(3, "2", "b", "y"),
        group(3, "0", "a"),
        group(3, "10", "e"),
      ]),
    ).toEqual(["b:y", "c:", "e:"]);
  });

  it("keeps all when there are fewer", () => {
    expect(top([group(10, "1", "b"), group(10, "1", "a")])).toEqual(["a:", "b:"]);
  });

  it.each([1, 2, 7, 1_000])("keeps the laws of aggregators with a list of %i", (count) => {
    const random = seededRandom(count);
    const letters = (): string => "abcabcab".slice(0, Math.floor(random() * 8));
    const values = Array.from({ length: 200 }, () => group(count, letters(), letters(), letters()));
    checkAggregatorLaws(topGroups(), { values, random });
    const order = (a: RankedGroup, b: RankedGroup): number =>
      compareBytes(b.rank, a.rank) || compareBytes(a.key, b.key) || compareBytes(a.payload, b.payload);
    const expected = values.toSorted(order).slice(0, count);
    expect(top(values)).toEqual(
      expected.map(({ key, payload }) => `${new TextDecoder().decode(key)}:${new TextDecoder().decode(payload)}`),
    );
  });

  it("merges with the empty state and with itself", () => {
    const aggregator = topGroups();
    const state = foldValues(aggregator, [group(2, "1", "a"), group(2, "2", "b")]);
    const merged = mergeStates(aggregator, [state, foldValues(aggregator, []), state]);
    expect(presentState(aggregator, merged).map(({ key }) => new TextDecoder().decode(key))).toEqual(["b", "b"]);
  });

  it("refuses lists of two lengths, which is a bug", () => {
    expect(() => top([group(2, "1", "a"), group(3, "1", "a")])).toThrow("of one length");
  });
});
