// Why things wait, and until when at most. Whatever does not move has an entry here: "why is nothing happening" has an
// answer at any moment.

import { shuffleOf } from "../job/stage-writes.ts";
import { waitsForRanges } from "../journal/job-state.ts";
import { limits } from "../limits.ts";
import type { JobRun } from "../schedule/job-run.ts";
import type { TaskStateName, WaitView } from "./view-model.ts";

const noSlot = "no-slot";

/** List what a job waits for, the most telling first. */
export function jobWaits(run: JobRun, atMs: number): readonly WaitView[] {
  const waits: WaitView[] = [];
  const add = (reason: string, text: string, untilMs: number): void => {
    waits.push({ reason, text, deadlineInMs: Math.max(0, Math.round(untilMs - atMs)) });
  };
  const { state } = run;
  if (state.outcome !== undefined) return waits;
  if (run.noWorkerSinceMs !== undefined)
    add("placement", "no worker that lives may take the job's tasks", run.noWorkerSinceMs + limits.placementTimeoutMs);
  if (run.noSpaceSinceMs !== undefined)
    add(
      "disk",
      "no worker has the free disk space that a partition needs",
      run.noSpaceSinceMs + limits.placementTimeoutMs,
    );
  for (const call of run.desk.open.values()) {
    const text = `storage has not yet answered "${call.purpose.kind}"${call.tries > 0 ? `, asked ${call.tries + 1} times` : ""}`;
    add("storage", text, call.retryAtMs ?? atMs + limits.storageRetryMs);
  }
  if (run.commit?.waitUntilMs !== undefined)
    add("storage", "the commit tries again after storage gave no answer", run.commit.waitUntilMs);
  for (const { worker, untilMs } of run.verifying.values())
    add("verify", `a segment on ${worker} is being checked`, untilMs);
  for (const stage of stagesBeforeRanges(run)) add("ranges", rangesText(run, stage), atMs + limitOfTask(run));
  const waiting = run.stages.reduce(
    (sum, stage, index) => sum + (waitsForRanges(state, index) ? 0 : stage.queue.waiting.size),
    0,
  );
  const running = run.running;
  if (waiting > 0 && state.phase === "running" && run.noWorkerSinceMs === undefined) {
    for (const [worker, { untilMs, code }] of run.resting) {
      if (untilMs <= atMs) continue;
      const [reason, why] =
        code === "E_NO_SPACE" ? ["disk", "its disk was full"] : ["worker", `it failed with ${code}`];
      add(reason, `${worker} gets no task of this job for now: ${why}`, untilMs);
    }
    add(
      noSlot,
      `${waiting} task(s) wait for a slot or a gathering place, ${running} attempt(s) of this job run`,
      atMs + limitOfTask(run),
    );
  }
  return waits;
}

function limitOfTask({ state }: JobRun): number {
  return state.spec.options.taskTimeoutMs;
}

/** Stages that could run but for their key ranges. */
function stagesBeforeRanges({ state }: JobRun): readonly number[] {
  if (state.phase !== "running") return [];
  return state.stages.flatMap(({ tasks }, index) => (tasks.length > 0 && waitsForRanges(state, index) ? [index] : []));
}

function rangesText({ state }: JobRun, stage: number): string {
  const sample = state.stages[shuffleOf(state.spec.stages[stage])?.ranges ?? -1];
  return `stage ${stage} waits for key ranges: ${sample?.acceptedTasks ?? 0} of ${sample?.tasks.length ?? 0} samples are in`;
}

/** Say why one task waits. */
export function taskWait(
  run: JobRun,
  task: { readonly stage: number; readonly task: number; readonly state: TaskStateName },
  atMs: number,
): WaitView | undefined {
  const { state } = run;
  if (state.outcome !== undefined) return undefined;
  const stage = state.stages[task.stage];
  if (task.state === "waiting" && stagesBeforeRanges(run).includes(task.stage))
    return { reason: "ranges", text: rangesText(run, task.stage), deadlineInMs: limitOfTask(run) };
  const producer = stage === undefined || stage.plan.reads < 0 ? undefined : state.stages[stage.plan.reads];
  if (producer !== undefined && producer.homedTasks < producer.tasks.length) {
    const missing = producer.tasks.length - producer.homedTasks;
    return {
      reason: "maps",
      text: `waits for the segments of ${missing} of ${producer.tasks.length} task(s) of stage ${stage?.plan.reads}`,
      deadlineInMs: state.spec.options.taskTimeoutMs,
    };
  }
  const wait = jobWaits(run, atMs)[0];
  if (wait?.reason !== noSlot) return wait;
  // How many wait and run is a fact of the job, which its own waits have.
  const takes = stage?.plan.reads === -1 || task.state === "gathering" ? "slot" : "gathering place";
  return { ...wait, text: `waits for a ${takes}` };
}
