// What a finished job did, in a few lines for people: read, written, left out, counted.

import type { JobView } from "@millrace/core";
import { escapeText } from "./escape-text.ts";
import { formatBytes, formatCount, formatDuration } from "./units.ts";

/** Counters of a job that are shown: what fits a screen; a job may have a thousand. */
const countersShownMax = 20;

/** Say what a finished job did, in a few lines. @param logs whether `millrace logs` can show what a failed attempt printed. */
export function describeResult(view: JobView, logs = true): readonly string[] {
  const wallMs = Math.max(0, (view.endedMs ?? view.submittedMs) - view.submittedMs);
  const read = view.stages.filter(({ kind }) => kind === "map").reduce((sum, { recordsIn }) => sum + recordsIn, 0);
  const speed = wallMs > 0 ? ` (${(view.inputBytes / 1e3 / wallMs).toFixed(1)} MB/s)` : "";
  const lines = [
    `${view.name}: ${formatCount(read)} records${view.inputFiles === 0 ? "" : `, ${formatBytes(view.inputBytes)} in ${formatCount(view.inputFiles)} file(s)${speed}`}`,
    `${view.outputUri}: ${formatCount(view.outputRecords ?? 0)} records, ${formatBytes(view.outputBytes ?? 0)} in ${view.parts ?? 0} part(s), published in ${formatDuration(wallMs)}`,
  ];
  const named = (view.outputs ?? []).filter(({ name }) => name !== "");
  if (named.length > 0) {
    for (const { name, parts, bytes, records } of view.outputs ?? [])
      lines.push(
        `  ${name === "" ? "(main)" : `${name}/`}: ${formatCount(records)} records, ${formatBytes(bytes)} in ${formatCount(parts)} part(s)`,
      );
  }
  if (view.skippedFiles > 0)
    lines.push(
      `${formatCount(view.skippedFiles)} hidden name(s) left out (files and directories that begin with _ or .)`,
    );
  if (view.attemptsFailed > 0) lines.push(attemptsText(view, logs));
  const bad = view.counters["millrace.records.bad"] ?? 0;
  if (bad > 0) {
    lines.push(`${formatCount(bad)} bad record(s), counted and left out:`);
    for (const sample of view.badRecords.slice(0, 3))
      lines.push(escapeText(`  ${sample.uri} at offset ${sample.offset}: ${sample.reason}: ${sample.text}`));
  }
  const counters = ownCounters(view);
  lines.push(...counterLines(counters));
  if (read > 0 && view.outputRecords === 0) lines.push(nothingWritten(read, counters.length > 0));
  return lines;
}

function attemptsText({ job, attemptsFailed }: JobView, logs: boolean): string {
  const failed =
    attemptsFailed === 1 ? "1 attempt failed and was" : `${formatCount(attemptsFailed)} attempts failed and were`;
  return `${failed} run again${logs ? `; see \`millrace logs ${job} --failed\`` : ""}`;
}

/** A job's own counters by name: those of the engine, `millrace.…`, are for `-o json` and `job counters`. */
function ownCounters(view: JobView): readonly (readonly [string, number])[] {
  return Object.entries(view.counters)
    .filter(([name]) => !name.startsWith("millrace."))
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function counterLines(counters: readonly (readonly [string, number])[]): readonly string[] {
  const shown = counters
    .slice(0, countersShownMax)
    .map(([name, value]) => [escapeText(name), formatCount(value)] as const);
  const nameColumns = Math.max(...shown.map(([name]) => name.length));
  const valueColumns = Math.max(...shown.map(([, value]) => value.length));
  const rest = counters.length - shown.length;
  return [
    ...(shown.length === 0 ? [] : ["counters of the job:"]),
    ...shown.map(([name, value]) => `  ${name.padEnd(nameColumns)}  ${value.padStart(valueColumns)}`),
    ...(rest > 0 ? [`  and ${formatCount(rest)} more, which are in the manifest and in -o json`] : []),
  ];
}

function nothingWritten(read: number, counted: boolean): string {
  const records = read === 1 ? "1 record was" : `${formatCount(read)} records were`;
  const look = counted ? "see the counters above, and " : "";
  return `${records} read and none was written: ${look}look whether a condition or a parameter of the job leaves all of them out`;
}
