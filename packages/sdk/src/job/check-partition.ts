// Checks how many reduce tasks a job says that it needs, and which of them a key goes to.

import { limits } from "@millrace/core";
import type { ShuffleProgram } from "../program/job-program.ts";
import { type Refuse } from "./definition-checks.ts";
import { kindOf } from "./kind-of.ts";
import { isSampledRanges, sampledRanges } from "./partition.ts";

/** Take a number of reduce tasks that the job itself needs. */
export function checkReduces(reduces: unknown, refuse: Refuse): number | undefined {
  if (reduces === undefined) return undefined;
  if (Number.isSafeInteger(reduces) && (reduces as number) >= 1 && (reduces as number) <= limits.reducesMax)
    return reduces as number;
  return refuse(
    `"reduces" is ${typeof reduces === "number" ? String(reduces) : kindOf(reduces)}; give a whole number from 1 to ${limits.reducesMax}, or leave it out`,
  );
}

/** Take a partitioner: hash where none is given, and where one reduce task needs no ranges. */
export function checkPartition(
  partition: unknown,
  partitions: number | undefined,
  refuse: Refuse,
): ShuffleProgram["partition"] {
  if (partition === undefined) return { kind: "hash" };
  // One range needs no sample.
  if (isSampledRanges(partition)) return partitions === 1 ? { kind: "hash" } : { kind: "ranges" };
  if (partition === sampledRanges)
    refuse('"partition" is the function sampledRanges itself; call it, as in sampledRanges()');
  if (typeof partition !== "function")
    return refuse(`"partition" is ${kindOf(partition)}; give a function (key, partitions), or sampledRanges()`);
  type Choose = Extract<ShuffleProgram["partition"], { kind: "function" }>["choose"];
  return { kind: "function", choose: partition as Choose };
}
