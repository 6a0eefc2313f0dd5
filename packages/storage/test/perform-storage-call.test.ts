import { manifestToText } from "@millrace/core";
import type { JobId, StorageCall, StorageReply } from "@millrace/core";
import { armFailpoints, createMemoryStorage } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import { afterEach, describe, expect, it } from "vitest";
import { faultyStorage } from "../src/faulty-storage.ts";
import { performStorageCall } from "../src/perform-storage-call.ts";
import { writeText } from "../src/read-text.ts";

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
    expect(await inspect()).not.toHaveProperty("foreign");
    await storage.makeDirectory("mem:///base/out/notes");
    await write(storage, "mem:///base/out/notes/mine.txt", "kept");
    expect(await inspect()).toMatchObject({ manifestJob: job, foreign: "notes/mine.txt" });
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
