import { describe, expect, it } from "vitest";
import { createPlaces, isPlaceWithin, placesOverlap } from "../../src/index.ts";
import { createHdfsPlaces } from "../../src/hdfs/hdfs-place.ts";
import { readConfiguration } from "../../src/hdfs/hadoop-configuration.ts";

function configured(properties: Readonly<Record<string, string>>): ReturnType<typeof createHdfsPlaces> {
  const lines = Object.entries(properties).map(
    ([name, value]) => `<property><name>${name}</name><value>${value}</value></property>`,
  );
  const text = `<configuration>${lines.join("")}</configuration>`;
  const readFile = (path: string): string | undefined => (path.endsWith("core-site.xml") ? text : undefined);
  return createHdfsPlaces({}, readConfiguration({ directory: "/conf", readFile, environment: {}, userName: "me" }));
}

describe("createHdfsPlaces() on an HA service", () => {
  const placeOf = configured({
    "fs.defaultFS": "hdfs://ns",
    "dfs.nameservices": "ns,far",
    "dfs.ha.namenodes.ns": "a,b",
    "dfs.namenode.rpc-address.ns.a": "nn1:8020",
    "dfs.namenode.rpc-address.ns.b": "nn2:8020",
    "dfs.namenode.http-address.ns.a": "nn1:9870",
    "dfs.namenode.https-address.ns.b": "nn2:9871",
    "dfs.namenode.rpc-address.far": "nn3:8020",
  });

  it("knows the service by each of its names", () => {
    const place = placeOf("hdfs://ns/data/x");
    for (const uri of [
      "hdfs:///data/x",
      "hdfs:///data/%78",
      "hdfs://nn1:8020/data/x",
      "hdfs://nn2/data/x",
      "hdfs://NN2:8020/data/x",
      "webhdfs://nn1:9870/data/x",
      "swebhdfs://nn2:9871/data/x",
      "webhdfs://ns/data/x",
    ])
      expect([uri, placesOverlap(place, placeOf(uri))]).toEqual([uri, true]);
  });

  it("holds other clusters, paths and ports apart", () => {
    const place = placeOf("hdfs://ns/data/x");
    for (const uri of ["hdfs://far/data/x", "hdfs://ns/data/xy", "webhdfs://nn1:9999/data/x"])
      expect([uri, placesOverlap(place, placeOf(uri))]).toEqual([uri, false]);
    expect(isPlaceWithin(placeOf("hdfs:///data/x/y"), place)).toBe(true);
    expect(isPlaceWithin(placeOf("hdfs:///data"), place)).toBe(false);
    expect(isPlaceWithin(place, placeOf("hdfs:///"))).toBe(true);
  });
});

describe("createHdfsPlaces() elsewhere", () => {
  it("one NameNode is known with and without its default port", () => {
    const placeOf = configured({ "fs.defaultFS": "hdfs://nn", "dfs.namenode.http-address": "0.0.0.0:9870" });
    for (const uri of ["hdfs://nn/x", "hdfs://nn:8020/x", "webhdfs://nn:9870/x"])
      expect([uri, placesOverlap(placeOf("hdfs:///x"), placeOf(uri))]).toEqual([uri, true]);
  });

  it("a host that the configuration does not name is the same at Hadoop's default ports", () => {
    const placeOf = configured({ "fs.defaultFS": "file:///" });
    expect(placesOverlap(placeOf("hdfs://nn/x"), placeOf("webhdfs://nn:9870/x"))).toBe(true);
    expect(placesOverlap(placeOf("hdfs://nn/x"), placeOf("hdfs://other/x"))).toBe(false);
  });

  it("what cannot be placed, and other storages, are what their text says", async () => {
    const places = createPlaces({});
    expect(await places.placeOf("file:///data/x")).toEqual({ roots: ["file://"], path: "/data/x" });
    expect(await places.placeOf("hdfs:///data/x")).toEqual({ roots: ["hdfs://"], path: "/data/x" });
  });
});
