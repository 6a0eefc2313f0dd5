import { describe, expect, it } from "vitest";
import { childUri, refuseRoots, shownName } from "../../src/fs/named-files.ts";

describe("childUri()", () => {
  it.each([
    ["hdfs:///", "a", "hdfs:///a"],
    ["hdfs://nn:8020/", "a", "hdfs://nn:8020/a"],
    ["hdfs://nn/dir", "a", "hdfs://nn/dir/a"],
    ["file:///", "", "file://"],
    ["file:///dir", "", "file:///dir"],
  ])("of %s and %j is %s", (directory, name, uri) => {
    expect(childUri(directory, name)).toBe(uri);
  });
});

describe("refuseRoots()", () => {
  it.each(["file:///", "file://localhost/", "hdfs:///", "hdfs://nn", "hdfs://nn:8020/", "webhdfs://nn:9870//"])(
    "refuses %s",
    (uri) => {
      expect(() => refuseRoots("remove", uri)).toThrow(/root|working directory/u);
    },
  );

  it("refuses what holds the working directory, however it is written", () => {
    expect(() => refuseRoots("remove", `file://localhost${process.cwd()}`)).toThrow(/working directory lies in it/u);
  });

  it("lets names in a root pass", () => {
    refuseRoots("remove", "hdfs:///data");
    refuseRoots("remove", "file:///no-such-directory");
  });
});

it("shownName() is a path for files of this machine and the URI for others", () => {
  expect(shownName("file:///a%20b")).toBe("/a b");
  expect(shownName("hdfs:///a%20b")).toBe("hdfs:///a%20b");
});
