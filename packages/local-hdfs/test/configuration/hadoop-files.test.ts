import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { writeConfiguration } from "../../src/configuration/hadoop-files.ts";

it("writeConfiguration() escapes what XML gives a meaning", () => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-hadoop-files-"));
  try {
    writeConfiguration(directory, { "core-site.xml": { "a.b": "x<y&z", count: 2 } });
    const text = readFileSync(join(directory, "core-site.xml"), "utf8");
    expect(text).toContain("<name>a.b</name><value>x&lt;y&amp;z</value>");
    expect(text).toContain("<name>count</name><value>2</value>");
    expect(readFileSync(join(directory, "log4j.properties"), "utf8")).toContain("rootLogger");
  } finally {
    rmSync(directory, { recursive: true });
  }
});
