// A job's journal as server-sent events: from a position on, then as it grows, until the job has ended. The event's id
// is its position, so that a browser that reconnects goes on where it was.

import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { JobId } from "@millrace/core";
import { jobEventOf } from "@millrace/wire";
import type { JobDesk } from "../job-desk.ts";

/** What to stream. */
export interface EventStream {
  readonly desk: JobDesk;
  readonly job: JobId;
  /** Position of the first event that is wanted. */
  readonly from: number;
}

/** Answer with the stream. @throws {MillraceError} E_UNKNOWN_JOB before anything is sent. */
export async function streamEvents(context: Context, { desk, job, from }: EventStream): Promise<Response> {
  await desk.get(job);
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    for await (const batch of desk.events(job, { from, follow: true, signal: gone.signal })) {
      for (const { index, record } of batch) {
        const event = jobEventOf(index, record);
        await stream.writeSSE({ id: String(index), event: event.kind, data: event.record });
      }
    }
  });
}
