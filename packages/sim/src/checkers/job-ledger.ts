// Reads one job's records as they are decided and demands what must hold of them: who was accepted, who is charged,
// what follows what (I3, I4, I14, I15, I18). Independent of the machine's own state.

import { errorEntry } from "@millrace/core";
import type { AttemptKey, JobId, JobRecord, JobSpec, Split, StagePlan } from "@millrace/core";
import { demand } from "../violation.ts";
import type { TruthTable } from "./attempt-truth.ts";
import { checkConsumed, checkSupplied, refOf } from "./consumption.ts";
import type { ConsumptionSource } from "./consumption.ts";

type RecordOf<Kind extends JobRecord["kind"]> = Extract<JobRecord, { kind: Kind }>;

interface TaskEntry {
  attempts: number;
  charged: number;
  losses: number;
  /** Ends and losses that are no failure: further reasons to run again. */
  others: number;
  accepted: RecordOf<"accepted"> | undefined;
  /** Whether its segments have a place. */
  home: boolean;
  /** Attempts under way. */
  readonly live: Set<number>;
  /** Attempts that were given up and came back. */
  readonly resumed: Set<number>;
}

/** Uncharged losses a task survives; `limits.lossesMax`. */
const lossesMax = 20;

/** One job, by its records alone. */
export class JobLedger implements ConsumptionSource {
  readonly job: JobId;
  readonly truths: TruthTable;
  spec: JobSpec | undefined;
  readonly splits: Split[][] = [];
  stages: readonly StagePlan[] = [];
  committing = false;
  published = false;
  aside = false;
  killRequested = false;
  /** Failures charged to its tasks. */
  chargedCount = 0;
  outcome: RecordOf<"ended-job"> | undefined;
  private readonly tasks = new Map<string, TaskEntry>();
  /** Key ranges by map stage. */
  private readonly ranges = new Map<number, readonly string[]>();

  constructor(job: JobId, truths: TruthTable) {
    this.job = job;
    this.truths = truths;
  }

  readonly acceptedOf = (stage: number, task: number): AttemptKey | undefined =>
    this.tasks.get(`${stage}-${task}`)?.accepted?.attempt;

  /** Cuts between the key ranges of a map stage. */
  cutsOf(stage: number): readonly string[] | undefined {
    return this.ranges.get(stage);
  }

  /** Sums of counters over accepted attempts. The caller owns the object. */
  counters(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { accepted } of this.tasks.values()) {
      for (const [name, value] of Object.entries(accepted?.result.counters ?? {}))
        sums[name] = (sums[name] ?? 0) + value;
    }
    return sums;
  }

  /** Attempts launched in all, and tasks. */
  attempts(): { readonly launched: number; readonly tasks: number } {
    let launched = 0;
    for (const task of this.tasks.values()) launched += task.attempts;
    return { launched, tasks: this.tasks.size };
  }

  /** Whether the task that the job failed of ran in vain as often as it may. */
  get ranOutOfLosses(): boolean {
    const failed = this.outcome?.failedTask;
    return failed !== undefined && this.task(failed.stage, failed.task).losses >= lossesMax;
  }

  /** Take the next record. @throws {Violation} when it breaks a law. */
  add(record: JobRecord): void {
    const ended = this.outcome !== undefined && record.kind !== "swept" && record.kind !== "aside-removed";
    demand(!ended, "I4", () => `${this.job}: ${record.kind} after the job ended as ${this.outcome?.outcome}`);
    if ("attempt" in record) this.addOfAttempt(record);
    else this.addOfJob(record);
  }

  private addOfJob(record: Exclude<JobRecord, { attempt: AttemptKey }>): void {
    switch (record.kind) {
      case "submitted":
        this.spec = record.spec;
        return;
      case "splits":
        this.splits[record.stage] = [...(this.splits[record.stage] ?? []), ...record.splits];
        return;
      case "planned":
        this.stages = record.stages;
        return;
      case "ranges":
        return this.addRanges(record);
      case "reset":
        return this.addReset(record);
      case "committing":
        return this.addCommitting();
      case "aside":
        demand(this.committing, "I2", () => `${this.job}: the old output moves before the commit`);
        this.aside = true;
        return;
      case "published":
        demand(this.committing, "I4", () => `${this.job}: published before committing`);
        this.published = true;
        return;
      case "ended-job":
        return this.addEnd(record);
      case "kill-requested":
        demand(!this.committing, "I4", () => `${this.job}: a kill is taken after the commit began`);
        this.killRequested = true;
        return;
      case "staged":
      case "avoided":
      case "voiding":
      case "aside-removed":
      case "swept":
        return;
    }
  }

  /** Ranges are made once, from the samples of all tasks of their stage, before any map is launched (I25). */
  private addRanges({ stage, cuts }: RecordOf<"ranges">): void {
    const name = `${this.job} ranges of stage ${stage}`;
    const spec = this.spec?.stages[stage];
    const ranges = spec?.kind === "map" ? spec.shuffle?.ranges : undefined;
    demand(ranges !== undefined && !this.ranges.has(stage), "I25", () => `${name} are made unasked or twice`);
    const keys = new Set<string>();
    for (let task = 0; task < (this.stages[ranges]?.tasks ?? 0); task += 1) {
      const accepted = this.tasks.get(`${ranges}-${task}`)?.accepted;
      demand(accepted !== undefined, "I25", () => `${name} are made without the sample of ${ranges}-${task}`);
      for (const key of accepted.result.sample ?? []) keys.add(key);
    }
    const ordered = cuts.every((cut, index) => index === 0 || (cuts[index - 1] ?? "") <= cut);
    const sampled = keys.size === 0 || cuts.every((cut) => keys.has(cut));
    const whole = cuts.length === (this.stages[stage]?.partitions ?? 0) - 1;
    demand(ordered && sampled && whole, "I25", () => `${name} are no cuts of its samples: ${cuts.join()}`);
    this.ranges.set(stage, cuts);
  }

  private addEnd(record: RecordOf<"ended-job">): void {
    const { outcome } = record;
    demand(outcome !== "succeeded" || this.published, "I4", () => `${this.job}: succeeded without being published`);
    demand(outcome !== "killed" || !this.committing, "I4", () => `${this.job}: killed after its commit began`);
    demand(outcome !== "killed" || this.killRequested, "I4", () => `${this.job}: killed without anyone asking`);
    demand(outcome === "succeeded" || !this.published, "I4", () => `${this.job}: ${outcome} although published`);
    this.outcome = record;
  }

  private addOfAttempt(record: Extract<JobRecord, { attempt: AttemptKey }>): void {
    const { stage, task: index, attempt } = record.attempt;
    const name = `${this.job} ${stage}-${index}.${attempt}`;
    const task = this.task(stage, index);
    switch (record.kind) {
      case "launched":
        return this.addLaunched(record, task, name);
      case "ended":
        return this.addEnded(record, task, name);
      case "accepted":
        return this.addAccepted(record, task, name);
      case "supplied":
        checkSupplied(this, record.attempt);
        // Segments that were made again were lost once.
        if (task.live.delete(attempt)) task.losses += 1;
        task.home = true;
        task.others += 1;
        return;
      case "segments-lost":
        task.home = false;
        task.others += 1;
        return;
      case "resumed":
        task.live.add(attempt);
        task.resumed.add(attempt);
        return;
      case "slotted":
        return;
    }
  }

  private addLaunched(record: RecordOf<"launched">, task: TaskEntry, name: string): void {
    demand(!this.committing, "I4", () => `${name} is launched after the commit began`);
    demand(!this.killRequested, "I4", () => `${name} is launched after a kill`);
    demand(record.attempt.attempt === task.attempts, "I14", () => `${name} follows ${task.attempts} attempts`);
    const needless = task.accepted !== undefined && (task.home || task.accepted.result.run === undefined);
    demand(
      !needless,
      "I18",
      () => `${name} is launched, but attempt ${task.accepted?.attempt.attempt} counts and its segments are there`,
    );
    const spec = this.spec?.stages[record.attempt.stage];
    const early = spec?.kind === "map" && spec.shuffle?.ranges !== undefined && !this.ranges.has(record.attempt.stage);
    demand(!early, "I25", () => `${name} is launched before its key ranges are journalled`);
    demand(task.live.size === 0, "I18", () => `${name} is launched beside attempts ${[...task.live].join()}`);
    task.attempts += 1;
    task.live.add(record.attempt.attempt);
    demand(task.attempts <= this.attemptsMax + lossesMax + 1 + task.others, "I18", () => `${name}: too many attempts`);
  }

  private addEnded(record: RecordOf<"ended">, task: TaskEntry, name: string): void {
    demand(task.live.delete(record.attempt.attempt), "I14", () => `${name} ends, but is not under way`);
    if (record.outcome === "killed" || record.outcome === "superseded") task.others += 1;
    else if (!record.charged) task.losses += 1;
    this.checkMismatch(record, task, name);
    if (!record.charged) return;
    task.charged += 1;
    this.chargedCount += 1;
    const { code } = record.failure;
    demand(record.outcome === "failed", "I15", () => `${name} is charged although ${record.outcome}`);
    demand(errorEntry(code).charged === "task", "I15", () => `${name} is charged for ${code}`);
    const cause = this.truths.causeOf(refOf(this.job, record.attempt));
    demand(cause !== undefined, "I15", () => `${name} is charged for ${code}, but nothing was wrong with it`);
    demand(task.charged <= this.attemptsMax, "I15", () => `${name}: charged ${task.charged} times`);
  }

  /** A report that does not add up comes from a host with a bug, or from an attempt that was given up before a reset. */
  private checkMismatch(record: RecordOf<"ended">, task: TaskEntry, name: string): void {
    if (record.failure.code !== "E_CONSERVATION") return;
    const { attempt } = record.attempt;
    const explained = task.resumed.has(attempt) || this.truths.causeOf(refOf(this.job, record.attempt)) !== undefined;
    demand(explained, "I8", () => `${name} does not add up: ${record.failure.message}`);
  }

  private addAccepted(record: RecordOf<"accepted">, task: TaskEntry, name: string): void {
    const owner = task.accepted?.attempt.attempt;
    demand(owner === undefined, "I3", () => `${name} is accepted, and so was attempt ${owner}`);
    demand(record.attempt.attempt < task.attempts, "I3", () => `${name} is accepted, but was never launched`);
    const truth = this.truths.get(refOf(this.job, record.attempt));
    demand(truth !== undefined, "I3", () => `${name} is accepted, but never finished`);
    const told = truth.result;
    demand(same(told.files, record.result.files), "I5", () => `${name} is accepted with other files than it wrote`);
    const sample = this.stages[record.attempt.stage]?.kind === "sample";
    // What a sample counted, the map counts again.
    const counters = sample ? {} : told.counters;
    demand(same(counters, record.result.counters), "I9", () => `${name} is accepted with other counters`);
    demand(same(told.sample, record.result.sample), "I25", () => `${name} is accepted with another sample`);
    demand(!sample || record.result.badRecords.length === 0, "I9", () => `${name} is a sample with bad records`);
    task.accepted = record;
    task.home = record.result.run !== undefined;
    task.live.delete(record.attempt.attempt);
    if (truth.segments !== undefined) checkConsumed(this, record.attempt);
  }

  private addReset(record: RecordOf<"reset">): void {
    const task = this.task(record.stage, record.task);
    const name = `${this.job} ${record.stage}-${record.task}`;
    demand(task.accepted !== undefined, "I7", () => `${name} is reset, but not accepted`);
    this.stages.forEach((stage, index) => {
      if (stage.reads !== record.stage) return;
      for (let reader = 0; reader < stage.tasks; reader += 1) {
        const consumed = this.acceptedOf(index, reader) !== undefined;
        demand(!consumed, "I7", () => `${name} is reset after ${index}-${reader} was accepted`);
      }
    });
    task.accepted = undefined;
    task.home = false;
    task.others += 1;
  }

  private addCommitting(): void {
    demand(!this.committing, "I4", () => `${this.job} commits twice`);
    this.committing = true;
    this.stages.forEach((stage, index) => {
      for (let task = 0; task < stage.tasks; task += 1) {
        const accepted = this.acceptedOf(index, task);
        demand(accepted !== undefined, "I5", () => `${this.job} commits without ${index}-${task}`);
        if (stage.kind === "reduce") checkConsumed(this, accepted);
      }
    });
  }

  private get attemptsMax(): number {
    return this.spec?.options.attemptsMax ?? 4;
  }

  private task(stage: number, index: number): TaskEntry {
    const key = `${stage}-${index}`;
    let entry = this.tasks.get(key);
    if (entry === undefined) {
      entry = {
        attempts: 0,
        charged: 0,
        losses: 0,
        others: 0,
        accepted: undefined,
        home: false,
        live: new Set(),
        resumed: new Set(),
      };
      this.tasks.set(key, entry);
    }
    return entry;
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
