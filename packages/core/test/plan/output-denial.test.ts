import { describe, expect, it } from "vitest";
import { outputDenialText } from "../../src/index.ts";

describe("outputDenialText()", () => {
  it("tells a parent that is missing from one that may not be written, with the storage's own words", () => {
    const uri = "hdfs://ns/user/c2";
    expect(outputDenialText(uri, { reason: "missing", because: "it is not there" })).toBe(
      'Cannot write "hdfs://ns/user/c2": its parent "hdfs://ns/user" is missing; make it, or choose another output',
    );
    const because = 'Permission denied: user=ada, access=WRITE, inode="/user":hdfs:supergroup:drwxr-xr-x\n';
    expect(outputDenialText(uri, { reason: "denied", because })).toBe(
      'Cannot write "hdfs://ns/user/c2": its parent "hdfs://ns/user" may not be written, Permission denied: user=ada, access=WRITE, inode="/user":hdfs:supergroup:drwxr-xr-x\\n; grant access to it, or choose another output',
    );
    expect(outputDenialText(uri, { reason: "invalid", because: "it is a file" })).toBe(
      'Cannot write "hdfs://ns/user/c2": its parent "hdfs://ns/user" is no directory; choose another output',
    );
  });
});
