// Whether a result fits the plan, before anything is made of it. A worker that reports nonsense has a fault, and its
// attempt fails; nothing of it reaches the journal.

import { quote } from "../errors/millrace-error.ts";
import { outputsOf } from "../job/stage-writes.ts";
import { stageAccepted } from "../journal/job-state.ts";
import { limits } from "../limits.ts";
import type { OutputFile, RunSummary, SegmentVector } from "../model/attempt-result.ts";
import { sampleKeysMaxOf } from "../shuffle/key-ranges.ts";
import { partitionSum, vectorDigest } from "../shuffle/segment-sum.ts";
import { consumptionFault } from "./check-conservation.ts";
import type { AttemptRun, JobRun, PendingReport } from "./job-run.ts";

/** Say what is wrong with a report. @returns undefined when it may count. */
export function reportFault(job: JobRun, attempt: AttemptRun, report: PendingReport): string | undefined {
  return (
    consumedFault(job, attempt, report) ??
    sampleFault(job, attempt, report) ??
    runFault(job, attempt, report) ??
    filesFault(job, attempt, report) ??
    countersFault(report)
  );
}

function consumedFault(
  job: JobRun,
  { ref, kind }: AttemptRun,
  { result: { consumed } }: PendingReport,
): string | undefined {
  if (consumed.kind === "splits") {
    if (kind === "reduce") return "a reduce attempt says that it read splits";
    const counts = [
      consumed.records,
      consumed.badRecords,
      consumed.bytes,
      ...consumed.ranges.flatMap(({ begin, end }) => [begin, end]),
    ];
    return counts.every(isCount) ? undefined : "what it read is not in whole numbers";
  }
  if (kind !== "reduce") return `a ${kind} attempt says that it read segments`;
  const reads = job.state.stages[ref.stage]?.plan.reads ?? -1;
  const producer = job.state.stages[reads];
  const sums = job.stages[reads]?.sums;
  if (producer === undefined || sums === undefined || !stageAccepted(producer))
    return "what it read is not accepted any more";
  return consumptionFault(consumed, partitionSum(sums, ref.task));
}

/** A sample owns no bytes and is sorted, within its bounds, in hexadecimal; nobody else has one. */
function sampleFault(job: JobRun, { ref, kind }: AttemptRun, { result }: PendingReport): string | undefined {
  const { consumed, sample = [] } = result;
  if (kind !== "sample") return sample.length === 0 ? undefined : `a ${kind} attempt has a sample`;
  if (consumed.kind === "splits" && consumed.ranges.length > 0) return "a sample attempt says that it owned bytes";
  const keysMax = sampleKeysMaxOf(job.state.stages[ref.stage]?.tasks.length ?? 0);
  if (sample.length > keysMax) return `its sample has ${sample.length} keys, more than ${keysMax}`;
  if (!sample.every((key) => key.length <= 2 * limits.sampleKeyBytesMax && /^(?:[0-9a-f]{2})*$/.test(key)))
    return `its sample holds something else than at most ${limits.sampleKeyBytesMax} bytes in hexadecimal`;
  return sample.every((key, index) => index === 0 || (sample[index - 1] ?? "") <= key)
    ? undefined
    : "its sample is not sorted";
}

function runFault(
  job: JobRun,
  { ref }: AttemptRun,
  { result: { run }, vector, vectorAt }: PendingReport,
): string | undefined {
  const partitions = job.state.stages[ref.stage]?.plan.partitions ?? 0;
  if (partitions === 0) return run === undefined ? undefined : "it made a run file that nobody reads";
  if (run === undefined || vector === undefined || vectorAt < 0) return "it made no run file";
  if (run.partitions !== partitions) return `its run file has ${run.partitions} partitions, not ${partitions}`;
  return vectorFault(run, vector, partitions);
}

function vectorFault(run: RunSummary, vector: SegmentVector, partitions: number): string | undefined {
  const { pairs, rawBytes, digests } = vector;
  if (pairs.length !== partitions || rawBytes.length !== partitions || digests.length !== partitions)
    return "its vector has another length than its partitions";
  if (!pairs.every(isCount) || !rawBytes.every(isCount) || !digests.every((digest) => /^[0-9a-f]{16}$/.test(digest)))
    return "its vector holds something else than counts and digests";
  if (sum(pairs) !== run.pairs || sum(rawBytes) !== run.rawBytes) return "its vector does not add up to its run file";
  return vectorDigest(vector) === run.vectorDigest ? undefined : "the digest of its vector is wrong";
}

function filesFault(job: JobRun, { ref }: AttemptRun, { result: { files } }: PendingReport): string | undefined {
  const outputs = outputsOf(job.state.spec.stages[ref.stage]);
  for (const file of files) {
    if (!outputs.some(({ name }) => name === file.output))
      return `it wrote to the output ${quote(file.output)}, which its stage does not have`;
    if (!fileNameIsSafe(file.path)) return `its file is called ${quote(file.path)}`;
    if (!fileCountsAreSafe(file)) return `the counts of its file ${quote(file.path)} are no whole numbers`;
  }
  const names = new Set(files.map(({ output }) => output));
  if (names.size < files.length) return "it wrote two files to one output";
  // A named output has files of those tasks alone that had records for it; the main one of all, empty ones included.
  return outputs.some(({ name }) => name === "") && !names.has("") ? "it wrote no file to the main output" : undefined;
}

function fileNameIsSafe(path: string): boolean {
  return (
    /^[A-Za-z0-9._/-]{1,200}$/.test(path) &&
    path.split("/").every((name) => name !== "" && name !== "." && name !== "..")
  );
}

function fileCountsAreSafe({ bytes, records, crc32 }: OutputFile): boolean {
  return isCount(bytes) && isCount(records) && isCount(crc32) && crc32 < 2 ** 32;
}

function countersFault({ result: { counters } }: PendingReport): string | undefined {
  const names = Object.keys(counters);
  const own = names.filter((name) => !name.startsWith("millrace."));
  if (own.length > limits.countersMax) return `it has ${own.length} counters, more than ${limits.countersMax}`;
  if (names.length > 2 * limits.countersMax) return `it has ${names.length} counters, with the engine's`;
  for (const name of names) {
    if (name.length > limits.counterNameCharactersMax)
      return `its counter ${quote(name)} has a name of ${name.length} characters`;
    if (!Number.isSafeInteger(counters[name])) return `its counter ${quote(name)} is ${counters[name]}`;
  }
  return undefined;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
