import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fetchJars, hadoopCacheDirectory } from "@millrace/local-hdfs";
import type { Tools } from "@millrace/local-hdfs";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-fetch-jars-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A Maven of a few lines: what it does with the output directory, which is the last argument but one. */
function maven(script: string): Tools {
  const path = join(directory, "mvn");
  writeFileSync(
    path,
    `#!/bin/sh\nfor a in "$@"; do case "$a" in -DoutputDirectory=*) lib="\${a#*=}";; esac; done\n${script}\n`,
  );
  chmodSync(path, 0o755);
  return { java: "java", javaMajor: 17, maven: path };
}

describe("fetchJars()", () => {
  it("asks Maven once and finds the jars later", async () => {
    const cacheDirectory = join(directory, "cache");
    const first = await fetchJars(maven('mkdir -p "$lib"; : > "$lib/hadoop.jar"'), { cacheDirectory });
    expect(existsSync(join(first.directory, "lib", "hadoop.jar"))).toBe(true);
    expect(existsSync(join(first.directory, "web", "webapps", "hdfs", "WEB-INF", "web.xml"))).toBe(true);
    expect(await fetchJars(maven("exit 1"), { cacheDirectory })).toEqual(first);
    expect(readdirSync(cacheDirectory)).toEqual([first.version]);
  });

  it("leaves nothing when Maven fails, and says what Maven said", async () => {
    const cacheDirectory = join(directory, "cache");
    const failing = fetchJars(maven('mkdir -p "$lib"; : > "$lib/half.jar"; echo "cannot resolve host"; exit 1'), {
      cacheDirectory,
    });
    await expect(failing).rejects.toMatchObject({
      code: "E_STORAGE",
      message: expect.stringContaining("cannot resolve host"),
    });
    expect(readdirSync(cacheDirectory)).toEqual([]);
  });

  it("takes what another run has made in the meantime", async () => {
    const cacheDirectory = join(directory, "cache");
    const other = join(cacheDirectory, "3.4.2");
    mkdirSync(cacheDirectory);
    const script = `mkdir -p "$lib" "${other}/lib"; : > "$lib/mine.jar"; : > "${other}/lib/theirs.jar"`;
    const jars = await fetchJars(maven(script), { cacheDirectory });
    expect(readdirSync(join(jars.directory, "lib"))).toEqual(["theirs.jar"]);
  });
});

it("hadoopCacheDirectory() follows XDG_CACHE_HOME when it is absolute", () => {
  expect(hadoopCacheDirectory({ XDG_CACHE_HOME: "/var/cache/ada" })).toBe("/var/cache/ada/millrace/hadoop");
  expect(hadoopCacheDirectory({ XDG_CACHE_HOME: "relative" })).toMatch(/\.cache\/millrace\/hadoop$/);
});
