// The driver with the real machine and everything else played: what it performs, in which order, and what it never loses.

import { describe, expect, it } from "vitest";
import { attemptKey, MillraceError, type Epoch, type WorkerId } from "@millrace/core";
import { attempt, brief, finishedOf, job, launchMap, Played, settle } from "./played-worker.ts";

describe("WorkerDriver", () => {
  it("connects, registers, tells each message in order and beats in time", async () => {
    const played = new Played();
    await played.start();
    expect(played.sent.map(({ kind }) => kind)).toEqual(["register"]);
    played.tell({
      kind: "registered",
      epoch: 1 as Epoch,
      leaseMs: 10_000,
      heartbeatMs: 1_000,
      running: [],
      gathering: [],
      held: [],
    });
    await played.clock.pass(5_500);
    expect(played.sent.map(({ kind }) => kind)).toEqual(["register", ...Array.from({ length: 6 }, () => "heartbeat")]);
    expect(played.sent.at(-1)).toMatchObject({ freeDiskBytes: 42 });
  });

  it("tries again with the delays that it is given, and at once stops trying when the error is final", async () => {
    const played = new Played();
    played.connectError = new MillraceError("E_UNREACHABLE", "nobody there");
    await played.start();
    await played.clock.pass(100 + 200 + 400);
    expect(played.did).toEqual(["unreachable", "unreachable", "unreachable", "unreachable"]);
    played.connectError = new MillraceError("E_AUTH", "wrong token");
    await played.clock.pass(800);
    expect(played.did.at(-1)).toBe("exit E_AUTH");
    await played.clock.pass(100_000);
    expect(played.did.filter((line) => line.startsWith("exit"))).toHaveLength(1);
  });

  it("takes a token for one in the making when an earlier one was welcome", async () => {
    const played = new Played();
    await played.begin();
    played.connectError = new MillraceError("E_AUTH", "wrong token");
    played.handlers.at(-1)?.onClosed("gone");
    await played.clock.pass(300);
    expect(played.did).toEqual(["close session", "closed", "unreachable", "unreachable"]);
    played.connectError = undefined;
    await played.clock.pass(400);
    expect(played.sent.at(-1)?.kind).toBe("register");
  });

  it("hears nothing of a session that has ended", async () => {
    const played = new Played();
    await played.begin();
    const [old] = played.handlers;
    old?.onClosed("gone");
    old?.onClosed("gone again");
    await played.clock.pass(100);
    old?.onMessage({ kind: "refused", code: "E_VERSION_MISMATCH", message: "late" });
    expect(played.did).not.toContain("exit E_VERSION_MISMATCH");
    expect(played.sent.filter(({ kind }) => kind === "register")).toHaveLength(1);
  });

  it("launches when the job is prepared, with everything made from ids", async () => {
    const played = new Played();
    const { promise, resolve } = Promise.withResolvers<void>();
    played.prepared = promise;
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    expect(played.orders.size).toBe(0);
    resolve();
    await settle();
    expect(played.orders.get("job-a/0-0.0")?.order).toMatchObject({
      bundlePath: "job-a/bundle",
      runPath: "run job-a/0-0.0",
      scratchPath: "scratch job-a/0-0.0",
      logPath: "log job-a/0-0.0",
      outputUri: "memory:///staging/attempts/0-0.0",
      work: { kind: "map" },
    });
  });

  it("launches with the local paths of the job's side files", async () => {
    const played = new Played();
    await played.begin({ ...brief, files: [{ name: "stop.txt", sha256: "ab", bytes: 4 }] });
    played.tell(launchMap(0));
    await settle();
    expect(played.orders.get("job-a/0-0.0")?.order.filePaths).toEqual({ "stop.txt": "job-a/files/ab" });
  });

  it("stops an attempt that still waits for its preparation without starting it", async () => {
    const played = new Played();
    const { promise, resolve } = Promise.withResolvers<void>();
    played.prepared = promise;
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    played.tell({ kind: "kill", attempt: attempt(0, 0), reason: "not needed" });
    expect(played.sent.at(-1)).toMatchObject({ kind: "failed", failure: { code: "E_KILLED" } });
    resolve();
    await settle();
    expect(played.orders.size).toBe(0);
  });

  it("fails an attempt with the reason for which its job could not be prepared", async () => {
    const played = new Played();
    played.prepared = Promise.reject(new MillraceError("E_NO_SPACE", "full"));
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    expect(played.sent.at(-1)).toMatchObject({ kind: "failed", failure: { code: "E_NO_SPACE", message: "full" } });
  });

  it("prepares a job anew for the next attempt when it could not be prepared", async () => {
    const played = new Played();
    played.prepared = Promise.reject(new MillraceError("E_UNREACHABLE", "away"));
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    expect(played.sent.at(-1)).toMatchObject({ kind: "failed", failure: { code: "E_UNREACHABLE" } });
    played.prepared = Promise.resolve();
    played.tell(launchMap(1));
    await settle();
    expect([...played.orders.keys()]).toEqual([attemptKey(attempt(0, 1))]);
  });

  it("tells of no room on a disk that cannot be asked, and asks again", async () => {
    const played = new Played();
    await played.begin();
    played.freeBytes = () => Promise.reject(new Error("EIO"));
    await played.clock.pass(6_500);
    expect(played.sent.at(-1)).toMatchObject({ kind: "heartbeat", freeDiskBytes: 0 });
    played.freeBytes = async () => 43;
    await played.clock.pass(6_500);
    expect(played.sent.at(-1)).toMatchObject({ kind: "heartbeat", freeDiskBytes: 43 });
  });

  it("gathers, cancels what it is told to, and never tells of a cancelled fetch", async () => {
    const played = new Played();
    await played.begin();
    const reader = attempt(1, 1);
    const place = {
      task: 0,
      attempt: 0,
      worker: "w-2" as WorkerId,
      address: "127.0.0.1:2",
      pairs: 1,
      rawBytes: 1,
      digest: "d",
    };
    played.tell({ kind: "gather", attempt: reader, maps: 1 });
    played.tell({ kind: "places", attempt: reader, places: [place] });
    await settle();
    expect(played.fetches[0]?.request).toMatchObject({
      source: attempt(0, 0),
      partition: 1,
      shuffleKey: "aa",
      path: "segment job-a/1-1.0 0",
    });
    played.tell({
      kind: "places",
      attempt: reader,
      places: [{ ...place, worker: "w-3" as WorkerId, address: "127.0.0.1:3" }],
    });
    await settle();
    expect(played.fetches[0]?.signal.aborted).toBe(true);
    played.fetches[0]?.end({ kind: "fetched", bytes: 1, wireBytes: 1 });
    await settle();
    expect(played.sent.some(({ kind }) => kind === "gathered")).toBe(false);
    played.fetches[1]?.end({ kind: "fetched", bytes: 10, wireBytes: 3 });
    await settle();
    expect(played.sent.at(-1)).toMatchObject({ kind: "gathered" });
    played.tell({ kind: "launch-reduce", attempt: reader });
    await settle();
    expect(played.orders.get("job-a/1-1.0")?.order.work).toMatchObject({
      kind: "reduce",
      partition: 1,
      segments: [{ task: 0 }],
    });
    const { handler } = played.orders.get("job-a/1-1.0")!;
    handler.onFinished({ ...finishedOf(reader), counters: { mine: 1 } }, undefined);
    await settle();
    // The cancelled fetch was of no use.
    expect(played.sent.at(-1)).toMatchObject({
      kind: "finished",
      result: { counters: { mine: 1, "millrace.gathered.bytes": 10, "millrace.gathered.wire.bytes": 3 } },
    });
  });

  it("deletes a gather only when nothing writes into it any more, and a job after all else of it", async () => {
    const played = new Played();
    await played.begin();
    const reader = attempt(1, 0);
    played.tell({ kind: "gather", attempt: reader, maps: 2 });
    played.tell({
      kind: "places",
      attempt: reader,
      places: [
        { task: 0, attempt: 0, worker: "w-2" as WorkerId, address: "127.0.0.1:2", pairs: 1, rawBytes: 1, digest: "d" },
      ],
    });
    await settle();
    played.did.length = 0;
    played.tell({ kind: "forget-job", job });
    await settle();
    expect(played.did).toEqual([`forget ${job}`]);
    played.fetches[0]?.end({ kind: "failed", reason: "unreachable", message: "cancelled" });
    await settle();
    expect(played.did).toEqual([`forget ${job}`, "delete-gathered job-a/1-0.0", `delete-job ${job}`, `shut ${job}`]);
  });

  it("keeps a result while nobody listens, and tells it to the next coordinator", async () => {
    const played = new Played();
    await played.begin();
    played.tell(launchMap(0));
    await settle();
    played.handlers.at(-1)?.onClosed("gone");
    played.orders.get("job-a/0-0.0")?.handler.onFinished(finishedOf(attempt(0, 0)), undefined);
    await played.clock.pass(100);
    expect(played.sent.at(-1)).toMatchObject({ kind: "register", inventory: { unacknowledged: [attempt(0, 0)] } });
    played.tell({
      kind: "registered",
      epoch: 2 as Epoch,
      leaseMs: 10_000,
      heartbeatMs: 1_000,
      running: [],
      gathering: [],
      held: [],
    });
    expect(played.sent.slice(-2).map(({ kind }) => kind)).toEqual(["finished", "heartbeat"]);
  });

  it("goes on with a job's tokens when a coordinator that has just started sends a brief without them", async () => {
    const played = new Played();
    await played.begin();
    played.tell({ kind: "brief", brief: { ...brief, storageTokens: { "hdfs://a": "old", "hdfs://b": "kept" } } });
    played.tell({ kind: "brief", brief: { ...brief, storageTokens: { "hdfs://a": "new" } } });
    played.tell({ kind: "brief", brief });
    played.tell(launchMap(0));
    await settle();
    expect(played.orders.get("job-a/0-0.0")?.order.brief.storageTokens).toEqual({
      "hdfs://a": "new",
      "hdfs://b": "kept",
    });
  });

  it("leaves a coordinator that does not answer its registration, and connects anew", async () => {
    const played = new Played();
    await played.start();
    await played.clock.pass(30_000);
    expect(played.sent.map(({ kind }) => kind)).toEqual(["register", "register", "register"]);
    expect(played.did).toEqual(["connected", "close session", "closed"]);
    await played.clock.pass(100);
    expect(played.sent).toHaveLength(4);
  });

  it("stop() ends attempts and the session, and nothing happens afterwards", async () => {
    const played = new Played();
    await played.begin();
    await played.driver.stop();
    await played.driver.stop();
    expect(played.did).toEqual(["close session", "close executor"]);
    played.tell(launchMap(0));
    await played.clock.pass(100_000);
    expect(played.orders.size).toBe(0);
    expect(played.sent).toEqual([]);
  });
});
