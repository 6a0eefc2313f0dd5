// 1,000 map tasks of 1,000 bytes each: what a task costs beside its work, and what the coordinator holds.
// Usage: node bench/many-tasks.ts [--tasks 1000]

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startTestCluster } from "../e2e/cluster.ts";
import { millrace } from "../e2e/harness.ts";
import { costOf } from "./process-cost.ts";

const { values } = parseArgs({ options: { tasks: { type: "string", default: "1000" } } });
const tasks = Number(values.tasks);
const scratch = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const cluster = await startTestCluster({ workers: 2, slots: 1 });
try {
  await millrace(["gen", "text", join(scratch, "in.txt"), "--bytes", String(tasks * 1_000)]);
  const times: Record<string, number> = {};
  for (const [name, splitBytes] of [
    ["warm-up", "1GiB"],
    ["one map", "1GiB"],
    [`${tasks} maps`, "1000"],
  ] as const) {
    const result = await millrace(
      [
        "submit",
        "word-count",
        join(scratch, "in.txt"),
        join(scratch, `out-${name}`),
        "--split-bytes",
        splitBytes,
        "--reduces",
        "1",
      ],
      { env: cluster.env, timeoutMs: 300_000 },
    );
    if (result.exit !== 0) throw new Error(result.stderr);
    times[name] = result.ms;
  }
  const many = times[`${tasks} maps`] ?? Number.NaN;
  const one = times["one map"] ?? Number.NaN;
  const coordinator = costOf(cluster.daemons.slice(0, 1).map((daemon) => daemon.pid))[0];
  console.table({
    "one map ms": Math.round(one),
    [`${tasks} maps ms`]: Math.round(many),
    "overhead a task ms": ((many - one) / tasks).toFixed(2),
    "coordinator peak RSS MiB": Math.round(coordinator?.peakRssMiB ?? Number.NaN),
    "coordinator cpu s": coordinator?.cpuSeconds,
  });
} finally {
  await cluster.stop();
  rmSync(scratch, { recursive: true });
}
