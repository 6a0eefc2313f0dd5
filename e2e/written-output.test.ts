// What commands print, where it cannot be written or is read late: their exit codes tell it.

import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scratchDirectory } from "./harness.ts";
import type { ScratchDirectory } from "./harness.ts";

const bin = fileURLToPath(new URL("../packages/cli/bin/millrace.js", import.meta.url));
let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
});
afterEach(() => directory.remove());

/** Run a command whose stdout is a file. @returns its exit code. */
function exitInto(path: string, args: readonly string[]): number | null {
  const stdout = openSync(path, "w");
  const run = spawnSync(process.execPath, [bin, ...args], { cwd: directory.path, stdio: ["ignore", stdout, "ignore"] });
  closeSync(stdout);
  return run.status;
}

describe.runIf(existsSync("/dev/full"))("a full disk behind stdout", () => {
  it.each([
    ["version", 1],
    ["jobs", 1],
    ["jobs -o json", 1],
    ["run --help", 1],
    ["run word-count input output -o json", 1],
    // Nothing is written there: what has failed before says so.
    ["run word-count none output", 7],
    ["nonsense", 2],
  ])("%s ends with %i", (line, exit) => {
    writeFileSync(join(directory.path, "input"), "a b\n");
    expect(exitInto("/dev/full", line.split(" "))).toBe(exit);
    expect(existsSync(join(directory.path, "output/_SUCCESS"))).toBe(line.includes("input"));
  });
});

describe("a pipe behind stdout", () => {
  const text = "line\n".repeat(400_000);

  it("is given all, however late it reads", async () => {
    writeFileSync(join(directory.path, "input"), text);
    const child = spawn(process.execPath, [bin, "fs", "cat", join(directory.path, "input")], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let bytes = 0;
    // A chunk a turn: slower than the command writes.
    for await (const chunk of child.stdout) {
      bytes += (chunk as Buffer).length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(bytes).toBe(text.length);
  });

  it("hides no failure when its reader has gone", () => {
    const shell = (line: string): string =>
      spawnSync("bash", ["-c", line, "bash", process.execPath, bin], { cwd: directory.path, encoding: "utf8" }).stdout;
    expect(shell('"$1" "$2" nonsense 2>&1 | true; echo "${PIPESTATUS[0]}"')).toBe("2\n");
    expect(shell('"$1" "$2" jobs | true; echo "${PIPESTATUS[0]}"')).toBe("0\n");
    expect(shell('"$1" "$2" nonsense 2>&1 | cat >said; echo "${PIPESTATUS[0]}"')).toBe("2\n");
    expect(readFileSync(join(directory.path, "said"), "utf8")).toMatch(/E_USAGE/);
  });
});
