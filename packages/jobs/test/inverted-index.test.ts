import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import invertedIndex from "../src/inverted-index.ts";
import { byBytes, countEach, textOf } from "./twins.ts";

describe("inverted-index", () => {
  it("has a row for each word, with the files in which it occurs and how often", async () => {
    const input = textOf(200);
    const records = (await testJob(invertedIndex, { input })).records as readonly (readonly string[])[];
    const counts = countEach(input.flatMap((line) => line.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []));
    const found = new Map(
      records.map(([word, ...files]) => [word, files.reduce((sum, file) => sum + Number(file.split(":").at(-1)), 0)]),
    );
    expect(found).toEqual(counts);
    for (const [, ...files] of records) expect(files).toEqual(files.toSorted(byBytes));
  });
});
