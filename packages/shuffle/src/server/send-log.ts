// Giving a part of an attempt's log: the end of it, or from an offset on, for `millrace logs` by way of the coordinator.

import { open } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseAttemptName, parseJobId, type AttemptRef, type JobId } from "@millrace/core";
import { logMac, sameMac } from "../segment-mac.ts";
import { refuse, type ServerContext } from "./server-context.ts";

const pathPattern =
  /^\/logs\/([a-z0-9-]{1,40})\/([0-9.-]{5,20})(?:\?offset=(0|[1-9]\d{0,14})&limit=(0|[1-9]\d{0,7}))?$/;

/** Header that says how long the log is at the moment. */
export const logBytesHeader = "x-millrace-log-bytes";

/** Header that carries the MAC: see `logMac`. */
export const logMacHeader = "x-millrace-mac";

/** Print the path of a log. Without a range it gives the end, at most `logBytesMax`. */
export function logRequestPath(
  attempt: AttemptRef,
  range?: { readonly offset: number; readonly limit: number },
): string {
  const query = range === undefined ? "" : `?offset=${range.offset}&limit=${range.limit}`;
  return `/logs/${attempt.job}/${attempt.stage}-${attempt.task}.${attempt.attempt}${query}`;
}

/** Tell whether a path asks for a log. */
export function isLogPath(path: string): boolean {
  return path.startsWith("/logs/");
}

/** Answer a request for a log; one that is not there yet is empty. */
export async function sendLog(
  context: ServerContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET") return refuse(response, 405);
  const wanted = parseLogPath(request.url ?? "");
  if (wanted === undefined) return refuse(response, 404);
  const key = context.options.keyOf(wanted.attempt.job);
  const given = request.headers[logMacHeader];
  const mac = typeof given === "string" ? given : "";
  if (key === undefined || !sameMac(mac, logMac(key, wanted.attempt))) return refuse(response, 403);
  await context.gate.enter();
  try {
    const { bytes, total } = await readPart(context, wanted);
    response
      .writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": bytes.length,
        [logBytesHeader]: total,
      })
      .end(bytes);
  } finally {
    context.gate.leave();
  }
}

interface WantedLog {
  readonly attempt: AttemptRef;
  readonly range: { readonly offset: number; readonly limit: number } | undefined;
}

function parseLogPath(path: string): WantedLog | undefined {
  const [, jobText = "", name = "", offset, limit] = pathPattern.exec(path) ?? [];
  const job: JobId | undefined = parseJobId(jobText);
  const attempt = job === undefined ? undefined : parseAttemptName(job, name);
  if (attempt === undefined) return undefined;
  return { attempt, range: offset === undefined ? undefined : { offset: Number(offset), limit: Number(limit) } };
}

async function readPart(
  context: ServerContext,
  { attempt, range }: WantedLog,
): Promise<{ readonly bytes: Buffer; readonly total: number }> {
  const file = await open(context.options.logPath(attempt), "r").catch(() => undefined);
  if (file === undefined) return { bytes: Buffer.alloc(0), total: 0 };
  try {
    const total = (await file.stat()).size;
    const bytesMax = context.limits.logBytesMax;
    const offset = Math.min(range?.offset ?? Math.max(0, total - bytesMax), total);
    const into = Buffer.alloc(Math.min(range?.limit ?? bytesMax, bytesMax, total - offset));
    const { bytesRead } = await file.read(into, 0, into.length, offset);
    return { bytes: into.subarray(0, bytesRead), total };
  } finally {
    await file.close();
  }
}
