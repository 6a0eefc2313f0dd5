import { describe, expect, it } from "vitest";
import { parseLocation, parseServerAddress } from "../../src/address/server-address.ts";

describe("parseServerAddress()", () => {
  it("adds port and base path", () => {
    expect(parseServerAddress("http://nn1")).toMatchObject({
      host: "nn1",
      port: 9870,
      secure: false,
      basePath: "/webhdfs/v1",
    });
    expect(parseServerAddress("https://nn1/")).toMatchObject({ port: 9871, secure: true, label: "nn1:9871" });
    expect(parseServerAddress("http://nn1:50070/webhdfs/v1/")).toMatchObject({ port: 50_070, basePath: "/webhdfs/v1" });
    expect(parseServerAddress("https://knox:8443/gateway/a")).toMatchObject({ basePath: "/gateway/a/webhdfs/v1" });
    expect(parseServerAddress("http://[::1]:9870")).toMatchObject({ host: "::1", port: 9870 });
  });

  it.each(["nn1:9870", "hdfs://nn1", "http://", "http://nn1?x", "http://user@nn1"])("refuses %j", (text) => {
    expect(() => parseServerAddress(text)).toThrow(/write it as "http:\/\/host:9870"/u);
  });
});

describe("parseLocation()", () => {
  const from = parseServerAddress("http://gateway:14000");

  it("keeps path and query as they came", () => {
    const target = parseLocation("http://dn1:9864/webhdfs/v1/a%2520b?op=OPEN&x=%2B", from, {});
    expect(target).toEqual({
      secure: false,
      host: "dn1",
      port: 9864,
      connectHost: "dn1",
      connectPort: 9864,
      pathAndQuery: "/webhdfs/v1/a%2520b?op=OPEN&x=%2B",
    });
    expect(parseLocation("/webhdfs/v1/a?data=true", from, {})).toMatchObject({
      host: "gateway",
      port: 14_000,
      pathAndQuery: "/webhdfs/v1/a?data=true",
    });
    expect(parseLocation("https://dn1/x", from, {})?.port).toBe(443);
  });

  it("maps hosts by host:port, host, or a function", () => {
    const at = (hostMap: Parameters<typeof parseLocation>[2]) => {
      const target = parseLocation("http://c0ffee:9864/x", from, hostMap);
      return `${target?.connectHost}:${target?.connectPort}`;
    };
    expect(at({ "c0ffee:9864": "10.0.0.1:19864", c0ffee: "10.0.0.2" })).toBe("10.0.0.1:19864");
    expect(at({ c0ffee: "10.0.0.2" })).toBe("10.0.0.2:9864");
    expect(at({ c0ffee: "[::1]:5" })).toBe("::1:5");
    expect(at((host, port) => `${host}.example:${port + 1}`)).toBe("c0ffee.example:9865");
    expect(at({})).toBe("c0ffee:9864");
    expect(() => at({ c0ffee: "a:b:c" })).toThrow(TypeError);
  });

  it("is undefined for what is no HTTP address", () => {
    expect(parseLocation("hdfs://nn/a", from, {})).toBeUndefined();
    expect(parseLocation("http://dn1/a b", from, {})).toBeUndefined();
    expect(parseLocation("//dn1/a", from, {})).toBeUndefined();
  });
});
