import { describe, expect, it } from "vitest";
import { readConfiguration } from "../../src/hdfs/hadoop-configuration.ts";
import type { HadoopConfiguration } from "../../src/hdfs/hadoop-configuration.ts";

function configuration(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): HadoopConfiguration {
  return readConfiguration({
    directory: "/conf",
    readFile: (path) => files[path],
    environment,
    userName: "alice",
  });
}

function site(...properties: readonly string[]): string {
  return `<?xml version="1.0"?>\n<configuration xmlns:xi="http://www.w3.org/2001/XInclude">${properties.join("")}</configuration>`;
}

function property(name: string, value: string, rest = ""): string {
  return `<property><name>${name}</name><value>${value}</value>${rest}</property>`;
}

describe("readConfiguration()", () => {
  it("lets hdfs-site.xml override core-site.xml, and a later property an earlier one", () => {
    const found = configuration({
      "/conf/core-site.xml": site(property("a", "1"), property("a", "2"), property("b", "1")),
      "/conf/hdfs-site.xml": site(property("b", " 3 ")),
    });
    expect([found.get("a"), found.get("b"), found.get("c")]).toEqual(["2", "3", undefined]);
    expect(found.names).toEqual(["a", "b"]);
  });

  it("keeps a final property", () => {
    const found = configuration({
      "/conf/core-site.xml": site(property("a", "1", "<final>true</final>")),
      "/conf/hdfs-site.xml": site(property("a", "2")),
    });
    expect(found.get("a")).toBe("1");
  });

  it("expands properties, the environment with defaults, and the user's name", () => {
    const found = configuration(
      {
        "/conf/core-site.xml": site(
          property("host", "nn1"),
          property("address", "${host}:${port}"),
          property("port", "${env.PORT:-9870}"),
          property("nested", "${${which}}"),
          property("which", "host"),
          property("home", "/user/${user.name}"),
          property("unknown", "${nobody} ${env.NONE}"),
          property("empty", "${env.EMPTY:-x} ${env.EMPTY-y}"),
          property("loop", "${loop}"),
        ),
      },
      { EMPTY: "" },
    );
    expect(found.get("address")).toBe("nn1:9870");
    expect(found.get("nested")).toBe("nn1");
    expect(found.get("home")).toBe("/user/alice");
    expect(found.get("unknown")).toBe("${nobody} ${env.NONE}");
    expect(found.get("empty")).toBe("x");
    expect(found.get("loop")).toBe("${loop}");
  });

  it("reads includes beside the file in their place, and passes over an optional one that is missing", () => {
    const found = configuration({
      "/conf/core-site.xml": site(
        property("a", "1"),
        '<xi:include href="more/extra.xml"/>',
        property("b", "3"),
        '<xi:include href="none.xml"><xi:fallback/></xi:include>',
      ),
      "/conf/more/extra.xml": site(property("a", "2"), property("b", "2"), '<xi:include href="/other/one.xml"/>'),
      "/other/one.xml": property("c", "4"),
    });
    expect(["a", "b", "c"].map((name) => found.get(name))).toEqual(["2", "3", "4"]);
  });

  it("takes properties as attributes, old names, CDATA and entities", () => {
    const found = configuration({
      "/conf/core-site.xml": site(
        '<property name="x" value="1" final="true"/>',
        property("fs.default.name", "hdfs://old:8020"),
        property("text", "a &amp; <![CDATA[b < c]]>"),
        "<property><name>none</name></property>",
      ),
    });
    expect(found.get("x")).toBe("1");
    expect(found.get("fs.defaultFS")).toBe("hdfs://old:8020");
    expect(found.get("text")).toBe("a & b < c");
    expect(found.get("none")).toBeUndefined();
  });

  it.each([
    ["no files", {}, "neither core-site.xml nor hdfs-site.xml"],
    ["no XML", { "/conf/core-site.xml": "<configuration><property></configuration>" }, "core-site.xml"],
    ["another root", { "/conf/core-site.xml": "<html/>" }, "<html>"],
    ["a missing include", { "/conf/core-site.xml": site('<xi:include href="none.xml"/>') }, "/conf/none.xml"],
    ["a remote include", { "/conf/core-site.xml": site('<xi:include href="http://x/y.xml"/>') }, "http://x/y.xml"],
    ["an endless include", { "/conf/core-site.xml": site('<xi:include href="core-site.xml"/>') }, "deep"],
    [
      "an external entity",
      { "/conf/core-site.xml": '<!DOCTYPE a [<!ENTITY e SYSTEM "/etc/passwd">]><configuration>&e;</configuration>' },
      "core-site.xml",
    ],
  ])("refuses %s", (_what, files, text) => {
    expect(() => configuration(files)).toThrow(
      expect.objectContaining({ code: "E_CONFIGURATION", message: expect.stringContaining(text) }) as Error,
    );
  });
});
