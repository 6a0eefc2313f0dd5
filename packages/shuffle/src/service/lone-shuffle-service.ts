// The segments of a worker that has no network: what is here is read in place, and nothing else is anywhere.

import { verifyRunFile } from "../run-reader.ts";
import { nodeRunTools } from "../run-tools.ts";
import { runPath } from "../work-layout.ts";
import type { ShuffleService } from "./shuffle-service.ts";

/** Of a worker that is alone in its cluster, as in embedded mode: nothing is served, and nobody else has a segment. */
export function createLoneShuffleService(root: string): ShuffleService {
  return {
    port: 0,
    source: {
      fetch: () =>
        Promise.resolve({ kind: "failed", reason: "missing", message: "No other worker is in this cluster" }),
      close: () => Promise.resolve(),
    },
    openJob: () => undefined,
    closeJob: () => undefined,
    verifyRun: (attempt) => verifyRunFile(runPath(root, attempt), nodeRunTools),
    close: () => Promise.resolve(),
  };
}
