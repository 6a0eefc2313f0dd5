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
import type { SampleDone } from "./run-sample.ts";
import { runSample } from "./run-sample.ts";

/** How an attempt ended. */
export type AttemptOutcome =
  | { readonly kind: "finished"; readonly result: AttemptResult; readonly vector: SegmentVector | undefined }
  | { readonly kind: "failed"; readonly failure: AttemptFailure };

/** Run one attempt to its end. Never rejects: whatever is thrown becomes a failure. */
export async function runAttempt(input: AttemptInput, usage: () => AttemptUsage): Promise<AttemptOutcome> {
  let run: AttemptRun | undefined;
  try {
    run = new AttemptRun(input);
    failpoint(input.order.work.kind === "reduce" ? "host.beforeReduce" : "host.beforeMap");
    invariant(input.memory.budget.used === 0, "the slot's memory is free when an attempt begins");
    return await runWork(run, usage);
  } catch (thrown) {
    const failure = run?.failure(thrown) ?? attemptFailure(thrown, {}, input.stack);
    return { kind: "failed", failure };
  } finally {
    run?.end();
  }
}

async function runWork(run: AttemptRun, usage: () => AttemptUsage): Promise<AttemptOutcome> {
  const { work } = run.input.order;
  switch (work.kind) {
    case "map":
      return finished(run, await runMap(run, work.split), usage());
    case "reduce":
      return finished(run, await runReduce(run, work.segments), usage());
    case "sample":
      return sampled(run, await runSample(run, work.split, work.keysMax), usage());
  }
}

/** Nothing of a sample counts but its keys. */
function sampled(run: AttemptRun, { consumed, sample }: SampleDone, usage: AttemptUsage): AttemptOutcome {
  const { attempt } = run.input.order;
  const result = { attempt, consumed, files: [], counters: {}, badRecords: [], sample, usage };
  return { kind: "finished", result, vector: undefined };
}

function finished(run: AttemptRun, done: MapDone | ReduceDone, usage: AttemptUsage): AttemptOutcome {
  const shuffle = done.run;
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
