// `npm run kernel-cases`: runs the tests that hold kernels against their twins, and prints how many random cases each of
// them ran (count-cases.ts counts). More filters of test files may follow.

import { relative } from "node:path";
import { startVitest } from "vitest/node";

/** What the files' paths hold. */
const filters = ["kernel", "key-queue", "state-collector", ...process.argv.slice(2)];

const reporter = {
  /** @param {readonly import("vitest/node").TestModule[]} modules */
  onTestRunEnd: (modules) => {
    let [cases, properties, failures] = [0, 0, 0];
    for (const module of modules.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1))) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state, errors } = test.result();
        if (state !== "failed") continue;
        failures += 1;
        console.log(`failed: ${test.fullName}\n${errors[0]?.message}`);
      }
      const counted = tests.filter((test) => test.meta().cases !== undefined);
      if (counted.length === 0) continue;
      console.log(relative(process.cwd(), module.moduleId));
      for (const test of counted) {
        cases += test.meta().cases;
        properties += 1;
        console.log(`${String(test.meta().cases).padStart(8)}  ${test.fullName}`);
      }
    }
    console.log(`${String(cases).padStart(8)}  cases in ${properties} tests; of all tests ${failures} failed`);
  },
};

process.env.COUNT_CASES = "1";
const vitest = await startVitest("test", filters, {
  watch: false,
  project: ["data", "formats"],
  reporters: [reporter],
});
await vitest.close();
