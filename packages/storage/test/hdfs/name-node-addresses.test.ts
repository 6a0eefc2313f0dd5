import { describe, expect, it } from "vitest";
import { emptyConfiguration } from "../../src/hdfs/hadoop-configuration.ts";
import type { HadoopConfiguration } from "../../src/hdfs/hadoop-configuration.ts";
import { nameNodeAddresses } from "../../src/hdfs/name-node-addresses.ts";
import type { HdfsScheme } from "../../src/hdfs/name-node-addresses.ts";

function configured(properties: Readonly<Record<string, string>>): HadoopConfiguration {
  return { directory: "/conf", names: Object.keys(properties).sort(), get: (name) => properties[name] };
}

function addresses(
  scheme: HdfsScheme,
  authority: string,
  properties: Readonly<Record<string, string>> = {},
): readonly string[] {
  return nameNodeAddresses(scheme, authority, configured(properties)).nameNodes;
}

const highlyAvailable = {
  "fs.defaultFS": "hdfs://prod",
  "dfs.nameservices": "prod, other",
  "dfs.ha.namenodes.prod": "nn1,nn2",
  "dfs.namenode.rpc-address.prod.nn1": "a.example:8020",
  "dfs.namenode.rpc-address.prod.nn2": "b.example:8020",
  "dfs.namenode.http-address.prod.nn1": "a.example:9999",
  "dfs.namenode.https-address.prod.nn1": "a.example:9998",
  "dfs.namenode.http-address.prod.nn2": "0.0.0.0:9870",
  "dfs.namenode.rpc-address.other": "c.example:8020",
};

describe("nameNodeAddresses()", () => {
  it("gives both NameNodes of a name service, for hdfs: and webhdfs:", () => {
    const both = ["http://a.example:9999", "http://b.example:9870"];
    expect(addresses("hdfs", "prod", highlyAvailable)).toEqual(both);
    expect(addresses("webhdfs", "prod", highlyAvailable)).toEqual(both);
    expect(addresses("hdfs", "", highlyAvailable)).toEqual(both);
    expect(addresses("swebhdfs", "prod", highlyAvailable)).toEqual([
      "https://a.example:9998",
      "https://b.example:9871",
    ]);
    expect(addresses("hdfs", "prod", { ...highlyAvailable, "dfs.http.policy": "HTTPS_ONLY" })).toEqual([
      "https://a.example:9998",
      "https://b.example:9871",
    ]);
  });

  it("gives the one NameNode of a federated service, and of an RPC address", () => {
    expect(addresses("hdfs", "other", highlyAvailable)).toEqual(["http://c.example:9870"]);
    expect(addresses("hdfs", "a.example:8020", highlyAvailable)).toEqual(["http://a.example:9999"]);
    expect(addresses("hdfs", "b.example", highlyAvailable)).toEqual(["http://b.example:9870"]);
  });

  it("takes the plain HTTP address for the default file system's NameNode only", () => {
    const single = { "fs.defaultFS": "hdfs://nn:9000", "dfs.namenode.http-address": "0.0.0.0:1234" };
    expect(addresses("hdfs", "nn:9000", single)).toEqual(["http://nn:1234"]);
    expect(addresses("hdfs", "", single)).toEqual(["http://nn:1234"]);
    expect(addresses("hdfs", "else:9000", single)).toEqual(["http://else:9870", "http://else:50070"]);
  });

  it("takes an HTTP address as it is, and tries both default ports of a host that nothing names", () => {
    expect(addresses("webhdfs", "nn:1234")).toEqual(["http://nn:1234"]);
    expect(addresses("swebhdfs", "[::1]:1234")).toEqual(["https://[::1]:1234"]);
    expect(addresses("webhdfs", "nn")).toEqual(["http://nn:9870", "http://nn:50070"]);
    expect(addresses("swebhdfs", "nn")).toEqual(["https://nn:9871", "https://nn:50470"]);
    expect(nameNodeAddresses("hdfs", "nn:8020", emptyConfiguration).origin).toContain("default ports");
  });

  it.each([
    ["hdfs", "", {}, "fs.defaultFS"],
    ["hdfs", "", { "fs.defaultFS": "file:///" }, "file:///"],
    ["hdfs", "x", { "dfs.nameservices": "x" }, "dfs.namenode.http-address.x"],
    ["webhdfs", "user@nn:1", {}, "host:port"],
    ["webhdfs", "nn:99999", {}, "host:port"],
  ] as const)("refuses %s://%s of %j", (scheme, authority, properties, text) => {
    expect(() => addresses(scheme, authority, properties)).toThrow(
      expect.objectContaining({ code: "E_CONFIGURATION", message: expect.stringContaining(text) }) as Error,
    );
  });
});
