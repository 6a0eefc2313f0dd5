// Faults that strike again and again: `npm run test:hdfs -- --repeat 10 faults` gives each of them ten runs, and one
// without --repeat. What became of them is in the table of fault-reporter.ts.

import { it } from "vitest";
import type { FaultRun } from "./fault-reporter.ts";

/** Set by `--repeat` of scripts/test-hdfs.mjs. */
const runs = Number(process.env["HDFS_TESTS_REPEAT"] ?? 1);

/**
 * Have a test of a fault, as many times as is asked for.
 * @param fault - line of the table
 * @param run - fails unless the fault has struck and the output is right. @returns milliseconds of the job that it struck
 */
export function itStands(fault: string, run: () => Promise<number>): void {
  it.for(Array.from({ length: runs }, (_, index) => index + 1))(`${fault}, run %i`, async (_, { task }) => {
    const told: FaultRun = { fault };
    Object.assign(task.meta, { faultRun: told });
    Object.assign(task.meta, { faultRun: { ...told, jobMs: await run() } });
  });
}
