import { createCommitOrder, createCommitState, manifestToText, stagingUriOf, stepCommit } from "@millrace/core";
import type { CommitDecision, CommitOrder, JobId, StorageCall, StorageReply } from "@millrace/core";
import { armFailpoints, createMemoryStorage } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import { afterEach, describe, expect, it } from "vitest";
import { createLocalStorage } from "../src/local-storage.ts";
import { faultyStorage } from "../src/faulty-storage.ts";
import { uriOfPath } from "../src/file-uris.ts";
import { performStorageCall } from "../src/perform-storage-call.ts";
import { writeText } from "../src/read-text.ts";
import { verifyOutput } from "../src/verify-output.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { crc32 } from "node:zlib";

const job = `job-${"0".repeat(25)}1` as JobId;
const write = (storage: Storage, uri: string, text: string) =>
  writeText(storage, uri, { text, replace: false, durable: true });

async function makeStorage(): Promise<{
  readonly storage: Storage;
  readonly perform: (call: StorageCall) => Promise<StorageReply>;
}> {
  const storage = createMemoryStorage();
  await storage.makeDirectory("mem:///base");
  return { storage, perform: (call) => performStorageCall(storage, call) };
}

afterEach(() => {
  armFailpoints(undefined);
});

describe("performStorageCall()", () => {
  it("inspects an output", async () => {
    const { storage, perform } = await makeStorage();
    const inspect = () => perform({ kind: "inspect-output", uri: "mem:///base/out" });
    expect(await inspect()).toEqual({ kind: "inspected", exists: false, empty: false, parentWritable: true });
    expect(await perform({ kind: "inspect-output", uri: "mem:///none/out" })).toMatchObject({ parentWritable: false });
    await storage.makeDirectory("mem:///base/out");
    expect(await inspect()).toMatchObject({ exists: true, empty: true });
    await write(storage, "mem:///base/out/_SUCCESS", "");
    const foreign = await inspect();
    expect(foreign).toMatchObject({ exists: true, empty: false });
    expect(foreign).not.toHaveProperty("manifestJob");
    await storage.remove("mem:///base/out/_SUCCESS");
    const manifest = {
      format: "millrace-manifest",
      version: 1,
      job,
      name: "n",
      planHash: "h",
      parts: [],
      counters: {},
    } as const;
    await write(storage, "mem:///base/out/_SUCCESS", manifestToText(manifest));
    expect(await inspect()).toMatchObject({ exists: true, manifestJob: job });
  });

  it("makes staging once for each job", async () => {
    const { perform } = await makeStorage();
    const make = (owner: string) => perform({ kind: "make-staging", uri: "mem:///base/.staging", owner });
    expect(await make(job)).toEqual({ kind: "ok" });
    expect(await make(job)).toEqual({ kind: "ok" });
    expect(await make("job-other")).toMatchObject({ kind: "refused", reason: "exists" });
  });

  it("places idempotently, and says what is missing", async () => {
    const { storage, perform } = await makeStorage();
    for (const name of ["a", "b"]) await write(storage, `mem:///base/${name}`, name);
    const moves = ["a", "b"].map((name) => ({ from: `mem:///base/${name}`, to: `mem:///base/data/deep/${name}` }));
    expect(await perform({ kind: "place", moves: moves.slice(0, 1) })).toEqual({ kind: "ok" });
    expect(await perform({ kind: "place", moves })).toEqual({ kind: "ok" });
    expect(await perform({ kind: "place", moves })).toEqual({ kind: "ok" });
    expect(await perform({ kind: "list-files", uri: "mem:///base/data" })).toEqual({
      kind: "listed-files",
      files: [
        { name: "deep/a", bytes: 1 },
        { name: "deep/b", bytes: 1 },
      ],
    });
    const missing = { from: "mem:///base/none", to: "mem:///base/data/none" };
    expect(await perform({ kind: "place", moves: [missing] })).toMatchObject({ kind: "refused", reason: "missing" });
    await write(storage, "mem:///base/a", "again");
    expect(await perform({ kind: "place", moves })).toMatchObject({ kind: "refused", reason: "exists" });
  });

  it("measures files, and -1 for what is none", async () => {
    const { storage, perform } = await makeStorage();
    await write(storage, "mem:///base/a", "abc");
    const uris = ["mem:///base/a", "mem:///base/none", "mem:///base"];
    expect(await perform({ kind: "measure", uris })).toEqual({ kind: "measured", bytes: [3, -1, -1] });
  });

  it("lists inputs in the order asked for", async () => {
    const { storage, perform } = await makeStorage();
    await write(storage, "mem:///base/a", "abc");
    const reply = await perform({ kind: "list-inputs", inputs: [["mem:///base/none"], ["mem:///base/a"]] });
    expect(reply).toMatchObject({
      kind: "listed-inputs",
      inputs: [{ unmatched: ["mem:///base/none"] }, { files: [{ bytes: 3 }] }],
    });
  });

  it("says unknown for a lost reply and for anything that is no storage error", async () => {
    const inner = createMemoryStorage();
    const lost = faultyStorage(inner, () => ({ kind: "fail-after" }));
    expect(await performStorageCall(lost, { kind: "remove", uri: "mem:///x" })).toMatchObject({ kind: "unknown" });
    const broken = { ...lost, remove: () => Promise.reject(new TypeError("bug")) };
    expect(await performStorageCall(broken, { kind: "remove", uri: "mem:///x" })).toEqual({
      kind: "unknown",
      message: "bug",
    });
  });

  it("passes its failpoints before and after the step", async () => {
    const { storage, perform } = await makeStorage();
    const call: StorageCall = { kind: "rename", from: "mem:///base/a", to: "mem:///base/b" };
    await write(storage, "mem:///base/a", "x");
    armFailpoints("commit.beforeRename=error:1");
    expect(await perform(call)).toMatchObject({ kind: "unknown" });
    expect(await storage.status("mem:///base/a")).toBeDefined();
    armFailpoints("commit.afterRename=error:1");
    expect(await perform(call)).toMatchObject({ kind: "unknown" });
    expect(await storage.status("mem:///base/b")).toBeDefined();
  });
});

describe("stepCommit() on storage", () => {
  async function commit(storage: Storage, order: CommitOrder): Promise<CommitDecision> {
    let decision = stepCommit(order, createCommitState(), { kind: "begin", wallMs: 0 });
    for (let steps = 0; decision.outcome === undefined; steps += 1) {
      expect(steps).toBeLessThan(1_000);
      const event =
        decision.call === undefined
          ? ({ kind: "waited", wallMs: 0 } as const)
          : ({ kind: "replied", reply: await performStorageCall(storage, decision.call), wallMs: 0 } as const);
      decision = stepCommit(order, decision.state, event);
    }
    return decision;
  }

  async function stage(
    storage: Storage,
    outputUri: string,
    job: { readonly text: string; readonly number: number; readonly overwrite?: boolean },
  ): Promise<CommitOrder> {
    const { text, number, overwrite = false } = job;
    const id = `job-${"0".repeat(25)}${number}` as JobId;
    const stagingUri = stagingUriOf(outputUri, id);
    await performStorageCall(storage, { kind: "make-staging", uri: stagingUri, owner: id });
    const content = Buffer.from(text);
    const accepted = [0, 1].map((task) => ({
      attempt: { stage: 0, task, attempt: 0 },
      files: [{ output: "", path: "main.1", bytes: content.length, records: 1, crc32: crc32(content) }],
    }));
    for (const task of [0, 1]) await write(storage, `${stagingUri}/attempts/0-${task}.0/main.1`, text);
    return createCommitOrder({
      job: id,
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

  it("publishes on a local disk, replaces on demand and leaves nothing beside the output but staging", async () => {
    const storage = createLocalStorage();
    const base = uriOfPath(temporaryDirectory());
    const output = `${base}/out put`.replace(" ", "%20");
    const first = await stage(storage, output, { text: "first", number: 1 });
    expect((await commit(storage, first)).outcome).toEqual({ kind: "published" });
    expect(await verifyOutput(storage, output)).toMatchObject({ ok: true, parts: 2, bytes: 10, records: 2 });

    const refused = await stage(storage, output, { text: "second", number: 2 });
    expect((await commit(storage, refused)).outcome).toMatchObject({
      kind: "failed",
      failure: { code: "E_OUTPUT_EXISTS" },
    });

    const second = await stage(storage, output, { text: "second", number: 3, overwrite: true });
    expect((await commit(storage, second)).outcome).toEqual({ kind: "published" });
    const verified = await verifyOutput(storage, output);
    expect(verified).toMatchObject({ ok: true, manifest: { job: second.job } });
    for (const order of [first, refused, second]) await storage.remove(order.stagingUri);
    expect((await storage.list(base)).map(({ uri }) => uri)).toEqual([output]);
  });

  it("comes through when each storage step fails once, before or after it was done", async () => {
    for (const kind of ["fail-before", "fail-after"] as const) {
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
    }
  });
});
