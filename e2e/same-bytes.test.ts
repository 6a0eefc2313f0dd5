// One job, many ways to run it, and every process killed at some time: the parts are the same to the byte.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, scratchDirectory } from "./harness.ts";
import { RestartableCluster } from "./restartable-cluster.ts";
import { attemptIn, whenTasks } from "./watch-tasks.ts";
import type { AttemptRow, TaskRow } from "./watch-tasks.ts";

const directory = scratchDirectory();
/** Small splits and four reducers: 16 maps, so that there is a middle to kill in. */
const shape = ["--reduces", "4", "--split-bytes", "512KiB"];
let expected: Readonly<Record<string, string>> = {};
let outputs = 0;

beforeAll(async () => {
  await millrace(["gen", "text", "text", "--bytes", "8MiB", "--files", "2"], { cwd: directory.path });
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

async function submitDetached(cluster: TestCluster, output: string): Promise<string> {
  const submitted = await millrace(["submit", "word-count", "text", output, "--detach", ...shape], {
    cwd: directory.path,
    env: cluster.env,
  });
  expect(submitted.exit, submitted.stderr).toBe(0);
  return submitted.stdout.trim();
}

async function waitFor(cluster: TestCluster, job: string): Promise<void> {
  const waited = await millrace(["job", "wait", job, "--timeout", "90s"], { env: cluster.env, timeoutMs: 100_000 });
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
    [
      "while it reduces",
      (tasks) =>
        attemptIn(tasks, 1, "running") ??
        (tasks.every((task) => task.state === "done") ? { attempt: "", state: "", worker: "" } : undefined),
    ],
  ];

  it.each(moments)("gives the same parts with a worker killed %s", async (_, pick) => {
    // Each attempt is over a second late, so that a machine with much else to do sees it before the job is done.
    const late = { MILLRACE_FAILPOINTS: "worker.beforeReport=delay:1000" };
    const cluster = await startTestCluster({ workers: 3, slots: 1, env: late });
    try {
      const output = nextOutput();
      const job = await submitDetached(cluster, output);
      const victim = await whenTasks(cluster, job, pick);
      const workers = JSON.parse(
        (await millrace(["worker-list", "-o", "json"], { env: cluster.env })).stdout,
      ) as readonly { worker: string; host: string }[];
      const host = workers.find((worker) => worker.worker === victim.worker)?.host;
      const daemon = cluster.daemons.find((each) => each.name === host);
      if (daemon !== undefined) process.kill(daemon.pid, "SIGKILL");
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
    "journal.beforeSync",
  ];

  it.each(commitPoints)("at %s goes on after a restart, with the same parts", async (point) => {
    const cluster = new RestartableCluster();
    try {
      // The journal is synced often: the fourth time is in the middle of the job.
      await cluster.startCoordinator(point === "journal.beforeSync" ? `${point}=kill@4` : `${point}=kill`);
      await cluster.startWorkers(2);
      const output = nextOutput();
      const submitting = millrace(["submit", "word-count", "text", output, "--detach", ...shape], {
        cwd: directory.path,
        env: cluster.env,
      });
      await cluster.coordinator?.ended;
      await cluster.startCoordinator();
      // It may have died before its answer came: the client asks again, and gets the one job.
      const submitted = await submitting;
      expect(submitted.exit, submitted.stderr).toBe(0);
      const waited = await millrace(["job", "wait", submitted.stdout.trim(), "--timeout", "60s"], {
        env: cluster.env,
        timeoutMs: 70_000,
      });
      expect(waited.exit, waited.stderr).toBe(0);
      await expectSameParts(output);
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
      await cluster.startWorkers(2);
      const output = nextOutput();
      const submitted = await millrace(["submit", "word-count", "text", output, "--detach", ...shape], {
        cwd: directory.path,
        env: cluster.env,
      });
      const job = submitted.stdout.trim();
      const tasksOf = async (): Promise<readonly TaskRow[]> =>
        JSON.parse(
          (await millrace(["task", "list", job, "-o", "json"], { env: cluster.env })).stdout,
        ) as readonly TaskRow[];
      let before: readonly TaskRow[] = [];
      for (;;) {
        before = await tasksOf();
        const attempts = before.filter((task) => task.stage === stage).flatMap((task) => task.attempts);
        const acceptedMaps = before.filter((task) => task.stage === 0 && task.state === "done").length;
        if (
          acceptedMaps > 0 &&
          (attempts.some((attempt) => attempt.state === "running") || before.every((task) => task.state === "done"))
        )
          break;
      }
      cluster.coordinator?.process.kill("SIGKILL");
      await cluster.coordinator?.ended;
      await cluster.startCoordinator();
      const waited = await millrace(["job", "wait", job, "--timeout", "60s"], { env: cluster.env, timeoutMs: 70_000 });
      expect(waited.exit, waited.stderr).toBe(0);
      await expectSameParts(output);
      const after = await tasksOf();
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
