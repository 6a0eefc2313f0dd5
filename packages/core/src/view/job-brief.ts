// What a worker must know of a job before its first attempt, from the job's durable state.

import type { JobBrief } from "../model/session-messages.ts";
import { outputsOf } from "../job/stage-writes.ts";
import type { JobState } from "../journal/job-state.ts";

/** A brief without its secrets, which no machine of the coordinator sees: the driver adds them. */
export type OpenJobBrief = Omit<JobBrief, "shuffleKey" | "storageTokens">;

/** Make the brief of a job. @returns undefined before it is planned and once it is over. */
export function jobBrief({ job, spec, stagingUri, totals, stages, outcome }: JobState): OpenJobBrief | undefined {
  if (totals === undefined || outcome !== undefined) return undefined;
  return {
    job,
    name: spec.name,
    bundleSha256: spec.bundle.sha256,
    ...(spec.files === undefined ? {} : { files: spec.files }),
    params: spec.params,
    taskTimeoutMs: spec.options.taskTimeoutMs,
    inputGrowth: spec.options.inputGrowth,
    ...(spec.options.partFiles === undefined ? {} : { partFiles: spec.options.partFiles }),
    seed: totals.hash,
    stages: stages.map(({ plan }, index) => ({ ...plan, outputs: outputsOf(spec.stages[index]) })),
    stagingUri,
  };
}
