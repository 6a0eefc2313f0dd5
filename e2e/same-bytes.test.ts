// One job, many ways to run it, and every process killed at some time: the parts are the same to the byte.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ClientEnvironment } from "./ask-coordinator.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, scratchDirectory } from "./harness.ts";
import { RestartableCluster } from "./restartable-cluster.ts";
import { attemptIn, daemonOf, whenTasks } from "./watch-tasks.ts";
import type { AttemptRow, TaskRow } from "./watch-tasks.ts";

const directory = scratchDirectory();
/** Small splits and four reducers: 8 maps, so that there is a middle to kill in. */
const shape = ["--reduces", "4", "--split-bytes", "512KiB"];
let expected: Readonly<Record<string, string>> = {};
let outputs = 0;

beforeAll(async () => {
  await millrace(["gen", "text", "text", "--bytes", "4MiB", "--files", "2"], { cwd: directory.path });
  const result = await millrace(["run", "word-count", "text", "expected", "--slots", "1", ...shape], {
    cwd: directory.path,
  });
  expect(result.exit, result.stderr).toBe(0);
  expected = digestParts(join(directory.path, "expected"));
  expect(Object.keys(expected)).toHaveLength(4);
});
afterAll(() => directory.remove());

const nextOutput = (): string => {
  outputs += 1;
  return `out-${outputs}`;
};

async function expectSameParts(output: string): Promise<void> {
  expect(digestParts(join(directory.path, output))).toEqual(expected);
  expect((await millrace(["verify", output], { cwd: directory.path })).exit).toBe(0);
}

async function submitDetached({ env }: { readonly env: ClientEnvironment }, output: string): Promise<string> {
  const submitted = await millrace(["submit", "word-count", "text", output, "--detach", ...shape], {
    cwd: directory.path,
    env,
  });
  expect(submitted.exit, submitted.stderr).toBe(0);
  return submitted.stdout.trim();
}

async function waitFor({ env }: { readonly env: ClientEnvironment }, job: string): Promise<void> {
  const waited = await millrace(["job", "wait", job, "--timeout", "90s"], { env, timeoutMs: 100_000 });
  expect(waited.exit, waited.stderr).toBe(0);
}

describe("run", () => {
  it("gives the same parts with two slots as with one", async () => {
    const output = nextOutput();
    const result = await millrace(["run", "word-count", "text", output, "--slots", "2", ...shape], {
      cwd: directory.path,
    });
    expect(result.exit, result.stderr).toBe(0);
    await expectSameParts(output);
  });
});

describe("a cluster", () => {
  it.each([1, 2, 4])("of %i worker(s) of one slot gives the same parts", async (workers) => {
    const cluster = await startTestCluster({ workers, slots: 1 });
    try {
      const output = nextOutput();
      const result = await millrace(["submit", "word-count", "text", output, ...shape], {
        cwd: directory.path,
        env: cluster.env,
      });
      expect(result.exit, result.stderr).toBe(0);
      await expectSameParts(output);
    } finally {
      await cluster.stop();
    }
  });

  const moments: readonly [string, (tasks: readonly TaskRow[]) => AttemptRow | undefined][] = [
    ["while it runs a map", (tasks) => attemptIn(tasks, 0, "running")],
    ["after its maps were accepted", (tasks) => attemptIn(tasks, 0, "accepted")],
    ["while it gathers", (tasks) => attemptIn(tasks, 1, "gathering") ?? attemptIn(tasks, 1, "gathered")],
    ["while it reduces", (tasks) => attemptIn(tasks, 1, "running")],
  ];

  it.each(moments)("gives the same parts with a worker killed %s", async (_, pick) => {
    // Each attempt is late by many looks, so that a machine with much else to do sees it before the job is done.
    const late = { MILLRACE_FAILPOINTS: "worker.beforeReport=delay:600" };
    const cluster = await startTestCluster({ workers: 3, slots: 1, env: late });
    try {
      const output = nextOutput();
      const job = await submitDetached(cluster, output);
      const victim = await whenTasks(cluster, job, pick);
      process.kill((await daemonOf(cluster, victim)).pid, "SIGKILL");
      await waitFor(cluster, job);
      await expectSameParts(output);
    } finally {
      await cluster.stop();
    }
  });
});

describe("a coordinator that dies", () => {
  const commitPoints = [
    "commit.beforeMeasure",
    "commit.beforePlace",
    "commit.afterPlace",
    "commit.beforeManifest",
    "commit.afterManifest",
    "commit.beforeCheck",
    "commit.beforePublish",
    "commit.afterPublish",
    "coordinator.beforeJobEnd",
  ];
  let shared: RestartableCluster;
  beforeAll(async () => {
    shared = new RestartableCluster();
    await shared.startCoordinator();
    await shared.startWorkers(2);
  });
  afterAll(() => shared.stop());

  /** Submit a job that the coordinator dies of, start another, and expect what would have come of it. */
  async function dieAndGoOn(cluster: RestartableCluster): Promise<void> {
    const output = nextOutput();
    const submitting = submitDetached(cluster, output);
    await cluster.coordinator?.ended;
    await cluster.startCoordinator();
    // It may have died before its answer came: the client asks again, and gets the one job.
    await waitFor(cluster, await submitting);
    await expectSameParts(output);
  }

  it.each(commitPoints)("at %s goes on after a restart, with the same parts", async (point) => {
    await shared.stopCoordinator();
    await shared.startCoordinator(`${point}=kill`);
    await shared.whenAlive(2);
    await dieAndGoOn(shared);
  });

  it("in the middle of a job's journal goes on after a restart, with the same parts", async () => {
    const cluster = new RestartableCluster();
    try {
      // The journal is synced often: the fourth time is in the middle of the first job.
      await cluster.startCoordinator("journal.beforeSync=kill@4");
      await cluster.startWorkers(2);
      await dieAndGoOn(cluster);
    } finally {
      await cluster.stop();
    }
  });

  it.each([
    ["maps", 0],
    ["reduces", 1],
  ])("while it %s goes on, and accepted maps of living workers do not run again", async (_, stage) => {
    const cluster = new RestartableCluster();
    try {
      await cluster.startCoordinator();
      // Late enough to be seen, as above.
      await cluster.startWorkers(2, "worker.beforeReport=delay:300");
      const output = nextOutput();
      const job = await submitDetached(cluster, output);
      const before = await whenTasks(cluster, job, (tasks) => {
        const isSomeMapIn = tasks.some((task) => task.stage === 0 && task.state === "done");
        return isSomeMapIn && attemptIn(tasks, stage, "running") !== undefined ? tasks : undefined;
      });
      cluster.coordinator?.process.kill("SIGKILL");
      await cluster.coordinator?.ended;
      await cluster.startCoordinator();
      await waitFor(cluster, job);
      await expectSameParts(output);
      const after = await whenTasks(cluster, job, (tasks) => tasks);
      for (const [index, task] of before.entries()) {
        const accepted = task.attempts.find((attempt) => attempt.state === "accepted");
        if (task.stage !== 0 || accepted === undefined) continue;
        expect(
          after[index]?.attempts.filter((attempt) => attempt.state === "supplied"),
          `task ${index} ran again`,
        ).toEqual([]);
        expect(after[index]?.attempts.find((attempt) => attempt.state === "accepted")).toMatchObject({
          attempt: accepted.attempt,
          worker: accepted.worker,
        });
      }
    } finally {
      await cluster.stop();
    }
  });
});
