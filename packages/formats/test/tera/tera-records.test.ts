import { teraRecords } from "@millrace/formats";
import { describe, expect, it } from "vitest";
import { readEach, readOne, writeBytes } from "../read-records.ts";

const row = (first: number): Uint8Array => Uint8Array.from({ length: 100 }, (_, index) => (first + index) & 255);

describe("teraRecords()", () => {
  it("cuts a row into its key and its value, which outlive the chunk", () => {
    // More than the rows of one slab.
    const rows = Array.from({ length: 100 }, (_, index) => row(index));
    const records = readEach(teraRecords(), rows);
    expect(records).toHaveLength(100);
    for (const [index, read] of records.entries()) {
      expect(read).toMatchObject({ record: { key: row(index).subarray(0, 10), value: row(index).subarray(10) } });
    }
  });

  it("writes what it read", () => {
    expect(writeBytes(teraRecords(), [readOne(teraRecords(), row(7)), readOne(teraRecords(), row(9))])).toEqual(
      Uint8Array.from([...row(7), ...row(9)]),
    );
  });

  it.each([0, 1, 99, 101])("gives a bad record for a rest of %s bytes", (bytes) => {
    expect(readEach(teraRecords(), [new Uint8Array(bytes)])).toEqual([{ bad: `the row has ${bytes} bytes, not 100` }]);
  });

  it.each([
    ["a short key", { key: new Uint8Array(9), value: new Uint8Array(90) }, "its key has 9 bytes"],
    ["a long value", { key: new Uint8Array(10), value: new Uint8Array(91) }, "its value has 91 bytes"],
    ["text", { key: "0123456789" as unknown as Uint8Array, value: new Uint8Array(90) }, "its key is no Uint8Array"],
  ])("refuses to write %s", (_what, record, message) => {
    expect(() => writeBytes(teraRecords(), [record])).toThrow(
      expect.objectContaining({ code: "E_VALUE_INVALID", message: expect.stringContaining(message) as string }),
    );
  });
});
