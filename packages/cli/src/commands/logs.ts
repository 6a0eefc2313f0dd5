// `millrace logs`: what user code printed, of one attempt or of all attempts of a job.

import { setTimeout as delay } from "node:timers/promises";
import { MillraceError, isMillraceError, parseAttemptName, parseJobId, quote } from "@millrace/core";
import type { AttemptView } from "@millrace/core";
import type { JobClient } from "../client/job-client.ts";
import { withClient } from "../client/with-client.ts";
import { escapeLines } from "../output/escape-text.ts";
import { terminalOf } from "../run-command.ts";

/** Time between two looks at the log of a running attempt. */
const followEveryMs = 500;
/** Enough of an end to find it again: lines that repeat are rarely longer. */
const markCharacters = 4_096;

/** Print logs. */
export async function logsCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const target = String(positional[0]);
  const { job, attempt } = parseTarget(target);
  refuseFlags(target, attempt, flags);
  const terminal = terminalOf(flags);
  await withClient(flags, async (client) => {
    if (attempt !== undefined) {
      await printAttempt(client, job, attempt, { follow: flags["follow"] === true, print: terminal.data });
      return;
    }
    const tasks = await client.tasks(job, undefined);
    for (const each of tasks
      .flatMap((task) => task.attempts)
      .filter((view) => flags["failed"] !== true || view.state === "failed")) {
      terminal.data(`==> ${each.attempt} on ${each.worker}, ${each.state} <==\n`);
      const text = await readLog(client, job, each.attempt);
      terminal.data(escapeLines(text));
      // A host writes the failure of its user code into the log; others are known here alone.
      const failure = each.failure === undefined ? "" : escapeLines(each.failure.message);
      if (failure !== "" && !text.includes(each.failure?.message.split("\n")[0] ?? ""))
        terminal.data(`${failure} [${each.failure?.code}]\n`);
    }
  });
  return 0;
}

interface PrintOptions {
  readonly follow: boolean;
  readonly print: (text: string) => void;
}

async function printAttempt(client: JobClient, job: string, attempt: string, options: PrintOptions): Promise<void> {
  let before = "";
  for (;;) {
    const running = options.follow && (await isRunning(client, job, attempt));
    const text = await client.log(job, attempt);
    options.print(escapeLines(addedText(before, text)));
    before = text;
    if (!running) return;
    await delay(followEveryMs);
  }
}

/**
 * Tell what was added to a log of which only the end is given: what follows the place where the earlier end stands again.
 * @returns all of `now` when that is not there any more.
 */
export function addedText(before: string, now: string): string {
  if (now.startsWith(before)) return now.slice(before.length);
  const mark = before.slice(-markCharacters);
  const at = now.lastIndexOf(mark);
  return at === -1 ? now : now.slice(at + mark.length);
}

/** A log of one job, for people: one that cannot be had is said in its place, and the others follow. */
async function readLog(client: JobClient, job: string, attempt: string): Promise<string> {
  try {
    return await client.log(job, attempt);
  } catch (thrown) {
    if (!isMillraceError(thrown) || thrown.code !== "E_UNREACHABLE") throw thrown;
    return `(${thrown.message})\n`;
  }
}

async function isRunning(client: JobClient, job: string, attempt: string): Promise<boolean> {
  const views: readonly AttemptView[] = (await client.tasks(job, undefined)).flatMap((task) => task.attempts);
  const state = views.find((view) => view.attempt === attempt)?.state;
  return state === "running" || state === "gathering" || state === "gathered";
}

/** Of one attempt there is nothing to choose, and of many there is no single end to wait for. */
function refuseFlags(target: string, attempt: string | undefined, flags: Readonly<Record<string, unknown>>): void {
  if (attempt === undefined && flags["follow"] === true)
    throw new MillraceError(
      "E_USAGE",
      `Cannot follow the logs of ${quote(target)}: --follow takes one attempt, as in ${target}/0-3.1; see \`millrace task list ${target}\``,
    );
  if (attempt !== undefined && flags["failed"] === true)
    throw new MillraceError(
      "E_USAGE",
      `Cannot choose among the logs of ${quote(target)}: --failed is for all attempts of a job; leave it out, or name the job alone`,
    );
}

function parseTarget(target: string): { readonly job: string; readonly attempt: string | undefined } {
  const [jobText = "", attemptText] = target.split("/", 2);
  const job = parseJobId(jobText);
  if (job === undefined || (attemptText !== undefined && parseAttemptName(job, attemptText) === undefined)) {
    throw new MillraceError(
      "E_USAGE",
      `Cannot find logs of ${quote(target)}: not JOB or JOB/STAGE-TASK.ATTEMPT; see \`millrace job list\` and \`millrace task list JOB\``,
    );
  }
  return { job, attempt: attemptText };
}
