// `millrace task list`: tasks of a job with their attempts, for finding the slow and the failing.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { AttemptView, TaskView, WaitView } from "@millrace/core";
import { jobArgument } from "../client/job-argument.ts";
import { withClient } from "../client/with-client.ts";
import { escapeText } from "../output/escape-text.ts";
import { formatTable } from "../output/table.ts";
import { formatBytes, formatCount, formatDuration, parseWhole } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

const states = ["waiting", "gathering", "running", "done", "failed"];

/** List tasks. */
export async function taskListCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const state = flags["state"] as string | undefined;
  if (state !== undefined && !states.includes(state)) {
    throw new MillraceError(
      "E_USAGE",
      `Cannot filter by ${quote(state)}: no such state${didYouMean(state, states)}; use one of ${states.join(", ")}`,
    );
  }
  const wanted = flags["slowest"] as string | undefined;
  const slowest = wanted === undefined ? undefined : parseWhole(wanted, "--slowest", { min: 1, max: 100_000 });
  const job = jobArgument(positional[0]);
  const { all, waits } = await withClient(flags, async (client) => {
    const found = await client.tasks(job, state);
    const some = found.some(({ wait }) => wait !== undefined);
    return { all: found, waits: some ? (await client.get(job)).waits : [] };
  });
  const tasks = slowest === undefined ? all : all.toSorted((a, b) => durationOf(b) - durationOf(a)).slice(0, slowest);
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(tasks)}\n`);
  else {
    terminal.data(
      formatTable(
        ["TASK", "STATE", "ATTEMPT", "ATTEMPT STATE", "WORKER", "TIME", "RECORDS", "BYTES", "NOTE"],
        tasks.flatMap(rowsOf),
      ),
    );
    for (const text of textsBeside(waits, tasks)) terminal.note(escapeText(text));
  }
  return 0;
}

/** Give what a job waits for that its tasks' notes only hint at: told once below all rows. */
export function textsBeside(waits: readonly WaitView[], tasks: readonly TaskView[]): readonly string[] {
  return waits
    .filter(({ reason, text }) => tasks.some(({ wait }) => wait?.reason === reason && wait.text !== text))
    .map(({ text }) => text);
}

function rowsOf(task: TaskView): readonly (readonly string[])[] {
  const name = `${task.stage}-${task.task}`;
  if (task.attempts.length === 0) return [[name, task.state, "", "", "", "", "", "", task.wait?.text ?? ""]];
  return task.attempts.map((attempt) => [
    name,
    task.state,
    attempt.attempt,
    attempt.state,
    attempt.worker,
    formatDuration(timeOf(attempt)),
    formatCount(attempt.records),
    formatBytes(attempt.bytes),
    (attempt.failure?.message ?? task.wait?.text ?? "").split("\n")[0]?.slice(0, 120) ?? "",
  ]);
}

function timeOf(attempt: AttemptView): number {
  return Math.max(0, (attempt.endedMs ?? Date.now()) - attempt.startedMs);
}

function durationOf(task: TaskView): number {
  return Math.max(0, ...task.attempts.map(timeOf));
}
