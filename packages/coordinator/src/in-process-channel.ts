// The session of a worker in the coordinator's own process: the same messages, handed over in later turns of the loop,
// so that neither side runs inside the other's step.

import { buffer } from "node:stream/consumers";
import type { CoordinatorMessage, JobId, WorkerMessage } from "@millrace/core";
import type { ControlChannel, WorkerSession, WorkerSessionHandler } from "@millrace/ports";
import type { Coordinator } from "./coordinator.ts";

/** Connect workers of this process to its coordinator. */
export function createInProcessChannel(coordinator: Coordinator): ControlChannel {
  return {
    connect: async (handler) => openSession(coordinator, handler),
    fetchBundle: async (job, sha256) => buffer(coordinator.desk.content(job as JobId, sha256)),
  };
}

function openSession({ listener, nextSession }: Coordinator, handler: WorkerSessionHandler): WorkerSession {
  const session = nextSession();
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    setImmediate(() => {
      listener.onClosed(session);
      handler.onClosed("closed");
    });
  };
  const send = (message: CoordinatorMessage): void => {
    setImmediate(() => {
      if (open) handler.onMessage(message);
    });
  };
  listener.onOpened(session, {
    send,
    sendEach: (messages) => {
      for (const message of messages) send(message);
    },
    close,
  });
  return {
    send: (message: WorkerMessage) => {
      setImmediate(() => {
        if (open) listener.onMessage(session, message);
      });
    },
    close,
  };
}
