// The active NameNode killed by SIGKILL, or sent to standby by haadmin, in the middle of a job's maps, of its reduces, and
// of its commit. The job, or the coordinator, stands still until it strikes, and goes on while nobody is active yet.

import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { processState, startTestCluster } from "../cluster.ts";
import type { TestCluster } from "../cluster.ts";
import { RestartableCluster } from "../restartable-cluster.ts";
import { itStands } from "./fault-runs.ts";
import { heldLines, submitHeld } from "./held-job.ts";
import type { Hold } from "./held-job.ts";
import { activeIndex, whenAllServe } from "./name-node-states.ts";
import { succeed } from "./remote-files.ts";
import { startTestHdfs } from "./test-hdfs.ts";
import { beginWordCount } from "./word-count-story.ts";
import type { WordCountStory } from "./word-count-story.ts";

const same = { parts: [], left: [] };
/** Beyond 4 MiB a part is streamed while it is written. */
const holdAfterBytes = 6 * 1024 * 1024;

let hdfs: LocalHdfs;
let cluster: TestCluster;
let long: WordCountStory;
let short: WordCountStory;

beforeAll(async () => {
  hdfs = await startTestHdfs({ highAvailability: true, blockBytes: 4 * 1024 * 1024 });
  // Nine maps of a block each for two workers: seven ask for their input after the strike.
  const shape = ["--reduces", "2", "--split-bytes", "4MiB"];
  long = await beginWordCount("hdfs:///long", { bytes: "36MiB", files: "3", job: heldLines, shape });
  short = await beginWordCount("hdfs:///short");
  cluster = await startTestCluster({ workers: 2, slots: 1 });
});
afterAll(async () => {
  await cluster?.stop();
  await hdfs?.stop();
});

/** Takes the office from the NameNode that has it, and lets go what stands still before another one has it. */
type Strike = (index: number, letGo: () => void) => Promise<void>;

const kill: Strike = async (index, letGo) => {
  await hdfs.nameNodes[index]?.kill();
  letGo();
  await hdfs.failOver(1 - index);
};
const sendToStandby: Strike = async (index, letGo) => {
  const switched = hdfs.failOver(1 - index);
  letGo();
  await switched;
};

/** Strike the active NameNode, wait for the job, look at what came of it, and have two NameNodes again. */
async function strikeDuring(
  strike: Strike,
  struck: {
    readonly story: WordCountStory;
    readonly output: string;
    readonly letGo: () => void;
    readonly end: () => Promise<number>;
  },
): Promise<number> {
  const index = await activeIndex(hdfs);
  await strike(index, struck.letGo);
  const ms = await struck.end();
  expect(await activeIndex(hdfs)).toBe(1 - index);
  if (strike === kill) await hdfs.nameNodes[index]?.restart();
  await whenAllServe(hdfs);
  expect(await struck.story.differences(struck.output)).toEqual(same);
  return ms;
}

async function strikeTasks(at: Hold, strike: Strike): Promise<number> {
  const job = await submitHeld(cluster, long, { at, holdAfterBytes });
  await job.whenHeld();
  const { output } = job;
  return strikeDuring(strike, { story: long, output, letGo: () => job.letGo(), end: async () => job.end() });
}

/** The coordinator stops itself at a step of the commit, and goes on when it is struck. */
async function strikeCommit(point: string, strike: Strike): Promise<number> {
  const restartable = new RestartableCluster();
  try {
    await restartable.startCoordinator(`${point}=pause*1`);
    await restartable.startWorkers(2);
    const begunMs = performance.now();
    const output = short.nextOutput();
    const args = ["submit", short.job, short.input, output, "--detach", ...short.shape];
    const job = (await succeed(args, restartable.env)).trim();
    const coordinator = restartable.coordinator?.process;
    const isStopped = (): void => expect(processState(coordinator?.pid ?? 0)).toBe("T");
    await vi.waitFor(isStopped, { timeout: 60_000, interval: 10 });
    return await strikeDuring(strike, {
      story: short,
      output,
      letGo: () => coordinator?.kill("SIGCONT"),
      end: async () => {
        await succeed(["job", "wait", job, "--timeout", "120s"], restartable.env, 130_000);
        return performance.now() - begunMs;
      },
    });
  } finally {
    restartable.coordinator?.process.kill("SIGCONT");
    await restartable.stop();
  }
}

describe("the active NameNode", () => {
  const strikes: readonly [string, Strike][] = [
    ["killed", kill],
    ["sent to standby", sendToStandby],
  ];
  for (const [how, strike] of strikes) {
    itStands(`NameNode ${how} while maps read`, async () => strikeTasks("maps", strike));
    itStands(`NameNode ${how} while reduces write`, async () => strikeTasks("reduces", strike));
    itStands(`NameNode ${how} at commit.afterPlace`, async () => strikeCommit("commit.afterPlace", strike));
    itStands(`NameNode ${how} at commit.beforePublish`, async () => strikeCommit("commit.beforePublish", strike));
  }
});
