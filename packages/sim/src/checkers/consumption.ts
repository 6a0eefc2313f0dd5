// What accepted attempts read must be what accepted attempts wrote: one segment of each map task, with its very digest
// (I7, I8), by the simulated hosts' own accounts.

import type { AttemptKey, AttemptRef, JobId, SegmentVector, StagePlan } from "@millrace/core";
import { demand } from "../violation.ts";
import type { TruthTable } from "./attempt-truth.ts";

/** Where to look things up. */
export interface ConsumptionSource {
  readonly job: JobId;
  readonly stages: readonly StagePlan[];
  readonly truths: TruthTable;
  /** The accepted attempt of a task. */
  readonly acceptedOf: (stage: number, task: number) => AttemptKey | undefined;
}

/** Demand that a reduce attempt read the segments of accepted attempts, one of each map task. */
export function checkConsumed(source: ConsumptionSource, reader: AttemptKey): void {
  const { job, stages, truths } = source;
  const name = `${job} ${reader.stage}-${reader.task}.${reader.attempt}`;
  const segments = truths.get(refOf(job, reader))?.segments ?? [];
  const reads = stages[reader.stage]?.reads ?? -1;
  const tasks = stages[reads]?.tasks ?? 0;
  const distinct = new Set(segments.map(({ task }) => task)).size;
  demand(
    distinct === tasks && segments.length === tasks,
    "I7",
    () => `${name} read ${segments.length} segments of ${tasks} maps`,
  );
  for (const segment of segments) {
    const owner = source.acceptedOf(reads, segment.task);
    demand(owner !== undefined, "I7", () => `${name} counts, but read map ${segment.task}, whose result does not`);
    const vector = vectorOf(source, owner);
    const same = vector?.digests[reader.task] === segment.digest && vector.pairs[reader.task] === segment.pairs;
    demand(same, "I7", () => `${name} read other pairs of map ${segment.task} than those accepted`);
  }
}

/** Demand that an attempt which supplies segments has the very ones that were accepted. */
export function checkSupplied(source: ConsumptionSource, attempt: AttemptKey): void {
  const owner = source.acceptedOf(attempt.stage, attempt.task);
  const name = `${source.job} ${attempt.stage}-${attempt.task}.${attempt.attempt}`;
  demand(owner !== undefined, "I3", () => `${name} supplies what was never accepted`);
  const given = vectorOf(source, attempt);
  const same = given !== undefined && JSON.stringify(given) === JSON.stringify(vectorOf(source, owner));
  demand(same, "I7", () => `${name} supplies other pairs than those accepted`);
}

function vectorOf({ job, truths }: ConsumptionSource, attempt: AttemptKey): SegmentVector | undefined {
  return truths.runOf(refOf(job, attempt));
}

/** Name an attempt in full. */
export function refOf(job: JobId, { stage, task, attempt }: AttemptKey): AttemptRef {
  return { job, stage, task, attempt };
}
