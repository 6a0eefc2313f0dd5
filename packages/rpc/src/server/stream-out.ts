// Answering with a stream: at the pace of the reader, until the source or the caller ends it.

import type { ServerWritableStream } from "@grpc/grpc-js";
import { isMillraceError } from "@millrace/core";
import { statusOf } from "../error-status.ts";

/** Write all that a source gives. Errors end the call with their status; never rejects. */
export async function streamOut(
  call: ServerWritableStream<object, object>,
  open: (signal: AbortSignal) => AsyncIterable<object>,
  onFault: (thrown: unknown) => void,
): Promise<void> {
  const gone = new AbortController();
  call.on("cancelled", () => gone.abort());
  call.on("close", () => gone.abort());
  call.on("error", () => gone.abort());
  try {
    for await (const message of open(gone.signal)) {
      if (gone.signal.aborted) return;
      if (!call.write(message)) await drained(call, gone.signal);
    }
    call.end();
  } catch (thrown) {
    if (!isMillraceError(thrown)) onFault(thrown);
    if (!gone.signal.aborted) call.emit("error", statusOf(thrown));
  }
}

async function drained(call: ServerWritableStream<object, object>, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      call.off("drain", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    call.once("drain", done);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
