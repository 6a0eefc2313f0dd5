// Reading what user code of an attempt printed: the worker that ran it serves the end of its log to whoever has the
// job's key, and the coordinator asks for the client, who has not.

import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { MillraceError, limits, parseAttemptName, quote } from "@millrace/core";
import type { AttemptRef, JobId } from "@millrace/core";
import { parseHostPort } from "@millrace/rpc";
import { logMac, logMacHeader, logRequestPath } from "@millrace/shuffle";
import type { JobDesk } from "../job-desk.ts";

/** What reading needs. */
export interface LogParts {
  readonly desk: JobDesk;
  readonly shuffleKey: (job: JobId) => Promise<string>;
}

/** Time for a worker to answer. */
const answerMs = 5_000;

/**
 * Read the end of an attempt's log. The caller owns the bytes.
 * @throws {MillraceError} E_UNKNOWN_JOB, or E_UNREACHABLE when the worker is gone: its logs are with it.
 */
export async function readAttemptLog({ desk, shuffleKey }: LogParts, job: JobId, attempt: string): Promise<Uint8Array> {
  const ref = parseAttemptName(job, attempt);
  const { worker } = await desk.attempt(job, attempt);
  const place = desk.workers().find((each) => each.worker === worker);
  if (ref === undefined || place === undefined || place.shuffleAddress === "" || place.state === "lost") {
    throw gone(attempt, `worker ${quote(worker)}, which has it, is not here`);
  }
  const response = await ask(place.shuffleAddress, ref, await shuffleKey(job));
  if (response.statusCode !== 200) {
    response.resume();
    throw gone(attempt, `worker ${quote(worker)} has forgotten the job (status ${response.statusCode})`);
  }
  return readBody(response, attempt);
}

async function ask(address: string, ref: AttemptRef, key: string): Promise<IncomingMessage> {
  const { host, port } = parseHostPort(address);
  const headers = { [logMacHeader]: logMac(key, ref) };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(answerMs);
    const request = get({ host, port, path: logRequestPath(ref), headers, signal, agent: false }, resolve);
    request.on("error", (cause) => reject(gone(`${ref.stage}-${ref.task}.${ref.attempt}`, cause.message)));
  });
}

async function readBody(response: IncomingMessage, attempt: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.logBytesMax) throw new Error(`more than ${limits.logBytesMax} bytes came`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw gone(attempt, cause instanceof Error ? cause.message : String(cause));
  }
  // The end of a stream proves nothing by itself.
  if (!response.complete) throw gone(attempt, "the answer was cut");
  return Buffer.concat(chunks, bytes);
}

function gone(attempt: string, reason: string): MillraceError {
  return new MillraceError(
    "E_UNREACHABLE",
    `Cannot read the log of ${quote(attempt)}: ${reason}; see the failure's own text with \`millrace task list\``,
  );
}
