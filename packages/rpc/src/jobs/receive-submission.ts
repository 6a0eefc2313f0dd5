// Receiving a submission: a header, then its payload (the bundle and the side files) in chunks, never more than the
// header promised.

import type { ServerReadableStream } from "@grpc/grpc-js";
import type { Readable } from "node:stream";
import { MillraceError, limits, payloadBytes, quote } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { clientCalls, decodeMessage } from "@millrace/wire";

/** A submission that has come whole. The receiver owns the bytes. */
export interface Submission {
  readonly spec: JobSpec;
  readonly idempotencyKey: string | undefined;
  /** The bundle, then each side file: see `payloadParts`. */
  readonly payload: Uint8Array;
}

/** How to receive. */
export interface ReceiveOptions {
  /** A submission that stands still for so long is given up. */
  readonly idleMs?: number;
  /** Asked for room once the header says how much comes. @throws {MillraceError} E_BUSY when there is none now. */
  readonly reserve?: (bytes: number) => void;
}

/** Few submissions are received at a time. */
const idleMsMax = 30_000;

/** A bundle and side files, each as large as they may be. */
const payloadBytesMax = limits.bundleBytesMax + limits.sideFilesBytesMax;

/** What is read: a call of Submit, or in tests a stream like it. */
export type SubmissionStream = Readable & Pick<ServerReadableStream<object, object>, "cancelled">;

/**
 * Read a submission to its end.
 * @throws {MillraceError} E_MESSAGE, E_TOO_LARGE, E_JOB_INVALID for a payload of another length, E_CANCELLED when the client
 * went away before it said that this was all, E_UNREACHABLE when nothing comes for `idleMs`.
 */
export async function receiveSubmission(call: SubmissionStream, options: ReceiveOptions = {}): Promise<Submission> {
  const { idleMs = idleMsMax, reserve } = options;
  let header: clientCalls.SubmitHeader | undefined;
  let payload = Buffer.alloc(0);
  let bytes = 0;
  const idle = setTimeout(() => call.destroy(tooQuiet(idleMs)), idleMs);
  try {
    for await (const raw of call as AsyncIterable<{ readonly header?: unknown; readonly chunk?: unknown }>) {
      idle.refresh();
      if (header === undefined) {
        header = readHeader(raw.header);
        const promised = payloadBytes(header.spec);
        reserve?.(promised);
        payload = Buffer.allocUnsafe(promised);
        continue;
      }
      const chunk = decodeMessage(clientCalls.chunk, { data: raw.chunk }, "SubmitRequest").data;
      if (bytes + chunk.length <= payload.length) payload.set(chunk, bytes);
      bytes += chunk.length;
      if (bytes > payload.length) break;
    }
  } finally {
    clearTimeout(idle);
  }
  // A stream that was cut ends like one that is whole.
  if (call.cancelled) throw new MillraceError("E_CANCELLED", "Cannot submit: the client went away; submit it again");
  if (header === undefined)
    throw new MillraceError("E_MESSAGE", "Cannot submit: the header is missing; send it first", {
      details: { field: "header" },
    });
  const { spec, idempotencyKey } = header;
  if (bytes !== payload.length) {
    const what = bytes > payload.length ? "more bytes came than" : `${bytes} bytes came instead of`;
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot submit ${quote(spec.name)}: ${what} the ${payload.length} of its bundle and side files; send it again`,
    );
  }
  return { spec, idempotencyKey: idempotencyKey === "" ? undefined : idempotencyKey, payload };
}

function tooQuiet(idleMs: number): MillraceError {
  return new MillraceError("E_UNREACHABLE", `Cannot submit: nothing came for ${idleMs} ms; submit it again`);
}

function readHeader(raw: unknown): clientCalls.SubmitHeader {
  const header = decodeMessage(clientCalls.submitHeader, raw, "SubmitRequest.header");
  const specBytes = Buffer.byteLength(JSON.stringify(header.spec));
  if (specBytes > limits.specBytesMax) {
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot submit ${quote(header.spec.name)}: its description has ${specBytes} bytes, more than ${limits.specBytesMax}; name directories or globs rather than files`,
    );
  }
  const promised = payloadBytes(header.spec);
  if (promised > payloadBytesMax) {
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot submit ${quote(header.spec.name)}: its bundle and side files have ${promised} bytes, more than ${payloadBytesMax}; make large files inputs`,
    );
  }
  return header;
}
