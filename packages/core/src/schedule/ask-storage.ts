// Asking storage and hearing its answers: each call has a number, and one that ended in "unknown" is asked again,
// ever later, a bounded number of times.

import { limits } from "../limits.ts";
import type { JobId } from "../model/ids.ts";
import type { StorageCall, StorageReply } from "../model/storage-call.ts";
import type { CallPurpose, OpenCall, StorageDesk } from "./storage-desk.ts";
import type { Turn } from "./turn.ts";

/** Whose calls: a job or a submission. */
export interface DeskOwner {
  readonly job: JobId;
  readonly desk: StorageDesk;
}

/** Ask for a storage step. */
export function askStorage(turn: Turn, { job, desk }: DeskOwner, purpose: CallPurpose, request: StorageCall): void {
  const call = desk.next++;
  desk.open.set(call, { call, purpose, request, tries: 0, retryAtMs: undefined });
  turn.effect({ kind: "storage", job, call, request });
}

/** What an answer means to the one who asked: the call is closed, unless it will be asked again. */
export type Heard =
  | { readonly kind: "stale" }
  | { readonly kind: "again" }
  | {
      readonly kind: "answered";
      readonly purpose: CallPurpose;
      readonly request: StorageCall;
      readonly reply: StorageReply;
    };

/**
 * Take an answer in.
 * @param triesMax How often "unknown" is answered by asking again; `Infinity` for calls that must end some day.
 */
export function hearStorage(
  turn: Turn,
  { desk }: DeskOwner,
  answer: { readonly call: number; readonly reply: StorageReply },
): Heard {
  const open = desk.open.get(answer.call);
  if (open === undefined || open.retryAtMs !== undefined) return { kind: "stale" };
  if (answer.reply.kind === "unknown" && isAskedAgain(open.purpose) && !wasLastTry(turn, open)) {
    open.tries++;
    open.retryAtMs = turn.atMs + turn.reign.settings.storageRetryMs * 2 ** Math.min(open.tries - 1, 8);
    turn.wakeBy(open.retryAtMs);
    return { kind: "again" };
  }
  desk.open.delete(answer.call);
  return { kind: "answered", purpose: open.purpose, request: open.request, reply: answer.reply };
}

/** The commit decides for itself, and a job that has ended wants no more answers. */
function isAskedAgain({ kind }: CallPurpose): boolean {
  return kind !== "commit" && kind !== "outlived";
}

/** A sweep is asked for until it is done; everything else has a bound, and a person who submits waits for less. */
function wasLastTry(turn: Turn, { purpose, tries }: OpenCall): boolean {
  const { storageTriesMax } = turn.reign.settings;
  if (purpose.kind === "sweep") return false;
  const submits = purpose.kind === "list-inputs" || purpose.kind === "inspect-output";
  return tries + 1 >= (submits ? Math.min(storageTriesMax, limits.submissionTriesMax) : storageTriesMax);
}

/** Ask again what is due, under a new number, so that an answer to the old one is stale. */
export function askDueAgain(turn: Turn, { job, desk }: DeskOwner): void {
  for (const open of desk.open.values()) {
    if (open.retryAtMs === undefined) continue;
    if (open.retryAtMs > turn.atMs) {
      turn.wakeBy(open.retryAtMs);
      continue;
    }
    desk.open.delete(open.call);
    const call = desk.next++;
    desk.open.set(call, { ...open, call, retryAtMs: undefined });
    turn.effect({ kind: "storage", job, call, request: open.request });
  }
}
