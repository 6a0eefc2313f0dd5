// The three jobs of the demo, the murder of one worker, and the sentences that say what came of it.

import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { attemptName, parseAttemptName } from "@millrace/core";
import type { JobId, JobView, TaskView } from "@millrace/core";
import type { JobClient } from "../client/job-client.ts";
import type { ClusterProcess } from "../cluster/local-cluster.ts";
import { signalProcess } from "../cluster/process-identity.ts";
import { waitFor } from "../cluster/wait-for.ts";
import { generateFiles } from "../gen/generate-files.ts";
import { buildSpec } from "../job-module/build-spec.ts";
import { parseSubmission } from "../job-module/parse-submission.ts";
import { verifyOutput } from "@millrace/storage";
import { describeResult } from "../output/job-result.ts";
import { createProgressLine } from "../output/progress.ts";
import { formatBytes, formatCount } from "../output/units.ts";
import type { Terminal } from "../output/terminal.ts";
import { reportOutcome } from "../client/follow-job.ts";
import type { DemoPlace } from "./demo-place.ts";
import { dailyVisitors, hourlyRequests, statuses, topPaths, topWords } from "./demo-tables.ts";

/** What the demo has at hand. */
export interface DemoStage {
  readonly client: JobClient;
  readonly directory: string;
  readonly processes: readonly ClusterProcess[];
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly place: DemoPlace;
}

const textBytes = 64 * 2 ** 20;
const logBytes = 48 * 2 ** 20;
const metricBytes = 24 * 2 ** 20;
const jobTimeoutMs = 120_000;

/** Generate input, run all jobs, kill a worker during the first. @throws when a job does not succeed. */
export async function runDemoJobs(stage: DemoStage): Promise<void> {
  const { terminal } = stage;
  const text = generateFiles({ kind: "text", out: join(stage.directory, "text"), bytes: textBytes, files: 4, seed: 1 });
  const log = generateFiles({
    kind: "access-log",
    out: join(stage.directory, "logs"),
    bytes: logBytes,
    files: 3,
    seed: 2,
  });
  const metrics = generateFiles({
    kind: "openmetrics",
    out: join(stage.directory, "metrics"),
    bytes: metricBytes,
    files: 2,
    seed: 3,
  });
  terminal.note(
    `Made ${formatBytes(text.bytes)} of text, ${formatBytes(log.bytes)} of access log and ${formatBytes(metrics.bytes)} of metrics, in ${text.paths.length + log.paths.length + metrics.paths.length} files\n`,
  );

  // Generating holds the loop; a signal that came meanwhile is heard in its next turn.
  await nextTurn();
  const { place } = stage;
  for (const name of ["text", "logs", "metrics"]) {
    stage.signal.throwIfAborted();
    await place.bring(name);
  }
  terminal.note(terminal.style("bold", "Word count, and one worker will be killed on the way"));
  await runDemoJob(stage, ["word-count", "text", "word-counts"], { reduces: "4", splitBytes: "4MiB" }, killOneWorker);
  terminal.data(topWords(await place.look("word-counts")));

  terminal.note(
    terminal.style(
      "bold",
      "\nAccess log: five reports of one scan, on the workers that are left; three of them are here",
    ),
  );
  await runDemoJob(stage, ["traffic", "logs", "traffic"], { reduces: "2", splitBytes: "8MiB" }, hurtStorage);
  const traffic = await place.look("traffic");
  for (const table of [statuses, topPaths, dailyVisitors]) terminal.data(`${table(traffic)}\n`);

  terminal.note(
    terminal.style(
      "bold",
      "Metrics: what counters rose by in each hour, though processes began anew and were replaced",
    ),
  );
  await runDemoJob(stage, ["metric-rollup", "metrics", "metric-rollup"], { reduces: "2", splitBytes: "4MiB" });
  terminal.data(hourlyRequests(await place.look("metric-rollup")));
  for (const name of ["word-counts", "traffic", "metric-rollup"]) await verifyDemoOutput(stage, name);
}

async function verifyDemoOutput({ place, terminal }: DemoStage, name: string): Promise<void> {
  const report = await verifyOutput(place.storage, place.uriOf(name));
  if (!report.ok) throw new Error(`the output ${name} does not match its manifest: ${JSON.stringify(report.problems)}`);
  terminal.note(
    `Verified ${name}: ${report.parts} parts and ${formatCount(report.records)} records match the manifest`,
  );
}

/** @returns what to say of it when the job has ended, if anything. */
type Interference = (stage: DemoStage, job: string) => Promise<((view: JobView) => Promise<string>) | undefined>;

async function runDemoJob(
  stage: DemoStage,
  [job, input, output]: readonly [string, string, string],
  flags: Readonly<Record<string, string>>,
  interfere?: Interference,
): Promise<JobView> {
  const { client, place, terminal, signal } = stage;
  const submission = parseSubmission([job, [place.nameOf(input), place.nameOf(output)]], { ...flags, param: [] });
  const { spec, payload } = await buildSpec(submission);
  const submitted = await client.submit(spec, payload);
  const progress = createProgressLine(terminal, { nowMs: () => performance.now() });
  const interference = interfere?.(stage, submitted.job);
  // It is awaited below; when the watch fails first, as after Ctrl-C, that error is the one that counts.
  interference?.catch(() => undefined);
  const view = await client.watch(
    submitted.job,
    progress.show,
    AbortSignal.any([signal, AbortSignal.timeout(jobTimeoutMs)]),
  );
  progress.end();
  const describe = await interference;
  if (view.state !== "succeeded") {
    reportOutcome(view, terminal, { json: false });
    throw new Error(`the demo's job ${job} ended as ${view.state}`);
  }
  for (const line of describeResult(view)) terminal.note(`  ${line}`);
  if (describe !== undefined) terminal.note(`  ${await describe(view)}`);
  return view;
}

/** Kill a worker that has finished a map and is busy with another: the dearest moment. */
async function killOneWorker(stage: DemoStage, job: string): ReturnType<Interference> {
  const victim = await waitFor(
    async () => {
      if ((await stage.client.get(job)).state !== "running") return null;
      const attempts = (await stage.client.tasks(job, undefined)).flatMap((task) => task.attempts);
      const done = new Set(attempts.filter((attempt) => attempt.state === "accepted").map((attempt) => attempt.worker));
      return attempts.find((attempt) => attempt.state === "running" && done.has(attempt.worker))?.worker;
    },
    { what: "a worker that has finished a map and runs another", timeoutMs: jobTimeoutMs, signal: stage.signal },
  );
  const describe = async (view: JobView): Promise<string> => describeLoss(stage.client, view);
  if (victim === null) return describe;
  const host = (await stage.client.workers()).find((worker) => worker.worker === victim)?.host;
  const daemon = stage.processes.find((each) => each.name === host);
  if (daemon === undefined || !signalProcess(daemon, "SIGKILL")) return describe;
  stage.terminal.note(
    stage.terminal.style(
      "yellow",
      `  Killed ${daemon.name} (process ${daemon.pid}, SIGKILL) in the middle of its work`,
    ),
  );
  return describe;
}

/** Kill a server of the storage, where it has some, while a map reads. */
async function hurtStorage(stage: DemoStage, job: string): ReturnType<Interference> {
  await waitFor(
    async () => {
      const { state } = await stage.client.get(job);
      const running = (await stage.client.tasks(job, "running")).length > 0;
      return running || state !== "running" ? true : undefined;
    },
    { what: "a task that runs", timeoutMs: jobTimeoutMs, signal: stage.signal },
  );
  const done = await stage.place.hurt();
  if (done !== undefined) stage.terminal.note(stage.terminal.style("yellow", `  ${done}`));
  return undefined;
}

/** Say what the loss of a worker cost, from the job's own history. */
async function describeLoss(client: JobClient, view: JobView): Promise<string> {
  const tasks = await client.tasks(view.job, undefined);
  const lost = tasks.flatMap((task) => task.attempts.filter((attempt) => attempt.state === "lost"));
  const again = tasks.filter((task) => task.stage === 0 && acceptedTwice(task));
  const names = lost.map((attempt) => describeAttempt(view.job as JobId, attempt.attempt)).join(", ");
  return `The death cost ${lost.length} running attempt(s)${names === "" ? "" : ` (${names})`} and ${again.length} finished map(s) whose segments were gone; they ran again elsewhere`;
}

function acceptedTwice(task: TaskView): boolean {
  return task.attempts.some((attempt) => attempt.state === "supplied");
}

function describeAttempt(job: JobId, name: string): string {
  const attempt = parseAttemptName(job, name);
  return attempt === undefined ? name : attemptName(attempt);
}
