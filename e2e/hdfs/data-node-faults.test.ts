// DataNodes killed by SIGKILL in the middle of a transfer of a job: of its input, of a long part, of a short one. The job
// stands still until the DataNode is dead, and what the job says afterwards shows that it was struck.

import { createDefaultStorages } from "@millrace/storage";
import type { LocalDataNode, LocalHdfs } from "@millrace/local-hdfs";
import { afterAll, beforeAll, describe, expect, vi } from "vitest";
import { startTestCluster } from "../cluster.ts";
import type { TestCluster } from "../cluster.ts";
import { transfersAt, whenTransferring } from "./data-node-transfers.ts";
import { itStands } from "./fault-runs.ts";
import { heldLines, submitHeld } from "./held-job.ts";
import type { HeldJob } from "./held-job.ts";
import { startTestHdfs } from "./test-hdfs.ts";
import { beginWordCount } from "./word-count-story.ts";
import type { WordCountStory } from "./word-count-story.ts";

const same = { parts: [], left: [] };
const MiB = 1024 * 1024;
/** More than all buffers between a DataNode and a map that stands still hold: 1 MiB of rings, and those of the kernel. */
const blockBytes = 16 * MiB;
/** Beyond 4 MiB a part is streamed while it is written. */
const holdAfterBytes = 6 * MiB;
/** Each of its own address, so that counters tell them apart. */
const dataNodes = ["127.0.0.21", "127.0.0.22", "127.0.0.23"].map((host) => ({ host }));

let hdfs: LocalHdfs;
let cluster: TestCluster;
let long: WordCountStory;
let short: WordCountStory;

beforeAll(async () => {
  hdfs = await startTestHdfs({ dataNodes, replication: 2, blockBytes });
  const job = heldLines;
  // Three maps of a block each for two workers, and two parts of about 12 MiB.
  const shape = ["--reduces", "2", "--split-bytes", String(blockBytes)];
  long = await beginWordCount("hdfs:///long", { bytes: "48MiB", files: "3", job, shape });
  short = await beginWordCount("hdfs:///short", { bytes: "3MiB", files: "3", job, shape });
  cluster = await startTestCluster({ workers: 2, slots: 1 });
});
afterAll(async () => {
  await cluster?.stop();
  await hdfs?.stop();
});

/** Bring a DataNode back, and wait until the NameNode knows both copies of each block of the input again. */
async function bringBack(victim: LocalDataNode): Promise<void> {
  await victim.restart();
  const storage = createDefaultStorages(process.env);
  for (const story of [long, short]) {
    for (const { uri, bytes } of await storage.list(story.input)) {
      const hasBoth = async (): Promise<void> => {
        const blocks = await storage.locate(uri, 0, bytes);
        expect(blocks.every(({ hosts }) => hosts.length >= 2)).toBe(true);
      };
      await vi.waitFor(hasBoth, { timeout: 60_000, interval: 100 });
    }
  }
}

/** Wait for the good end of a job that was struck, and look at what came of it. @returns its milliseconds. */
async function endRight(story: WordCountStory, job: HeldJob, victim: LocalDataNode): Promise<number> {
  const ms = await job.end();
  expect(await story.differences(job.output)).toEqual(same);
  await bringBack(victim);
  return ms;
}

describe("a DataNode killed by SIGKILL", () => {
  itStands("DataNode killed in mid-read of map input", async () => {
    const job = await submitHeld(cluster, long, { at: "maps" });
    await job.whenHeld();
    const victim = await whenTransferring(hdfs.dataNodes, ({ unsentBytes }) => unsentBytes > 0);
    // Stopped, it closes no connection: those that are open are of reads that have not come to their end.
    victim.signal("SIGSTOP");
    const reads = transfersAt(victim).length;
    expect(reads).toBeGreaterThan(0);
    await victim.kill();
    job.letGo();
    const ms = await endRight(long, job, victim);
    const served = (await job.counters())[`millrace.served.by.${victim.host}`] ?? 0;
    expect(served).toBeGreaterThan(0);
    expect(served, `in ${reads} reads`).toBeLessThan(reads * blockBytes);
    return ms;
  });

  itStands("DataNode killed in mid-write of a part that is streamed", async () => {
    const job = await submitHeld(cluster, long, { at: "reduces", holdAfterBytes });
    await job.whenHeld();
    // No map reads any more.
    const victim = await whenTransferring(hdfs.dataNodes);
    await victim.kill();
    job.letGo();
    const ms = await endRight(long, job, victim);
    const failed = `^Cannot write .*: DataNode ${victim.httpAddress.replaceAll(".", "\\.")} after \\d+ bytes`;
    expect(await job.failures(1)).toContainEqual(expect.stringMatching(new RegExp(failed, "u")));
    return ms;
  });

  itStands("DataNode killed in mid-write of a part that is sent at once", async () => {
    const job = await submitHeld(cluster, short, { at: "reduces" });
    await job.whenHeld();
    for (const each of hdfs.dataNodes) each.signal("SIGSTOP");
    job.letGo();
    // A part has come to it of which it has not taken a byte.
    const victim = await whenTransferring(hdfs.dataNodes, ({ unreadBytes }) => unreadBytes > 0);
    await victim.kill();
    for (const each of hdfs.dataNodes) if (each !== victim) each.signal("SIGCONT");
    return endRight(short, job, victim);
  });
});
