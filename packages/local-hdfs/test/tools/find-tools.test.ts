import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTools } from "@millrace/local-hdfs";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-find-tools-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Put a program in a directory below the test's own. */
function program(folder: string, name: string, says = ""): string {
  const path = join(directory, folder, name);
  mkdirSync(join(directory, folder), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${says}' >&2\n`);
  chmodSync(path, 0o755);
  return path;
}

const java17 = 'openjdk version "17.0.15" 2025-04-15';

describe("findTools()", () => {
  it("finds both in PATH", () => {
    const java = program("bin", "java", java17);
    const maven = program("bin", "mvn");
    expect(findTools({ PATH: join(directory, "bin") })).toEqual({
      kind: "found",
      tools: { java, javaMajor: 17, maven },
    });
  });

  it("takes the Java of JAVA_HOME before that of PATH", () => {
    program("bin", "java", 'openjdk version "1.8.0_452"');
    program("bin", "mvn");
    const java = program("jdk/bin", "java", java17);
    const found = findTools({ PATH: join(directory, "bin"), JAVA_HOME: join(directory, "jdk") });
    expect(found).toMatchObject({ kind: "found", tools: { java } });
  });

  it.each([
    ["1.8.0_452", "is Java 8"],
    ["25", "is Java 25"],
  ])("refuses Java %s", (version, reason) => {
    program("bin", "java", `openjdk version "${version}"`);
    program("bin", "mvn");
    expect(findTools({ PATH: join(directory, "bin") })).toMatchObject({
      kind: "missing",
      reason: expect.stringContaining(reason),
    });
  });

  it("says which program is missing", () => {
    expect(findTools({ PATH: directory })).toMatchObject({ reason: expect.stringContaining("`java`") });
    program("bin", "java", java17);
    expect(findTools({ PATH: join(directory, "bin") })).toMatchObject({ reason: expect.stringContaining("`mvn`") });
  });
});
