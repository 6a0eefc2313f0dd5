// Progress of a job: one line that redraws itself on a terminal, one line per change elsewhere, nothing where none is wanted.

import type { JobView, StageView } from "@millrace/core";
import { formatDuration } from "./units.ts";
import type { Terminal } from "./terminal.ts";

/** Shows a job until it ends. */
export interface ProgressLine {
  readonly show: (view: JobView) => void;
  /** Leave the terminal clean. */
  readonly end: () => void;
}

const barCells = 24;

/** What a line of progress knows beside the job. */
export interface ProgressOptions {
  /** Gives the monotonic time. */
  readonly nowMs: () => number;
  /** Whether `millrace logs` can show what a failed attempt printed; default: it can. */
  readonly logs?: boolean;
}

/** Make the line. The job begins now. */
export function createProgressLine(terminal: Terminal, { nowMs, logs = true }: ProgressOptions): ProgressLine {
  const begunMs = nowMs();
  let shown = "";
  let attemptsFailed = 0;
  return {
    show: (view) => {
      const text = describeStages(view.stages);
      if (view.attemptsFailed > attemptsFailed) {
        attemptsFailed = view.attemptsFailed;
        clearLine(terminal);
        const hint = logs ? `; see \`millrace logs ${view.job} --failed\`` : "";
        terminal.note(`${logs ? view.job : view.name}: ${attemptsFailed} failed attempt(s)${hint}`);
      }
      if (terminal.interactive)
        redrawLine(terminal, `${bar(view.progress)} ${text} ${formatDuration(nowMs() - begunMs)}`);
      else if (terminal.progress && text !== shown) terminal.note(`${view.name}: ${text}`);
      shown = text;
    },
    end: () => clearLine(terminal),
  };
}

/** Replace the last line of an interactive terminal. */
export function redrawLine(terminal: Terminal, line: string): void {
  const columns = process.stderr.columns ?? 80;
  terminal.raw(`\r\u001b[K${line.slice(0, columns - 1)}`);
}

/** Take the last line of progress away, where one can be. */
export function clearLine(terminal: Terminal): void {
  if (terminal.interactive) terminal.raw("\r\u001b[K");
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

/** Draw how much is done. @param share 0 to 1 */
export function bar(share: number): string {
  const full = Math.round(share * barCells);
  return `[${"=".repeat(full)}${" ".repeat(barCells - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
