import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { JobView } from "@millrace/core";
import { createControlChannel, createTokenGate, createWorkerService, startServer } from "@millrace/rpc";
import { createLocalStorage, createStorages } from "@millrace/storage";
import { openCoordinator } from "../src/coordinator.ts";
import { countBundle, countJob } from "./count-job.ts";
import { FakeWorker } from "./fake-worker.ts";

let directory = "";
const closers: (() => unknown)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-gathers-"));
  mkdirSync(join(directory, "in"));
});
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
  rmSync(directory, { recursive: true });
});

const maps = 60;
const reduces = 32;
/** Half of all places, which one batch may send; lists that are not made yet take half of it, and other messages have the rest. */
const outboxBytesMax = 64 * 1024;
const token = "a".repeat(64);
it("a worker whose gathers have more places than may wait for it comes back in one session, and its job ends", async () => {
  for (let map = 0; map < maps; map += 1) writeFileSync(join(directory, "in", String(100 + map)), "word\n");
  const coordinator = await openCoordinator({
    stateDirectory: join(directory, "state"),
    storage: createStorages([createLocalStorage()]),
    onFatal: (thrown) => {
      throw thrown;
    },
    settings: { gatherAfterShare: (maps - 1) / maps },
  });
  closers.push(() => coordinator.close());
  const faults: unknown[] = [];
  const server = await startServer({
    listen: "127.0.0.1:0",
    gate: createTokenGate({ client: "c".repeat(64), worker: token, read: "e".repeat(64) }),
    services: {
      WorkerService: createWorkerService({
        listener: coordinator.listener,
        nextSession: coordinator.nextSession,
        readContent: (job, sha256) => coordinator.desk.content(job, sha256),
        onFault: (_session, thrown) => faults.push(thrown),
        outboxBytesMax,
      }),
    },
  });
  closers.push(() => server.close());
  const channel = createControlChannel({ address: server.address, token });
  closers.push(() => channel.close());
  const worker = new FakeWorker("one");
  Object.assign(worker, { slots: reduces, partitions: reduces, slowMap: maps - 1 });
  await worker.connect(channel);
  const { job } = await coordinator.desk.submit(countJob(directory, "out", reduces), countBundle);
  await vi.waitFor(
    () => expect({ faults, places: worker.placesKnown }).toEqual({ faults: [], places: (maps - 1) * reduces }),
    5_000,
  );
  worker.close();
  await worker.closed;
  worker.slowMap = undefined;
  await worker.connect(channel);
  let last: JobView | undefined;
  const watching = coordinator.desk.watch(job, 0, AbortSignal.timeout(10_000));
  const ending = (async () => {
    for await (const view of watching) last = view;
  })();
  await Promise.race([ending, worker.closed]);
  expect({ faults, state: last?.state }).toEqual({ faults: [], state: "succeeded" });
});
