// Hadoop's own jobs on the same HDFS as oracles: its word count gives the same counts, its TeraValidate accepts what our
// sort of its own kind of rows wrote.

import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fetchJars, findTools } from "@millrace/local-hdfs";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { scratchDirectory } from "../harness.ts";
import { succeed } from "./remote-files.ts";
import { startTestHdfs } from "./test-hdfs.ts";

const examples = "org.apache.hadoop.examples.ExampleDriver";
const base = "hdfs:///hadoop-jobs";
const scratch = scratchDirectory();
let hdfs: LocalHdfs;

beforeAll(async () => {
  const found = findTools(process.env);
  if (found.kind === "missing") throw new Error(found.reason);
  hdfs = await startTestHdfs({ jars: await fetchJars(found.tools, { set: "jobs" }) });
  await succeed(["fs", "mkdir", base]);
});
afterAll(async () => {
  await hdfs.stop();
  scratch.remove();
});

/** Lines of all parts of an output, sorted: two engines may spread keys differently. */
async function sortedLines(output: string): Promise<readonly string[]> {
  const text = await succeed(["fs", "cat", `${output}/part-*`]);
  return text
    .trimEnd()
    .split("\n")
    .toSorted((a, b) => (a < b ? -1 : 1));
}

describe("Hadoop's own jobs", () => {
  it("wordcount gives the same counts for the same files", async () => {
    const text = join(scratch.path, "text");
    await succeed(["gen", "text", text, "--bytes", "3MiB", "--files", "2"]);
    await succeed(["fs", "put", text, `${base}/text`]);
    await succeed(["run", "word-count", `${base}/text`, `${base}/ours`, "--reduces", "3", "--split-bytes", "512KiB"]);
    await hdfs.run(examples, ["wordcount", `${base}/text`, `${base}/theirs`]);
    const ours = await sortedLines(`${base}/ours`);
    expect(ours.length).toBeGreaterThan(10_000);
    expect(await sortedLines(`${base}/theirs`)).toEqual(ours);
  });

  it("teravalidate accepts what terasort wrote, and finds the rows of teragen in it", async () => {
    await hdfs.run(examples, ["teragen", "-Dmapreduce.job.maps=2", "20000", `${base}/rows`]);
    await succeed(["run", "terasort", `${base}/rows`, `${base}/sorted`, "--reduces", "3", "--split-bytes", "512KiB"]);
    for (const directory of ["rows", "sorted"])
      await hdfs.run(examples, ["teravalidate", `${base}/${directory}`, `${base}/report-${directory}`]);
    const [unsorted, sorted] = await Promise.all(
      ["rows", "sorted"].map((directory) => sortedLines(`${base}/report-${directory}`)),
    );
    const checksum = unsorted?.find((line) => line.startsWith("checksum"));
    expect(unsorted?.length).toBeGreaterThan(1);
    expect(sorted).toEqual([checksum]);
  });
});
