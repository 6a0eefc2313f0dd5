// Handing out free slots and gathering places, at the end of each step that may have freed one or made work.
// Jobs go by priority, then by fewest running attempts, then in the order of submission; maps before reduces.

import { comesBefore } from "./job-order.ts";
import { waitsForRanges } from "../journal/job-state.ts";
import { isSameHost } from "../plan/host-names.ts";
import { isFit } from "./avoid-worker.ts";
import { assignGathers } from "./assign-gathers.ts";
import type { JobRun } from "./job-run.ts";
import { compareAttempts, mayLaunch } from "./job-run.ts";
import { launchReduce, launchSplit } from "./launch-attempt.ts";
import { mayTake } from "./rest-worker.ts";
import type { SlotOffer } from "./task-queue.ts";
import { takeTask } from "./task-queue.ts";
import type { Turn } from "./turn.ts";
import type { WorkerRow } from "./worker-table.ts";
import { freeSlots, sortedWorkers } from "./worker-table.ts";

/** Give work to every free slot and place that can have some. */
export function assignWork(turn: Turn): void {
  const jobs = [...turn.reign.jobs.values()].filter(mayLaunch);
  if (jobs.length === 0) return;
  const workers = sortedWorkers(turn.reign.workers);
  assignGathers(turn, jobs, workers);
  assignSlots(turn, jobs, workers);
  // A reduce that took its slot freed its place.
  assignGathers(turn, jobs, workers);
}

/** One slot at a time on the worker with most free slots, so that work spreads. */
function assignSlots(turn: Turn, jobs: readonly JobRun[], workers: readonly WorkerRow[]): void {
  const open = workers.filter((row) => freeSlots(row) > 0);
  while (open.length > 0) {
    open.sort((a, b) => freeSlots(b) - freeSlots(a) || (a.worker < b.worker ? -1 : 1));
    const row = open[0];
    if (row === undefined) return;
    if (!fillSlot(turn, jobs, row) || freeSlots(row) === 0) open.shift();
  }
}

function fillSlot(turn: Turn, jobs: readonly JobRun[], row: WorkerRow): boolean {
  // A gather that is here already goes on, though the job has begun to avoid this worker: nobody else can take it over.
  return [...jobs]
    .sort(comesBefore)
    .some((job) => (mayTake(turn, job, row) && launchSomeSplit(turn, job, row)) || launchSomeReduce(turn, job, row));
}

/** Launch a map or sample task: the earliest stage first, and none whose key ranges are not made. */
function launchSomeSplit(turn: Turn, job: JobRun, row: WorkerRow): boolean {
  for (let stage = 0; stage < job.stages.length; stage++) {
    const queue = job.stages[stage]?.queue;
    if (queue === undefined || queue.waiting.size === 0 || job.state.stages[stage]?.plan.kind === "reduce") continue;
    if (waitsForRanges(job.state, stage)) continue;
    const { task, retryMs } = takeTask(queue, {
      ...offerOf(turn, job, row),
      atMs: turn.atMs,
      localityWaitMs: turn.reign.settings.localityWaitMs,
    });
    if (task !== undefined) {
      launchSplit(turn, { job, row, stage, task });
      return true;
    }
    if (retryMs !== undefined) turn.wakeBy(retryMs);
  }
  return false;
}

/** What a worker offers. The looks at other workers cost a walk over all of them and are rarely needed. */
function offerOf(turn: Turn, job: JobRun, row: WorkerRow): Omit<SlotOffer, "atMs" | "localityWaitMs"> {
  const others = (): readonly WorkerRow[] =>
    [...turn.reign.workers.values()].filter((other) => other.standing === "alive" && isFit(turn, job, other));
  const hostsOf = (rows: readonly WorkerRow[]): readonly string[] =>
    rows.map(({ description }) => description?.host ?? "");
  const rack = row.description?.rack ?? "";
  return {
    worker: row.worker,
    host: row.description?.host ?? "",
    rack,
    rackHosts: () => {
      const near = others().filter(({ description }) => description?.rack === rack);
      return [...new Set(hostsOf(near))].sort((a, b) => (a < b ? -1 : 1));
    },
    hasWorker: (host) => hostsOf(others()).some((other) => isSameHost(other, host)),
    hasOther: () => others().some((other) => other.worker !== row.worker),
    mayRetry: () => !job.resting.has(row.worker) || !others().some((other) => !job.resting.has(other.worker)),
  };
}

/** Launch a reduce attempt that has gathered on this worker: the earliest stage first. */
function launchSomeReduce(turn: Turn, job: JobRun, row: WorkerRow): boolean {
  const ready = [...row.attempts.values()]
    .filter((attempt) => attempt.ref.job === job.state.job && attempt.phase === "gathered")
    .sort((a, b) => compareAttempts(a.ref, b.ref))[0];
  if (ready === undefined) return false;
  launchReduce(turn, job, ready);
  return true;
}
