// Word count on a cluster of processes while servers of HDFS are killed. Each story has an HDFS of its own.

import { afterEach, describe, expect, it } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { whenAnswered } from "../ask-coordinator.ts";
import { startTestCluster } from "../cluster.ts";
import type { TestCluster } from "../cluster.ts";
import { attemptIn, whenTasks } from "../watch-tasks.ts";
import { succeed } from "./remote-files.ts";
import { startTestHdfs } from "./test-hdfs.ts";
import { beginWordCount } from "./word-count-story.ts";
import type { WordCountStory } from "./word-count-story.ts";

const same = { parts: [], left: [] };
/** Attempts report late, and the coordinator publishes late, so that these moments of a job can be seen. */
const late = { MILLRACE_FAILPOINTS: "worker.beforeReport=delay:500;commit.beforePublish=delay:1000" };
let hdfs: LocalHdfs | undefined;
let cluster: TestCluster | undefined;

afterEach(async () => {
  await cluster?.stop();
  await hdfs?.stop();
  cluster = undefined;
  hdfs = undefined;
});

async function begin(options: { readonly highAvailability: boolean }): Promise<WordCountStory> {
  hdfs = await startTestHdfs(options);
  const story = await beginWordCount("hdfs:///word-count");
  cluster = await startTestCluster({ workers: 2, slots: 1, env: late });
  return story;
}

/** Resolves at a moment of a job. */
type Moment = (env: TestCluster["env"], job: string) => Promise<unknown>;

/** Run the job, do something at a moment of it, and wait for its end. */
async function runAndDisturb(
  story: WordCountStory,
  moment: Moment,
  disturb: (servers: LocalHdfs) => Promise<void>,
): Promise<string> {
  if (cluster === undefined || hdfs === undefined) throw new Error("nothing was started");
  const output = story.nextOutput();
  const args = ["submit", "word-count", story.input, output, "--detach", ...story.shape];
  const job = (await succeed(args, cluster.env)).trim();
  await moment(cluster.env, job);
  await disturb(hdfs);
  await succeed(["job", "wait", job, "--timeout", "100s"], cluster.env, 110_000);
  return output;
}

const firstMapsAreDone: Moment = async (env, job) =>
  whenTasks({ env }, job, (tasks) =>
    attemptIn(tasks, 0, "accepted") === undefined ? undefined : attemptIn(tasks, 0, "running"),
  );
const aReduceRuns: Moment = async (env, job) =>
  whenTasks({ env }, job, (tasks) => attemptIn(tasks, 1, "running") ?? attemptIn(tasks, 1, "accepted"));
const theOutputIsPlaced: Moment = async (env, job) =>
  whenAnswered(env, `jobs/${job}`, (answer) =>
    (answer as { readonly state: string }).state === "committing" ? true : undefined,
  );

describe("a DataNode killed by SIGKILL", () => {
  it("while maps read and while reduces write changes nothing in the output", async () => {
    const story = await begin({ highAvailability: false });
    const whileMapping = await runAndDisturb(story, firstMapsAreDone, async ({ dataNodes }) => {
      await dataNodes[0]?.kill();
    });
    expect(await story.differences(whileMapping)).toEqual(same);
    await hdfs?.dataNodes[0]?.restart();
    const whileReducing = await runAndDisturb(story, aReduceRuns, async ({ dataNodes }) => {
      await dataNodes[1]?.kill();
    });
    expect(await story.differences(whileReducing)).toEqual(same);
  });
});

describe("a NameNode killed by SIGKILL", () => {
  it("while maps read and while the output is published leaves the job to the one on standby", async () => {
    const story = await begin({ highAvailability: true });
    const whileMapping = await runAndDisturb(story, firstMapsAreDone, async (servers) => {
      await servers.nameNodes[0]?.kill();
      await servers.failOver(1);
    });
    expect(await story.differences(whileMapping)).toEqual(same);
    await hdfs?.nameNodes[0]?.restart();
    const whileCommitting = await runAndDisturb(story, theOutputIsPlaced, async (servers) => {
      await servers.nameNodes[1]?.kill();
      await servers.failOver(0);
    });
    expect(await story.differences(whileCommitting)).toEqual(same);
  });
});
