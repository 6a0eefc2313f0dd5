// Finished jobs at hand: the line that a list shows of each, and the whole of those that somebody looks at. A list must
// not read a journal for each of its rows, nor must a start for each job that ever was.

import { createJobRun, jobSummary, limits, replayJob } from "@millrace/core";
import type { JobId, JobRun, JobSummaryView } from "@millrace/core";
import type { StateDirectory } from "./state-directory.ts";

/** Tasks of the histories that are kept whole, about 1 KB each. */
const tasksKeptMax = 100_000;
/** Histories that are kept whole, however small. */
const historiesKeptMax = 64;

/** Finished jobs, from memory or from their directories. */
export class HistoryIndex {
  readonly #state: StateDirectory;
  readonly #summaries = new Map<JobId, JobSummaryView>();
  readonly #histories = new Map<JobId, JobRun>();
  #writing: Promise<void> = Promise.resolve();

  constructor(state: StateDirectory) {
    this.#state = state;
  }

  /** Take a job that has ended, while the machine still has it. */
  noteEnded(run: JobRun): void {
    this.#keepSummary(jobSummary(run));
    this.#keepHistory(run);
  }

  /** The machine has let go of a job: nothing of it changes any more. Its summary goes to disk, in its own time. */
  noteSwept(job: JobId): void {
    const summary = this.#summaries.get(job);
    if (summary === undefined) return;
    // Without the file the journal is read: whatever keeps it from being written costs time and nothing else.
    this.#writing = this.#writing.then(async () => this.#state.writeSummary(job, summary)).catch(() => undefined);
  }

  /** Give the line of a finished job. @returns undefined when there is none of that id. */
  async summary(job: JobId): Promise<JobSummaryView | undefined> {
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

  /** Wait for summaries that are being written. */
  async close(): Promise<void> {
    await this.#writing;
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

function tasksOf(run: JobRun): number {
  return run.state.stages.reduce((sum, stage) => sum + stage.tasks.length, 0);
}
