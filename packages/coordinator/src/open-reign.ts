// Begin a reign on a state directory: read the journals, rebuild the machine, hand it its vectors, and drop what a
// crash left of submissions that never were.

import {
  CoordinatorMachine,
  MillraceError,
  compactCluster,
  isMillraceError,
  isWorthCompacting,
  quote,
  replayCluster,
  replayJob,
} from "@millrace/core";
import type { ClusterRecord, CoordinatorSettings, Epoch, JobId, JobState } from "@millrace/core";
import type { ReplayedJournal } from "@millrace/ports";
import { JobBook } from "./job-book.ts";
import type { BookDurability } from "./job-book.ts";
import type { StateDirectory } from "./state/state-directory.ts";

/** A machine that has its past, and the book that holds its files. */
export interface OpenedReign {
  readonly machine: CoordinatorMachine;
  readonly book: JobBook;
  /** Of the new reign: one more than any before. */
  readonly epoch: Epoch;
  /** Bytes of torn journal tails that were cut, for the log. */
  readonly cutBytes: number;
  /** Jobs that are over for good, of which no summary tells so: an earlier reign ended before it was written. */
  readonly unsummed: readonly JobId[];
}

/** Open a reign. The directory is locked by the caller. @throws {MillraceError} E_STATE_DAMAGED, with all ways on. */
export async function openReign(
  state: StateDirectory,
  settings: Partial<CoordinatorSettings> = {},
  durability: BookDurability = "each-batch",
): Promise<OpenedReign> {
  const clusterJournal = await openClusterJournal(state);
  const cluster = replayCluster(clusterJournal.records);
  const book = new JobBook(state, clusterJournal.journal, durability);
  let { cutBytes } = clusterJournal;
  const jobs: JobState[] = [];
  const unsummed: JobId[] = [];
  for (const job of await state.listJobs()) {
    const known = cluster.jobs.get(job);
    try {
      // The cluster's record is what makes a submission; one without it was never answered.
      if (known === undefined) {
        if (state.isSwept(job)) continue;
        if (await endedBefore(state, job)) unsummed.push(job);
        else await state.removeJob(job);
        continue;
      }
      if (known.outcome !== undefined && state.isSwept(job)) continue;
      const replayed = await openUnswept(state, book, job);
      cutBytes += replayed?.cutBytes ?? 0;
      if (replayed === undefined) unsummed.push(job);
      else jobs.push(replayed.state);
    } catch (thrown) {
      throw withWayOn(thrown, withoutJob(state, job));
    }
  }
  const machine = new CoordinatorMachine({ cluster, jobs, settings });
  for (const job of jobs) restoreVectors({ machine, book, state }, job);
  return { machine, book, epoch: (cluster.epoch + 1) as Epoch, cutBytes, unsummed };
}

/** Open the cluster's journal, written anew when most of what it says has lost its meaning. */
async function openClusterJournal(state: StateDirectory): Promise<ReplayedJournal<ClusterRecord>> {
  const opened = await state.openClusterJournal().catch((thrown: unknown) => {
    throw withWayOn(thrown, "or begin with an empty one, as without this journal no job is known");
  });
  const compact = compactCluster(replayCluster(opened.records));
  if (!isWorthCompacting(opened.records.length, compact.length)) return opened;
  await opened.journal.close();
  return { ...(await state.replaceClusterJournal(compact)), cutBytes: opened.cutBytes };
}

/** Add to the error of a damaged file what can be done without a copy of it. */
function withWayOn(thrown: unknown, way: string): unknown {
  if (!isMillraceError(thrown) || thrown.code !== "E_STATE_DAMAGED") return thrown;
  return new MillraceError(thrown.code, `${thrown.message}, ${way}`, { cause: thrown, details: thrown.details });
}

function withoutJob(state: StateDirectory, job: JobId): string {
  return `or move ${quote(state.jobPath(job))} away to go on without that one job: it is forgotten, and counts as failed`;
}

/** Tell whether a job that the cluster no longer remembers is an old history, to be kept. */
async function endedBefore(state: StateDirectory, job: JobId): Promise<boolean> {
  const records = await state.readHistory(job);
  return records?.some((record) => record.kind === "ended-job") ?? false;
}

async function openUnswept(
  state: StateDirectory,
  book: JobBook,
  job: JobId,
): Promise<{ readonly state: JobState; readonly cutBytes: number } | undefined> {
  const { journal, records, cutBytes } = await state.openJobJournal(job);
  const replayed = replayJob(records);
  if (replayed === undefined || replayed.swept) {
    await journal.close();
    return undefined;
  }
  book.adopt(job, journal, records.length);
  return { state: replayed, cutBytes };
}

function restoreVectors(
  {
    machine,
    book,
    state,
  }: { readonly machine: CoordinatorMachine; readonly book: JobBook; readonly state: StateDirectory },
  { job, stages }: JobState,
): void {
  const vectors = book.vectors(job);
  try {
    stages.forEach((stage, stageIndex) => {
      stage.tasks.forEach((task, taskIndex) => {
        const vectorAt = task.accepted?.result.vectorAt ?? -1;
        if (vectorAt >= 0 && vectors !== undefined)
          machine.restoreVector(job, stageIndex, taskIndex, vectors.read(vectorAt));
      });
    });
  } catch (thrown) {
    throw withWayOn(thrown, withoutJob(state, job));
  }
}
