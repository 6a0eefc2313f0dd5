import { crc32 } from "node:zlib";
import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import teraValidate from "../src/tera-validate.ts";
import terasort from "../src/terasort.ts";

/** Rows whose keys come in no order, some of them twice. */
function rowsOf(count: number): readonly Buffer[] {
  return Array.from({ length: count }, (_, index) => {
    const row = Buffer.alloc(100).fill(index % 251, 10);
    row.writeUInt32BE(Math.imul(index % (count - 3), 2_654_435_761) >>> 0, 0);
    row.write(`${index}`, 20);
    return row;
  });
}

const validate = async (input: readonly Buffer[]): Promise<ReadonlyMap<unknown, unknown>> =>
  new Map((await testJob(teraValidate, { input })).records.map((row) => row as readonly [unknown, unknown]));

describe("terasort and tera-validate", () => {
  it("sort rows by their keys, over all part files, and find them in order", async () => {
    const rows = rowsOf(500);
    const { records } = await testJob(terasort, { input: rows, maps: 3, reduces: 4 });
    const sorted = records.map(({ key, value }) => Buffer.concat([key, value]));
    // A stable sort of the input by key.
    expect(sorted).toEqual(rows.toSorted((a, b) => a.compare(b, 0, 10, 0, 10)));
    const report = await validate(sorted);
    const checksum = rows.reduce((sum, row) => sum + BigInt(crc32(row)), 0n).toString(16);
    expect(Object.fromEntries(report)).toEqual({
      records: 500,
      checksum,
      "duplicate keys": 3,
      "unordered records": 0,
      result: "all records are in order",
    });
    // The same rows in another order have the same checksum.
    expect((await validate(rows)).get("checksum")).toBe(checksum);
  });

  it("tera-validate finds what is not in order, inside a piece and where one begins", async () => {
    const sorted = rowsOf(100).toSorted((a, b) => a.compare(b, 0, 10, 0, 10));
    const swapped = [...sorted.slice(0, 10), sorted[11]!, sorted[10]!, ...sorted.slice(12)];
    const report = await validate(swapped);
    expect(report.get("unordered records")).toBe(1);
    expect(report.get("result")).toBe("records are not in order");
    const keys = [sorted[11]!, sorted[10]!].map((row) => row.subarray(0, 10).toString("hex"));
    expect(report.get("first unordered")).toMatch(new RegExp(`: ${keys.join(" ")}$`));
    // Halves the wrong way round: in order but where the second begins.
    const halves = [...sorted.slice(50), ...sorted.slice(0, 50)];
    expect((await validate(halves)).get("unordered records")).toBe(1);
  });

  it("tera-validate says nothing of no rows", async () => {
    expect((await testJob(teraValidate, { input: [] })).records).toEqual([]);
  });
});
