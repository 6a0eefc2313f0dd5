// A warning for jobs that are cut into far more pieces than there is work for: a mistyped `--split-bytes`.

import type { JobView } from "@millrace/core";
import { formatBytes, formatCount } from "./units.ts";

/** A coordinator starts some hundred tasks a second: from here on starting them takes longer than half a minute. */
const tasksMax = 10_000;
/** A task reads 1 MiB in milliseconds, less than it takes to start it. */
const bytesMin = 1024 * 1024;

/** Say so when a job has many map tasks with little to read; undefined when all is well, or it reads no files. */
export function tinyTasksNote({ stages, inputBytes, inputFiles }: JobView): string | undefined {
  const tasks = stages.filter(({ kind }) => kind === "map").reduce((sum, stage) => sum + stage.tasks, 0);
  if (inputFiles === 0 || tasks <= tasksMax || inputBytes / tasks >= bytesMin) return undefined;
  return `${formatCount(tasks)} map tasks of ${formatBytes(Math.round(inputBytes / tasks))} each take longer to start than to run: kill the job and give a greater --split-bytes, or none`;
}
