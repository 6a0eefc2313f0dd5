import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import distinct from "../src/distinct.ts";
import top from "../src/top.ts";
import { byBytes, countEach, textOf } from "./twins.ts";

describe("distinct", () => {
  it("writes each line once, or with its count", async () => {
    const input = [...textOf(300), ...textOf(100)];
    const counts = countEach(input);
    const plain = await testJob(distinct, { input });
    expect(plain.records.toSorted(byBytes)).toEqual([...counts.keys()].toSorted(byBytes));
    const counted = await testJob(distinct, { input, params: { counts: "true" } });
    expect(counted.records.toSorted(byBytes)).toEqual(
      [...counts].map(([line, count]) => `${count}\t${line}`).toSorted(byBytes),
    );
  });
});

describe("top", () => {
  it.each([1, 3, 1000])("writes the %i most frequent lines, equally frequent by bytes", async (count) => {
    const input = [...textOf(300), ...textOf(100), "", ""];
    const expected = [...countEach(input)].toSorted((a, b) => b[1] - a[1] || byBytes(a[0], b[0])).slice(0, count);
    const { records } = await testJob(top, { input, params: { count: String(count) }, reduces: 3 });
    expect(records).toEqual(expected.map(([line, times]) => [times, line]));
  });

  it("adds up a column for each value of another", async () => {
    const input = ["a,1.5", "b,-2", "a,0.25", "c,x", "b", "d,", "e,0", "f,-0", "g,1e3"];
    const { records, counters } = await testJob(top, {
      input,
      params: { column: "1", by: "2", separator: ",", count: "4" },
    });
    expect(records).toEqual([
      [1000, "g"],
      [1.75, "a"],
      [0, "e"],
      [0, "f"],
    ]);
    expect(counters["top.malformed"]).toBe(3);
  });
});
