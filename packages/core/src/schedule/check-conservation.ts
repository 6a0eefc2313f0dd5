// The laws of conservation, checked over the whole job before it commits: what maps read tiles every input file, and
// what reducers read is what was written for them, to the pair and to the digest.

import { quote } from "../errors/millrace-error.ts";
import type { JobState } from "../journal/job-state.ts";
import type { AttemptFailure, ConsumedSegments } from "../model/attempt-result.ts";
import type { PartitionSum } from "../shuffle/segment-sum.ts";
import { partitionSum } from "../shuffle/segment-sum.ts";
import type { JobRun } from "./job-run.ts";

/** Say which law a job breaks. Linear in tasks and files. @returns undefined when all hold. */
export function conservationFailure(job: JobRun): AttemptFailure | undefined {
  const fault = tilingFault(job.state) ?? pairsFault(job);
  if (fault === undefined) return undefined;
  return {
    code: "E_CONSERVATION",
    message: `Cannot commit ${quote(job.state.spec.name)}: ${fault}; nothing was published`,
  };
}

/** Compare what a reduce attempt says it read with what the maps wrote. @returns the difference, or undefined. */
export function consumptionFault(consumed: ConsumedSegments, written: PartitionSum): string | undefined {
  if (consumed.maps !== written.maps) return `${consumed.maps} segments were read, ${written.maps} were written`;
  if (consumed.pairs !== written.pairs) return `${consumed.pairs} pairs were read, ${written.pairs} were written`;
  if (consumed.rawBytes !== written.rawBytes)
    return `${consumed.rawBytes} bytes of pairs were read, ${written.rawBytes} were written`;
  if (consumed.digest !== written.digest)
    return `the digest of what was read is ${consumed.digest}, of what was written ${written.digest}`;
  return undefined;
}

function pairsFault(job: JobRun): string | undefined {
  for (const [index, stage] of job.state.stages.entries()) {
    const sums = job.stages[stage.plan.reads]?.sums;
    if (stage.plan.kind !== "reduce" || sums === undefined) continue;
    for (const [task, { accepted }] of stage.tasks.entries()) {
      const consumed = accepted?.result.consumed;
      const fault =
        consumed?.kind === "segments" ? consumptionFault(consumed, partitionSum(sums, task)) : "it has no result";
      if (fault !== undefined) return `task ${quote(`${index}-${task}`)}: ${fault}`;
    }
  }
  return undefined;
}

interface FileRanges {
  readonly uri: string;
  readonly fileBytes: number;
  readonly ranges: { readonly begin: number; readonly end: number }[];
}

/** The ranges that map attempts owned must tile every file of the plan: no byte left out, none read twice. */
export function tilingFault(state: JobState): string | undefined {
  for (const [index, stage] of state.stages.entries()) {
    if (stage.plan.kind !== "map") continue;
    const files = new Map<string, FileRanges>();
    for (const [task, { accepted }] of stage.tasks.entries()) {
      const fault = collectRanges(state, files, { stage: index, task, consumed: accepted?.result.consumed });
      if (fault !== undefined) return fault;
    }
    for (const file of files.values()) {
      const fault = fileFault(file);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** Files are told apart by input too, as two inputs may read the same one. */
function collectRanges(
  state: JobState,
  files: Map<string, FileRanges>,
  {
    stage,
    task,
    consumed,
  }: {
    readonly stage: number;
    readonly task: number;
    readonly consumed:
      | ConsumedSegments
      | {
          readonly kind: "splits";
          readonly ranges: readonly { readonly uri: string; readonly begin: number; readonly end: number }[];
        }
      | undefined;
  },
): string | undefined {
  const split = state.splits[stage]?.[task];
  if (split === undefined || consumed?.kind !== "splits")
    return `map task ${quote(`${stage}-${task}`)} says nothing of what it read`;
  for (const part of split.parts) {
    const key = `${split.input} ${part.uri}`;
    if (!files.has(key)) files.set(key, { uri: part.uri, fileBytes: part.fileBytes, ranges: [] });
  }
  for (const range of consumed.ranges) {
    const file = files.get(`${split.input} ${range.uri}`);
    if (file === undefined)
      return `map task ${quote(`${stage}-${task}`)} read ${quote(range.uri)}, which was not planned`;
    file.ranges.push({ begin: range.begin, end: range.end });
  }
  return undefined;
}

function fileFault({ uri, fileBytes, ranges }: FileRanges): string | undefined {
  ranges.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { begin, end } of ranges) {
    // A split in which no record begins owns nothing, wherever it says so.
    if (begin === end) continue;
    if (begin !== at || end < begin)
      return `bytes ${Math.min(at, begin)} to ${Math.max(at, begin)} of ${quote(uri)} were read ${begin < at ? "twice" : "by nobody"}`;
    at = end;
  }
  return at === fileBytes ? undefined : `${quote(uri)} was read to byte ${at} of ${fileBytes}`;
}
