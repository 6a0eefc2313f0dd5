import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { SplitPart } from "@millrace/core";
import { createLocalStorage } from "@millrace/storage";
import { expect, it, onTestFinished } from "vitest";
import { checkPlanned } from "../../src/compute/check-planned.ts";

it("checkPlanned() knows a file again that was modified a part of a millisecond before 1970", async () => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-planned-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "old");
  writeFileSync(path, "x");
  // As text, since Node takes a negative number for now.
  utimesSync(path, "0", "-1.25025");
  const { href: uri } = pathToFileURL(path);
  const listed = await createLocalStorage().status(uri);
  const part: SplitPart = {
    uri,
    offset: 0,
    bytes: 1,
    fileBytes: 1,
    modifiedMs: listed?.modifiedMs ?? 0,
    codec: "none",
  };
  const now = statSync(path);
  expect(part.modifiedMs).toBeLessThan(now.mtimeMs);
  const seen = { bytes: now.size, modifiedMs: now.mtimeMs };
  expect(() => checkPlanned({ part, inputGrowth: "refuse" }, seen)).not.toThrow();
  const other = { part: { ...part, modifiedMs: part.modifiedMs - 1 }, inputGrowth: "refuse" } as const;
  expect(() => checkPlanned(other, seen)).toThrow(/it changed after planning, it was modified at 1969/);
});
