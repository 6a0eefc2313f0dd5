// Reads one job's records as they are decided and demands what must hold of them: who was accepted, who is charged,
// what follows what (I3, I4, I7, I8, I14, I15, I18). Independent of the machine's own state.

import { errorEntry } from "@millrace/core";
import type { AttemptKey, AttemptRef, JobId, JobRecord, JobSpec, SegmentVector, Split, StagePlan } from "@millrace/core";
import { demand } from "../violation.ts";
import type { TruthTable } from "./attempt-truth.ts";

type Accepted = Extract<JobRecord, { kind: "accepted" }>;

interface TaskEntry {
  attempts: number;
  charged: number;
  losses: number;
  /** Attempts that were supplied, superseded or killed: further reasons to run again. */
  others: number;
  accepted: Accepted | undefined;
  ended: Set<number>;
}

/** Uncharged losses a task survives; `limits.lossesMax`. */
const lossesMax = 20;

/** The record of one job, by its records alone. */
export class JobLedger {
  readonly job: JobId;
  spec: JobSpec | undefined;
  readonly splits: Split[][] = [];
  stages: readonly StagePlan[] = [];
  committing = false;
  published = false;
  aside = false;
  swept = false;
  outcome: Extract<JobRecord, { kind: "ended-job" }> | undefined;
  resets = 0;
  supplied = 0;
  segmentsLost = 0;
  private readonly tasks = new Map<string, TaskEntry>();
  private readonly truths: TruthTable;

  constructor(job: JobId, truths: TruthTable) {
    this.job = job;
    this.truths = truths;
  }

  /** The accepted attempt of a task. */
  acceptedOf(stage: number, task: number): Accepted | undefined {
    return this.tasks.get(`${stage}-${task}`)?.accepted;
  }

  /** Sums of counters over accepted attempts. The caller owns the object. */
  counters(): Record<string, number> {
    const sums: Record<string, number> = {};
    for (const { accepted } of this.tasks.values()) {
      for (const [name, value] of Object.entries(accepted?.result.counters ?? {})) sums[name] = (sums[name] ?? 0) + value;
    }
    return sums;
  }

  /** Take the next record. @throws {Violation} when it breaks a law. */
  add(record: JobRecord): void {
    const after = this.outcome;
    demand(after === undefined || record.kind === "swept" || record.kind === "aside-removed", "I4", () => `${this.job}: ${record.kind} after the job ended as ${after?.outcome}`);
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
      case "reset":
        this.addReset(record);
        return;
      case "committing":
        this.addCommitting();
        return;
      case "aside":
        demand(this.committing, "I2", () => `${this.job}: the old output moves before the commit`);
        this.aside = true;
        return;
      case "published":
        demand(this.committing, "I4", () => `${this.job}: published before committing`);
        this.published = true;
        return;
      case "ended-job":
        demand(record.outcome !== "succeeded" || this.published, "I4", () => `${this.job}: succeeded without being published`);
        demand(record.outcome !== "killed" || !this.committing, "I4", () => `${this.job}: killed after its commit began`);
        demand(record.outcome === "succeeded" || !this.published, "I4", () => `${this.job}: ${record.outcome} although published`);
        this.outcome = record;
        return;
      case "swept":
        this.swept = true;
        return;
      case "kill-requested":
        demand(!this.committing, "I4", () => `${this.job}: a kill is taken after the commit began`);
        return;
      case "staged":
      case "avoided":
      case "aside-removed":
        return;
    }
  }

  private addOfAttempt(record: Extract<JobRecord, { attempt: AttemptKey }>): void {
    const { stage, task: index, attempt } = record.attempt;
    const name = `${this.job} ${stage}-${index}.${attempt}`;
    const task = this.task(stage, index);
    switch (record.kind) {
      case "launched":
        demand(!this.committing, "I4", () => `${name} is launched after the commit began`);
        demand(attempt === task.attempts, "I14", () => `${name} is launched as attempt ${attempt}, after ${task.attempts} before it`);
        task.attempts += 1;
        demand(task.attempts <= this.attemptsMax + lossesMax + 1 + task.others, "I18", () => `${name}: too many attempts`);
        return;
      case "ended":
        this.addEnded(record, task, name);
        return;
      case "accepted":
        this.addAccepted(record, task, name);
        return;
      case "supplied":
        demand(task.accepted !== undefined, "I3", () => `${name} supplies what was never accepted`);
        this.checkSupplied(record.attempt, task.accepted, name);
        this.supplied += 1;
        task.others += 1;
        return;
      case "segments-lost":
        this.segmentsLost += 1;
        task.others += 1;
        return;
      case "resumed":
        task.ended.delete(attempt);
        return;
      case "slotted":
        return;
    }
  }

  private addEnded(record: Extract<JobRecord, { kind: "ended" }>, task: TaskEntry, name: string): void {
    demand(!task.ended.has(record.attempt.attempt), "I14", () => `${name} ends twice`);
    task.ended.add(record.attempt.attempt);
    if (record.outcome === "killed" || record.outcome === "superseded") task.others += 1;
    else if (!record.charged) task.losses += 1;
    if (!record.charged) return;
    task.charged += 1;
    demand(record.outcome === "failed", "I15", () => `${name} is charged although ${record.outcome}`);
    demand(errorEntry(record.failure.code).charged !== "nobody" || record.failure.code === "E_SEGMENT", "I15", () => `${name} is charged for ${record.failure.code}`);
    demand(task.charged <= this.attemptsMax, "I15", () => `${name}: charged ${task.charged} times`);
  }

  private addAccepted(record: Accepted, task: TaskEntry, name: string): void {
    demand(task.accepted === undefined, "I3", () => `${name} is accepted, and so was attempt ${task.accepted?.attempt.attempt}`);
    demand(record.attempt.attempt < task.attempts, "I3", () => `${name} is accepted, but was never launched`);
    const ref = this.ref(record.attempt);
    const truth = this.truths.get(ref);
    demand(truth !== undefined, "I3", () => `${name} is accepted, but never finished`);
    demand(JSON.stringify(truth.result.files) === JSON.stringify(record.result.files), "I5", () => `${name} is accepted with other files than it wrote`);
    demand(JSON.stringify(truth.result.counters) === JSON.stringify(record.result.counters), "I9", () => `${name} is accepted with other counters than it told`);
    task.accepted = record;
    if (truth.segments !== undefined) this.checkConsumed(record.attempt, name);
  }

  /** Every segment read must be that of the accepted attempt: one of each map task, with its digest. */
  private checkConsumed(reader: AttemptKey, name: string): void {
    const segments = this.truths.get(this.ref(reader))?.segments ?? [];
    const source = this.stages[reader.stage]?.reads ?? -1;
    const tasks = this.stages[source]?.tasks ?? 0;
    demand(new Set(segments.map(({ task }) => task)).size === tasks && segments.length === tasks, "I7", () => `${name} read ${segments.length} segments of ${tasks} maps`);
    for (const segment of segments) {
      const owner = this.acceptedOf(source, segment.task);
      demand(owner !== undefined, "I7", () => `${name} is accepted, but read map ${segment.task} that no accepted attempt owns`);
      const vector = this.vectorOf(owner.attempt);
      demand(vector?.digests[reader.task] === segment.digest && vector.pairs[reader.task] === segment.pairs, "I7", () => `${name} read other pairs of map ${segment.task} than those accepted`);
    }
  }

  private checkSupplied(attempt: AttemptKey, accepted: Accepted | undefined, name: string): void {
    const given = this.vectorOf(attempt);
    const owned = accepted === undefined ? undefined : this.vectorOf(accepted.attempt);
    demand(given !== undefined && JSON.stringify(given) === JSON.stringify(owned), "I7", () => `${name} supplies other pairs than those accepted`);
  }

  private addReset(record: Extract<JobRecord, { kind: "reset" }>): void {
    const task = this.task(record.stage, record.task);
    demand(task.accepted !== undefined, "I7", () => `${this.job} ${record.stage}-${record.task} is reset, but not accepted`);
    this.stages.forEach((stage, index) => {
      if (stage.reads !== record.stage) return;
      for (let reader = 0; reader < stage.tasks; reader += 1) {
        demand(this.acceptedOf(index, reader) === undefined, "I7", () => `${this.job} ${record.stage}-${record.task} is reset after ${index}-${reader} was accepted`);
      }
    });
    task.accepted = undefined;
    task.others += 1;
    this.resets += 1;
  }

  private addCommitting(): void {
    demand(!this.committing, "I4", () => `${this.job} commits twice`);
    this.committing = true;
    this.stages.forEach((stage, index) => {
      for (let task = 0; task < stage.tasks; task += 1) {
        const accepted = this.acceptedOf(index, task);
        demand(accepted !== undefined, "I5", () => `${this.job} commits without ${index}-${task}`);
        if (stage.kind === "reduce") this.checkConsumed(accepted.attempt, `${this.job} ${index}-${task}.${accepted.attempt.attempt}`);
      }
    });
  }

  private vectorOf(attempt: AttemptKey): SegmentVector | undefined {
    return this.truths.get(this.ref(attempt))?.vector;
  }

  private ref(attempt: AttemptKey): AttemptRef {
    return { job: this.job, stage: attempt.stage, task: attempt.task, attempt: attempt.attempt };
  }

  private get attemptsMax(): number {
    return this.spec?.options.attemptsMax ?? 4;
  }

  private task(stage: number, index: number): TaskEntry {
    const key = `${stage}-${index}`;
    let entry = this.tasks.get(key);
    if (entry === undefined) {
      entry = { attempts: 0, charged: 0, losses: 0, others: 0, accepted: undefined, ended: new Set() };
      this.tasks.set(key, entry);
    }
    return entry;
  }
}
