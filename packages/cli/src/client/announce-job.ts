// Say that a job is submitted. Its id comes first and whatever else happens: who has it can find the job again.

import { isMillraceError } from "@millrace/core";
import type { Terminal } from "../output/terminal.ts";
import { tinyTasksNote } from "../output/tiny-tasks.ts";
import type { JobClient } from "./job-client.ts";

/** What a coordinator answered. */
export interface SubmittedJob {
  readonly job: string;
  /** The idempotency key had been used before. */
  readonly again: boolean;
}

/** How a submission is told of. */
export interface AnnounceOptions {
  readonly json: boolean;
  /** Nobody waits for the job: its id is the command's data. */
  readonly detach: boolean;
}

/** Print a job's id, then what is worth a warning, where the coordinator still answers. */
export async function announceJob(
  client: Pick<JobClient, "get">,
  { job, again }: SubmittedJob,
  terminal: Terminal,
  { json, detach }: AnnounceOptions,
): Promise<void> {
  terminal.note(`${job}: ${again ? "submitted before with this key" : "submitted"}`);
  if (detach) terminal.data(json ? `${JSON.stringify({ job, again })}\n` : `${job}\n`);
  const warning = await tinyTasksOf(client, job);
  if (warning !== undefined) terminal.note(warning);
}

/** A coordinator that went away, or fails, since it took the job is for whoever waits to tell of. */
async function tinyTasksOf(client: Pick<JobClient, "get">, job: string): Promise<string | undefined> {
  try {
    return tinyTasksNote(await client.get(job));
  } catch (thrown) {
    if (!isMillraceError(thrown)) throw thrown;
    return undefined;
  }
}
