// One coordinator, put together from its parts on a state directory: lock, journals, machine, driver, desk. No socket:
// servers are added around it (start-coordinator), or a worker in the same process talks to it directly.

import type { CoordinatorMachine, CoordinatorSettings, Epoch, JobId, SessionId, StorageReply } from "@millrace/core";
import type { Clock, Randomness, SessionListener, Storage } from "@millrace/ports";
import { createSystemClock, createSystemRandomness } from "@millrace/ports";
import { createPlaces, lockDirectory, performStorageCall } from "@millrace/storage";
import type { JobTokens, Places } from "@millrace/storage";
import { CoordinatorDriver } from "./driver.ts";
import type { BookDurability } from "./job-book.ts";
import { JobDesk } from "./job-desk.ts";
import { JobWatchers } from "./job-watchers.ts";
import { openReign } from "./open-reign.ts";
import { probeAddress } from "./probe-address.ts";
import type { HistoryBounds } from "./state/history-keeper.ts";
import { HistoryIndex } from "./state/history-index.ts";
import { StateDirectory } from "./state/state-directory.ts";

/** What a coordinator is made of. */
export interface CoordinatorOptions {
  readonly stateDirectory: string;
  readonly storage: Storage;
  /** Called once, when the coordinator cannot go on: the process should end. */
  readonly onFatal: (thrown: unknown) => void;
  readonly settings?: Partial<CoordinatorSettings>;
  /**
   * `before-changes` where all that hears of decisions ends with this process, as its only worker does: they are durable
   * before storage is changed, and no earlier. `each-batch` unless given.
   */
  readonly durability?: BookDurability;
  /** Told now and then how many input files the listing of a submission has found so far. */
  readonly onListing?: (files: number) => void;
  /** How much of finished jobs is kept; `limits.historiesMax` and `limits.historyBytesMax` when absent. */
  readonly histories?: HistoryBounds;
  readonly clock?: Clock;
  readonly randomness?: Randomness;
  /** Gets delegation tokens for workers; without it they use credentials of their own. */
  readonly tokens?: JobTokens;
  /** Tells where URIs really point; by this process's environment unless given. */
  readonly places?: Places;
}

/** A coordinator that reigns. */
export interface Coordinator {
  readonly desk: JobDesk;
  /** Where sessions of workers are announced. */
  readonly listener: SessionListener;
  /** Number a new session. */
  readonly nextSession: () => SessionId;
  /** Files of all jobs, for what stands beside their journals. */
  readonly state: StateDirectory;
  readonly epoch: Epoch;
  /** Jobs of the reign before that go on, in order of submission. */
  readonly recovered: readonly JobId[];
  /** Bytes of torn journal tails that were cut at the start. */
  readonly cutBytes: number;
  /** Stop taking events, close sessions and files, give the lock back. Jobs stay for the next reign. */
  close(): Promise<void>;
}

/**
 * Begin to reign over a state directory.
 * @throws {MillraceError} E_STATE_LOCKED when another coordinator has it, E_STATE_DAMAGED.
 */
export async function openCoordinator(options: CoordinatorOptions): Promise<Coordinator> {
  const clock = options.clock ?? createSystemClock();
  const randomness = options.randomness ?? createSystemRandomness();
  const lock = lockDirectory(options.stateDirectory);
  try {
    const state = await StateDirectory.open(options.stateDirectory);
    const { machine, book, epoch, cutBytes, unsummed } = await openReign(state, options.settings, options.durability);
    const { tokens } = options;
    const watchers = new JobWatchers();
    const histories = new HistoryIndex(state, options.histories);
    histories.begin();
    for (const job of unsummed) histories.noteSwept(job);
    const driver = new CoordinatorDriver({
      clock,
      machine,
      book,
      performStorage: async (call, job): Promise<StorageReply> => {
        await obtainTokens({ machine, tokens }, job);
        return performStorageCall(options.storage, call, options.onListing);
      },
      tokensOf: (job) => tokens?.tokensOf(job),
      probe: probeAddress,
      onJobChanged: (job) => {
        const run = machine.reign.jobs.get(job);
        if (machine.jobState(job)?.outcome !== undefined) tokens?.release(job);
        if (run === undefined) histories.noteSwept(job);
        else if (run.state.outcome !== undefined) histories.noteEnded(run);
        watchers.changed(job);
      },
      onDiscarded: (job) => tokens?.release(job),
      onFatal: options.onFatal,
    });
    const recovered = machine.jobStates().flatMap(({ job, outcome }) => (outcome === undefined ? [job] : []));
    // Tasks that go on have the tokens of the reign before; new ones get new ones.
    await within(tokensMs, Promise.all(recovered.map(async (job) => obtainTokens({ machine, tokens }, job))));
    driver.enqueue({ kind: "recovered", epoch });
    const places = options.places ?? createPlaces(process.env);
    const desk = new JobDesk({ clock, randomness, machine, driver, book, state, watchers, histories, places });
    let sessions = 0;
    return {
      desk,
      listener: driver,
      nextSession: () => (sessions += 1) as SessionId,
      state,
      epoch,
      recovered,
      cutBytes,
      close: async () => {
        await driver.stop();
        tokens?.close();
        await book.closeAll();
        await histories.close();
        lock.release();
      },
    };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

/** A start waits no longer for name services that are away: their jobs wait for them anyway. */
const tokensMs = 10_000;

interface TokenParts {
  readonly machine: CoordinatorMachine;
  readonly tokens: JobTokens | undefined;
}

/** See that a job has the tokens that its tasks need, while it lives. */
async function obtainTokens({ machine, tokens }: TokenParts, job: JobId): Promise<void> {
  const state = machine.jobState(job);
  const spec = state?.spec ?? machine.reign.submissions.get(job)?.spec;
  if (tokens === undefined || spec === undefined || state?.outcome !== undefined) return;
  await tokens.obtain(job, [...spec.inputs.flatMap(({ patterns }) => patterns), spec.output.uri]);
}

/** Wait for work, but not for ever. */
async function within(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise<void>((resolve) => (timer = setTimeout(resolve, timeoutMs)))]);
  clearTimeout(timer);
}
