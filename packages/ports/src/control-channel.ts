// The session between a worker and a coordinator, whoever carries it: gRPC, or a call inside one process.

import type { CoordinatorMessage, SessionId, WorkerMessage } from "@millrace/core";

/** Worker's side of a session. */
export interface WorkerSession {
  /** Queue a message; bounded by the maker, which ends the session rather than grow without end. */
  send(message: WorkerMessage): void;
  close(): void;
}

/** What happens on a worker's side. After `onClosed` nothing else is called. */
export interface WorkerSessionHandler {
  onMessage(message: CoordinatorMessage): void;
  onClosed(reason: string): void;
}

/** Connect a worker to its coordinator. */
export interface ControlChannel {
  /** Open a session; rejects when the coordinator cannot be reached within the maker's deadline. */
  connect(handler: WorkerSessionHandler): Promise<WorkerSession>;
  /** Fetch the bundle of a job, or one of its side files, by content. The caller owns the bytes. */
  fetchBundle(job: string, sha256: string): Promise<Uint8Array>;
}

/** What a coordinator's listener calls for each session. */
export interface SessionListener {
  onOpened(session: SessionId, peer: CoordinatorSession): void;
  onMessage(session: SessionId, message: WorkerMessage): void;
  /**
   * Asked after each message: with a promise, as when too much of the session waits, nothing more of it should be read
   * until that resolves, which it always does. A peer that sends faster than it is heard is slowed down so.
   */
  whenRoom?(session: SessionId): Promise<void> | undefined;
  onClosed(session: SessionId): void;
}

/** Coordinator's side of a session. */
export interface CoordinatorSession {
  send(message: CoordinatorMessage): void;
  /**
   * Send messages that together may be more than should ever wait, before all that is sent later: where there is a stream
   * each is made only when that has taken the one before, and none once the session is closed.
   */
  sendEach(messages: Iterable<CoordinatorMessage>): void;
  close(): void;
}
