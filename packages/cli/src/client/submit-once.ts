// Submit so that the job is made once, even when the answer is lost: every submission carries an idempotency key, drawn
// here unless one is given, and is asked again with it while the coordinator restarts.

import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { MillraceError, isMillraceError, quote } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import type { JobClient } from "./job-client.ts";

/** What is submitted. */
export interface SubmitRequest {
  readonly spec: JobSpec;
  /** The bundle, then each side file: see `payloadParts`. */
  readonly payload: Uint8Array;
  /** Given with `--idempotency-key`. */
  readonly key?: string;
}

/** Bounds, in ms. */
export interface SubmitBounds {
  /** How long a coordinator that was there may be away: a restart takes seconds. */
  readonly awayMs: number;
  /** How long one that answers may look at inputs and output: three looks at a storage that gives up after minutes. */
  readonly lookMs: number;
}

const boundsMax: SubmitBounds = { awayMs: 30_000, lookMs: 900_000 };
const pauseMs = 250;

/**
 * Submit, and go on asking while a coordinator that answered before is away, or waits for a slow storage.
 * @throws {MillraceError} E_UNREACHABLE at once when none answers at all; E_STORAGE when it answers all but this; and
 * whatever the coordinator refuses with.
 */
export async function submitOnce(
  client: Pick<JobClient, "submit" | "workers">,
  { spec, payload, key }: SubmitRequest,
  { awayMs, lookMs }: SubmitBounds = boundsMax,
): Promise<{ readonly job: string; readonly again: boolean }> {
  await client.workers();
  const sent = key ?? randomUUID();
  const begun = performance.now();
  let seen = begun;
  for (;;) {
    try {
      const submitted = await client.submit(spec, payload, sent);
      // With a key of our own "again" only means that an answer was lost on the way; a given one may be of any day.
      return key === undefined ? { ...submitted, again: false } : submitted;
    } catch (thrown) {
      const code = isMillraceError(thrown) ? thrown.code : undefined;
      if (code !== "E_UNREACHABLE" && code !== "E_BUSY") throw thrown;
      // One that answers other questions is there, and still looks at inputs and output.
      if (code === "E_UNREACHABLE" && (await answers(client))) seen = performance.now();
      if (performance.now() - begun > lookMs) throw notLookedAt(spec, performance.now() - begun);
      if (performance.now() - seen > awayMs) throw thrown;
      await delay(pauseMs);
    }
  }
}

async function answers(client: Pick<JobClient, "workers">): Promise<boolean> {
  try {
    await client.workers();
    return true;
  } catch {
    return false;
  }
}

function notLookedAt({ name }: JobSpec, ms: number): MillraceError {
  return new MillraceError(
    "E_STORAGE",
    `Cannot submit ${quote(name)}: the coordinator has not seen inputs and output for ${Math.round(ms / 1_000)} s; check their storage with \`millrace doctor\`, and with \`millrace job list\` that the job was not made after all`,
  );
}
