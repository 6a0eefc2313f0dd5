// The details of one journal record in a cell of a table: for a person at a terminal why something happened, for a file or
// another program all of it.

import { attemptName } from "@millrace/core";
import type { JobRecord } from "@millrace/core";

/** What a terminal gets of a record without a reason: the rest is in `-o json`. */
const detailMax = 200;

/** Describe a record but its kind, in one line. @param short for a terminal; else it is whole, as JSON. */
export function describeEvent(record: JobRecord, short: boolean): string {
  const { kind: _, ...detail } = record;
  if (!short) return JSON.stringify(detail);
  const reason = reasonOf(record);
  if (reason === undefined) return JSON.stringify(detail).slice(0, detailMax);
  return [subjectOf(record), reason].filter((part) => part !== "").join(": ");
}

/** Why: the first line, as those below it are the user's stack. */
function reasonOf(record: JobRecord): string | undefined {
  if ("failure" in record && record.failure !== undefined)
    return `[${record.failure.code}] ${record.failure.message.split("\n", 1)[0] ?? ""}`;
  return "reason" in record ? record.reason : undefined;
}

/** What it happened to, and what became of it. */
function subjectOf(record: JobRecord): string {
  const words: string[] = [];
  if ("attempt" in record) words.push(attemptName(record.attempt));
  else if ("task" in record) words.push(`${record.stage}-${record.task}`);
  if ("outcome" in record) words.push(record.outcome);
  if ("worker" in record) words.push(`worker ${record.worker}`);
  return words.join(" ");
}
