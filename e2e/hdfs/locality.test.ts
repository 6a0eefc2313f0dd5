// Maps run where their blocks are: three DataNodes that are three hosts on two racks, one copy of each block, and a
// worker beside each DataNode.

import { afterEach, describe, expect, it } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { RestartableCluster } from "../restartable-cluster.ts";
import { succeed } from "./remote-files.ts";
import { startTestHdfs } from "./test-hdfs.ts";
import { beginWordCount } from "./word-count-story.ts";

const places = [
  { host: "127.0.0.11", rack: "/r1" },
  { host: "127.0.0.12", rack: "/r1" },
  { host: "127.0.0.13", rack: "/r2" },
];
const blockBytes = 2 * 1024 * 1024;
const blockCount = 96;

let hdfs: LocalHdfs | undefined;
let cluster: RestartableCluster | undefined;

afterEach(async () => {
  await cluster?.stop();
  await hdfs?.stop();
  cluster = undefined;
  hdfs = undefined;
});

describe("word count over blocks on three hosts", () => {
  it("reads nine tenths of its bytes or more from the DataNode beside the worker, and says so", async () => {
    hdfs = await startTestHdfs({ dataNodes: places, replication: 1, blockBytes });
    const story = await beginWordCount("hdfs:///locality", { bytes: String(blockCount * blockBytes), files: "1" });
    cluster = new RestartableCluster();
    await cluster.startCoordinator();
    for (const [index, { host, rack }] of places.entries())
      cluster.startWorker(index + 1, "", ["--host-name", host, "--rack", rack]);
    await cluster.whenAlive(places.length);
    const output = story.nextOutput();
    const shape = ["--split-bytes", String(blockBytes), "--reduces", "3"];
    const args = ["submit", "word-count", story.input, output, ...shape, "-o", "json"];
    const job = JSON.parse(await succeed(args, cluster.env, 170_000)) as {
      readonly counters: Readonly<Record<string, number>>;
    };
    const count = (name: string): number => job.counters[`millrace.${name}`] ?? 0;
    const maps = count("maps.node-local") + count("maps.rack-local") + count("maps.other");
    expect(maps).toBe(blockCount);
    const [near, far] = [count("served.node-local.bytes"), count("served.other.bytes")];
    // Blocks are drawn at random: a host with few takes some of another's once it has waited. Ends of lines lie in next blocks.
    const share = near / (near + far);
    console.log(
      `${(share * 100).toFixed(1)} % of ${near + far} bytes were node-local, in ${count("maps.node-local")} of ${maps} maps;` +
        ` ${count("maps.rack-local")} maps were rack-local, ${count("maps.other")} further away`,
    );
    expect(share, JSON.stringify(job.counters)).toBeGreaterThanOrEqual(0.9);
    const byHost = places.map(({ host }) => count(`served.by.${host}`));
    expect(byHost.reduce((sum, bytes) => sum + bytes, 0)).toBe(near + far);
    // Of each block once, and a little more behind its end.
    expect(near + far).toBeLessThan(blockCount * blockBytes * 1.05);
    expect((await story.differences(output)).parts).toEqual([]);
  });
});
