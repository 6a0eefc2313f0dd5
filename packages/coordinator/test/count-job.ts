// A job that counts the files below `in/`, as a coordinator sees it: its workers are made up.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { defaultJobOptions } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { uriOfPath } from "@millrace/storage";

/** The code that the job names. */
export const countBundle: Buffer = Buffer.from("export default 1;\n");

/** The job, with its input and its output in a directory, and a reduce for each partition. */
export function countJob(directory: string, output = "out", partitions = 1): JobSpec {
  return {
    name: "count",
    bundle: { sha256: createHash("sha256").update(countBundle).digest("hex"), bytes: countBundle.length },
    dataVersion: 1,
    nodeMajor: 24,
    inputs: [{ patterns: [uriOfPath(join(directory, "in"))], format: { name: "text", splitting: "delimiter" } }],
    stages: [
      { kind: "map", inputs: [0], shuffle: { partitions, pairs: "state", ordered: false }, outputs: [] },
      { kind: "reduce", reads: 0, outputs: [{ name: "", extension: "txt" }] },
    ],
    output: { uri: uriOfPath(join(directory, output)), overwrite: false },
    params: {},
    options: { ...defaultJobOptions, splitBytes: 5 },
  };
}
