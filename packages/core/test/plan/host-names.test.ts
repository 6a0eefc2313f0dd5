import { describe, expect, it } from "vitest";
import { findHost, isSameHost } from "../../src/index.ts";

describe("isSameHost()", () => {
  it("takes a short name for the full one that begins with it, in any case", () => {
    expect(isSameHost("dn1", "dn1.example.org")).toBe(true);
    expect(isSameHost("DN1.Example.org", "dn1")).toBe(true);
    expect(isSameHost("dn1.example.org", "DN1.example.org")).toBe(true);
  });

  it("holds other names and domains apart", () => {
    expect(isSameHost("dn1", "dn10.example.org")).toBe(false);
    expect(isSameHost("dn1.a.org", "dn1.b.org")).toBe(false);
    expect(isSameHost("dn1", "")).toBe(false);
  });

  it("addresses have no labels", () => {
    expect(isSameHost("127", "127.0.0.11")).toBe(false);
    expect(isSameHost("127.0.0.11", "127.0.0.12")).toBe(false);
    expect(isSameHost("fe80::1", "fe80::1")).toBe(true);
  });
});

describe("findHost()", () => {
  it("prefers the very name", () => {
    expect(findHost("dn1", ["dn1.example.org", "dn1"])).toBe("dn1");
  });

  it("takes the only one that a short name may be, and none of two", () => {
    expect(findHost("dn1", ["dn2.a.org", "dn1.a.org"])).toBe("dn1.a.org");
    expect(findHost("dn1", ["dn1.b.org", "dn1.a.org"])).toBeUndefined();
    expect(findHost("dn1.a.org", ["dn1", "dn1.b.org"])).toBe("dn1");
  });
});
