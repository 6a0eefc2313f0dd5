import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import secondarySort from "../src/secondary-sort.ts";

describe("secondary-sort", () => {
  it("gives the second numbers of each first one in their order", async () => {
    const pairs = Array.from({ length: 500 }, (_, index) => [(index * 7919) % 23, ((index * 104_729) % 997) - 400]);
    const { records } = await testJob(secondarySort, { input: pairs.map((pair) => pair.join(" ")) });
    const expected = pairs.toSorted((a, b) => a[0]! - b[0]! || a[1]! - b[1]!);
    const parts = records as readonly (readonly number[])[];
    // Part files split the first numbers, so each is sorted by itself.
    expect(parts.toSorted((a, b) => a[0]! - b[0]!)).toEqual(expected);
    const starts = parts.filter((pair, index) => index > 0 && pair[0]! < parts[index - 1]![0]!);
    expect(starts.length).toBe(1);
  });

  it("counts lines that are no two integers", async () => {
    const input = ["1 2", "1", "a b", "1 2 3", "1.5 2", "", "9007199254740992 1", " -3\t+4 "];
    const { records, counters } = await testJob(secondarySort, { input });
    expect(records).toHaveLength(2);
    expect(records).toEqual(
      expect.arrayContaining([
        [-3, 4],
        [1, 2],
      ]),
    );
    expect(counters["secondary-sort.malformed"]).toBe(6);
  });
});
