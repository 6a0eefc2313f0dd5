// Finished jobs at hand: the line that a list shows of each, and the whole of those that somebody looks at. A list must
// not read a journal for each of its rows, nor must a start for each job that ever was.

import { createJobRun, isMillraceError, jobSummary, limits, partitionViews, replayJob } from "@millrace/core";
import type { ClusterJob, JobId, JobRun, JobSummaryView, PartitionView } from "@millrace/core";
import type { HistoryBounds } from "./history-keeper.ts";
import { HistoryKeeper } from "./history-keeper.ts";
import type { StateDirectory } from "./state-directory.ts";

/** Tasks of the histories that are kept whole, about 1 KB each. */
const tasksKeptMax = 100_000;
/** Histories that are kept whole, however small. */
const historiesKeptMax = 64;

/** Finished jobs, from memory or from their directories. */
export class HistoryIndex {
  readonly #state: StateDirectory;
  readonly #keeper: HistoryKeeper;
  readonly #summaries = new Map<JobId, JobSummaryView>();
  readonly #histories = new Map<JobId, JobRun>();
  /** Partitions of histories by stage, added up or about to be: gone with the history. */
  readonly #partitions = new WeakMap<JobRun, Map<number, Promise<readonly PartitionView[]>>>();
  #writing: Promise<void> = Promise.resolve();

  constructor(state: StateDirectory, bounds?: HistoryBounds) {
    this.#state = state;
    this.#keeper = new HistoryKeeper(state, (job) => this.#forget(job), bounds);
  }

  /** Take a job that has ended, while the machine still has it. */
  noteEnded(run: JobRun): void {
    this.#keepSummary(jobSummary(run));
    this.#keepHistory(run);
  }

  /**
   * The machine has let go of a job, in this reign or in one that came to its end before the summary was written: nothing
   * of it changes any more. Its summary goes to disk, in its own time.
   */
  noteSwept(job: JobId): void {
    // Without the file the journal is read: whatever keeps it from being written costs time and nothing else.
    this.#writing = this.#writing.then(async () => this.#writeSummary(job)).catch(() => undefined);
  }

  async #writeSummary(job: JobId): Promise<void> {
    const summary = await this.#summary(job);
    if (summary === undefined) return;
    await this.#state.writeSummary(job, summary);
    this.#keeper.noteSwept(job);
  }

  /** Begin to look after the histories that earlier reigns left. */
  begin(): void {
    this.#keeper.begin();
  }

  #forget(job: JobId): void {
    this.#summaries.delete(job);
    this.#histories.delete(job);
  }

  /**
   * Give the line of a job that has ended, whatever is left of it: clients count rows, so that each job has one. Where the
   * history is gone or damaged, it says what the cluster's journal knows.
   */
  async row(known: ClusterJob): Promise<JobSummaryView> {
    try {
      return (await this.#summary(known.job)) ?? remnantOf(known, "(history removed)");
    } catch (thrown) {
      if (!isMillraceError(thrown)) throw thrown;
      return remnantOf(known, "(history damaged)");
    }
  }

  async #summary(job: JobId): Promise<JobSummaryView | undefined> {
    const known = this.#summaries.get(job) ?? (await this.#state.readSummary(job));
    if (known !== undefined) {
      this.#keepSummary(known);
      return known;
    }
    const run = await this.history(job);
    return run === undefined ? undefined : jobSummary(run);
  }

  /** Give a finished job whole. @returns undefined when there is none of that id, or it has not ended. */
  async history(job: JobId): Promise<JobRun | undefined> {
    const kept = this.#histories.get(job);
    if (kept !== undefined) {
      this.#histories.delete(job);
      this.#histories.set(job, kept);
      return kept;
    }
    const records = await this.#state.readHistory(job);
    const state = records === undefined ? undefined : replayJob(records);
    if (state?.outcome === undefined) return undefined;
    const run = createJobRun(state, 0);
    this.#keepSummary(jobSummary(run));
    this.#keepHistory(run);
    return run;
  }

  /**
   * Show the partitions of a finished job's stage. A job that was read from its journal has no sums: its vectors are added
   * up, once.
   * @throws {MillraceError} E_STATE_DAMAGED, E_TOO_LARGE.
   */
  async partitions(run: JobRun, stage: number): Promise<readonly PartitionView[]> {
    const state = run.state.stages[stage];
    const sums = run.stages[stage]?.sums;
    if (state === undefined || sums === undefined || sums.maps === state.acceptedTasks)
      return partitionViews(run, stage);
    const stages = this.#partitions.get(run) ?? new Map<number, Promise<readonly PartitionView[]>>();
    this.#partitions.set(run, stages);
    const positions = state.tasks.map((task) => task.accepted?.result.vectorAt ?? -1).filter((at) => at >= 0);
    const added =
      stages.get(stage) ?? this.#state.sumVectors(run.state.job, { partitions: sums.partitions, positions });
    stages.set(stage, added);
    // One that failed is tried again.
    added.catch(() => stages.delete(stage));
    return added;
  }

  /** Wait for summaries that are being written. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#keeper.close();
  }

  #keepSummary(summary: JobSummaryView): void {
    this.#summaries.set(summary.job as JobId, summary);
    const oldest = this.#summaries.keys().next().value;
    if (this.#summaries.size > limits.jobsRememberedMax && oldest !== undefined) this.#summaries.delete(oldest);
  }

  /** Keep a history, and drop those that were looked at longest ago; the one that is wanted now always stays. */
  #keepHistory(run: JobRun): void {
    this.#histories.delete(run.state.job);
    this.#histories.set(run.state.job, run);
    let tasks = 0;
    for (const kept of this.#histories.values()) tasks += tasksOf(kept);
    for (const [job, kept] of this.#histories) {
      if (this.#histories.size <= 1 || (tasks <= tasksKeptMax && this.#histories.size <= historiesKeptMax)) return;
      this.#histories.delete(job);
      tasks -= tasksOf(kept);
    }
  }
}

function remnantOf({ job, outcome, priority, submittedMs, outputUri }: ClusterJob, name: string): JobSummaryView {
  return {
    job,
    name,
    // One without an outcome is being swept this moment.
    state: outcome ?? "failed",
    priority,
    submittedMs,
    outputUri,
    progress: outcome === "succeeded" ? 1 : 0,
    tasks: 0,
    tasksDone: 0,
    attemptsRunning: 0,
    attemptsFailed: 0,
    attemptsLost: 0,
  };
}

function tasksOf(run: JobRun): number {
  return run.state.stages.reduce((sum, stage) => sum + stage.tasks.length, 0);
}
