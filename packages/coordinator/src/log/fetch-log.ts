// Fetching what user code of an attempt printed from the worker that has it: its segment server gives the end of a log
// to whoever has the job's key.

import { get } from "node:http";
import type { IncomingMessage } from "node:http";
import { MillraceError, attemptName, limits, quote } from "@millrace/core";
import type { AttemptRef } from "@millrace/core";
import { parseHostPort } from "@millrace/rpc";
import { logMac, logMacHeader, logRequestPath } from "@millrace/shuffle";

/** Where a log is and what opens it. */
export interface LogSource {
  /** `host:port` of the worker's segment server. */
  readonly address: string;
  /** The job's shuffle key, hexadecimal. */
  readonly key: string;
  /** Time for the whole answer. */
  readonly timeoutMs: number;
}

/** Fetch the end of a log, at most 1 MiB. The caller owns the bytes. @throws {MillraceError} E_UNREACHABLE. */
export async function fetchLog(attempt: AttemptRef, source: LogSource): Promise<Uint8Array> {
  const response = await ask(attempt, source);
  if (response.statusCode !== 200) {
    response.resume();
    throw logGone(attemptName(attempt), `its worker has forgotten the job (status ${response.statusCode})`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > limits.logBytesMax) throw new Error(`more than ${limits.logBytesMax} bytes came`);
      chunks.push(chunk);
    }
  } catch (cause) {
    throw logGone(attemptName(attempt), cause instanceof Error ? cause.message : String(cause));
  }
  // The end of a stream proves nothing by itself.
  if (!response.complete) throw logGone(attemptName(attempt), "the answer was cut");
  return Buffer.concat(chunks, bytes);
}

async function ask(attempt: AttemptRef, { address, key, timeoutMs }: LogSource): Promise<IncomingMessage> {
  const { host, port } = parseHostPort(address);
  const headers = { [logMacHeader]: logMac(key, attempt) };
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const request = get({ host, port, path: logRequestPath(attempt), headers, signal, agent: false }, resolve);
    request.on("error", (cause) => reject(logGone(attemptName(attempt), cause.message)));
  });
}

/** The error of a log that is not to be had. */
export function logGone(attempt: string, reason: string): MillraceError {
  return new MillraceError(
    "E_UNREACHABLE",
    `Cannot read the log of ${quote(attempt)}: ${reason}; see the failure's own text with \`millrace task list\``,
  );
}
