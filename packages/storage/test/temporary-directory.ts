// A directory of its own for each test, gone afterwards.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** Make one; it is removed when the running test ends. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), "millrace-storage-"));
  onTestFinished(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}
