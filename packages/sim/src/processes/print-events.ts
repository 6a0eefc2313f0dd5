// Events and effects as short lines of the trace: enough to follow a story, nothing that differs between two runs.

import { attemptName } from "@millrace/core";
import type { CoordinatorEvent, WorkerEffect, WorkerEvent, WorkerMessage } from "@millrace/core";

/** Print what happens to a coordinator. */
export function printCoordinatorEvent(event: CoordinatorEvent): string {
  switch (event.kind) {
    case "worker-message":
      return `${event.session} ${printMessage(event.message)}`;
    case "submit":
    case "kill-job":
      return `${event.kind} ${event.job}`;
    case "session-closed":
      return `session-closed ${event.session}`;
    case "worker-probed":
      return `probed ${event.worker} ${event.answer}`;
    case "storage-replied":
      return `storage ${event.job.slice(4, 8)} #${event.call} ${event.reply.kind}`;
    case "tick":
      return `tick late ${event.lateMs}`;
    case "recovered":
      return `recovered ${event.epoch}`;
  }
}

function printMessage(message: WorkerMessage): string {
  if (message.kind === "register") {
    const { running, gathering, unacknowledged, held } = message.inventory;
    return `register ${message.description.worker}/${message.description.incarnation} running=${running.length} gathering=${gathering.length} unacknowledged=${unacknowledged.length} held=${held.length}`;
  }
  if (message.kind === "finished") return `finished ${attemptName(message.result.attempt)}`;
  if (message.kind === "complaint")
    return `complaint ${attemptName(message.reader)} of ${attemptName(message.source)} ${message.reason}`;
  if (message.kind === "failed") return `failed ${attemptName(message.attempt)} ${message.failure.code}`;
  if (message.kind === "verified") return `verified ${attemptName(message.source)} ${message.intact}`;
  return `${message.kind}${"attempt" in message ? ` ${attemptName(message.attempt)}` : ""}`;
}

/** Print what a worker asks for. */
export function printWorkerEffect(effect: WorkerEffect): string {
  const named = "attempt" in effect ? effect.attempt : "reader" in effect ? effect.reader : undefined;
  const what = effect.kind === "send" ? effect.message.kind : effect.kind;
  return `${what}${named === undefined ? "" : ` ${attemptName(named)}`}${effect.kind === "fetch" ? `<${effect.place.task}` : ""}`;
}

/** Print what happens to a worker. */
export function printWorkerEvent(event: WorkerEvent): string {
  if (event.kind === "message") {
    const { message } = event;
    return `${message.kind}${"attempt" in message ? ` ${attemptName(message.attempt)}` : ""}`;
  }
  if (event.kind === "attempt-finished") return `finished ${attemptName(event.result.attempt)}`;
  return `${event.kind}${"attempt" in event && typeof event.attempt === "object" ? ` ${attemptName(event.attempt)}` : ""}${"reader" in event ? ` ${attemptName(event.reader)}<${event.task}` : ""}`;
}
