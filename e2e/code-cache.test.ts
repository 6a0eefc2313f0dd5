// V8's code cache of the command: runs add what they compile once, whatever they are run on.

import { cpSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { millrace, scratchDirectory } from "./harness.ts";
import type { ScratchDirectory } from "./harness.ts";

let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
});
afterEach(() => directory.remove());

it("jobs are kept by their content", async () => {
  const at = (name: string): string => join(directory.path, name);
  const entries = (): readonly string[] =>
    readdirSync(at("cache/millrace/code"), { recursive: true, encoding: "utf8" });
  writeFileSync(at("input"), "a b\n");
  const fixture = fileURLToPath(new URL("fixtures/words-by-hand.ts", import.meta.url));
  cpSync(fixture, at("job.ts"));
  const run = async (job: string, output: string): Promise<void> => {
    const { exit, stderr } = await millrace(["run", job, "input", output, "-q"], {
      cwd: directory.path,
      env: { XDG_CACHE_HOME: at("cache") },
    });
    expect(exit, stderr).toBe(0);
  };
  for (const job of ["word-count", "./job.ts"]) {
    await run(job, `${job}-1`);
    const once = entries();
    await run(job, `${job}-2`);
    await run(job, `${job}-3`);
    expect(entries()).toEqual(once);
  }
});
