// A small commit: two parts of one reduce stage, in batches of one.

import type { JobId } from "../../src/model/ids.ts";
import { stagingUriOf } from "../../src/commit/commit-names.ts";
import { createCommitOrder } from "../../src/commit/commit-order.ts";
import type { CommitOrder } from "../../src/commit/commit-order.ts";

export const jobId = `job-${"0".repeat(25)}1` as JobId;
export const bounds = { placeMovesMax: 1, storageTriesMax: 2, storageRetryMs: 100, storageRetryMsMax: 1_000 };

/** Make the order of a job with `parts` part files. */
export function makeOrder(
  options: { readonly parts?: number; readonly overwrite?: boolean; readonly outputUri?: string } = {},
): CommitOrder {
  const { parts = 2, overwrite = false, outputUri = "hdfs://ns/out" } = options;
  return createCommitOrder({
    job: jobId,
    name: "word-count",
    planHash: "0123456789abcdef0123456789abcdef",
    stagingUri: stagingUriOf(outputUri, jobId),
    outputUri,
    overwrite,
    stages: [
      { kind: "map", outputs: [] },
      { kind: "reduce", outputs: [{ name: "", extension: "txt" }] },
    ],
    accepted: Array.from({ length: parts }, (_, task) => ({
      attempt: { stage: 1, task, attempt: 0 },
      files: [{ output: "", path: "main-0", bytes: 10 + task, records: 1, crc32: 7 }],
    })),
    counters: { "millrace.records": 2 },
  });
}
