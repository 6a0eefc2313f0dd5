// What runs left whose process was killed: their directories, and what their jobs left beside their outputs. Such a job is
// wound up by its own journal, as after any crash of a coordinator: a commit that was under way goes on or is undone, an
// output that was moved aside comes back, and its staging directory goes.

import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openCoordinator } from "@millrace/coordinator";
import type { Coordinator } from "@millrace/coordinator";
import { isMillraceError, quote } from "@millrace/core";
import type { JobId } from "@millrace/core";
import type { Storage } from "@millrace/ports";
import { identifyProcess } from "../cluster/process-identity.ts";
import { waitFor } from "../cluster/wait-for.ts";

/** Longest that the left jobs are waited for: what is not done by then is tried again by a later run. */
const windUpMsMax = 10_000;
/** Longest that a person is kept waiting without a word. */
const silenceMs = 500;
/** A run that could not be wound up is left alone for so long: its storage may be away, and no run should wait each time. */
const tryAgainMs = 600_000;
/** File in the directory of such a run; its modification time counts. */
const triedName = "tried";

/** What a sweep is told. */
export interface SweepOptions {
  readonly storage: Storage;
  /** Ends the wait; the sweep throws its reason. */
  readonly signal?: AbortSignal;
  /** Prints a line for people. */
  readonly note?: (line: string) => void;
  /** Longest wait, 10 s unless given. */
  readonly windUpMs?: number;
}

/** Wind up and remove the runs below a directory whose process is gone. One that cannot be is left for a later try. @throws the signal's reason. */
export async function sweepRuns(root: string, options: SweepOptions): Promise<void> {
  const left = readdirSync(root)
    // A run that has just begun may not hold its lock yet.
    .filter((name) => identifyProcess(Number(name.split("-")[1])) === undefined)
    .map((name) => join(root, name))
    .filter((directory) => !wasJustTried(directory));
  if (left.length === 0) return;
  const notice = setTimeout(() => {
    const runs = left.length === 1 ? "what a killed run has" : `what ${left.length} killed runs have`;
    options.note?.(
      `removing ${runs} left of their outputs, for ${(options.windUpMs ?? windUpMsMax) / 1_000} s at most: ${left.join(", ")}`,
    );
  }, silenceMs);
  try {
    await Promise.all(left.map(async (directory) => sweepRun(directory, options)));
  } finally {
    clearTimeout(notice);
  }
}

async function sweepRun(directory: string, options: SweepOptions): Promise<void> {
  try {
    await windUp(join(directory, "coordinator"), options);
  } catch (thrown) {
    options.signal?.throwIfAborted();
    // Held by another sweep, damaged, or a storage that does not answer.
    if (!isMillraceError(thrown)) throw thrown;
    if (thrown.code === "E_STATE_LOCKED") return;
    writeFileSync(join(directory, triedName), `${thrown.message}\n`, { mode: 0o600 });
    options.note?.(`the killed run in ${quote(directory)} is left for later: ${thrown.message}`);
    return;
  }
  rmSync(directory, { recursive: true, force: true });
}

function wasJustTried(directory: string): boolean {
  const tried = statSync(join(directory, triedName), { throwIfNoEntry: false });
  return tried !== undefined && Date.now() - tried.mtimeMs < tryAgainMs;
}

async function windUp(stateDirectory: string, options: SweepOptions): Promise<void> {
  const { storage } = options;
  // No worker will come back to it, so that nothing is waited for before the last removal.
  const settings = { sweepAfterMs: 0 };
  const coordinator = await openCoordinator({ stateDirectory, storage, settings, onFatal: () => undefined });
  try {
    const jobs = await coordinator.state.listJobs();
    await Promise.all(jobs.map(async (job) => windUpJob(coordinator, job, options)));
  } finally {
    await coordinator.close();
  }
}

async function windUpJob(coordinator: Coordinator, job: JobId, options: SweepOptions): Promise<void> {
  const { signal, windUpMs = windUpMsMax } = options;
  if (await isSwept(coordinator.state, job)) return;
  // One that has ended is not killed again, and one that is being published can be no more: its end comes by itself.
  await coordinator.desk.kill(job, "its process ended").catch(() => undefined);
  await waitFor(async () => ((await isSwept(coordinator.state, job)) ? true : undefined), {
    what: "what a killed run left to be removed",
    timeoutMs: windUpMs,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Its journal says so: the file of its summary may be missing where the process ended between the two. */
async function isSwept(state: Coordinator["state"], job: JobId): Promise<boolean> {
  if (state.isSwept(job)) return true;
  const records = await state.readHistory(job);
  return records?.some((record) => record.kind === "swept") ?? false;
}
