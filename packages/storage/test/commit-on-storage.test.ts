// The commit of core on real storage: the same decisions as in core's model, with what a disk makes of them.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import {
  applyCommitRecord,
  createCommitOrder,
  createCommitState,
  emptyCommitProgress,
  stagingUriOf,
  stepCommit,
} from "@millrace/core";
import type { CommitDecision, CommitOrder, CommitOutcome, CommitProgress, JobId } from "@millrace/core";
import { createMemoryStorage } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import { faultyStorage } from "../src/faulty-storage.ts";
import { uriOfPath } from "../src/file-uris.ts";
import { createLocalStorage } from "../src/local-storage.ts";
import { performStorageCall } from "../src/perform-storage-call.ts";
import { writeText } from "../src/read-text.ts";
import { verifyOutput } from "../src/verify-output.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

/** Where a commit's process dies: before or after its n-th storage call, counted from 0. */
interface Crash {
  readonly call: number;
  readonly when: "before" | "after";
}

interface Run {
  readonly journal: CommitProgress;
  readonly outcome?: CommitOutcome;
  readonly calls: number;
}

/** Drive a commit, from its begin or from what a journal says, to its end or its crash. */
async function commit(storage: Storage, order: CommitOrder, from?: CommitProgress, crash?: Crash): Promise<Run> {
  let journal = from ?? emptyCommitProgress;
  let calls = 0;
  let decision: CommitDecision = stepCommit(order, createCommitState(journal), {
    kind: from === undefined ? "begin" : "recovered",
    wallMs: 0,
  });
  for (;;) {
    journal = decision.records.reduce(applyCommitRecord, journal);
    if (decision.outcome !== undefined) return { journal, outcome: decision.outcome, calls };
    if (decision.call === undefined) {
      decision = stepCommit(order, decision.state, { kind: "waited", wallMs: 0 });
      continue;
    }
    if (crash?.call === calls && crash.when === "before") return { journal, calls };
    const reply = await performStorageCall(storage, decision.call);
    if (crash?.call === calls && crash.when === "after") return { journal, calls };
    calls += 1;
    expect(calls).toBeLessThan(1_000);
    decision = stepCommit(order, decision.state, { kind: "replied", reply, wallMs: 0 });
  }
}

/** Put what two accepted attempts wrote into a staging directory. */
async function stage(
  storage: Storage,
  outputUri: string,
  options: { readonly text: string; readonly number: number; readonly overwrite?: boolean },
): Promise<CommitOrder> {
  const { text, number, overwrite = false } = options;
  const job = `job-${"0".repeat(25)}${number}` as JobId;
  const stagingUri = stagingUriOf(outputUri, job);
  await performStorageCall(storage, { kind: "make-staging", uri: stagingUri, owner: job });
  const content = Buffer.from(text);
  const accepted = [0, 1].map((task) => ({
    attempt: { stage: 0, task, attempt: 0 },
    files: [{ output: "", path: "main.1", bytes: content.length, records: 1, crc32: crc32(content) }],
  }));
  for (const task of [0, 1]) {
    const uri = `${stagingUri}/attempts/0-${task}.0/main.1`;
    await writeText(storage, uri, { text, replace: false, durable: true });
  }
  return createCommitOrder({
    job,
    name: "job",
    planHash: "hash",
    stagingUri,
    outputUri,
    overwrite,
    stages: [{ kind: "map", outputs: [{ name: "", extension: "txt" }] }],
    accepted,
    counters: {},
  });
}

const namesBelow = async (storage: Storage, uri: string): Promise<readonly string[]> =>
  (await storage.list(uri)).map((status) => status.uri.slice(uri.length + 1));

describe("a commit on a local disk", () => {
  const storage = createLocalStorage();

  it("publishes, replaces on demand, and leaves nothing beside the output but staging", async () => {
    const base = uriOfPath(temporaryDirectory());
    const output = `${base}/out%20put`;
    const first = await stage(storage, output, { text: "first", number: 1 });
    expect((await commit(storage, first)).outcome).toEqual({ kind: "published" });
    expect(await verifyOutput(storage, output)).toMatchObject({ ok: true, parts: 2, bytes: 10, records: 2 });

    const refused = await stage(storage, output, { text: "second", number: 2 });
    expect((await commit(storage, refused)).outcome).toMatchObject({
      kind: "failed",
      failure: {
        code: "E_OUTPUT_EXISTS",
        message: `Cannot publish "${output}": another output has appeared there, at step publish; choose another output`,
      },
    });

    const second = await stage(storage, output, { text: "second", number: 3, overwrite: true });
    expect((await commit(storage, second)).outcome).toEqual({ kind: "published" });
    expect(await verifyOutput(storage, output)).toMatchObject({ ok: true, manifest: { job: second.job } });
    for (const order of [first, refused, second]) await storage.remove(order.stagingUri);
    expect(await namesBelow(storage, base)).toEqual(["out%20put"]);
  });

  it.each([false, true])("goes on after a crash before and after every call, replacing: %s", async (overwrite) => {
    const reach = async (crash?: Crash): Promise<Run> => {
      const directory = temporaryDirectory();
      const base = uriOfPath(directory);
      if (overwrite) await commit(storage, await stage(storage, `${base}/out`, { text: "old", number: 1 }));
      const order = await stage(storage, `${base}/out`, { text: "new", number: 2, overwrite });
      const died = await commit(storage, order, undefined, crash);
      if (crash === undefined) return died;
      const resumed = await commit(storage, order, died.journal);
      expect(resumed.outcome, JSON.stringify(crash)).toEqual({ kind: "published" });
      expect(await verifyOutput(storage, `${base}/out`)).toMatchObject({ ok: true, manifest: { job: order.job } });
      const staging = order.stagingUri.slice(base.length + 1);
      const names = await namesBelow(storage, base);
      expect(names.filter((name) => name !== "out" && name !== staging && !name.endsWith("1"))).toEqual([]);
      expect(names.filter((name) => name.includes("millrace-old"))).toEqual([]);
      return resumed;
    };
    const { calls } = await reach();
    expect(calls).toBe(overwrite ? 8 : 5);
    for (let call = 0; call < calls; call += 1) {
      for (const when of ["before", "after"] as const) await reach({ call, when });
    }
  });

  it("fails without a trace when the output's directory is gone", async () => {
    const base = uriOfPath(temporaryDirectory());
    const order = await stage(storage, `${base}/out`, { text: "x", number: 1 });
    await storage.remove(order.stagingUri);
    expect((await commit(storage, order)).outcome).toMatchObject({ kind: "failed", failure: { code: "E_COMMIT" } });
    expect(await storage.status(`${base}/out`)).toBeUndefined();
  });

  it("takes the place of an empty directory", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "out"));
    const order = await stage(storage, `${uriOfPath(directory)}/out`, { text: "x", number: 1 });
    expect((await commit(storage, order)).outcome).toEqual({ kind: "published" });
  });
});

describe("a commit on failing storage", () => {
  it.each(["fail-before", "fail-after"] as const)("comes through when each step fails once: %s", async (kind) => {
    const memory = createMemoryStorage();
    await memory.makeDirectory("mem:///base");
    const order = await stage(memory, "mem:///base/out", { text: "text", number: 1 });
    const seen = new Set<string>();
    const storage = faultyStorage(memory, ({ method, uri }) => {
      const key = `${method} ${uri}`;
      if (seen.has(key)) return undefined;
      seen.add(key);
      return kind === "fail-before" ? { kind, reason: "unknown" } : { kind };
    });
    expect((await commit(storage, order)).outcome).toEqual({ kind: "published" });
    expect((await verifyOutput(memory, "mem:///base/out")).ok).toBe(true);
  });
});
