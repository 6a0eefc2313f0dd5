// All checkers of a run behind one face: told of each step, batch, restart and storage step; throws a Violation.

import { attemptName, findAttempt, findTask, parseAttemptName } from "@millrace/core";
import type {
  AttemptRef,
  CoordinatorEvent,
  CoordinatorMachine,
  CoordinatorMessage,
  JobId,
  JobRecord,
  RequestReply,
  SessionId,
  StepResult,
  StorageCall,
} from "@millrace/core";
import type { WorkOutcome } from "../data-plane/attempt-work.ts";
import { readJournal } from "../disk/journal-file.ts";
import type { StateDirectory } from "../disk/state-directory.ts";
import type { Simulation } from "../simulation.ts";
import type { StorageModel } from "../storage/storage-model.ts";
import { demand } from "../violation.ts";
import type { DrawnJob } from "../workload/draw-job.ts";
import { checkNoWorker, checkReason } from "./end-checker.ts";
import { AvoidanceChecker } from "./avoidance-checker.ts";
import { TruthTable } from "./attempt-truth.ts";
import { JobLedger } from "./job-ledger.ts";
import { OutputChecker } from "./output-checker.ts";
import { ReplayChecker } from "./replay-checker.ts";
import { markStep } from "./step-marks.ts";
import { ViewChecker } from "./view-checker.ts";
import { TroubleLog } from "./trouble-log.ts";

/** Steps between two comparisons of replayed and live state: each prefix of some run, at a bearable price. */
const compareEvery = 64;

/** What is checked while a run goes. */
export class Checker {
  readonly world: Simulation;
  readonly storage: StorageModel;
  readonly truths = new TruthTable();
  readonly outputs: OutputChecker;
  readonly trouble: TroubleLog;
  ledgers = new Map<JobId, JobLedger>();
  private readonly views = new ViewChecker();
  private replay = new ReplayChecker();
  private avoidance = new AvoidanceChecker();
  /** Wall-clock time at which a job's staging directory was gone for good, as first decided. */
  readonly sweptMs = new Map<JobId, number>();
  /** Jobs that a client was told of. */
  private readonly confirmed = new Set<string>();
  /** Key ranges that map attempts had, by job and stage, over all reigns. */
  private readonly cuts = new Map<string, string>();
  private readonly rangesMade = new Set<string>();
  private closed = new Set<SessionId>();
  private epoch = 0;
  private steps = 0;
  /** Which drawn job a job id is. */
  readonly drawn = new Map<string, DrawnJob>();

  constructor(world: Simulation, storage: StorageModel) {
    this.world = world;
    this.storage = storage;
    this.trouble = new TroubleLog(world);
    this.outputs = new OutputChecker({
      seed: world.seed,
      tree: storage.tree,
      archive: storage.archive,
      ledgerOf: (job) => this.ledgers.get(job as JobId),
      drawnOf: (job) => this.drawn.get(job),
    });
    storage.onStep = (job) => {
      this.outputs.actor = job;
    };
    storage.onRefused = (job, call) => this.refused(job, call);
  }

  /** A host finished an attempt's work. */
  outcome(attempt: AttemptRef, outcome: WorkOutcome): void {
    if (outcome.kind === "finished") {
      this.truths.add(attempt, { result: outcome.result, segments: outcome.segments });
      return;
    }
    const { code } = outcome.failure;
    if (code === "E_USER_CODE" || code === "E_OUTPUT_WRITE") this.truths.hurt(attempt, code);
  }

  /** A map attempt begins on a worker: its key ranges are those of the journal, and of all attempts before it (I25). */
  mapBegins({ job, stage, task, attempt }: AttemptRef, cuts: readonly string[] | undefined): void {
    const key = `${job}/${stage}`;
    const told = JSON.stringify(cuts ?? []);
    const before = this.cuts.get(key) ?? told;
    this.cuts.set(key, before);
    const name = attemptName({ stage, task, attempt });
    demand(told === before, "I25", () => `${job} ${name} begins with other key ranges than an attempt before it`);
    const journalled = JSON.stringify(this.ledgers.get(job)?.cutsOf(stage) ?? []);
    demand(told === journalled, "I25", () => `${job} ${name} begins with ${told}, journalled are ${journalled}`);
  }

  /** A new reign begins: what is known is what the journals say. */
  restarted(directory: StateDirectory, epoch: number): void {
    demand(epoch > this.epoch, "I14", () => `epoch ${epoch} follows ${this.epoch}`);
    this.closed = new Set();
    this.ledgers = new Map();
    this.replay = new ReplayChecker();
    this.avoidance = new AvoidanceChecker();
    this.views.forget();
    for (const [id, files] of directory.jobs) {
      for (const record of readJournal(this.world, files.journal) as JobRecord[]) this.addRecord(id as JobId, record);
    }
    for (const ledger of this.ledgers.values()) {
      if (ledger.committing && !ledger.published && this.outputs.published.has(ledger.job)) {
        this.world.marks.hit("published-before-crash");
      }
    }
  }

  /** The coordinator told its epoch to a worker: from now on it must not come again. */
  spoke(message: CoordinatorMessage): void {
    if (message.kind === "registered") this.epoch = message.epoch;
  }

  /** The machine took one event. */
  stepped(event: CoordinatorEvent, result: StepResult, machine: CoordinatorMachine): void {
    if (event.kind === "session-closed") this.closed.add(event.session);
    if (event.kind === "worker-message" && this.closed.has(event.session)) this.checkStale(event, result);
    markStep(this.world, event, result, this.ledgers);
    for (const { job, record } of result.jobRecords) {
      if (record.kind === "ended" && record.outcome === "lost") this.checkLost(job, record, machine);
      if (record.kind === "ranges") this.noteRanges(`${job}/${record.stage}`);
      if (record.kind === "swept") this.sweptMs.set(job, this.world.wallMs);
      if (record.kind === "ended-job") checkNoWorker(job, record, machine);
      this.addRecord(job, record);
    }
    for (const { job, record } of result.jobRecords) this.avoidance.check(job, record, machine);
    this.steps += 1;
    if (this.steps % compareEvery !== 0) return;
    this.compareAll(machine);
    this.views.check(machine, this.world.nowMs);
  }

  /** Ranges that were made before were lost in a crash before anybody acted on them. */
  private noteRanges(key: string): void {
    if (this.rangesMade.has(key)) this.world.marks.hit("ranges-lost");
    this.rangesMade.add(key);
  }

  private checkLost(job: JobId, { attempt }: Extract<JobRecord, { kind: "ended" }>, machine: CoordinatorMachine): void {
    const state = machine.jobState(job);
    const task = state === undefined ? undefined : findTask(state, attempt.stage, attempt.task);
    const worker = task === undefined ? undefined : findAttempt(task, attempt.attempt)?.worker;
    if (worker !== undefined) this.trouble.checkLost(worker, `${job} ${attemptName(attempt)}`);
  }

  /** Compare all replayed states with the live ones. */
  compareAll(machine: CoordinatorMachine): void {
    for (const job of this.ledgers.keys()) this.replay.compare(job, machine.jobState(job));
  }

  /** The coordinator asks storage for a step; its records are durable. */
  storageAsked(job: JobId, call: StorageCall): void {
    if (call.kind !== "publish") return;
    demand(
      this.ledgers.get(job)?.committing === true,
      "I4",
      () => `${job}: publish is asked before committing is journalled`,
    );
  }

  /** Storage refuses a step: an attempt whose files cannot be measured fails for it. */
  private refused(job: string, call: StorageCall): void {
    if (call.kind !== "measure") return;
    for (const uri of call.uris) {
      const attempt = parseAttemptName(job as JobId, uri.split("/").at(-2) ?? "");
      if (attempt !== undefined) this.truths.hurt(attempt, "its files could not be measured");
    }
  }

  /** A job that was never submitted for good is dropped. */
  discarded(job: JobId): void {
    demand(!this.confirmed.has(job), "I4", () => `${job} is dropped, but a client was told that it was submitted`);
    this.ledgers.delete(job);
  }

  /** A client is answered. */
  replied(reply: RequestReply): void {
    if (reply.kind !== "submitted") return;
    this.confirmed.add(reply.job);
    demand(this.ledgers.has(reply.job), "I4", () => `${reply.job} is confirmed, but not journalled`);
    if (reply.again) this.world.marks.hit("duplicate-submit");
  }

  /** Everything is over. */
  checkEnd(): void {
    for (const [job, ledger] of this.ledgers) {
      const drawn = this.drawn.get(job);
      demand(drawn !== undefined, "I14", () => `${job} was never submitted`);
      this.outputs.checkEnd(job, drawn, ledger, this.storage.refusals.has(job));
      checkReason(this, drawn, ledger);
    }
  }

  private addRecord(job: JobId, record: JobRecord): void {
    let ledger = this.ledgers.get(job);
    if (ledger === undefined) {
      demand(record.kind === "submitted", "I4", () => `${job}: ${record.kind} before submitted`);
      ledger = new JobLedger(job, this.truths);
      this.ledgers.set(job, ledger);
    }
    ledger.add(record);
    this.avoidance.add(job, record);
    this.replay.add(job, record);
  }

  private checkStale(event: Extract<CoordinatorEvent, { kind: "worker-message" }>, result: StepResult): void {
    const told = result.effects.filter(({ kind }) => kind === "send" || kind === "reply" || kind.startsWith("send-"));
    const silent = result.jobRecords.length === 0 && result.clusterRecords.length === 0 && told.length === 0;
    demand(silent, "I13", () => `${event.message.kind} of closed session ${event.session} has effects`);
    this.world.marks.hit("stale-message");
  }
}
