// `npm run ok`: everything that must hold before a commit, cheapest check first. CI runs the same steps.
// Each step's output is shown; the first failure ends the run with its exit code.
import { spawnSync } from "node:child_process";

/** @type {[string, string, string[]][]} */
const steps = [
  ["format", "npm", ["run", "--silent", "check:format"]],
  ["lint", "npm", ["run", "--silent", "check:lint"]],
  ["types", "npm", ["run", "--silent", "check:types"]],
  ["unused", "npm", ["run", "--silent", "check:unused"]],
  ["kernels", "npm", ["run", "--silent", "check:kernels"]],
  ["tests", "npm", ["test", "--silent"]],
  ["simulation", "npm", ["run", "--silent", "sim", "--", "--seeds", "500"]],
];
const skip = new Set((process.env.OK_SKIP ?? "").split(",").filter((name) => name !== ""));

for (const [name, command, args] of steps) {
  if (skip.has(name)) {
    console.log(`ok: ${name} left to another step (OK_SKIP)`);
    continue;
  }
  const begun = performance.now();
  const run = spawnSync(command, args, { stdio: "inherit" });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`ok: ${name} ${run.status === 0 ? "passed" : "FAILED"} in ${seconds} s`);
  if (run.status !== 0) process.exit(run.status ?? 1);
}
