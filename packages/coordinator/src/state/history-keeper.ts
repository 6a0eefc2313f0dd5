// Bounds on what finished jobs leave in the state directory: the oldest histories go, whole, when there are too many or
// they are too large together. Jobs that live, or are not swept, are no histories. The newest one always stays.

import { limits } from "@millrace/core";
import type { JobId } from "@millrace/core";
import type { StateDirectory } from "./state-directory.ts";

/** The history of one job. */
export interface KeptHistory {
  readonly job: JobId;
  readonly bytes: number;
  /** When the job was over for good, as the directory tells. */
  readonly sweptMs: number;
}

/** How much is kept. */
export interface HistoryBounds {
  readonly historiesMax: number;
  readonly bytesMax: number;
}

/** Choose the histories that must go: the oldest, until the others are within the bounds. @returns oldest first. */
export function chooseOldHistories(histories: readonly KeptHistory[], bounds: HistoryBounds): readonly JobId[] {
  const oldestFirst = histories.toSorted((a, b) => a.sweptMs - b.sweptMs || (a.job < b.job ? -1 : 1));
  let count = oldestFirst.length;
  let bytes = oldestFirst.reduce((sum, history) => sum + history.bytes, 0);
  const old: JobId[] = [];
  for (const history of oldestFirst) {
    if (count <= 1 || (count <= bounds.historiesMax && bytes <= bounds.bytesMax)) break;
    old.push(history.job);
    count -= 1;
    bytes -= history.bytes;
  }
  return old;
}

/** Looks after the histories of one state directory, one step after the other, in its own time. */
export class HistoryKeeper {
  readonly #state: StateDirectory;
  readonly #bounds: HistoryBounds;
  readonly #onRemoved: (job: JobId) => void;
  readonly #histories = new Map<JobId, KeptHistory>();
  #working: Promise<void> = Promise.resolve();

  /** @param onRemoved told of each history that is gone. */
  constructor(
    state: StateDirectory,
    onRemoved: (job: JobId) => void,
    bounds: HistoryBounds = { historiesMax: limits.historiesMax, bytesMax: limits.historyBytesMax },
  ) {
    this.#state = state;
    this.#onRemoved = onRemoved;
    this.#bounds = bounds;
  }

  /** Look at what earlier reigns left. */
  begin(): void {
    this.#then(async () => {
      await this.#state.clearRemoved();
      for (const job of await this.#state.listJobs()) await this.#measure(job);
      await this.#trim();
    });
  }

  /** A job is over for good, and its summary stands in its directory. */
  noteSwept(job: JobId): void {
    this.#then(async () => {
      await this.#measure(job);
      await this.#trim();
    });
  }

  /** Wait for what is under way. */
  async close(): Promise<void> {
    await this.#working;
  }

  /** What cannot be measured or removed now is looked at again by the next reign: it costs room and nothing else. */
  #then(step: () => Promise<void>): void {
    this.#working = this.#working.then(step).catch(() => undefined);
  }

  async #measure(job: JobId): Promise<void> {
    const measured = await this.#state.measureHistory(job);
    if (measured !== undefined) this.#histories.set(job, { job, ...measured });
  }

  async #trim(): Promise<void> {
    for (const job of chooseOldHistories([...this.#histories.values()], this.#bounds)) {
      await this.#state.removeHistory(job);
      this.#histories.delete(job);
      this.#onRemoved(job);
    }
  }
}
