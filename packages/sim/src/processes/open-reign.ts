// The start of a reign: journals are read, torn tails cut, the machine rebuilt, vectors handed in; the new epoch is one
// more than the last that was made durable.

import { CoordinatorMachine, replayCluster, replayJob } from "@millrace/core";
import type { ClusterRecord, Epoch, JobRecord } from "@millrace/core";
import { readJournal } from "../disk/journal-file.ts";
import type { StateDirectory } from "../disk/state-directory.ts";
import type { Simulation } from "../simulation.ts";
import { coordinatorSettings } from "./settings.ts";

type JobState = NonNullable<ReturnType<typeof replayJob>>;

/** A machine that is ready for `recovered`. */
export interface OpenedReign {
  readonly machine: CoordinatorMachine;
  readonly epoch: Epoch;
  readonly liveJobs: number;
}

/** Read a state directory. */
export function openReign(world: Simulation, directory: StateDirectory): OpenedReign {
  const cluster = replayCluster(readJournal(world, directory.cluster) as ClusterRecord[]);
  const jobs: JobState[] = [];
  for (const [id, files] of [...directory.jobs].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const state = replayJob(readJournal(world, files.journal) as JobRecord[]);
    if (state === undefined) directory.jobs.delete(id);
    else if (!state.swept) jobs.push(state);
  }
  const machine = new CoordinatorMachine({ cluster, jobs, settings: coordinatorSettings });
  for (const state of jobs) restoreVectors(machine, directory, state);
  const live = jobs.filter((state) => state.outcome === undefined);
  if (live.length > 0) world.marks.hit("coordinator-restart");
  const ranged = live.some(({ stages }) =>
    stages.some((stage) => stage.cuts !== undefined && stage.acceptedTasks < stage.tasks.length),
  );
  if (ranged) world.marks.hit("ranges-kept");
  if (live.some((state) => state.phase === "committing" || state.phase === "published"))
    world.marks.hit("restart-in-commit");
  return { machine, epoch: (cluster.epoch + 1) as Epoch, liveJobs: live.length };
}

function restoreVectors(machine: CoordinatorMachine, directory: StateDirectory, state: JobState): void {
  state.stages.forEach((stage, index) => {
    stage.tasks.forEach((task, number) => {
      const at = task.accepted?.result.vectorAt ?? -1;
      if (at < 0) return;
      const vector = directory.job(state.job).vectors[at];
      if (vector === undefined)
        throw new Error(`Cannot restore ${state.job} ${index}-${number}: vector ${at} is not in the side file`);
      machine.restoreVector(state.job, index, number, vector);
    });
  });
}
