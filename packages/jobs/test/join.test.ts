import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import join from "../src/join.ts";
import { byBytes } from "./twins.ts";

const left = ["1,ann", "2,bob", "2,bo", "3,cy", "", "5"];
const right = ["2,x,9", "1,y,8", "2,z,7", "4,w,6", "5"];
const run = async (kind: string): Promise<readonly string[]> => {
  const { records } = await testJob(join, { inputs: { left, right }, params: { kind, separator: "," } });
  return records.toSorted(byBytes);
};

const paired = ["1,ann,y,8", "2,bo,x,9", "2,bo,z,7", "2,bob,x,9", "2,bob,z,7"];

describe("join", () => {
  it.each([
    ["inner", [...paired, "5"]],
    ["left", ["", ...paired, "3,cy", "5"]],
    ["right", [...paired, "4,w,6", "5"]],
    ["outer", ["", ...paired, "3,cy", "4,w,6", "5"]],
    ["semi", ["1,ann", "2,bo", "2,bob", "5"]],
    ["anti", ["", "3,cy"]],
  ])("%s", async (kind, expected) => {
    expect(await run(kind)).toEqual(expected.toSorted(byBytes));
  });

  it("joins by other columns, and counts lines without them", async () => {
    const { records, counters } = await testJob(join, {
      inputs: { left: ["a\tk\tb", "short"], right: ["1\t2\tk", "k"] },
      params: { leftColumn: "2", rightColumn: "3" },
    });
    expect(records).toEqual(["k\ta\tb\t1\t2"]);
    expect(counters["join.malformed"]).toBe(2);
  });

  it("refuses an empty separator and a kind that there is not", async () => {
    const inputs = { left, right };
    await expect(testJob(join, { inputs, params: { separator: "" } })).rejects.toThrow(
      /Cannot use parameter "separator"/u,
    );
    await expect(testJob(join, { inputs, params: { kind: "iner" } })).rejects.toThrow(/did you mean "inner"/u);
  });
});
