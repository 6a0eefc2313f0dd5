// Reading what user code of an attempt printed: from the worker that has it, else what was kept when it ended.

import { isMillraceError, parseAttemptName, quote } from "@millrace/core";
import type { JobId } from "@millrace/core";
import type { JobDesk } from "../job-desk.ts";
import type { StateDirectory } from "../state/state-directory.ts";
import { fetchLog, logGone } from "./fetch-log.ts";

/** What reading needs. */
export interface LogParts {
  readonly desk: JobDesk;
  readonly state: StateDirectory;
}

/** Time for a worker to answer a client. */
const answerMs = 5_000;

/**
 * Read the end of an attempt's log. The caller owns the bytes.
 * @throws {MillraceError} E_UNKNOWN_JOB, or E_UNREACHABLE when the worker is gone and nothing was kept.
 */
export async function readAttemptLog(parts: LogParts, job: JobId, attempt: string): Promise<Uint8Array> {
  const { endedMs } = await parts.desk.attempt(job, attempt);
  const kept = endedMs === undefined ? undefined : await parts.state.readLog(job, attempt);
  try {
    return await readFromWorker(parts, job, attempt);
  } catch (thrown) {
    if (kept === undefined || !isMillraceError(thrown)) throw thrown;
    return kept;
  }
}

async function readFromWorker({ desk, state }: LogParts, job: JobId, attempt: string): Promise<Uint8Array> {
  const ref = parseAttemptName(job, attempt);
  const { worker } = await desk.attempt(job, attempt);
  const place = desk.workers().find((each) => each.worker === worker);
  if (ref === undefined || place === undefined || place.shuffleAddress === "" || place.state === "lost") {
    throw logGone(attempt, `worker ${quote(worker)}, which has it, is not here`);
  }
  const key = await state.readShuffleKey(job);
  return fetchLog(ref, { address: place.shuffleAddress, key, timeoutMs: answerMs });
}
