// The worker as a daemon: `startWorker` with a log of JSON lines on stderr.

import { MillraceError, type ErrorCode, type WorkerId } from "@millrace/core";
import type { ClientOptions } from "@millrace/rpc";
import { startWorker } from "./main.ts";

/** What a worker daemon is told. */
export interface WorkerDaemonOptions {
  /** Find the coordinator's address and the worker token; asked before each session. Throws while there is none. */
  readonly findCoordinator: () => ClientOptions | Promise<ClientOptions>;
  readonly workDirectory: string;
  readonly slots: number;
  /** Table or sort buffer of one slot, in bytes. */
  readonly slotMemoryBytes?: number;
  /** `host:port` of the segment server, loopback. */
  readonly shuffleListen: string;
  readonly hostName?: string;
  readonly rack?: string;
  /** `debug`, `info`, `warn`, `error`. */
  readonly logLevel?: string;
  /** Called once: the worker cannot go on, and the process should end with the error's exit code. */
  readonly onFatal: (error: MillraceError) => void;
}

/** A worker daemon that lives. */
export interface WorkerDaemon {
  readonly id: WorkerId;
  /** `host:port` where its segments are. */
  readonly shuffleAddress: string;
  close(): Promise<void>;
}

/** Start a worker daemon. @throws {MillraceError} E_STATE_LOCKED, E_CONFIGURATION, E_UNSAFE_LISTEN, E_PORT_IN_USE. */
export async function startWorkerDaemon(options: WorkerDaemonOptions): Promise<WorkerDaemon> {
  // Loaded here: embedded workers have no log and start sooner without it.
  const { pino } = await import("pino");
  const log = pino(
    { level: options.logLevel ?? "info", base: { part: "worker" } },
    pino.destination({ dest: 2, sync: true }),
  );
  let lastUnreachable = "";
  const worker = await startWorker({
    surroundings: {
      kind: "daemon",
      findCoordinator: async () => options.findCoordinator(),
      shuffleListen: options.shuffleListen,
    },
    workDirectory: options.workDirectory,
    slots: options.slots,
    ...(options.hostName === undefined ? {} : { hostName: options.hostName }),
    ...(options.rack === undefined ? {} : { rack: options.rack }),
    ...(options.slotMemoryBytes === undefined ? {} : { memory: { slotBytes: options.slotMemoryBytes } }),
    onExit: (code, message) => {
      log.error({ code }, message);
      options.onFatal(new MillraceError(code as ErrorCode, message));
    },
    onSession: (what, reason) => {
      // A coordinator that is away for long is one line, not one a second.
      if (what === "unreachable" && reason === lastUnreachable) return;
      lastUnreachable = what === "unreachable" ? reason : "";
      if (what === "connected") log.info("The session with the coordinator began");
      else
        log.warn(
          { reason },
          what === "closed" ? "The session with the coordinator ended" : "The coordinator cannot be reached",
        );
    },
  });
  log.info({ worker: worker.id, shuffleAddress: worker.shuffleAddress, slots: options.slots }, "The worker started");
  return {
    id: worker.id,
    shuffleAddress: worker.shuffleAddress,
    close: async () => {
      await worker.close();
      log.info("The worker ended");
    },
  };
}
