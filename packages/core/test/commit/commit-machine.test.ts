import { describe, expect, it } from "vitest";
import { stepCommit } from "../../src/commit/commit-machine.ts";
import { emptyCommitProgress, finalSweepUris } from "../../src/commit/commit-progress.ts";
import { createCommitState } from "../../src/commit/commit-state.ts";
import type { CommitDecision, CommitEvent } from "../../src/commit/commit-state.ts";
import type { CommitOrder } from "../../src/commit/commit-order.ts";
import type { StorageReply } from "../../src/model/storage-call.ts";
import { bounds, jobId, makeOrder } from "./commit-fixture.ts";

const ok: StorageReply = { kind: "ok" };
const absent: StorageReply = { kind: "inspected", exists: false, empty: false, parentWritable: true };
const ours: StorageReply = { ...absent, exists: true, manifestJob: jobId };
const unknown: StorageReply = { kind: "unknown", message: "timed out" };
const denied: StorageReply = { kind: "refused", reason: "denied", message: "permission denied" };

/** Drive a commit by replies; a reply "wait" lets the wait end. Returns what was asked for, step by step. */
function drive(
  order: CommitOrder,
  begin: CommitDecision,
  replies: readonly (StorageReply | "wait")[],
): CommitDecision[] {
  const decisions = [begin];
  for (const reply of replies) {
    const event: CommitEvent = reply === "wait" ? { kind: "waited", wallMs: 2 } : { kind: "replied", reply, wallMs: 2 };
    decisions.push(stepCommit(order, decisions.at(-1)!.state, event, bounds));
  }
  return decisions;
}

const began = (order: CommitOrder) => stepCommit(order, createCommitState(), { kind: "begin", wallMs: 1 }, bounds);
const whole = (order: CommitOrder): StorageReply => ({
  kind: "listed-files",
  files: [{ name: "_SUCCESS", bytes: order.manifestBytes }, ...order.manifest.parts],
});

describe("stepCommit()", () => {
  it("places in batches, writes the manifest, checks and publishes", () => {
    const order = makeOrder();
    const decisions = drive(order, began(order), [ok, ok, ok, ok, whole(order), ok]);
    expect(decisions.map(({ call }) => call?.kind)).toEqual([
      "place",
      "place",
      "write-file",
      "place",
      "list-files",
      "publish",
      undefined,
    ]);
    expect(decisions.flatMap(({ records }) => records)).toEqual([
      { kind: "committing", wallMs: 1 },
      { kind: "published", wallMs: 2 },
    ]);
    expect(decisions.at(-1)?.outcome).toEqual({ kind: "published" });
  });

  it("waits twice as long after each lost reply, up to the bound", () => {
    const order = makeOrder();
    const patient = { ...bounds, storageTriesMax: 9 };
    let decision = began(order);
    const waits: (number | undefined)[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      decision = stepCommit(order, decision.state, { kind: "replied", reply: unknown, wallMs: 2 }, patient);
      waits.push(decision.waitMs);
      decision = stepCommit(order, decision.state, { kind: "waited", wallMs: 2 }, patient);
      expect(decision.call?.kind).toBe("place");
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  });

  it("takes an output that names the job as published, whatever the reply was", () => {
    const order = makeOrder();
    const decisions = drive(order, began(order), [ok, ok, ok, ok, whole(order), unknown, "wait", ours]);
    expect(decisions.at(-1)?.outcome).toEqual({ kind: "published" });
  });

  it("fails with the reason when a part has another length", () => {
    const order = makeOrder();
    const listing = whole(order) as Extract<StorageReply, { kind: "listed-files" }>;
    const files = listing.files.map((file) => (file.bytes === 11 ? { ...file, bytes: 9 } : file));
    const decisions = drive(order, began(order), [ok, ok, ok, ok, { ...listing, files }, absent, ok, absent]);
    expect(decisions.at(-1)?.outcome).toEqual({
      kind: "failed",
      failure: {
        code: "E_COMMIT",
        message:
          'Cannot publish "hdfs://ns/out": "part-r-00001.txt" has 9 bytes, not 11, at step check; check the storage, then submit again',
      },
    });
  });

  it.each<[string, Extract<StorageReply, { kind: "refused" }>, string]>([
    [
      "E_OUTPUT_EXISTS",
      { kind: "refused", reason: "exists", message: 'Cannot publish "hdfs://ns/out": it exists; choose another name' },
      "another output has appeared there, at step publish; choose another output",
    ],
    [
      "E_COMMIT",
      { kind: "refused", reason: "denied", message: 'Cannot publish "hdfs://ns/out": EACCES; grant access to it' },
      "EACCES, at step publish; check the storage, then submit again",
    ],
    [
      "E_COMMIT",
      { kind: "refused", reason: "denied", message: 'Cannot rename "hdfs://ns/x": EACCES; grant access to it' },
      'cannot rename "hdfs://ns/x": EACCES, at step publish; check the storage, then submit again',
    ],
  ])("says in one sentence why storage refused to publish: %s", (code, reply, text) => {
    const order = makeOrder();
    const decisions = drive(order, began(order), [ok, ok, ok, ok, whole(order), reply, absent, ok, absent]);
    const failure = { code, message: `Cannot publish "hdfs://ns/out": ${text}` };
    expect(decisions.at(-1)?.outcome).toEqual({ kind: "failed", failure });
  });

  it("fails when a file lies in the data that the manifest does not name", () => {
    const order = makeOrder();
    const listing = whole(order) as Extract<StorageReply, { kind: "listed-files" }>;
    const files = [...listing.files, { name: "zombie", bytes: 1 }];
    const decisions = drive(order, began(order), [ok, ok, ok, ok, { ...listing, files }, absent, ok, absent]);
    expect(decisions.at(-1)?.outcome).toMatchObject({ kind: "failed", failure: { code: "E_COMMIT" } });
  });

  it("does not fail before the data has another name, however long storage is silent", () => {
    const order = makeOrder();
    let decision = drive(order, began(order), [denied, absent]).at(-1)!;
    expect(decision.records).toMatchObject([{ kind: "voiding", failure: { code: "E_COMMIT" } }]);
    for (let tries = 0; tries < 50; tries += 1) {
      expect(decision.call).toMatchObject({ kind: "rename", from: expect.stringMatching(/\/data$/) });
      decision = stepCommit(order, decision.state, { kind: "replied", reply: unknown, wallMs: 2 }, bounds);
      expect(decision.waitMs).toBeLessThanOrEqual(bounds.storageRetryMsMax);
      decision = stepCommit(order, decision.state, { kind: "waited", wallMs: 2 }, bounds);
    }
  });

  it("goes on with the way back after a restart", () => {
    const order = makeOrder();
    const failure = { code: "E_COMMIT", message: "no" };
    const progress = { ...emptyCommitProgress, committing: true, failure };
    const decision = stepCommit(order, createCommitState(progress), { kind: "recovered", wallMs: 1 }, bounds);
    expect(decision.call).toMatchObject({ kind: "rename", from: expect.stringMatching(/\/data$/) });
    const end = drive(order, decision, [{ kind: "refused", reason: "missing", message: "" }, absent]).at(-1);
    expect(end?.outcome).toEqual({ kind: "failed", failure });
  });

  it("removes the old output that a restart finds replaced", () => {
    const order = makeOrder({ outputUri: "file:///data/out", overwrite: true });
    const progress = { ...emptyCommitProgress, committing: true, published: true, asideUri: "file:///data/.old" };
    const decision = stepCommit(order, createCommitState(progress), { kind: "recovered", wallMs: 1 }, bounds);
    expect(decision.call).toEqual({ kind: "remove", uri: "file:///data/.old" });
    expect(drive(order, decision, [ok]).at(-1)).toMatchObject({
      records: [{ kind: "aside-removed" }],
      outcome: { kind: "published" },
    });
  });

  it("leaves an old output alone in which somebody has put a file", () => {
    const order = makeOrder({ outputUri: "file:///data/out", overwrite: true });
    const old: StorageReply = { ...ours, manifestJob: `job-${"2".repeat(26)}`, foreign: "notes.txt" };
    const decisions = drive(order, began(order), [ok, ok, ok, ok, whole(order), old]);
    expect(decisions.at(-1)?.records).toMatchObject([
      {
        failure: {
          code: "E_OUTPUT_EXISTS",
          message: expect.stringContaining('it holds "notes.txt", which its manifest does not name') as string,
        },
      },
    ]);
    expect(decisions.flatMap(({ records }) => records).some(({ kind }) => kind === "aside")).toBe(false);
  });

  it("ignores a wait that ends while a call is out", () => {
    const order = makeOrder();
    const decision = began(order);
    expect(stepCommit(order, decision.state, { kind: "waited", wallMs: 2 }, bounds)).toEqual({
      state: decision.state,
      records: [],
    });
  });
});

describe("finalSweepUris()", () => {
  const stagingUri = "hdfs://ns/.out.millrace-x";
  const asideUri = "hdfs://ns/.out.millrace-old-x";

  it("names the aside of a published job", () => {
    const progress = { committing: true, published: true, asideRemoved: false, asideUri };
    expect(finalSweepUris({ stagingUri, progress })).toEqual([stagingUri, asideUri]);
  });

  it("never names the aside of a job that failed", () => {
    const progress = { committing: true, published: false, asideRemoved: false, asideUri };
    expect(finalSweepUris({ stagingUri, progress })).toEqual([stagingUri]);
  });
});
