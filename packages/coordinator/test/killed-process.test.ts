import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobId, JobRecord, JobView } from "@millrace/core";
import { createControlChannel, createJobClient } from "@millrace/rpc";
import { readEndpointFile } from "@millrace/rpc/endpoint";
import { readJournal } from "../src/journal/file-journal.ts";
import { countBundle, countJob } from "./count-job.ts";
import { FakeWorker } from "./fake-worker.ts";

const program = join(dirname(fileURLToPath(import.meta.url)), "fixtures/coordinator-process.ts");
const files = 25;
let directory = "";
let running: Coordinator | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-killed-"));
  mkdirSync(join(directory, "in"));
  for (let index = 0; index < files; index += 1) writeFileSync(join(directory, "in", `f${100 + index}`), "word\n");
});
afterEach(async () => {
  await running?.kill();
  rmSync(directory, { recursive: true });
});

/** A coordinator process. */
class Coordinator {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  readonly ready: Promise<void>;
  text = "";

  constructor(failpoints = "") {
    this.child = spawn(process.execPath, ["--conditions=millrace-source", program, directory], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH: process.env["PATH"] ?? "", MILLRACE_FAILPOINTS: failpoints },
    });
    this.ended = new Promise((resolve) => this.child.once("close", () => resolve()));
    this.ready = new Promise((resolve, reject) => {
      this.child.stdout?.once("data", () => resolve());
      void this.ended.then(() => reject(new Error(`it ended: ${this.text}`)));
    });
    this.ready.catch(() => undefined);
    this.child.stderr?.on("data", (chunk: Buffer) => (this.text += chunk.toString()));
  }

  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}

function start(failpoints = ""): Coordinator {
  running = new Coordinator(failpoints);
  return running;
}

/** A client and the worker, connected anew. */
async function connect(
  worker: FakeWorker,
): Promise<{ readonly jobs: ReturnType<typeof createJobClient>; readonly close: () => void }> {
  const { address, token, workerToken } = readEndpointFile(join(directory, "endpoint.json"));
  const jobs = createJobClient({ address, token });
  const channel = createControlChannel({ address, token: workerToken });
  await worker.connect(channel);
  return {
    jobs,
    close: () => {
      jobs.close();
      channel.close();
    },
  };
}

async function recordsOf(job: JobId): Promise<readonly JobRecord[]> {
  return readJournal<JobRecord>(join(directory, "state", "jobs", job, "journal"));
}

function acceptedMaps(records: readonly JobRecord[]): ReadonlySet<number> {
  return new Set(
    records.flatMap((record) =>
      record.kind === "accepted" && record.attempt.stage === 0 ? [record.attempt.task] : [],
    ),
  );
}

function expectOutput(view: JobView): void {
  expect(view).toMatchObject({ state: "succeeded", tasksDone: files + 1, counters: { lines: files + 1 } });
  expect(readdirSync(join(directory, "out")).toSorted()).toEqual(["_SUCCESS", "part-r-00000.txt"]);
  expect(readFileSync(join(directory, "out", "part-r-00000.txt"), "utf8")).toBe(`${files}\n`);
}

describe("a coordinator killed by SIGKILL", () => {
  it("goes on with the job each time it comes back, and runs no accepted map of a living worker again", async () => {
    const worker = new FakeWorker("one");
    let job: JobId | undefined;
    // Each reign ends when the worker was given some more maps; the last one is left to finish.
    for (const reign of [4, 9, 14, 20]) {
      const coordinator = start();
      await coordinator.ready;
      const { jobs, close } = await connect(worker);
      job ??= (await jobs.submit(countJob(directory), countBundle, "once")).job;
      expect((await jobs.submit(countJob(directory), countBundle, "once")).job).toBe(job);
      while (worker.launched.length < reign) await new Promise((resolve) => setImmediate(resolve));
      await coordinator.kill();
      close();
      const accepted = acceptedMaps(await recordsOf(job));
      worker.launched.length = Math.min(worker.launched.length, reign);
      expect(accepted.size).toBeGreaterThan(0);
    }
    if (job === undefined) throw new Error("no job");
    const accepted = acceptedMaps(await recordsOf(job));
    const before = worker.launched.length;
    const last = start();
    await last.ready;
    const { jobs, close } = await connect(worker);
    expectOutput(await jobs.watch(job, () => undefined, AbortSignal.timeout(20_000)));
    close();
    const again = worker.launched.slice(before).filter(({ task }) => accepted.has(task));
    expect(again).toEqual([]);
  });

  it.each(["journal.beforeSync", "coordinator.beforeEffects", "commit.beforePublish"])(
    "at %s leaves a job that ends right after a restart",
    async (failpoint) => {
      const worker = new FakeWorker("one");
      const first = start();
      await first.ready;
      const connected = await connect(worker);
      const { job } = await connected.jobs.submit(countJob(directory), countBundle);
      while (worker.launched.length < 3) await new Promise((resolve) => setImmediate(resolve));
      await first.kill();
      connected.close();
      // The second reign ends by itself at the failpoint, the third finishes.
      const second = start(`${failpoint}=exit`);
      const reached = await second.ready.then(
        () => true,
        () => false,
      );
      if (reached) {
        const again = await connect(worker).catch(() => undefined);
        await second.ended;
        again?.close();
      }
      const third = start();
      await third.ready;
      const { jobs, close } = await connect(worker);
      expectOutput(await jobs.watch(job, () => undefined, AbortSignal.timeout(20_000)));
      close();
    },
  );
});

describe("a coordinator frozen by SIGSTOP", () => {
  it("is noticed by its workers, and clients get an answer by their deadline", async () => {
    const coordinator = start();
    await coordinator.ready;
    const worker = new FakeWorker("one");
    const { jobs, close } = await connect(worker);
    coordinator.child.kill("SIGSTOP");
    const begun = performance.now();
    const asked = jobs.list().catch((thrown: unknown) => thrown);
    await worker.closed;
    // Keepalive: a ping each second, given up after three more.
    expect(performance.now() - begun).toBeLessThan(9_000);
    expect(await asked).toMatchObject({ code: "E_UNREACHABLE" });
    close();
  });
});
