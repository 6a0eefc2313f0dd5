import fs, { mkdtempSync, rmSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createLocalOutput } from "../../src/compute/attempt-outputs.ts";

describe("createLocalOutput()", () => {
  it.each([
    ["ENOSPC", "free space on its disk"],
    ["EDQUOT", "free space on its disk"],
    ["EIO", "check the storage and its permissions"],
  ])("says what to do about %s", (code, mend) => {
    const directory = mkdtempSync(join(tmpdir(), "millrace-output-"));
    const output = createLocalOutput(directory, "part-00000");
    const fails = vi.spyOn(fs, "writeSync").mockImplementation(() => {
      throw Object.assign(new Error(`${code}: write`), { code });
    });
    syncBuiltinESMExports();
    onTestFinished(() => {
      output.discard();
      fails.mockRestore();
      syncBuiltinESMExports();
      rmSync(directory, { recursive: true });
    });
    expect(() => {
      output.write(Buffer.from("x"));
    }).toThrow(`Cannot write output file "${join(directory, "part-00000")}": ${code}: write; ${mend}`);
  });
});
