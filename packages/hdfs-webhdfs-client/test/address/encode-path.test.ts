import { describe, expect, it } from "vitest";
import { encodePath, encodeQuery } from "../../src/address/encode-path.ts";

describe("encodePath()", () => {
  it("encodes each segment once", () => {
    expect(encodePath("OPEN", "/a b/100% +;=&#é/x?y")).toBe("/a%20b/100%25%20%2B%3B%3D%26%23%C3%A9/x%3Fy");
    expect(encodePath("OPEN", "/a%20b")).toBe("/a%2520b");
    expect(encodePath("OPEN", "/")).toBe("/");
    expect(encodePath("OPEN", "/dir/")).toBe("/dir");
  });

  it.each(["", "a", "hdfs://nn/a", "/a//b", "/a/./b", "/a/../b", "/\ud800"])("refuses %j", (path) => {
    expect(() => encodePath("OPEN", path)).toThrow(expect.objectContaining({ kind: "invalid", outcome: "not-done" }));
  });
});

describe("encodeQuery()", () => {
  it("leaves out what is undefined, and repeats lists", () => {
    const query = { op: "GETXATTRS", destination: "/a b&c", offset: 0, none: undefined, name: ["x", "y"] };
    expect(encodeQuery(query)).toBe("op=GETXATTRS&destination=%2Fa%20b%26c&offset=0&name=x&name=y");
  });
});
