import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import grep from "../src/grep.ts";
import { byBytes, countEach, textOf } from "./twins.ts";

const rowsOf = async (input: readonly string[], params: Readonly<Record<string, string>>): Promise<unknown> =>
  (await testJob(grep, { input, params, reduces: 3 })).records;

describe("grep", () => {
  it("counts what is matched, the most frequent first, equally frequent by bytes", async () => {
    const input = textOf(300);
    const expected = [...countEach(input.flatMap((line) => line.match(/[a-zö]+/gu) ?? []))]
      .toSorted((a, b) => b[1] - a[1] || byBytes(a[0], b[0]))
      .map(([match, count]) => [count, match]);
    expect(expected.length).toBeGreaterThan(5);
    expect(await rowsOf(input, { pattern: "[a-zö]+" })).toEqual(expected);
  });

  it("counts several matches of a line, a group of them, and leaves out a group that took no part", async () => {
    const input = ["dfs.a=1 dfs.b=2", "dfs.a=3", "hdfs"];
    expect(await rowsOf(input, { pattern: "dfs\\.(\\w)|hd(fs)", group: "1" })).toEqual([
      [2, "a"],
      [1, "b"],
    ]);
    expect(await rowsOf(input, { pattern: "DFS", ignoreCase: "true" })).toEqual([[4, "dfs"]]);
    expect(await rowsOf(input, { pattern: "nothing" })).toEqual([]);
  });

  it.each([
    ["(", "0", /"\(" is no regular expression: Unterminated group/],
    ["(a)", "2", /has 1 group; give one from 1 to 1, or 0/],
  ])("refuses the pattern %s with group %s", async (pattern, group, reason) => {
    await expect(rowsOf(["a"], { pattern, group })).rejects.toMatchObject({
      code: "E_PARAMETER",
      message: expect.stringMatching(reason) as string,
    });
  });
});
