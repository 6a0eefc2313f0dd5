import { describe, expect, it } from "vitest";
import { BadRecords } from "../../src/attempt/bad-records.ts";

describe("BadRecords", () => {
  it("keeps samples that can be sent when the cut falls into a character of two units", () => {
    const records = new BadRecords();
    for (const begin of ["", "x"]) {
      // Quotes are escaped, so that what is shown is longer than what was read, and cut.
      const text = `${begin}${'"'.repeat(100)}${"😀".repeat(400)}`;
      records.note({ uri: "file:///in", offset: 0 }, new TextEncoder().encode(text), text);
    }
    expect(
      records.samples.flatMap(({ text, reason }) => [text, reason]).filter((each) => !each.isWellFormed()),
    ).toEqual([]);
    expect(records.count).toBe(2);
  });
});
