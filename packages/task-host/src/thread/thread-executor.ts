// Attempts in threads of this process, for `millrace run`: quick to start, and with a weaker wall. A thread can be ended
// in a loop, and its memory is looked at ten times a second; a bomb that is quicker than that, or one allocation larger
// than the heap, takes the process with it, which only a process of its own can contain.

import type { Storage } from "@millrace/ports";
import type { TaskExecutor } from "@millrace/ports";
import { slotMemoryOf } from "../host-limits.ts";
import { thisMachine } from "../worker-place.ts";
import type { SlotMemory } from "../host-limits.ts";
import type { WorkerPlace } from "../worker-place.ts";
import { ComputeHost } from "../io/compute-host.ts";
import { hostModules } from "../io/host-modules.ts";
import type { CreateHost } from "../pool/host.ts";
import { PoolExecutor } from "../pool/pool-executor.ts";
import { userEnvironment } from "../process/user-environment.ts";

/** Say how many threads there are and which storage they reach. */
export interface ThreadExecutorOptions {
  /** Attempts at a time; each has a thread of its own. */
  readonly slots: number;
  /** Reads inputs that are not local or are packed, writes outputs that are not local, and tells what is local. */
  readonly storage: Storage;
  /** Threads kept warm for the next job. Default 0: an embedded run has one job, whose threads start with it. */
  readonly spares?: number;
  readonly memory?: Partial<SlotMemory>;
  /** Where the worker is; this machine unless given. */
  readonly place?: WorkerPlace;
}

/** Run attempts in threads. The first threads start at once; `close` ends them all. */
export function createThreadExecutor(options: ThreadExecutorOptions): TaskExecutor {
  const memory = slotMemoryOf(options.memory);
  return new PoolExecutor({
    slots: options.slots,
    spares: options.spares ?? 0,
    // The first map needs one as soon as it is planned; booting it beside the planning hides its 40 ms.
    warm: 1,
    createHost: threadHosts(options.storage, memory, options.place ?? thisMachine()),
  });
}

function threadHosts(storage: Storage, memory: SlotMemory, place: WorkerPlace): CreateHost {
  const module = hostModules().compute;
  return (onGone) => {
    const compute = new ComputeHost({
      module,
      storage,
      place,
      memory,
      watchMemory: true,
      environment: userEnvironment(process.env),
      onReady: () => undefined,
      onIdleLoss: onGone,
    });
    return {
      run: (order, events) => {
        compute.run(order, {
          onProgress: (progress) => {
            events.onProgress(progress);
          },
          onEnded: (outcome) => {
            if (outcome.kind === "finished") events.onFinished(outcome.result, outcome.vector);
            else events.onFailed(outcome.failure, false);
          },
          onLost: (failure) => {
            events.onFailed(failure, true);
          },
        });
      },
      kill: () => compute.terminate(),
    };
  };
}
