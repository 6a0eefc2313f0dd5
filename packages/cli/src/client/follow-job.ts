// Wait for a job and say how it went: progress on the way, one failure text, one exit code.

import { MillraceError, errorEntry, quote } from "@millrace/core";
import type { JobView } from "@millrace/core";
import { createSystemClock } from "@millrace/ports";
import { standsWithout } from "../output/dead-pipe.ts";
import { escapeLines } from "../output/escape-text.ts";
import type { Terminal } from "../output/terminal.ts";
import { describeResult } from "../output/job-result.ts";
import { createProgressLine } from "../output/progress.ts";
import { formatDuration } from "../output/units.ts";
import type { JobClient } from "./job-client.ts";

/** How to follow. */
export interface FollowOptions {
  readonly json: boolean;
  /** Give up after this time; the job goes on. */
  readonly timeoutMs?: number;
  /** Ends the following, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

/** Follow a job to its end. @returns the exit code of its outcome. @throws {MillraceError} E_WAIT_TIMEOUT. */
export async function followJob(
  client: JobClient,
  job: string,
  terminal: Terminal,
  options: FollowOptions,
): Promise<number> {
  const progress = createProgressLine(terminal, { nowMs: () => performance.now() });
  const timeout = new AbortController();
  // Of this clock: days do not fit in a timer of Node.
  const clock = createSystemClock();
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : clock.callAt(clock.monotonicMs() + options.timeoutMs, () => timeout.abort());
  const signals = [options.signal, timeout.signal].filter((signal) => signal !== undefined);
  try {
    const view = await client.watch(job, progress.show, AbortSignal.any(signals));
    progress.end();
    return reportOutcome(view, terminal, { json: options.json });
  } catch (thrown) {
    progress.end();
    if (!timeout.signal.aborted) throw thrown;
    throw new MillraceError(
      "E_WAIT_TIMEOUT",
      `Cannot wait longer for ${job}: ${formatDuration(options.timeoutMs ?? 0)} have passed, it goes on; wait again with \`millrace job wait ${job}\``,
    );
  } finally {
    timer?.cancel();
  }
}

/** How an outcome is printed. */
export interface OutcomeOptions {
  readonly json: boolean;
  /** Whether `millrace logs` can show what a failed attempt printed; default: it can. */
  readonly logs?: boolean;
}

/** Print how a finished job went. @returns its exit code. */
export function reportOutcome(view: JobView, terminal: Terminal, { json, logs = true }: OutcomeOptions): number {
  if (view.state === "succeeded") standsWithout(`the output in ${quote(view.outputUri)} is published`);
  if (json) terminal.data(`${JSON.stringify(view)}\n`);
  if (view.state === "succeeded") {
    for (const line of describeResult(view, logs)) terminal.note(line);
    return 0;
  }
  const failure = view.failure ?? {
    code: "E_INTERNAL",
    message: `Job ${view.job} ended as ${view.state} without saying why`,
  };
  terminal.error(`${terminal.style("red", "error")} ${escapeLines(failure.message)} [${failure.code}]`);
  return view.state === "killed" ? 3 : errorEntry(failure.code).exit;
}
