import type { FileStatus } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import { fullListing, longListing, permissionText, shortListing, statusJson } from "../../src/fs/show-status.ts";

const file: FileStatus = {
  uri: "hdfs:///a%20b",
  kind: "file",
  bytes: 5,
  modifiedMs: 1_700_000_000_999,
  blockBytes: 134_217_728,
  owner: "ada",
  group: "staff",
  permission: 0o640,
  replication: 3,
};
const bare: FileStatus = { uri: "mem:///d", kind: "directory", bytes: 0, modifiedMs: 0, blockBytes: 0 };

/** Cells of the lines of a table. */
function cells(table: string): readonly (readonly string[])[] {
  return table
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/\s{2,}/u));
}

describe("longListing()", () => {
  it("shows permission, copies, owner and group, and a dash for what the storage does not know", () => {
    expect(cells(longListing([file, bare]))).toEqual([
      ["KIND", "PERMISSION", "COPIES", "OWNER", "GROUP", "BYTES", "MODIFIED", "NAME"],
      ["file", "rw-r-----", "3", "ada", "staff", "5", "2023-11-14T22:13:20Z", "hdfs:///a%20b"],
      ["directory", "-", "-", "-", "-", "-", "1970-01-01T00:00:00Z", "mem:///d"],
    ]);
  });
});

it("shortListing() shows kind, size, time and name", () => {
  expect(cells(shortListing([file]))[1]).toEqual(["file", "5", "2023-11-14T22:13:20Z", "hdfs:///a%20b"]);
});

it("fullListing() shows the block size too", () => {
  expect(fullListing([file])).toMatch(/  128(?:\.0)? MiB  /u);
});

it("statusJson() writes the permission as octal text", () => {
  expect(JSON.parse(statusJson([file, bare]))).toEqual([{ ...file, permission: "640" }, bare]);
});

it.each([
  [0o644, "rw-r--r--"],
  [0o1777, "rwxrwxrwt"],
  [0o1776, "rwxrwxrwT"],
  [0o6755, "rwsr-sr-x"],
  [0, "---------"],
])("permissionText() of %o is %s", (permission, text) => {
  expect(permissionText(permission)).toBe(text);
});
