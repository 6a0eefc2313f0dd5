// All that a worker does with segments besides deciding: serving its own, bringing those of others, checking run files.
// One object, so that it can run in a thread of its own (shuffle-thread.ts) or here.

import type { AttemptRef, JobId } from "@millrace/core";
import type { SegmentSource } from "@millrace/ports";
import { loadLz4 } from "../coding/lz4-codec.ts";
import { createSegmentGatherer } from "../gather/segment-gatherer.ts";
import { RunIndexCache, verifyRunFile } from "../run-reader.ts";
import { nodeRunTools } from "../run-tools.ts";
import { startSegmentServer } from "../server/segment-server.ts";
import { shuffleLimits } from "../shuffle-limits.ts";
import { logPath, runPath } from "../work-layout.ts";

/** Serve, gather and check. */
export interface ShuffleService {
  /** Port where segments are served; 0 when nothing is. */
  readonly port: number;
  readonly source: SegmentSource;
  /** Serve a job's segments and logs to whoever has its key. Also again. */
  openJob(job: JobId, key: string): void;
  /** Serve nothing of a job any more. */
  closeJob(job: JobId): void;
  /** Read a whole run file of this worker. @returns whether it is there and whole. */
  verifyRun(source: AttemptRef): Promise<boolean>;
  close(): Promise<void>;
}

/** Where to serve from and on. Plain data: it goes to a thread as it is. */
export interface ShuffleServiceOptions {
  /** The work directory. */
  readonly root: string;
  readonly host: string;
  readonly port: number;
}

/** Serve and gather in this thread. Rejects with the system's error when the address cannot be had. */
export async function startShuffleService(options: ShuffleServiceOptions): Promise<ShuffleService> {
  const { root, host, port } = options;
  const keys = new Map<JobId, string>();
  const indexes = new RunIndexCache(nodeRunTools, shuffleLimits.indexEntriesMax);
  const source = createSegmentGatherer({ tools: nodeRunTools, loadCodec: loadLz4 });
  const server = await startSegmentServer({
    host,
    port,
    keyOf: (job) => keys.get(job),
    locate: (attempt, partition) => Promise.resolve(indexes.locate(runPath(root, attempt), partition)),
    logPath: (attempt) => logPath(root, attempt),
    loadCodec: loadLz4,
  });
  return {
    port: server.port,
    source,
    openJob: (job, key) => void keys.set(job, key),
    closeJob: (job) => void keys.delete(job),
    verifyRun: (attempt) => verifyRunFile(runPath(root, attempt), nodeRunTools),
    close: async () => {
      await Promise.all([source.close(), server.close()]);
    },
  };
}
