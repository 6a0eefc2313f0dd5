// Progress of a job: one line that redraws itself on a terminal, one line per change elsewhere.

import type { JobView, StageView } from "@millrace/core";
import { escapeText } from "./escape-text.ts";
import { formatBytes, formatCount, formatDuration } from "./units.ts";
import type { Terminal } from "./terminal.ts";

/** Shows a job until it ends. */
export interface ProgressLine {
  readonly show: (view: JobView) => void;
  /** Leave the terminal clean. */
  readonly end: () => void;
}

const barCells = 24;

/** Make the line. @param begunMs monotonic time of the beginning. @param nowMs gives the monotonic time. */
export function createProgressLine(terminal: Terminal, begunMs: number, nowMs: () => number): ProgressLine {
  let shown = "";
  let attemptsFailed = 0;
  return {
    show: (view) => {
      const text = describeStages(view.stages);
      if (view.attemptsFailed > attemptsFailed) {
        attemptsFailed = view.attemptsFailed;
        clear();
        terminal.note(`${view.job}: ${attemptsFailed} failed attempt(s); see \`millrace logs ${view.job} --failed\``);
      }
      if (terminal.interactive) redraw(`${bar(view.progress)} ${text} ${formatDuration(nowMs() - begunMs)}`);
      else if (text !== shown) terminal.note(`${view.name}: ${text}`);
      shown = text;
    },
    end: clear,
  };

  function redraw(line: string): void {
    const columns = process.stderr.columns ?? 80;
    terminal.raw(`\r\u001b[K${line.slice(0, columns - 1)}`);
  }

  function clear(): void {
    if (terminal.interactive) terminal.raw("\r\u001b[K");
  }
}

/** Say how far each stage is, such as `map 12/16, reduce 0/4 (4 gathering)`. */
export function describeStages(stages: readonly StageView[]): string {
  return stages
    .map(
      (stage) =>
        `${stage.kind} ${stage.done}/${stage.tasks}${stage.gathering > 0 ? ` (${stage.gathering} gathering)` : ""}`,
    )
    .join(", ");
}

/** Say what a finished job did, in a few lines. */
export function describeResult(view: JobView): readonly string[] {
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
    lines.push(`${formatCount(view.skippedFiles)} hidden file(s) left out (names that begin with _ or .)`);
  const bad = view.counters["millrace.records.bad"] ?? 0;
  if (bad > 0) {
    lines.push(`${formatCount(bad)} bad record(s), counted and left out:`);
    for (const sample of view.badRecords.slice(0, 3))
      lines.push(escapeText(`  ${sample.uri} at offset ${sample.offset}: ${sample.reason}: ${sample.text}`));
  }
  return lines;
}

function bar(share: number): string {
  const full = Math.round(share * barCells);
  return `[${"=".repeat(full)}${" ".repeat(barCells - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
