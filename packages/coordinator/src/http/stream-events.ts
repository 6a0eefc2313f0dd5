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
  /** Hear of what ended a stream early. */
  readonly onFault: (thrown: unknown) => void;
}

/** Answer with the stream. @throws {MillraceError} E_UNKNOWN_JOB before anything is sent. */
export async function streamEvents(context: Context, { desk, job, from, onFault }: EventStream): Promise<Response> {
  await desk.get(job);
  // Nobody would read the body of a HEAD, and the journal would stay open behind it.
  if (context.req.method === "HEAD") return context.body(null, 200, { "Content-Type": "text/event-stream" });
  return streamSSE(context, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    try {
      for await (const batch of desk.events(job, { from, follow: true, signal: gone.signal })) {
        for (const { index, record } of batch) {
          const event = jobEventOf(index, record);
          await stream.writeSSE({ id: String(index), event: event.kind, data: event.record });
        }
      }
    } catch (thrown) {
      // The stream ends, and a browser asks again from where it was.
      onFault(thrown);
    }
  });
}
