// A host that could not be made, as when the disk is full or too many files are open: the attempt that gets it fails,
// charged to this worker, and the worker goes on.

import type { AttemptOrder } from "@millrace/ports";
import type { Host, HostEvents } from "../pool/host.ts";
import { startFailure } from "./process-host.ts";

/** Make a host of which nothing runs. @param reason why, for the failure's text. */
export function createUnstartedHost(reason: string): Host {
  return {
    run: (_order: AttemptOrder, events: HostEvents) => {
      setImmediate(() => events.onFailed(startFailure(reason), true));
    },
    kill: () => Promise.resolve(),
  };
}
