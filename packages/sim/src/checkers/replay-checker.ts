// Keeps a second copy of the durable state, made from the journal's lines alone, one record at a time, and compares it
// with the machine's own: for every prefix of a journal, replay must give what the live machine held (I20).

import { applyJobRecord, createJobState } from "@millrace/core";
import type { JobId, JobRecord } from "@millrace/core";
import { demand } from "../violation.ts";

type JobState = ReturnType<typeof createJobState>;

/** Copies of the durable states of all jobs of a reign. */
export class ReplayChecker {
  private readonly states = new Map<JobId, JobState>();

  /** Take a record, by way of its JSON, as a journal would give it back. */
  add(job: JobId, record: JobRecord): void {
    const read = JSON.parse(JSON.stringify(record)) as JobRecord;
    const state = this.states.get(job);
    if (state !== undefined) applyJobRecord(state, read);
    else if (read.kind === "submitted") this.states.set(job, createJobState(read));
  }

  /** Compare one job. @throws {Violation} I20. */
  compare(job: JobId, live: JobState | undefined): void {
    const copy = this.states.get(job);
    if (live === undefined || copy === undefined) return;
    const difference = firstDifference(copy, live, "");
    demand(difference === undefined, "I20", () => `${job}: replay and live machine differ at ${difference}`);
  }
}

/** Path of the first difference of two plain values, Maps and Sets included; undefined when they are equal. */
export function firstDifference(one: unknown, other: unknown, path: string): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return `${path}: ${String(one)} and ${String(other)}`;
  if (one instanceof Map && other instanceof Map)
    return firstDifference([...one].sort(byFirst), [...other].sort(byFirst), path);
  if (one instanceof Set && other instanceof Set)
    return firstDifference([...one].sort(byText), [...other].sort(byText), path);
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const name of names) {
    const difference = firstDifference(
      (one as Record<string, unknown>)[name],
      (other as Record<string, unknown>)[name],
      `${path}.${name}`,
    );
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function byFirst([a]: [unknown, unknown], [b]: [unknown, unknown]): number {
  return byText(a, b);
}

function byText(a: unknown, b: unknown): number {
  return String(a) < String(b) ? -1 : 1;
}
