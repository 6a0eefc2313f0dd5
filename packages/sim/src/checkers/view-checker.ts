// What people see must hold too: progress stays between 0 and 1 and never goes back within a reign (I9), and whatever
// waits has a reason and a deadline (I17).

import { jobView, taskPage } from "@millrace/core";
import type { CoordinatorMachine, JobId } from "@millrace/core";
import { demand } from "../violation.ts";

type JobRun = Parameters<typeof jobView>[0];

/** Look at all jobs as a client would. */
export class ViewChecker {
  private readonly progress = new Map<JobId, number>();

  /** A new reign knows less of what runs: progress may begin anew. */
  forget(): void {
    this.progress.clear();
  }

  check(machine: CoordinatorMachine, atMs: number): void {
    for (const [job, run] of machine.reign.jobs) this.checkJob(job, run, atMs);
  }

  private checkJob(job: JobId, run: JobRun, atMs: number): void {
    const view = jobView(run, atMs);
    const before = this.progress.get(job) ?? 0;
    const shares = [view.progress, ...view.stages.map((stage) => stage.progress)];
    demand(
      shares.every((share) => share >= 0 && share <= 1),
      "I9",
      () => `${job} shows progress ${shares.join()}`,
    );
    demand(view.progress >= before, "I9", () => `${job} shows progress ${view.progress} after ${before}`);
    this.progress.set(job, view.progress);
    if (run.state.outcome !== undefined || !machineRuns(run)) return;
    for (const task of taskPage(run, { state: "waiting", offset: 0, limit: 1_000 }, atMs).tasks) {
      demand(task.wait !== undefined, "I17", () => `${job} ${task.stage}-${task.task} waits without a reason`);
    }
  }
}

function machineRuns({ state }: JobRun): boolean {
  return state.phase === "staging" || state.phase === "running";
}

/** Print why a job waits, one line a reason. */
export function printJobWaits(run: JobRun, atMs: number): string[] {
  return jobView(run, atMs).waits.map(
    ({ reason, text, deadlineInMs }) => `  waits (${reason}): ${text}, at most ${deadlineInMs} ms`,
  );
}
