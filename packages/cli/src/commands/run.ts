// `millrace run`: one process, no daemons. The same machines and drivers as on a cluster, with a coordinator and a
// worker that talk within the process, and threads instead of task processes.

import type { JobView } from "@millrace/core";
import { embeddedCluster } from "../embedded/embedded-cluster.ts";
import { buildSpec } from "../job-module/build-spec.ts";
import { parseSubmission } from "../job-module/parse-submission.ts";
import { reportOutcome } from "../client/follow-job.ts";
import { slotsOf } from "../config/config-numbers.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";
import { describePrinted } from "../output/describe-printed.ts";
import { createListingLine } from "../output/listing-line.ts";
import { createProgressLine } from "../output/progress.ts";
import { withoutWorker } from "../output/without-worker.ts";
import { tinyTasksNote } from "../output/tiny-tasks.ts";
import { dryRun } from "../plan/dry-run.ts";
import { terminalOf } from "../run-command.ts";

/** Time between two redraws of the progress line. */
const watchIntervalMs = 200;

/** What user code prints is for a look while writing a job; a cluster keeps it in logs. */
const printedBytesMax = 64 * 1024;

/** Run a job here. Ctrl-C kills it, and nothing of its output is left; one that is being published ends by itself. */
export async function runJobCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const submission = parseSubmission(positional, flags);
  const config = await loadConfig({
    flags: { slots: flags["slots"] as string | undefined },
    environment: process.env,
    files: configFiles(process.env),
  });
  const slots = slotsOf(config.slots);
  const built = await buildSpec(submission);
  const { spec, payload } = built;
  const terminal = terminalOf(flags);
  if (flags["dryRun"] === true) return dryRun(built, terminal, flags["output"] === "json");
  const listing = createListingLine(terminal, () => performance.now());
  await using cluster = await embeddedCluster({ slots, note: terminal.note, onListing: listing.found });
  const { job } = await cluster.submit(spec, payload).finally(listing.end);
  const interrupted = killOnSignal(async (reason) => cluster.desk.kill(job, reason));
  const progress = createProgressLine(terminal, { nowMs: () => performance.now(), logs: false });
  let last: JobView | undefined;
  for await (const view of cluster.desk.watch(job, watchIntervalMs, new AbortController().signal)) {
    const warning = last === undefined ? tinyTasksNote(view) : undefined;
    if (warning !== undefined) terminal.note(warning);
    if (view.endedMs === undefined) progress.show(view);
    last = view;
  }
  progress.end();
  const printed = await cluster.printed(job, printedBytesMax);
  for (const block of describePrinted(printed, last?.failure?.message ?? "")) terminal.note(block);
  const outcome = { json: flags["output"] === "json", logs: false };
  const exit = last === undefined ? 1 : reportOutcome(withoutWorker(last), terminal, outcome);
  // A job that was being published when the signal came is there.
  return interrupted() && last?.state !== "succeeded" ? 130 : exit;
}

/** Kill the job at the first Ctrl-C; a second one ends the process by Node's own rule. */
function killOnSignal(kill: (reason: string) => Promise<void>): () => boolean {
  let signalled = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    signalled = true;
    // A job that is being published can no longer be killed; its end comes by itself.
    kill(`interrupted by ${signal}`).catch(() => undefined);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, onSignal);
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
    return signalled;
  };
}
