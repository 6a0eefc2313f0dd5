// 1,000 map tasks of 1,000 bytes each: what a task costs beside its work, and what the coordinator holds. The client is
// in this process, so that no command's start counts. Usage: node bench/many-tasks.ts [--tasks 1000]

import { join } from "node:path";
import { parseArgs } from "node:util";
import { millrace } from "../e2e/harness.ts";
import { costOf } from "./process-cost.ts";
import { cpuPer, startWarmCluster } from "./warm-cluster.ts";

const { values } = parseArgs({ options: { tasks: { type: "string", default: "1000" } } });
const tasks = Number(values.tasks);
const warm = await startWarmCluster();
try {
  const input = join(warm.scratch, "in.txt");
  await millrace(["gen", "text", input, "--bytes", String(tasks * 1_000)]);
  const shape = (splitBytes: string) => ({ splitBytes, reduces: "1" });
  for (let index = 0; index < 3; index += 1) await warm.run(input, `warm-up-${index}`, shape("1GiB"));
  const one = await warm.run(input, "one", shape("1GiB"));
  const before = warm.cpu();
  const many = await warm.run(input, "many", shape("1000"));
  const after = warm.cpu();
  const coordinator = costOf(warm.cluster.daemons.slice(0, 1).map((daemon) => daemon.pid))[0];
  console.table({
    "one map ms": Math.round(one),
    [`${tasks} maps ms`]: Math.round(many),
    "overhead a task ms": ((many - one) / tasks).toFixed(2),
    "coordinator peak RSS MiB": Math.round(coordinator?.peakRssMiB ?? Number.NaN),
  });
  console.log("processor time, ms a task");
  console.table([cpuPer(tasks, before, after)]);
} finally {
  await warm.stop();
}
