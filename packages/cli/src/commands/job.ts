// `millrace job …`: look at jobs and end them.

import { MillraceError, didYouMean, isMillraceError, quote } from "@millrace/core";
import type { JobRecord, JobStateName, JobView } from "@millrace/core";
import { followJob } from "../client/follow-job.ts";
import { jobArgument } from "../client/job-argument.ts";
import type { JobClient } from "../client/job-client.ts";
import { withClient } from "../client/with-client.ts";
import { escapeLines } from "../output/escape-text.ts";
import { describeEvent } from "../output/event-detail.ts";
import { describeStages } from "../output/progress.ts";
import { formatTable } from "../output/table.ts";
import { formatBytes, formatCount, formatDuration, parseDuration } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

type Flags = Readonly<Record<string, unknown>>;

const states = ["running", "committing", "succeeded", "failed", "killed"];

/** List jobs, newest first. */
export async function jobListCommand(_positional: readonly unknown[], flags: Flags): Promise<number> {
  const state = flags["state"] as string | undefined;
  if (state !== undefined && !states.includes(state)) {
    throw new MillraceError(
      "E_USAGE",
      `Cannot filter by ${quote(state)}: no such state${didYouMean(state, states)}; use one of ${states.join(", ")}`,
    );
  }
  const terminal = terminalOf(flags);
  const jobs = (await withClient(flags, async (client) => client.list())).filter(
    (job) => state === undefined || job.state === state,
  );
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(jobs)}\n`);
  else {
    const rows = jobs.map((job) => [
      job.job,
      job.name,
      job.state,
      `${Math.floor(job.progress * 100)} %`,
      `${job.tasksDone}/${job.tasks}`,
      age(job.submittedMs),
      job.failure?.code ?? "",
      job.outputUri,
    ]);
    terminal.data(formatTable(["JOB", "NAME", "STATE", "PROGRESS", "TASKS", "AGE", "WHY", "OUTPUT"], rows));
  }
  return 0;
}

/** Show one job. */
export async function jobStatusCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const terminal = terminalOf(flags);
  const view = await withClient(flags, async (client) => client.get(jobArgument(positional[0])));
  terminal.data(flags["output"] === "json" ? `${JSON.stringify(view)}\n` : describeJob(view));
  return 0;
}

/** Follow a job with progress; its outcome is the exit code. */
export async function jobWatchCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  return withClient(flags, async (client) =>
    followJob(client, jobArgument(positional[0]), terminalOf(flags), { json: flags["output"] === "json" }),
  );
}

/** Wait for a job without progress; its outcome is the exit code. */
export async function jobWaitCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const timeout = flags["timeout"] as string | undefined;
  const options = {
    json: flags["output"] === "json",
    ...(timeout === undefined ? {} : { timeoutMs: parseDuration(timeout, "--timeout") }),
  };
  return withClient(flags, async (client) =>
    followJob(client, jobArgument(positional[0]), terminalOf({ ...flags, quiet: true }), options),
  );
}

/** End a job. One that was killed already is as it should be. */
export async function jobKillCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const job = jobArgument(positional[0]);
  const reason = (flags["reason"] as string | undefined) ?? "killed by `millrace job kill`";
  const before = await withClient(flags, async (client) => {
    const state = await stateOf(client, job);
    if (state !== "killed") await client.kill(job, reason);
    return state;
  });
  const done =
    before === "killed" ? "was killed already; nothing was left to kill" : "kill requested; its output will not appear";
  terminalOf(flags).note(`${job}: ${done}`);
  return 0;
}

/** Where a job stands. @returns undefined for one that is not known, as while its submission is looked at. */
async function stateOf(client: JobClient, job: string): Promise<JobStateName | undefined> {
  try {
    return (await client.get(job)).state;
  } catch (thrown) {
    if (isMillraceError(thrown) && thrown.code === "E_UNKNOWN_JOB") return undefined;
    throw thrown;
  }
}

/** Print counters of accepted attempts. */
export async function jobCountersCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const { counters } = await withClient(flags, async (client) => client.get(jobArgument(positional[0])));
  const rows = Object.entries(counters).map(([name, value]) => [name, formatCount(value)]);
  terminalOf(flags).data(
    flags["output"] === "json" ? `${JSON.stringify(counters)}\n` : formatTable(["COUNTER", "VALUE"], rows),
  );
  return 0;
}

/** Print the journal of a job. */
export async function jobEventsCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const events = await withClient(flags, async (client) => client.events(jobArgument(positional[0])));
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
  else
    terminal.data(
      formatTable(
        ["INDEX", "EVENT", "DETAIL"],
        events.map(({ index, record }) => [
          String(index),
          record.kind,
          // The records of the journal, as the coordinator has them.
          describeEvent(record as JobRecord, process.stdout.isTTY),
        ]),
      ),
    );
  return 0;
}

function describeJob(view: JobView): string {
  const ended = view.endedMs === undefined ? "" : `, ended after ${formatDuration(view.endedMs - view.submittedMs)}`;
  const lines = [
    `job       ${view.job}`,
    `name      ${view.name}`,
    `state     ${view.state}, ${Math.floor(view.progress * 100)} %, submitted ${age(view.submittedMs)} ago${ended}`,
    `stages    ${describeStages(view.stages)}`,
    `attempts  ${view.attemptsRunning} running, ${view.attemptsFailed} failed, ${view.attemptsLost} lost`,
    `input     ${formatBytes(view.inputBytes)} in ${formatCount(view.inputFiles)} file(s), ${view.skippedFiles} left out`,
    `output    ${view.outputUri}${view.parts === undefined ? "" : `, ${view.parts} part(s), ${formatBytes(view.outputBytes ?? 0)}`}`,
    ...view.waits.map((wait) => `waits     ${wait.text} (${wait.reason}; ${formatDuration(wait.deadlineInMs)} left)`),
    ...view.badRecords
      .slice(0, 5)
      .map((bad) => `bad       ${bad.uri} at offset ${bad.offset}: ${bad.reason}: ${bad.text}`),
    ...(view.failure === undefined ? [] : [`failure   [${view.failure.code}] ${view.failure.message}`]),
  ];
  return escapeLines(lines.map((line) => `${line}\n`).join(""));
}

function age(sinceMs: number): string {
  return formatDuration(Math.max(0, Date.now() - sinceMs));
}
