// Runs one attempt from order to result. The same for processes, threads and `testJob`: what differs is the AttemptIo.

import { invariant } from "@millrace/core";
import type { AttemptFailure, AttemptResult, AttemptUsage, SegmentVector } from "@millrace/core";
import { failpoint } from "@millrace/ports";
import { attemptFailure } from "../failure/attempt-error.ts";
import type { AttemptInput } from "./attempt-run.ts";
import { AttemptRun } from "./attempt-run.ts";
import type { MapDone } from "./run-map.ts";
import { runMap } from "./run-map.ts";
import type { ReduceDone } from "./run-reduce.ts";
import { runReduce } from "./run-reduce.ts";

/** How an attempt ended. */
export type AttemptOutcome =
  | { readonly kind: "finished"; readonly result: AttemptResult; readonly vector: SegmentVector | undefined }
  | { readonly kind: "failed"; readonly failure: AttemptFailure };

/** Run one attempt to its end. Never rejects: whatever is thrown becomes a failure. */
export async function runAttempt(input: AttemptInput, usage: () => AttemptUsage): Promise<AttemptOutcome> {
  let run: AttemptRun | undefined;
  try {
    run = new AttemptRun(input);
    const { work } = input.order;
    invariant(work.kind !== "sample", "this host runs no sample attempts");
    failpoint(work.kind === "map" ? "host.beforeMap" : "host.beforeReduce");
    invariant(input.memory.budget.used === 0, "the slot's memory is free when an attempt begins");
    const done = work.kind === "map" ? await runMap(run, work.split) : await runReduce(run, work.segments);
    return finished(run, done, usage());
  } catch (thrown) {
    const failure = run?.failure(thrown) ?? attemptFailure(thrown, {}, input.stack);
    return { kind: "failed", failure };
  }
}

function finished(run: AttemptRun, done: MapDone | ReduceDone, usage: AttemptUsage): AttemptOutcome {
  const shuffle = "run" in done ? done.run : undefined;
  const result: AttemptResult = {
    attempt: run.input.order.attempt,
    consumed: done.consumed,
    files: done.files,
    counters: run.counters.result(),
    badRecords: run.badRecords.samples,
    usage,
    ...(shuffle === undefined
      ? {}
      : {
          run: {
            partitions: shuffle.vector.digests.length,
            storedBytes: shuffle.storedBytes,
            pairs: shuffle.pairs,
            rawBytes: shuffle.rawBytes,
            vectorDigest: shuffle.vectorDigest,
          },
        }),
  };
  return { kind: "finished", result, vector: shuffle?.vector };
}
