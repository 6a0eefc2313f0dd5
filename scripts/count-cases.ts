// Set up before tests when COUNT_CASES is set: notes of each test how many random cases its properties ran, for
// scripts/kernel-cases.mjs to print.

import * as fc from "fast-check";
import { TestRunner } from "vitest";

declare module "vitest" {
  interface TaskMeta {
    /** Cases of all properties that the test ran. */
    cases?: number;
  }
}

fc.configureGlobal({
  reporter: (details) => {
    const test = TestRunner.getCurrentTest();
    if (test !== undefined) test.meta.cases = (test.meta.cases ?? 0) + details.numRuns;
    // What fast-check does when nobody reports.
    if (details.failed) throw new Error(fc.defaultReportMessage(details), { cause: details.errorInstance });
  },
});
