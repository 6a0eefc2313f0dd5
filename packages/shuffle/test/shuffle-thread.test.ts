// A shuffle service in its own thread: two workers on loopback.

import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AttemptRef } from "@millrace/core";
import { gatherPath, runPath, runsPath, segmentPath } from "../src/files.ts";
import { startShuffleThread, type ShuffleService } from "../src/index.ts";
import { fetchOne, job, key, makeDirectory, requestOf, sourceOf, writeRun } from "./shuffle-kit.ts";

let directory: { readonly path: string; remove(): void };
const services: ShuffleService[] = [];
beforeEach(() => {
  directory = makeDirectory();
  mkdirSync(runsPath(directory.path, job), { recursive: true });
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
  directory.remove();
});

async function start(): Promise<ShuffleService> {
  const service = await startShuffleThread({ root: directory.path, host: "127.0.0.1", port: 0 }, (reason) => {
    throw reason;
  });
  services.push(service);
  return service;
}

const reader: AttemptRef = { job, stage: 1, task: 1, attempt: 0 };

describe("startShuffleThread()", () => {
  it("serves a job's runs once it is opened, gathers, cancels, and checks run files", async () => {
    const vector = writeRun(runPath(directory.path, sourceOf(0)), { partitions: 2, pairs: () => 10 });
    const [one, two] = [await start(), await start()];
    mkdirSync(gatherPath(directory.path, reader), { recursive: true });
    const path = segmentPath(directory.path, reader, { task: 0, attempt: 0 });
    const request = requestOf(vector, { task: 0, partition: 1, address: `127.0.0.1:${one.port}`, path });
    expect(await fetchOne(two.source, request)).toMatchObject({ kind: "failed", reason: "missing" });
    one.openJob(job, key);
    expect(await fetchOne(two.source, request)).toMatchObject({ kind: "fetched" });
    expect(existsSync(path)).toBe(true);
    one.closeJob(job);
    expect(await fetchOne(two.source, request)).toMatchObject({ kind: "failed", reason: "missing" });
    const controller = new AbortController();
    const cancelled = two.source.fetch(request, controller.signal);
    controller.abort();
    expect(await cancelled).toMatchObject({ kind: "failed" });
    expect(await one.verifyRun(sourceOf(0))).toBe(true);
    expect(await one.verifyRun(sourceOf(1))).toBe(false);
  });

  it("close() of a thread that has died waits for nothing", { timeout: 20_000 }, async () => {
    const lost: string[] = [];
    const onLost = (reason: Error): void => void lost.push(reason.message);
    const service = await startShuffleThread({ root: directory.path, host: "127.0.0.1", port: 0 }, onLost);
    // Stands for a bug in the thread; the answer tells that it is gone.
    expect(await service.verifyRun(undefined as unknown as AttemptRef)).toBe(false);
    expect(lost).toContain("The shuffle thread ended");
    await Promise.all([service.source.close(), service.close()]);
  });

  it("rejects with the system's code when the port is taken", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as AddressInfo;
    await expect(
      startShuffleThread({ root: directory.path, host: "127.0.0.1", port }, () => undefined),
    ).rejects.toMatchObject({ code: "EADDRINUSE" });
    taken.close();
  });
});
