// An input that is changed or gone between planning and reading: the job fails and says so, and nothing is left.
// A log that only grows may be read to its planned length, when asked for.

import { appendFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { CommandResult, ScratchDirectory } from "./harness.ts";
import { digestParts, readParts, scratchDirectory, startMillrace } from "./harness.ts";

let directory: ScratchDirectory;
const at = (name: string): string => join(directory.path, name);
beforeEach(() => {
  directory = scratchDirectory();
  writeFileSync(at("in.txt"), "a b a\n");
});
afterEach(() => directory.remove());

/** Run word count whose map waits after planning, and change the input meanwhile. */
async function runWhile(change: () => void, flags: readonly string[] = []): Promise<CommandResult> {
  const begun = performance.now();
  const command = startMillrace(["run", "word-count", "in.txt", "out", "--attempts-max", "1", ...flags], {
    cwd: directory.path,
    env: { MILLRACE_FAILPOINTS: "host.beforeMap=delay:1500" },
  });
  // The progress line comes once the job is planned; the map begins 1.5 s after it was launched.
  await new Promise<void>((resolve) => {
    command.process.stderr?.on("data", () => {
      if (command.stderr().includes("map 0/1")) resolve();
    });
  });
  change();
  return {
    exit: await command.ended,
    stdout: command.stdout(),
    stderr: command.stderr(),
    ms: performance.now() - begun,
  };
}

describe("an input that is", () => {
  it.each<[string, () => void]>([
    ["appended to", () => appendFileSync(at("in.txt"), "c\n")],
    ["cut", () => truncateSync(at("in.txt"), 2)],
    [
      "replaced by another of the same length",
      () => {
        writeFileSync(at("other"), "c d c\n");
        renameSync(at("other"), at("in.txt"));
      },
    ],
    ["deleted", () => rmSync(at("in.txt"))],
  ])("%s while the job runs fails it", async (_, change) => {
    const result = await runWhile(change);
    expect(result.exit, result.stderr).toBe(1);
    expect(result.stderr).toMatch(/in\.txt[\s\S]*E_INPUT_CHANGED/);
    expect(digestParts(at("out"))).toEqual({});
  });

  it("a growing log is read to its planned length with --input-growth prefix", async () => {
    const result = await runWhile(() => appendFileSync(at("in.txt"), "c\n"), ["--input-growth", "prefix"]);
    expect(result.exit, result.stderr).toBe(0);
    expect(readParts(at("out"))).toBe("a\t2\nb\t1\n");
  });
});
