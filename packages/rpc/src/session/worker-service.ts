// WorkerService: sessions of workers and the bundles of their jobs. Each stream is one session; the listener hears of it
// as it would of a session within the process.

import { Metadata } from "@grpc/grpc-js";
import type { ServerDuplexStream, ServerWritableStream, UntypedServiceImplementation } from "@grpc/grpc-js";
import { MillraceError } from "@millrace/core";
import type { CoordinatorMessage, JobId, SessionId } from "@millrace/core";
import type { CoordinatorSession, SessionListener } from "@millrace/ports";
import {
  chunkBytesSent,
  clientCalls,
  createWorkerMessageDecoder,
  decodeMessage,
  encodeCoordinatorMessage,
} from "@millrace/wire";
import { statusOf } from "../error-status.ts";
import { methodOf } from "../protocol.ts";
import { streamOut } from "../server/stream-out.ts";
import type { Outbox } from "./outbox.ts";
import { createOutbox } from "./outbox.ts";

/** What the service works with. */
export interface WorkerServiceOptions {
  readonly listener: SessionListener;
  /** Number the next session, unique within a reign. */
  readonly nextSession: () => SessionId;
  /**
   * Read a job's code, or one of its side files, by content: pieces of any length, read as they are taken, as many workers
   * may ask at once. @throws {MillraceError} E_UNKNOWN_JOB.
   */
  readonly readContent: (job: JobId, sha256: string) => AsyncIterable<Uint8Array>;
  /** Hear of what ends a session from this side: a bad message, a peer that does not read, a bug. */
  readonly onFault: (session: SessionId, thrown: unknown) => void;
  /** A session that is read and has no message for so long is over; 30 s when absent. */
  readonly idleMs?: number;
  /** Bytes that may wait for a worker to read them; 64 MiB when absent. */
  readonly outboxBytesMax?: number;
}

/** Heartbeats come every second. */
const idleMsDefault = 30_000;

/** Make the handlers of WorkerService. */
export function createWorkerService(options: WorkerServiceOptions): UntypedServiceImplementation {
  return {
    Session: (call: ServerDuplexStream<object, Buffer>) => serveSession(options, call),
    FetchBundle: (call: ServerWritableStream<object, object>) => {
      void streamOut(
        call,
        (signal) => bundleChunks(options, call.request, signal),
        options.onFault.bind(undefined, 0 as SessionId),
      );
    },
  };
}

function serveSession(options: WorkerServiceOptions, call: ServerDuplexStream<object, Buffer>): void {
  const session = options.nextSession();
  const { idleMs = idleMsDefault } = options;
  const decoder = createWorkerMessageDecoder();
  const outbox = createOutbox(call, options.outboxBytesMax);
  let open = true;
  const close = (fault?: unknown): void => {
    if (!open) return;
    open = false;
    clearTimeout(idle);
    if (fault === undefined) call.end();
    else {
      options.onFault(session, fault);
      call.emit("error", statusOf(fault));
    }
    options.listener.onClosed(session);
  };
  let paused = false;
  // Of one that is not read nobody can tell whether it is silent: keepalive notices when its peer is gone.
  const idle = setTimeout(() => (paused ? idle.refresh() : close(tooQuiet(idleMs))), idleMs);
  /** Unread, messages fill the connection's window and then the peer's outbox. */
  const waitForRoom = (): void => {
    const room = options.listener.whenRoom?.(session);
    if (room === undefined || paused) return;
    paused = true;
    call.pause();
    void room.then(() => {
      paused = false;
      if (!open) return;
      idle.refresh();
      call.resume();
    });
  };
  call.on("data", (raw: object) => {
    if (!open) return;
    idle.refresh();
    try {
      const message = decoder.decode(raw);
      if (message === undefined) return;
      options.listener.onMessage(session, message);
      waitForRoom();
    } catch (thrown) {
      close(thrown);
    }
  });
  for (const event of ["end", "cancelled", "close", "error"]) call.on(event, () => close());
  // The peer learns at once that it is let in, before it has said anything.
  call.sendMetadata(new Metadata());
  options.listener.onOpened(session, peerOf({ outbox, isOpen: () => open, close }));
}

interface OpenSession {
  readonly outbox: Outbox;
  readonly isOpen: () => boolean;
  readonly close: (fault?: unknown) => void;
}

/** The worker as the listener speaks to it. */
function peerOf({ outbox, isOpen, close }: OpenSession): CoordinatorSession {
  const { responseSerialize } = methodOf("WorkerService", "Session");
  function* packetsOf(messages: Iterable<CoordinatorMessage>): Generator<readonly Buffer[]> {
    try {
      for (const message of messages) {
        if (!isOpen()) return;
        yield encodeCoordinatorMessage(message).map(responseSerialize);
      }
    } catch (thrown) {
      close(thrown);
    }
  }
  return {
    send(message) {
      if (!isOpen()) return;
      try {
        if (!outbox.send(encodeCoordinatorMessage(message).map(responseSerialize))) close(tooSlow());
      } catch (thrown) {
        close(thrown);
      }
    },
    sendEach(messages) {
      if (isOpen() && !outbox.sendEach(packetsOf(messages))) close(tooSlow());
    },
    close: () => close(),
  };
}

function tooQuiet(idleMs: number): MillraceError {
  return new MillraceError("E_UNREACHABLE", `Cannot keep the session: no message for ${idleMs} ms; register again`);
}

function tooSlow(): MillraceError {
  return new MillraceError(
    "E_TOO_LARGE",
    "Cannot keep the session: the worker does not read what it is sent; register again",
  );
}

async function* bundleChunks(options: WorkerServiceOptions, raw: object, signal: AbortSignal): AsyncGenerator<object> {
  const { job, sha256 } = decodeMessage(clientCalls.bundleRequest, raw, "FetchBundleRequest");
  for await (const piece of options.readContent(job, sha256)) {
    for (let at = 0; at < piece.length && !signal.aborted; at += chunkBytesSent) {
      yield { data: piece.subarray(at, at + chunkBytesSent) };
    }
    if (signal.aborted) return;
  }
}
