// Submit so that the job is made once, even when the answer is lost: every submission carries an idempotency key, drawn
// here unless one is given, and is asked again with it while the coordinator restarts.

import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { isMillraceError } from "@millrace/core";
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

/** How long a coordinator that was there may be away: a restart takes seconds. */
const awayMsMax = 30_000;
const pauseMs = 250;

/**
 * Submit, and go on asking while a coordinator that answered before is away.
 * @param awayMs how long that may last.
 * @throws {MillraceError} E_UNREACHABLE at once when none answers at all, and whatever the coordinator refuses with.
 */
export async function submitOnce(
  client: Pick<JobClient, "submit" | "workers">,
  { spec, payload, key = randomUUID() }: SubmitRequest,
  awayMs = awayMsMax,
): Promise<{ readonly job: string; readonly again: boolean }> {
  await client.workers();
  const begun = performance.now();
  for (let tries = 1; ; tries += 1) {
    try {
      const submitted = await client.submit(spec, payload, key);
      // With a key of our own "again" only means that an answer was lost on the way.
      return tries > 1 ? { ...submitted, again: false } : submitted;
    } catch (thrown) {
      const away = isMillraceError(thrown) && (thrown.code === "E_UNREACHABLE" || thrown.code === "E_BUSY");
      if (!away || performance.now() - begun > awayMs) throw thrown;
      await delay(pauseMs);
    }
  }
}
