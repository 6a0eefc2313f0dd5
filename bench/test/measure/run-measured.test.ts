import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createMemoryLimit } from "../../measure/memory-limit.ts";
import { runMeasured } from "../../measure/run-measured.ts";

const directory = mkdtempSync(join(tmpdir(), "millrace-bench-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

const bash = (script: string, deadlineMs = 20_000) =>
  runMeasured({ file: "bash", args: ["-c", script] }, { directory, deadlineMs });

test("runMeasured() tells wall and processor time of children too", async () => {
  const outcome = await bash("bash -c 'for ((i = 0; i < 100000; i++)); do :; done'; sleep 0.2");
  if (outcome.kind !== "ended") throw new Error(outcome.reason);
  expect(outcome.cost.wallSeconds).toBeGreaterThan(0.2);
  expect(outcome.cost.cpuSeconds).toBeGreaterThan(0.01);
  expect(outcome.cost.peakBytes).toBeGreaterThan(100_000);
  expect(outcome.cost.peakRssBytes).toBeGreaterThanOrEqual(outcome.cost.peakBytes);
});

test("runMeasured() gives the last words of who fails", async () => {
  expect(await bash("echo first >&2; echo no such thing >&2; exit 3")).toEqual({
    kind: "failed",
    reason: "exit 3: first | no such thing",
  });
});

test("runMeasured() kills at the deadline, children included", async () => {
  const outcome = await bash("sleep 600 & sleep 600", 300);
  expect(outcome).toEqual({ kind: "failed", reason: "no end within 0.3 s" });
});

test("runMeasured() kills who takes more memory than the bound, and not who takes less", async () => {
  const limit = createMemoryLimit(300 * 2 ** 20);
  const take = (mebibytes: number) =>
    runMeasured(
      {
        file: process.execPath,
        args: ["-e", `const bytes = Buffer.alloc(${mebibytes} * 2 ** 20, 1); setTimeout(() => bytes[0], 300)`],
      },
      { directory, deadlineMs: 20_000, limit },
    );
  try {
    expect(await take(600)).toEqual({ kind: "failed", reason: "killed, as it took more than 300 MiB" });
    expect(await take(20)).toMatchObject({ kind: "ended" });
  } finally {
    limit.remove();
  }
});
