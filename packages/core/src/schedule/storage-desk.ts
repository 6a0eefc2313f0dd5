// The storage calls of a job that are out: numbered, each with what its answer is for, asked again after "unknown".
// Only calls that may be repeated go through here; the commit decides for itself (core/commit).

import type { AttemptRef } from "../model/ids.ts";
import type { StorageCall } from "../model/storage-call.ts";

/** What the answer to a call is for. */
export type CallPurpose =
  | { readonly kind: "list-inputs" }
  | { readonly kind: "inspect-output" }
  | { readonly kind: "make-staging" }
  | { readonly kind: "measure"; readonly attempt: AttemptRef }
  | { readonly kind: "commit" }
  /** Of a job that has ended meanwhile: what it does must be over before the last sweep. */
  | { readonly kind: "outlived" }
  | { readonly kind: "sweep"; readonly last: boolean };

/** A call that is out, or due again. */
export interface OpenCall {
  readonly call: number;
  purpose: CallPurpose;
  readonly request: StorageCall;
  /** Tries that ended in "unknown". */
  tries: number;
  /** When it is asked again; undefined while it is out. */
  retryAtMs: number | undefined;
}

/** The open calls of one job. */
export interface StorageDesk {
  next: number;
  readonly open: Map<number, OpenCall>;
}

/** Make a desk without calls. */
export function createStorageDesk(): StorageDesk {
  return { next: 0, open: new Map() };
}

/** The job has ended: forget what waits to be asked again, and keep what is out until it is answered. */
export function outliveCalls(desk: StorageDesk): void {
  for (const [call, open] of desk.open) {
    if (open.retryAtMs !== undefined) desk.open.delete(call);
    else open.purpose = { kind: "outlived" };
  }
}

/** Tell whether a call of a purpose is open. */
export function hasOpenCall(desk: StorageDesk, kind: CallPurpose["kind"]): boolean {
  for (const { purpose } of desk.open.values()) if (purpose.kind === kind) return true;
  return false;
}
