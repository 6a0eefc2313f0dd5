import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import sort from "../src/sort.ts";
import { byBytes, textOf } from "./twins.ts";

const sorted = async (input: readonly string[], params: Readonly<Record<string, string>> = {}) =>
  (await testJob(sort, { input, params, maps: 3, reduces: 4 })).records;

describe("sort", () => {
  it("sorts lines by their bytes over all part files", async () => {
    const input = [...textOf(400), "\uffee", "\u{10000}", "\0", " "];
    expect(await sorted(input)).toEqual(input.toSorted(byBytes));
  });

  it("writes equal lines once when told to", async () => {
    const input = textOf(400);
    expect(await sorted(input, { unique: "true" })).toEqual([...new Set(input)].toSorted(byBytes));
  });

  it("sorts by the number that a line begins with, lines without one first", async () => {
    const input = ["10 b", "9", "-1.5e2 x", "10 a", "b", "", " 3", "+.5", "a 1", "1e400", "0", "-0"];
    expect(await sorted(input, { numeric: "true" })).toEqual([
      "",
      "a 1",
      "b",
      "-1.5e2 x",
      "-0",
      "0",
      "+.5",
      " 3",
      "9",
      "10 a",
      "10 b",
      "1e400",
    ]);
  });

  it("takes lines up to what a key may have, and refuses longer ones", async () => {
    const long = "x".repeat(65_000);
    expect(await sorted([long, "a"])).toEqual(["a", long]);
    await expect(sorted(["y".repeat(70_000)])).rejects.toMatchObject({ code: "E_KEY_INVALID" });
  });
});
