import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClusterRecord, ClusterState, Epoch, Incarnation, JobId, WorkerId } from "../../src/index.ts";
import { compactCluster, isWorthCompacting, limits, replayCluster } from "../../src/index.ts";

const jobOf = (index: number): JobId => `job-${String(index).padStart(26, "0")}` as JobId;

/** A journal as a machine writes it: reigns rise, jobs end once after they were submitted. */
function journalOf(steps: readonly ("reign" | "submit" | "end" | "worker")[]): readonly ClusterRecord[] {
  const records: ClusterRecord[] = [];
  let [reigns, submitted, ended, lives] = [0, 0, 0, 0];
  for (const step of steps) {
    if (step === "reign") records.push({ kind: "reign", epoch: ++reigns as Epoch, wallMs: reigns });
    if (step === "worker")
      records.push({ kind: "incarnation", worker: "w-1" as WorkerId, incarnation: ++lives as Incarnation });
    if (step === "end" && ended < submitted)
      records.push({ kind: "job-ended", job: jobOf(ended++), outcome: ended % 2 === 0 ? "killed" : "succeeded" });
    if (step === "submit") records.push(submissionOf(submitted++));
  }
  return records;
}

const submissionOf = (index: number): ClusterRecord => ({
  kind: "submitted",
  job: jobOf(index),
  ...(index % 3 === 0 ? { idempotencyKey: `key-${index}` } : {}),
  specDigest: `${index}`,
  outputUri: `mem://out/${index}`,
  priority: index,
  wallMs: index,
});

/** All but the count of submissions that are forgotten. */
function comparable(state: ClusterState): object {
  const jobs = [...state.jobs.values()].map((job, order) => ({ ...job, order }));
  return { epoch: state.epoch, jobs, keys: state.keys, incarnations: state.incarnations };
}

describe("compactCluster()", () => {
  it("gives the state again, in the fewest records", () => {
    const step = fc.constantFrom("reign" as const, "submit" as const, "end" as const, "worker" as const);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const state = replayCluster(journalOf(steps));
        const compact = compactCluster(state);
        expect(comparable(replayCluster(compact))).toEqual(comparable(state));
        expect(compactCluster(replayCluster(compact))).toEqual(compact);
      }),
    );
  });

  it("forgets what the state has forgotten, and keeps jobs that live, however old", () => {
    const records = journalOf([
      "submit",
      ...Array.from({ length: limits.jobsRememberedMax + 100 }, () => "submit" as const),
    ]);
    const ends = Array.from({ length: limits.jobsRememberedMax + 100 }, (_, index): ClusterRecord => ({
      kind: "job-ended",
      job: jobOf(index + 1),
      outcome: "succeeded",
    }));
    const state = replayCluster([...records, ...ends]);
    const compact = compactCluster(state);
    expect(compact).toHaveLength(2 * limits.jobsRememberedMax - 1);
    expect(replayCluster(compact).jobs.has(jobOf(0))).toBe(true);
    expect(isWorthCompacting(records.length + ends.length, compact.length)).toBe(false);
  });
});

const lifeOf = (worker: string, incarnation = 1): ClusterRecord => ({
  kind: "incarnation",
  worker: worker as WorkerId,
  incarnation: incarnation as Incarnation,
});

describe("lives of workers", () => {
  it("are remembered of the workers that were new last, in a state as in its compact journal", () => {
    const many = Array.from({ length: limits.workersRememberedMax - 1 }, (_, index) => lifeOf(`w-${index}`));
    const records = [lifeOf("w-gone"), lifeOf("w-back"), ...many, lifeOf("w-back", 2), lifeOf("w-new")];
    const state = replayCluster(records);
    expect(state.incarnations.size).toBe(limits.workersRememberedMax);
    expect(state.incarnations.has("w-gone" as WorkerId)).toBe(false);
    expect(state.incarnations.has("w-0" as WorkerId)).toBe(false);
    expect([...state.incarnations].slice(-2)).toEqual([
      ["w-back", 2],
      ["w-new", 1],
    ]);
    const compact = compactCluster(state);
    expect(compact).toHaveLength(limits.workersRememberedMax);
    expect([...replayCluster(compact).incarnations]).toEqual([...state.incarnations]);
    // Should one come back that was forgotten, it is a new worker.
    expect(replayCluster([...compact, lifeOf("w-gone", 2)]).incarnations.get("w-gone" as WorkerId)).toBe(2);
  });
});

describe("isWorthCompacting()", () => {
  it("leaves short journals, and those that say little twice", () => {
    expect([isWorthCompacting(999, 10), isWorthCompacting(1_000, 10), isWorthCompacting(1_000, 501)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
