// What clients may ask of a coordinator, whoever carries the question: gRPC, HTTP, or a call within one process.
// It turns requests into events and state into views; live and finished jobs answer alike.

import { createHash } from "node:crypto";
import type {
  AttemptView,
  ClusterJob,
  ClusterView,
  CoordinatorMachine,
  JobId,
  JobRecord,
  JobRun,
  JobSpec,
  JobSummaryView,
  JobView,
  PartitionView,
  RequestReply,
  TaskFilter,
  TaskPageView,
  WorkerView,
} from "@millrace/core";
import {
  MillraceError,
  attemptView,
  clusterView,
  errorTable,
  jobSummary,
  jobView,
  limits,
  partitionViews,
  quote,
  taskPage,
  workerViews,
} from "@millrace/core";
import type { ErrorCode } from "@millrace/core";
import type { Clock, Randomness } from "@millrace/ports";
import type { Places } from "@millrace/storage";
import type { CoordinatorDriver } from "./driver.ts";
import type { JobBook } from "./job-book.ts";
import { drawJobId, drawShuffleKey } from "./draw-ids.ts";
import type { JobWatchers } from "./job-watchers.ts";
import { OutputPlaces } from "./output-places.ts";
import type { LiveOutput } from "./output-places.ts";
import { openPayload } from "./open-payload.ts";
import type { PlacedRecord } from "./journal/journal-follower.ts";
import type { HistoryIndex } from "./state/history-index.ts";
import type { StateDirectory } from "./state/state-directory.ts";

/** What a desk works with. */
export interface DeskParts {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly machine: CoordinatorMachine;
  readonly driver: CoordinatorDriver;
  readonly book: JobBook;
  readonly state: StateDirectory;
  readonly watchers: JobWatchers;
  readonly histories: HistoryIndex;
  /** Tells where URIs really point. */
  readonly places: Places;
}

/** Which events are wanted. */
export interface EventQuery {
  /** Index of the first one. */
  readonly from: number;
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** Time between two looks at a growing journal at least. */
const eventIntervalMs = 100;
/** A view costs about a millisecond for a thousand tasks, so that a large job is shown less often. */
const watchMsPerTask = 0.02;

/** Answers clients. */
export class JobDesk {
  readonly #parts: DeskParts;
  readonly #outputs: OutputPlaces;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#outputs = new OutputPlaces(parts.places, () => liveOutputs(parts.machine));
  }

  /**
   * Submit a job. @returns its id once the submission is durable.
   * @param payload the bundle, then each side file of the spec: see `payloadParts`.
   * @throws {MillraceError} whatever the machine refuses with; E_JOB_INVALID when the payload is not what the spec names.
   */
  async submit(
    spec: JobSpec,
    payload: Uint8Array,
    idempotencyKey?: string,
  ): Promise<{ readonly job: JobId; readonly again: boolean }> {
    const contents = openPayload(spec, payload);
    const { randomness, book, driver } = this.#parts;
    const job = drawJobId(randomness);
    await this.#outputs.reserve(job, spec, idempotencyKey);
    try {
      await book.create(job, contents, drawShuffleKey(randomness));
      const specDigest = createHash("sha256").update(JSON.stringify(spec)).digest("hex");
      const reply = await driver.submit({
        job,
        spec,
        specDigest,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      });
      if (reply.kind !== "submitted") throw refusal(reply);
      return { job: reply.job, again: reply.again };
    } finally {
      this.#outputs.release(job);
    }
  }

  /** Ask to end a job. @throws {MillraceError} E_UNKNOWN_JOB, or when it can no longer be ended. */
  async kill(job: JobId, reason: string): Promise<void> {
    const reply = await this.#parts.driver.kill(job, reason);
    if (reply.kind !== "kill-accepted") throw refusal(reply);
  }

  /** @throws {MillraceError} E_UNKNOWN_JOB. */
  async get(job: JobId): Promise<JobView> {
    return this.#show(job, (run) => jobView(run, this.#nowMs()));
  }

  /** A page of jobs, newest first: as many as the window has, so that clients may go on behind the last one. */
  async list(page: {
    readonly offset: number;
    readonly limit: number;
  }): Promise<{ readonly jobs: readonly JobSummaryView[]; readonly total: number }> {
    const { rows, total } = await this.#parts.driver.look(undefined, () => this.#rows(page));
    const jobs: JobSummaryView[] = [];
    for (const { known, live } of rows) jobs.push(live ?? (await this.#parts.histories.row(known)));
    return { jobs, total };
  }

  #rows({ offset, limit }: { readonly offset: number; readonly limit: number }): {
    readonly rows: readonly { readonly known: ClusterJob; readonly live: JobSummaryView | undefined }[];
    readonly total: number;
  } {
    const { cluster, reign } = this.#parts.machine;
    const all = [...cluster.jobs.values()].toSorted((a, b) => b.order - a.order);
    const wanted = all.slice(offset, offset + Math.min(limit, limits.pageRowsMax));
    const rows = wanted.map((known) => {
      const live = reign.jobs.get(known.job);
      return { known, live: live === undefined ? undefined : jobSummary(live) };
    });
    return { rows, total: all.length };
  }

  async tasks(job: JobId, filter: TaskFilter): Promise<TaskPageView> {
    const page = { ...filter, limit: Math.min(filter.limit, limits.pageRowsMax) };
    return this.#show(job, (run) => taskPage(run, page, this.#nowMs()));
  }

  /** @throws {MillraceError} E_UNKNOWN_JOB, also for an attempt that is unknown or forgotten. */
  async attempt(job: JobId, attempt: string): Promise<AttemptView> {
    const view = await this.#show(job, (run) => attemptView(run, attempt));
    if (view === undefined)
      throw new MillraceError(
        "E_UNKNOWN_JOB",
        `Cannot show the attempt ${quote(attempt)} of ${job}: there is none; see \`millrace task list ${job}\``,
      );
    return view;
  }

  /** @throws {MillraceError} E_UNKNOWN_JOB; E_STATE_DAMAGED, E_TOO_LARGE for a finished job's vectors. */
  async partitions(job: JobId, stage: number): Promise<readonly PartitionView[]> {
    const { histories } = this.#parts;
    const live = await this.#live(job, (run) => partitionViews(run, stage));
    return live === undefined ? histories.partitions(await this.#ended(job), stage) : live.view;
  }

  /**
   * Give the durable records of a job's journal from a position on, in batches; with `follow` as they come, until the job
   * has ended or the signal aborts.
   * @throws {MillraceError} E_UNKNOWN_JOB.
   */
  async *events(job: JobId, { from, follow, signal }: EventQuery): AsyncGenerator<readonly PlacedRecord<JobRecord>[]> {
    const { state, book } = this.#parts;
    const follower = state.followJournal(job, { from, durableRecords: () => book.durableRecords(job) });
    if (follower === undefined) throw unknownJob(job);
    if (!follow) return yield* follower.read();
    for await (const view of this.watch(job, eventIntervalMs, signal)) {
      yield* follower.read();
      if (view.endedMs !== undefined) return;
    }
  }

  workers(): readonly WorkerView[] {
    return workerViews(this.#parts.machine.reign, this.#nowMs());
  }

  cluster(): ClusterView {
    return clusterView(this.#parts.machine.reign);
  }

  /**
   * Read the bundle of a job, or one of its side files, by content: in pieces, which the caller owns.
   * @throws {MillraceError} E_UNKNOWN_JOB, also when the job has nothing of that digest.
   */
  async *content(job: JobId, sha256: string): AsyncGenerator<Uint8Array> {
    const { state } = this.#parts;
    const file = state.readSideFile(job, sha256);
    if (file !== undefined) return yield* file;
    const bytes = await state.readBundle(job);
    if (createHash("sha256").update(bytes).digest("hex") !== sha256) throw unknownJob(job);
    yield bytes;
  }

  /** Give the job now and whenever it changed, at most once in `intervalMs`, until it has ended or the signal aborts. */
  async *watch(job: JobId, intervalMs: number, signal: AbortSignal): AsyncGenerator<JobView, void, undefined> {
    const over = new AbortController();
    try {
      yield* this.#watchUntil(job, intervalMs, AbortSignal.any([signal, over.signal]));
    } finally {
      // A job that has ended never changes again: what still waits for that would wait as long as this process lives.
      over.abort();
    }
  }

  async *#watchUntil(job: JobId, intervalMs: number, signal: AbortSignal): AsyncGenerator<JobView, void, undefined> {
    for (;;) {
      const changed = this.#parts.watchers.next(job, signal);
      const view = await this.get(job);
      yield view;
      if (view.endedMs !== undefined || signal.aborted) return;
      await changed;
      if (signal.aborted) return;
      await this.#pause(job, Math.max(intervalMs, watchMsPerTask * view.tasks), signal);
    }
  }

  /** Wait between two messages of a watch, but not once the job has ended. */
  async #pause(job: JobId, intervalMs: number, signal: AbortSignal): Promise<void> {
    const { clock, machine, watchers } = this.#parts;
    const until = this.#nowMs() + intervalMs;
    const over = Promise.withResolvers<void>();
    const timer = clock.callAt(until, over.resolve);
    while (this.#nowMs() < until && !signal.aborted) {
      const state = machine.jobState(job);
      if (state === undefined || state.outcome !== undefined) break;
      await Promise.race([watchers.next(job, signal), over.promise]);
    }
    // A timer that is left holds up the end of a process by what is left of it.
    timer.cancel();
  }

  /** Show a job as its journal has it by now, live or ended. */
  async #show<View>(job: JobId, show: (run: JobRun) => View): Promise<View> {
    const live = await this.#live(job, show);
    return live === undefined ? show(await this.#ended(job)) : live.view;
  }

  async #live<View>(job: JobId, show: (run: JobRun) => View): Promise<{ readonly view: View } | undefined> {
    const { driver, machine } = this.#parts;
    return driver.look(job, () => {
      const run = machine.reign.jobs.get(job);
      return run === undefined ? undefined : { view: show(run) };
    });
  }

  async #ended(job: JobId): Promise<JobRun> {
    const ended = await this.#parts.histories.history(job);
    if (ended !== undefined) return ended;
    throw this.#parts.machine.cluster.jobs.has(job) ? historyGone(job) : unknownJob(job);
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }
}

/** Outputs that are written to: of jobs that have not ended, and of submissions that are looked at. */
function liveOutputs({ cluster, reign }: CoordinatorMachine): readonly LiveOutput[] {
  const live = [...cluster.jobs.values()].filter(({ outcome }) => outcome === undefined);
  return [
    ...live.map(({ job, outputUri, idempotencyKey }) => ({ job, uri: outputUri, idempotencyKey })),
    ...[...reign.submissions.values()].map(({ job, spec, idempotencyKey }) => ({
      job,
      uri: spec.output.uri,
      idempotencyKey,
    })),
  ];
}

function unknownJob(job: string): MillraceError {
  return new MillraceError(
    "E_UNKNOWN_JOB",
    `Cannot find the job ${quote(job)}: there is none of that id here; see \`millrace job list\``,
  );
}

/** Also what a submission gets to see whose idempotency key made a job long ago. */
function historyGone(job: string): MillraceError {
  return new MillraceError(
    "E_UNKNOWN_JOB",
    `Cannot show the job ${quote(job)}: it has ended, and its history was removed to make room; \`millrace job list\` has its end`,
  );
}

function refusal(reply: RequestReply): MillraceError {
  if (reply.kind !== "refused")
    return new MillraceError("E_INTERNAL", `Cannot understand the coordinator's answer "${reply.kind}"; report this`);
  const code = Object.hasOwn(errorTable, reply.code) ? (reply.code as ErrorCode) : "E_INTERNAL";
  return new MillraceError(code, reply.message);
}
