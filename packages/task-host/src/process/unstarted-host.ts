// A host that could not be made, as when the disk is full or too many files are open: the attempt that gets it fails,
// charged to this worker, and the worker goes on. It is no spare: where nobody runs it at once, it is gone.

import { isFullDisk } from "@millrace/core";
import type { AttemptFailure } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import type { Host, HostEvents } from "../pool/host.ts";
import { startFailure } from "./process-host.ts";

/**
 * Make a host of which nothing runs.
 *
 * @param thrown - why, for the failure's text.
 * @param onGone - called in the next turn, when the pool knows the host, unless it was run or killed in this one.
 */
export function createUnstartedHost(thrown: unknown, onGone: () => void): Host {
  let next = setImmediate(onGone);
  return {
    run: (_order: AttemptOrder, events: HostEvents) => {
      clearImmediate(next);
      next = setImmediate(() => events.onFailed(failureOf(thrown), true));
    },
    kill: () => {
      clearImmediate(next);
      return Promise.resolve();
    },
  };
}

function failureOf(thrown: unknown): AttemptFailure {
  if (!isFullDisk(thrown)) return startFailure(thrown instanceof Error ? thrown.message : String(thrown));
  return {
    code: "E_NO_SPACE",
    message: "Cannot start a task process: the disk is full; free disk space on this worker",
  };
}
