// When all samples of a sample stage are in, the key ranges of the stage that it is for are made and journalled. That
// stage is not launched before; every later reign takes the ranges from the journal and never makes others.

import { invariant } from "../errors/invariant.ts";
import { stageAccepted } from "../journal/job-state.ts";
import { cutKeyRanges } from "../shuffle/key-ranges.ts";
import type { JobRun } from "./job-run.ts";
import type { Turn } from "./turn.ts";

/** Make the key ranges that can be made now. */
export function makeDueRanges(turn: Turn, job: JobRun): void {
  job.state.spec.stages.forEach((stage, index) => {
    const samples = job.state.stages[index];
    if (stage.kind !== "sample" || samples === undefined || !stageAccepted(samples)) return;
    const mapped = job.state.stages[stage.of];
    invariant(mapped !== undefined, `sample stage ${index} of ${job.state.job} is for no stage`);
    if (mapped.cuts !== undefined) return;
    const keys = samples.tasks.flatMap((task) => task.accepted?.result.sample ?? []);
    turn.recordJob(job, { kind: "ranges", stage: stage.of, cuts: cutKeyRanges(keys, mapped.plan.partitions) });
    turn.assignDue = true;
  });
}
