import { CoordinatorMachine } from "@millrace/core";
import type { Incarnation, JobId, JobRecord, SessionId, WorkerId } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { AvoidanceChecker } from "../../src/checkers/avoidance-checker.ts";

const job = "job-00000000000000000000000000" as JobId;

/** A coordinator at which these workers are registered. */
function coordinatorWith(...workers: readonly string[]): CoordinatorMachine {
  const machine = new CoordinatorMachine();
  machine.step(0, { kind: "recovered", epoch: 1 as never, wallMs: 0 });
  workers.forEach((worker, index) =>
    machine.step(0, {
      kind: "worker-message",
      session: index as SessionId,
      wallMs: 0,
      message: {
        kind: "register",
        description: {
          worker: worker as WorkerId,
          incarnation: 1 as Incarnation,
          host: "h",
          rack: "/r",
          slots: 1,
          shuffleAddress: `${worker}:1`,
          freeDiskBytes: 1,
          dataVersions: [1],
          nodeMajor: 24,
          protocols: [1],
        },
        inventory: { running: [], gathering: [], unacknowledged: [], held: [] },
      },
    }),
  );
  return machine;
}

/** Let `w-0` fail so often with a code, and check the last. */
function failing(times: number, code: string, machine: CoordinatorMachine, ...more: readonly JobRecord[]): void {
  const checker = new AvoidanceChecker();
  const key = (attempt: number) => ({ stage: 0, task: 0, attempt });
  const worker = "w-0" as WorkerId;
  for (let attempt = 0; attempt < times; attempt += 1) {
    checker.add(job, { kind: "launched", attempt: key(attempt), worker, incarnation: 1 as Incarnation, wallMs: 1 });
    const failure = { code, message: "" };
    const ended = {
      kind: "ended",
      attempt: key(attempt),
      outcome: "failed",
      charged: false,
      failure,
      wallMs: 1,
    } as const;
    checker.add(job, ended);
    if (attempt < times - 1) continue;
    for (const record of more) checker.add(job, record);
    checker.check(job, ended, machine);
  }
}

const avoided = (worker: string): JobRecord => ({ kind: "avoided", worker: worker as WorkerId, reason: "" });

describe("AvoidanceChecker", () => {
  test("demands that one of two workers is avoided after three failures of its own", () => {
    expect(() => failing(3, "E_HOST_START", coordinatorWith("w-0", "w-1"))).toThrow("although w-1 lives");
    failing(3, "E_HOST_START", coordinatorWith("w-0", "w-1"), avoided("w-0"));
    failing(2, "E_HOST_START", coordinatorWith("w-0", "w-1"));
  });

  test("lets be the last worker, one beside another that is avoided, and failures that are not the worker's", () => {
    failing(9, "E_HOST_START", coordinatorWith("w-0"));
    failing(9, "E_HOST_START", coordinatorWith("w-0", "w-1", "w-2"), avoided("w-1"));
    failing(9, "E_WORKER_LOST", coordinatorWith("w-0", "w-1"));
  });
});
