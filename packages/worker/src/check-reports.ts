// Between hosts and the worker: what a host says of its attempt is looked at before the worker believes it. User code runs
// in that process and can write to its pipe; a report that names another attempt, or cannot be told to a coordinator,
// must cost the attempt and not the worker.

import { sameAttempt, type AttemptFailure, type AttemptRef, type WorkerMessage } from "@millrace/core";
import type { AttemptHandler, TaskExecutor } from "@millrace/ports";

/** Look at a message that a session shall carry. Throws when it cannot. */
export type CheckMessage = (message: WorkerMessage) => unknown;

/** Wrap an executor: its handlers hear nothing but reports of their own attempt that a session can carry. */
export function checkReports(executor: TaskExecutor, check: CheckMessage): TaskExecutor {
  return {
    start: (order, handler) => {
      const { attempt } = order;
      const doubt = (reason: string): void => {
        // The host may still be at work on its attempt: it must not get another one.
        executor.forgetJob(attempt.job);
        handler.onFailed(badReport(reason));
      };
      executor.start(order, checkedHandler({ attempt, handler, check, doubt }));
    },
    stop: (attempt) => executor.stop(attempt),
    forgetJob: (job) => executor.forgetJob(job),
    close: () => executor.close(),
  };
}

interface Checked {
  readonly attempt: AttemptRef;
  readonly handler: AttemptHandler;
  readonly check: CheckMessage;
  /** What the host said as the attempt's end cannot be believed. */
  readonly doubt: (reason: string) => void;
}

function checkedHandler({ attempt, handler, check, doubt }: Checked): AttemptHandler {
  /** @param named the attempt that the report names; asking for it may throw, as a report can be anything that JSON can. */
  const fault = (named: () => AttemptRef, message: WorkerMessage): string | undefined => {
    try {
      if (!sameAttempt(named(), attempt)) return "it names another attempt";
      check(message);
      return undefined;
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
  };
  return {
    onProgress: (progress) => {
      const reason = fault(() => progress.attempt, { kind: "heartbeat", progress: [progress], freeDiskBytes: 0 });
      // Another one comes within the second.
      if (reason === undefined) handler.onProgress(progress);
    },
    onFinished: (result, vector) => {
      const message = { kind: "finished", result, ...(vector === undefined ? {} : { vector }) } as const;
      const reason = fault(() => result.attempt, message);
      if (reason === undefined) handler.onFinished(result, vector);
      else doubt(reason);
    },
    onFailed: (failure) => {
      const reason = fault(() => attempt, { kind: "failed", attempt, failure });
      if (reason === undefined) handler.onFailed(failure);
      else doubt(reason);
    },
    onStopped: () => handler.onStopped(),
  };
}

function badReport(reason: string): AttemptFailure {
  return {
    code: "E_TASK_CRASHED",
    message: `Cannot believe the report of the attempt's process: ${reason}; leave the descriptors of the process alone`,
  };
}
