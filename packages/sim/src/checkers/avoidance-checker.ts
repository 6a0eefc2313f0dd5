// Demands that a worker which has failed a job three times gets no more of it while another one can have it (I15): one
// broken worker must not use up a task's tries. Counts by the records alone, independent of the machine's own state.

import { attemptName, errorEntry } from "@millrace/core";
import type { CoordinatorMachine, JobId, JobRecord } from "@millrace/core";
import { demand } from "../violation.ts";

/** Failures that a job forgives a worker, and one more; `limits.workerFailuresMax`. */
const failuresMax = 3;

/** What a job has against workers. */
interface Blame {
  /** Worker by attempt. */
  readonly workers: Map<string, string>;
  readonly failures: Map<string, number>;
  readonly avoided: Set<string>;
}

/** Who failed which job how often, as far as it is known that the worker was at fault. */
export class AvoidanceChecker {
  private readonly jobs = new Map<JobId, Blame>();

  /** Take a record. */
  add(job: JobId, record: JobRecord): void {
    const blame = this.blameOf(job);
    if (record.kind === "launched") blame.workers.set(attemptName(record.attempt), record.worker);
    if (record.kind === "avoided") blame.avoided.add(record.worker);
    const worker = this.failedBy(job, record);
    if (worker !== undefined) blame.failures.set(worker, (blame.failures.get(worker) ?? 0) + 1);
  }

  /** Check a record when its step is over. @throws {Violation} I15. */
  check(job: JobId, record: JobRecord, { reign }: CoordinatorMachine): void {
    const { failures, avoided } = this.blameOf(job);
    const worker = this.failedBy(job, record);
    const over = reign.jobs.get(job)?.state.outcome !== undefined;
    if (worker === undefined || over || (failures.get(worker) ?? 0) < failuresMax || avoided.has(worker)) return;
    const living = [...reign.workers.values()].filter(({ standing }) => standing !== "lost");
    const other = living.find((row) => row.standing === "alive" && row.worker !== worker && !avoided.has(row.worker));
    const avoidsOne = living.some((row) => avoided.has(row.worker));
    const text = `${job} does not avoid ${worker} after ${failures.get(worker)} failures, although ${other?.worker} lives`;
    demand(other === undefined || avoidsOne, "I15", () => text);
  }

  private blameOf(job: JobId): Blame {
    const known = this.jobs.get(job);
    if (known !== undefined) return known;
    const blame: Blame = { workers: new Map(), failures: new Map(), avoided: new Set() };
    this.jobs.set(job, blame);
    return blame;
  }

  /** The worker whose fault an attempt's end was. */
  private failedBy(job: JobId, record: JobRecord): string | undefined {
    if (record.kind !== "ended" || record.outcome !== "failed") return undefined;
    if (errorEntry(record.failure.code).charged !== "worker") return undefined;
    return this.blameOf(job).workers.get(attemptName(record.attempt));
  }
}
