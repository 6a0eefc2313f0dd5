// A coordinator killed by SIGKILL at each failpoint of the storage steps of a job on HDFS, by itself, and started again:
// the output is that of an undisturbed run, and no task that was done is run a second time.

import { randomUUID } from "node:crypto";
import { asideUriOf } from "@millrace/core";
import type { JobId } from "@millrace/core";
import { failpointNames } from "@millrace/ports";
import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import { millrace } from "../harness.ts";
import { RestartableCluster } from "../restartable-cluster.ts";
import { whenTasks } from "../watch-tasks.ts";
import { itStands } from "./fault-runs.ts";
import { succeed } from "./remote-files.ts";
import { beginWordCount } from "./word-count-story.ts";
import type { WordCountStory } from "./word-count-story.ts";

/** Longest from the submission to the failpoint. */
const struckWithinMs = 60_000;

let story: WordCountStory;
let shared: RestartableCluster;

beforeAll(async () => {
  story = await beginWordCount(`hdfs:///coordinator-${randomUUID()}`);
  shared = await startCluster();
});
afterAll(async () => {
  await shared?.stop();
  await succeed(["fs", "rm", "-r", story.base]);
});

async function startCluster(): Promise<RestartableCluster> {
  const cluster = new RestartableCluster();
  await cluster.startCoordinator();
  await cluster.startWorkers(2);
  return cluster;
}

interface Submission {
  readonly cluster: RestartableCluster;
  readonly output: string;
  readonly flags: readonly string[];
  /** Whether the output that was replaced keeps its hidden name until the last sweep, as its rename may run late. */
  readonly isAsideLeft: boolean;
}

/** Submit a job of which the coordinator dies at a failpoint, or at its pass `@number`, start it again, and look at what came of the job. */
async function dieAndGoOn(point: string, { cluster, output, flags, isAsideLeft }: Submission): Promise<number> {
  await cluster.stopCoordinator();
  const [name = "", pass = "1"] = point.split("@");
  await cluster.startCoordinator(`${name}=kill@${pass}`);
  await cluster.whenAlive(2);
  const begunMs = performance.now();
  const args = ["submit", story.job, story.input, output, "--detach", ...story.shape, ...flags];
  const submitting = millrace(args, { env: cluster.env, timeoutMs: 90_000 });
  const struck = cluster.coordinator?.process;
  await vi.waitFor(() => expect(struck?.signalCode).toBe("SIGKILL"), { timeout: struckWithinMs, interval: 10 });
  await cluster.coordinator?.ended;
  await cluster.startCoordinator();
  const submitted = await submitting;
  expect(submitted.exit, submitted.stderr).toBe(0);
  const job = submitted.stdout.trim() as JobId;
  await succeed(["job", "wait", job, "--timeout", "90s"], cluster.env, 100_000);
  const ms = performance.now() - begunMs;
  const left = isAsideLeft ? [asideUriOf(output, job)] : [];
  expect(await story.differences(output, left)).toEqual({ parts: [], left });
  const attempts = await whenTasks(cluster, job, (tasks) =>
    tasks.map((task) => task.attempts.map(({ state }) => state)),
  );
  expect(new Set(attempts.map(String)), "each task once").toEqual(new Set(["accepted"]));
  return ms;
}

/**
 * The same with an output of another shape, which is replaced. On a cluster of its own: a coordinator that has kept the
 * old output of an earlier job removes what is left of that job when it starts, so it would be struck there.
 */
async function dieReplacing(point: string, isAsideLeft: boolean): Promise<number> {
  const output = story.nextOutput();
  await succeed(["run", story.job, story.input, output, "--reduces", "1"]);
  const cluster = await startCluster();
  try {
    return await dieAndGoOn(point, { cluster, output, flags: ["--overwrite"], isAsideLeft });
  } finally {
    await cluster.stop();
  }
}

const storageSteps = failpointNames.filter((name) => name.startsWith("commit."));
/** The second time is the manifest's. A new output takes no other's place. */
const ofNewOutput = [
  ...storageSteps.filter((name) => !name.endsWith("Rename")),
  "commit.beforePlace@2",
  "commit.afterPlace@2",
  "coordinator.beforeJobEnd",
];
/** The second look is at the old output; what is removed first is the old output, under its hidden name. */
const ofReplacing: readonly (readonly [point: string, isAsideLeft: boolean])[] = [
  ["commit.afterInspect@2", false],
  ["commit.beforeRename", true],
  ["commit.afterRename", true],
  ["commit.beforePublish", true],
  ["commit.afterPublish", true],
  ["commit.beforeRemove", true],
  ["commit.afterRemove", false],
];

describe("a coordinator killed by SIGKILL", () => {
  for (const point of ofNewOutput)
    itStands(`coordinator killed at ${point}`, async () =>
      dieAndGoOn(point, { cluster: shared, output: story.nextOutput(), flags: [], isAsideLeft: false }),
    );
  for (const [point, isAsideLeft] of ofReplacing)
    itStands(`coordinator killed at ${point}, replacing`, async () => dieReplacing(point, isAsideLeft));
});
