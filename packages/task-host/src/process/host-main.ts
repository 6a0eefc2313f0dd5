// The program of a host process: an I/O thread (this one) that talks to the worker, and a compute thread with the user's
// code. When the pipe to the worker closes, the process kills itself and its group at once, also while the compute
// thread is in an endless loop: this thread never blocks.

import { writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { armFailpoints } from "@millrace/ports";
import type { AttemptOrder } from "@millrace/ports";
import { hideCodeCache, keepCompiled } from "../io/code-cache.ts";
import { createHostStorage } from "./host-storage.ts";
import { createFramePipe } from "./frame-pipe.ts";
import type { FramePipe } from "./frame-pipe.ts";
import { hostPipe, unframeOrder } from "./host-messages.ts";
import type { HostOrder, HostReport } from "./host-messages.ts";
import { ComputeHost } from "../io/compute-host.ts";

// Rather this process than the worker or anything else of the machine, when the kernel has to choose.
const oomScore = "1000";

let compute: ComputeHost | undefined;
/** Delegation tokens of the job, by cluster. A host has one job. */
const tokens = new Map<string, string>();

hideCodeCache();
armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
raiseOomScore();
const pipe: FramePipe<HostReport> = createFramePipe<HostOrder, HostReport>(
  {
    from: new Socket({ fd: hostPipe.ordersDescriptor, readable: true, writable: false }),
    to: new Socket({ fd: hostPipe.reportsDescriptor, readable: false, writable: true }),
  },
  { onMessage: receive, onClosed: die },
);

function receive(message: HostOrder): void {
  if (message.kind === "boot") {
    // A copy: what storages want to be told is no business of user code.
    const environment = { ...process.env } as Readonly<Record<string, string>>;
    compute = new ComputeHost({
      module: message.module,
      storage: createHostStorage(message.storage, tokens),
      place: message.place,
      memory: message.memory,
      watchMemory: false,
      environment,
      onReady: () => {
        pipe.send({ kind: "ready" });
        keepCompiled();
      },
      onIdleLoss: (failure) => {
        report({ kind: "lost", failure });
      },
    });
    return;
  }
  compute?.run(keepTokens(unframeOrder(message.order)), {
    onProgress: (progress) => {
      pipe.send({ kind: "progress", progress });
    },
    onEnded: (outcome) => {
      pipe.send({ kind: "ended", outcome });
    },
    onLost: (failure) => {
      report({ kind: "lost", failure });
    },
  });
}

/** Take the job's tokens out of an order: what reads and writes is this thread, and user code has no use for them. */
function keepTokens(order: AttemptOrder): AttemptOrder {
  const { storageTokens = {}, ...brief } = order.brief;
  for (const [cluster, token] of Object.entries(storageTokens)) tokens.set(cluster, token);
  return { ...order, brief };
}

/** Send the last report; the worker kills this process when it has it. */
function report(last: HostReport): void {
  pipe.send(last);
}

function die(): void {
  try {
    // The group: whatever user code has started goes with it.
    process.kill(-process.pid, "SIGKILL");
  } catch {
    process.kill(process.pid, "SIGKILL");
  }
}

function raiseOomScore(): void {
  try {
    writeFileSync("/proc/self/oom_score_adj", oomScore);
  } catch {
    // Not on Linux, or not allowed: the limit on resident memory stands by itself.
  }
}
