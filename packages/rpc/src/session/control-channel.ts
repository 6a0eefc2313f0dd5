// The worker's side of a session over gRPC.

import type { ClientDuplexStream } from "@grpc/grpc-js";
import { createHash } from "node:crypto";
import { MillraceError, limits } from "@millrace/core";
import type { CoordinatorMessage, JobId, WorkerMessage } from "@millrace/core";
import type { ControlChannel, WorkerSession, WorkerSessionHandler } from "@millrace/ports";
import {
  clientCalls,
  createCoordinatorMessageDecoder,
  decodeMessage,
  encodeMessage,
  encodeWorkerMessage,
} from "@millrace/wire";
import type { ClientOptions, OpenClient } from "../client/open-client.ts";
import { connectMs, openClient } from "../client/open-client.ts";
import { unreachable } from "../error-status.ts";
import { methodOf, sameBytes } from "../protocol.ts";
import { createOutbox } from "./outbox.ts";

/** A channel that is closed with the worker. */
export interface RemoteControlChannel extends ControlChannel {
  close(): void;
}

/** A dead coordinator is noticed after a few of these; heartbeats flow as often. */
const sessionKeepaliveMs = 1_000;
const bundleMs = 120_000;

/** Make a worker's channel. Nothing is connected before {@link ControlChannel.connect}. */
export function createControlChannel(options: ClientOptions): RemoteControlChannel {
  const open = openClient({ keepaliveMs: sessionKeepaliveMs, ...options });
  return {
    connect: async (handler) => {
      await open.ready();
      return openSession(open, handler);
    },
    fetchBundle: async (job, sha256) => fetchBundle(open, job as JobId, sha256),
    close: () => open.close(),
  };
}

/** Open the stream, and wait until the coordinator lets it in: so a wrong token is an error here. */
async function openSession(open: OpenClient, handler: WorkerSessionHandler): Promise<WorkerSession> {
  const { path, requestSerialize, responseDeserialize } = methodOf("WorkerService", "Session");
  const call = open.client.makeBidiStreamRequest<Buffer, object>(
    path,
    sameBytes,
    responseDeserialize,
    open.metadata(),
    {},
  );
  let state: "opening" | "open" | "closed" = "opening";
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(unreachable(open.address, `no answer within ${connectMs} ms`)), connectMs);
    const end = (error: MillraceError): void => {
      const before = state;
      if (before === "closed") return;
      state = "closed";
      clearTimeout(timer);
      call.cancel();
      if (before === "opening") reject(error);
      else handler.onClosed(`${error.message} [${error.code}]`);
    };
    call.on("metadata", () => {
      if (state !== "opening") return;
      state = "open";
      clearTimeout(timer);
      resolve(sessionOf(call, requestSerialize, () => state === "open", end));
    });
    const decoder = createCoordinatorMessageDecoder();
    call.on("data", (raw: object) => {
      if (state !== "open") return;
      let message: CoordinatorMessage | undefined;
      try {
        message = decoder.decode(raw);
      } catch (thrown) {
        return end(open.errorOf(thrown));
      }
      // Outside of the try: a bug of the worker is no fault of the message, and must not look like one.
      if (message !== undefined) handler.onMessage(message);
    });
    call.on("error", (thrown: unknown) => end(open.errorOf(thrown)));
    call.on("end", () => end(unreachable(open.address, "the coordinator ended the session")));
  });
}

function sessionOf(
  call: ClientDuplexStream<Buffer, object>,
  serialize: (value: object) => Buffer,
  isOpen: () => boolean,
  end: (error: MillraceError) => void,
): WorkerSession {
  const outbox = createOutbox(call);
  return {
    send(message: WorkerMessage) {
      if (!isOpen()) return;
      if (!outbox.send(encodeWorkerMessage(message).map(serialize))) {
        end(
          new MillraceError(
            "E_TOO_LARGE",
            "Cannot keep the session: the coordinator does not read what it is sent; connect again",
          ),
        );
      }
    },
    close: () => end(new MillraceError("E_CANCELLED", "Closed by this worker")),
  };
}

/** Fetch one content of a job: its bundle, or a side file, which is no larger. */
async function fetchBundle(open: OpenClient, job: JobId, sha256: string): Promise<Uint8Array> {
  const request = encodeMessage(clientCalls.bundleRequest, { job, sha256 }, "FetchBundleRequest");
  const { path, requestSerialize, responseDeserialize } = methodOf("WorkerService", "FetchBundle");
  const options = { deadline: Date.now() + bundleMs };
  const call = open.client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    open.metadata(),
    options,
  );
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const raw of call) {
      const { data } = decodeMessage(clientCalls.chunk, raw, "BundleChunk");
      bytes += data.length;
      if (bytes > limits.bundleBytesMax)
        throw new MillraceError(
          "E_TOO_LARGE",
          `Cannot fetch the files of ${job}: more than ${limits.bundleBytesMax} bytes came; see the coordinator's log`,
        );
      chunks.push(data);
    }
  } catch (thrown) {
    throw open.errorOf(thrown);
  } finally {
    call.cancel();
  }
  const bundle = Buffer.concat(chunks, bytes);
  if (createHash("sha256").update(bundle).digest("hex") !== sha256) {
    throw new MillraceError(
      "E_UNREACHABLE",
      `Cannot fetch the files of ${job}: what came is not what was asked for; fetch it again`,
    );
  }
  return bundle;
}
