// When everything is over: each job's end must have a reason in what was done to it. A job that fails without one is as
// wrong as one that succeeds with bad bytes.

import type { CoordinatorMachine, JobId, JobRecord } from "@millrace/core";
import type { Simulation } from "../simulation.ts";
import { recordsOf } from "../oracle.ts";
import type { StorageModel } from "../storage/storage-model.ts";
import { demand } from "../violation.ts";
import { isBadRecord } from "../workload/programs.ts";
import type { InputArchive } from "../workload/input-archive.ts";
import type { DrawnJob } from "../workload/draw-job.ts";
import type { JobLedger } from "./job-ledger.ts";

/** What is known of a run at its end. */
export interface EndSource {
  readonly world: Simulation;
  readonly storage: StorageModel;
}

/** Demand that a job which ends for want of workers has none: all workers of a run have the versions that its jobs need. */
export function checkNoWorker(
  job: JobId,
  { failure }: Extract<JobRecord, { kind: "ended-job" }>,
  { reign }: CoordinatorMachine,
): void {
  if (failure?.code !== "E_NO_WORKER") return;
  const alive = [...reign.workers.values()].find(({ standing }) => standing !== "lost");
  demand(alive === undefined, "I16", () => `${job} failed: ${failure.message}, but ${alive?.worker} lives`);
}

/** Demand a reason for how a job ended. */
export function checkReason({ world, storage }: EndSource, drawn: DrawnJob, ledger: JobLedger): void {
  const end = ledger.outcome;
  if (end === undefined) return;
  const name = `${ledger.job} (${drawn.program.name})`;
  const text = `${name} ${end.outcome}: ${end.failure?.code} ${end.failure?.message}`;
  const tooBad = end.outcome === "succeeded" && isTooBad(storage.archive, ledger);
  demand(!tooBad, "I11", () => `${name} succeeded with more bad records than it allows`);
  markEnd(world, storage, drawn, ledger);
  if (end.outcome === "killed") demand(world.options.killJob > 0, "I4", () => `${text}, but nobody asked`);
  if (end.outcome === "failed")
    demand(hasReason(world, storage, drawn, ledger), "I16", () => `${text}, without a reason`);
  if (world.options.calm && drawn.program.throws === "never" && end.outcome === "succeeded") checkThrift(name, ledger);
}

function hasReason(world: Simulation, storage: StorageModel, drawn: DrawnJob, ledger: JobLedger): boolean {
  const { options } = world;
  const storageFails = storage.refusals.has(ledger.job) || options.storageUnknown > 0;
  const reasons: Readonly<Record<string, boolean>> = {
    E_NONDETERMINISTIC: drawn.program.random,
    // Each charge was checked when it was made.
    E_ATTEMPTS: true,
    E_CONSERVATION: options.taskSkip > 0,
    E_LOSSES: !options.calm && ledger.ranOutOfLosses,
    E_COMMIT: storageFails,
    E_STORAGE: storageFails,
    E_OUTPUT_DENIED: storageFails,
    E_OUTPUT_EXISTS: options.shareOutput > 0,
    E_BAD_RECORDS: isTooBad(storage.archive, ledger),
    E_INPUT_CHANGED: [...storage.archive.changed].some((uri) => uri.startsWith(`${drawn.inputUri}/`)),
    E_NO_WORKER: options.workerCrashMeanMs + options.neverBack > 0,
    E_NO_SPACE: options.diskFull > 0,
  };
  return reasons[ledger.outcome?.failure?.code ?? ""] ?? false;
}

function isTooBad(archive: InputArchive, ledger: JobLedger): boolean {
  const records = ledger.splits.flatMap((splits) => splits.flatMap((split) => recordsOf(archive, split)));
  const bad = records.filter(isBadRecord).length;
  return bad > (ledger.spec?.options.badRecordsMax ?? 1) * records.length;
}

/** With nothing going wrong each task runs once. */
function checkThrift(name: string, ledger: JobLedger): void {
  const { launched, tasks } = ledger.attempts();
  demand(launched === tasks, "I18", () => `${name}: ${launched} attempts for ${tasks} tasks with nothing going wrong`);
}

function markEnd(world: Simulation, storage: StorageModel, drawn: DrawnJob, ledger: JobLedger): void {
  const { marks } = world;
  const code = ledger.outcome?.failure?.code;
  const succeeded = ledger.outcome?.outcome === "succeeded";
  if (code === "E_ATTEMPTS" && drawn.program.throws === "always") marks.hit("user-code-failed");
  if (code === "E_BAD_RECORDS") marks.hit("bad-records");
  if (code === "E_INPUT_CHANGED") marks.hit("input-changed");
  if (!succeeded && storage.refusals.has(ledger.job)) marks.hit("storage-refused");
  if (!succeeded) return;
  if (drawn.program.throws === "sometimes" && ledger.chargedCount > 0) marks.hit("user-code-retried");
  if (storage.silentPublishes.has(ledger.job)) marks.hit("commit-found");
  if ((ledger.outcome?.wallMs ?? 0) > world.wallStartMs + world.options.faultsUntilMs && world.options.neverBack > 0)
    marks.hit("worker-gone-for-good");
}
