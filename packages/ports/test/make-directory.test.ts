import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { makeDirectoryTree, makeDirectoryTreeSync } from "../src/make-directory.ts";

function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "millrace-ports-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe("makeDirectoryTree()", () => {
  it("makes the parents that are missing and tells the topmost, also while others make the same", async () => {
    const directory = temporaryDirectory();
    const path = join(directory, "a/b/c");
    const made = await Promise.all(Array.from({ length: 8 }, () => makeDirectoryTree(path)));
    expect(made).toContain(join(directory, "a"));
    expect(await makeDirectoryTree(path)).toBeUndefined();
    expect(await makeDirectoryTree(join(path, "d"))).toBe(join(path, "d"));
    expect(await makeDirectoryTree("/")).toBeUndefined();
  });

  it("refuses a file as the parent or in its place", async () => {
    const file = join(temporaryDirectory(), "file");
    writeFileSync(file, "x");
    await expect(makeDirectoryTree(file)).rejects.toMatchObject({ code: "EEXIST" });
    await expect(makeDirectoryTree(join(file, "a/b"))).rejects.toMatchObject({ code: "ENOTDIR" });
    expect(() => makeDirectoryTreeSync(join(file, "a/b"), 0o700)).toThrow("ENOTDIR");
  });

  it("makeDirectoryTreeSync() gives what it makes a mode", () => {
    const directory = temporaryDirectory();
    makeDirectoryTreeSync(join(directory, "a/b"), 0o700);
    makeDirectoryTreeSync(join(directory, "a/b"), 0o700);
    expect(["a", "a/b"].map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o700, 0o700]);
  });

  it.runIf(existsSync("/proc/self"))("ends where a directory takes no names, whoever asks", async () => {
    await expect(makeDirectoryTree("/proc/none/a/b")).rejects.toThrow(/^E/);
    expect(() => makeDirectoryTreeSync("/proc/none/a/b")).toThrow(/^E/);
  });
});
