// The shuffle thread: a shuffle service behind messages, so that serving and gathering never hold up heartbeats.

import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "@millrace/core";
import { armFailpoints } from "@millrace/ports";
import { startShuffleService, type ShuffleService, type ShuffleServiceOptions } from "./shuffle-service.ts";
import type { ShuffleOrder, ShuffleReport } from "./thread-messages.ts";

const port = parentPort;
invariant(port !== null, "the shuffle thread was started as a thread");
const report = (message: ShuffleReport): void => port.postMessage(message);
const fetches = new Map<number, AbortController>();

armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
try {
  const service = await startShuffleService(workerData as ShuffleServiceOptions);
  port.on("message", (order: ShuffleOrder) => obey(service, order));
  report({ kind: "listening", port: service.port });
} catch (thrown) {
  const code = thrown instanceof Error && "code" in thrown ? String(thrown.code) : "";
  report({ kind: "refused", code, message: thrown instanceof Error ? thrown.message : String(thrown) });
}

function obey(service: ShuffleService, order: ShuffleOrder): void {
  switch (order.kind) {
    case "fetch":
      return void fetchSegment(service, order);
    case "cancel":
      return fetches.get(order.order)?.abort();
    case "verify":
      return void service
        .verifyRun(order.source)
        .then((intact) => report({ kind: "verified", order: order.order, intact }));
    case "open-job":
      return service.openJob(order.job, order.key);
    case "close-job":
      return service.closeJob(order.job);
    case "close":
      // With its listener gone and its sockets closed nothing keeps the thread.
      port?.close();
      return void service.close();
  }
}

async function fetchSegment(
  service: ShuffleService,
  { order, request }: Extract<ShuffleOrder, { kind: "fetch" }>,
): Promise<void> {
  const controller = new AbortController();
  fetches.set(order, controller);
  const outcome = await service.source.fetch(request, controller.signal);
  fetches.delete(order);
  report({ kind: "outcome", order, outcome });
}
