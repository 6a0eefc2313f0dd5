// A record of a job's journal as an event for people: what can be very long is told by its size.

import type { JobRecord } from "@millrace/core";
import type { JobEvent } from "./client-calls.ts";

/** Show a record. The lists of splits, sampled keys, their ranges and the spec stay in the journal. */
export function jobEventOf(index: number, record: JobRecord): JobEvent {
  return { index, kind: record.kind, record: JSON.stringify(shown(record)) };
}

function shown(record: JobRecord): object {
  if (record.kind === "splits") {
    return { kind: record.kind, stage: record.stage, first: record.first, count: record.splits.length };
  }
  if (record.kind === "ranges") return { kind: record.kind, stage: record.stage, cuts: record.cuts.length };
  if (record.kind === "accepted" && record.result.sample !== undefined) {
    return { ...record, result: { ...record.result, sample: record.result.sample.length } };
  }
  if (record.kind !== "submitted") return record;
  const { kind, job, spec, stagingUri, wallMs } = record;
  return { kind, job, name: spec.name, outputUri: spec.output.uri, stagingUri, wallMs };
}
