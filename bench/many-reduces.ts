// Word count of a small input into many partitions: what a reduce task costs beside its work, by processor time of who
// spent it. Usage: node bench/many-reduces.ts [--bytes 10485760] [--split-bytes 128MiB] [--reduces 64,512,999]

import { join } from "node:path";
import { parseArgs } from "node:util";
import { millrace } from "../e2e/harness.ts";
import { cpuPer, startWarmCluster } from "./warm-cluster.ts";

const { values } = parseArgs({
  options: {
    bytes: { type: "string", default: "10485760" },
    "split-bytes": { type: "string", default: "128MiB" },
    reduces: { type: "string", default: "64,512,999" },
  },
});
const warm = await startWarmCluster();
try {
  const input = join(warm.scratch, "in.txt");
  await millrace(["gen", "text", input, "--bytes", values.bytes]);
  const shape = (reduces: string) => ({ splitBytes: values["split-bytes"], reduces });
  for (let index = 0; index < 2; index += 1) await warm.run(input, `warm-up-${index}`, shape("8"));
  const table: Record<string, object> = {};
  const begun = warm.cpu();
  const one = await warm.run(input, "one", shape("1"));
  table["1"] = { "whole job ms": Math.round(one), ...cpuPer(1, begun, warm.cpu()) };
  for (const reduces of values.reduces.split(",")) {
    const before = warm.cpu();
    const ms = await warm.run(input, `out-${reduces}`, shape(reduces));
    table[reduces] = {
      "whole job ms": Math.round(ms),
      "more ms a task": ((ms - one) / (Number(reduces) - 1)).toFixed(2),
      ...cpuPer(Number(reduces), before, warm.cpu()),
    };
  }
  console.log("whole job, then processor time in ms a task (of the first line: in all)");
  console.table(table);
} finally {
  await warm.stop();
}
