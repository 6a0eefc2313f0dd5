// Dropping a job: its attempts stop, its runs and gathered files go, and its directory as soon as nothing of it runs.

import { attemptKey, type JobId } from "../../model/ids.ts";
import { sortedAttempts } from "./attempt-table.ts";
import { closeGather, sortedGathers } from "./gather-table.ts";
import { deleteRun, sortedHeld } from "./held-runs.ts";
import { deleteIdleJobs, dropItem, jobOf, sortedJobs } from "./job-table.ts";
import type { WorkerTurn } from "./worker-state.ts";

/** Obey `forget-job`. A job that is unknown here may have left files, so that it is deleted too. */
export function forgetJob(turn: WorkerTurn, id: JobId): void {
  const job = jobOf(turn, id);
  job.forgotten = true;
  // Held open until the end, so that the job is deleted once and last.
  job.items += 1;
  for (const gather of sortedGathers(turn.state)) if (gather.ref.job === id) closeGather(turn, gather, "delete");
  stopAll(turn, id);
  for (const { attempt } of sortedHeld(turn.state)) if (attempt.job === id) deleteRun(turn, attempt);
  job.items -= 1;
  deleteIdleJobs(turn);
}

/** Forget every job, as when no coordinator has come for too long. */
export function forgetAllJobs(turn: WorkerTurn): void {
  for (const id of sortedJobs(turn)) forgetJob(turn, id);
}

function stopAll(turn: WorkerTurn, id: JobId): void {
  for (const attempt of sortedAttempts(turn.state)) {
    const { ref } = attempt;
    if (ref.job !== id || attempt.kind === "stopping") continue;
    if (attempt.kind === "running") {
      const failure = { code: "E_KILLED", message: `Stopped attempt "${attemptKey(ref)}": its job is over` };
      const againAtMs = turn.atMs + turn.limits.stopRetryMs;
      turn.state.attempts.set(attemptKey(ref), {
        kind: "stopping",
        ref,
        reduce: attempt.reduce,
        failure,
        tries: 1,
        againAtMs,
      });
      turn.effects.push({ kind: "stop-attempt", attempt: ref });
      continue;
    }
    turn.state.attempts.delete(attemptKey(ref));
    if (attempt.kind === "pending" && attempt.launch.kind === "run-reduce")
      turn.effects.push({ kind: "delete-gathered", reader: ref });
    dropItem(turn, ref);
  }
}
