// What a submission means when it says nothing: one place, so that the command, the SDK and the docs agree.

import { limits } from "../limits.ts";
import type { JobOptions } from "../model/job-spec.ts";

/** Options of a job that sets none. */
export const defaultJobOptions: JobOptions = {
  priority: 0,
  splitBytes: "auto",
  /** One record in a hundred: torn lines at log rotation stay far below, a wrong format goes far above. */
  badRecordsMax: 0.01,
  taskTimeoutMs: limits.taskTimeoutMs,
  attemptsMax: limits.attemptsMaxDefault,
  inputGrowth: "refuse",
};
