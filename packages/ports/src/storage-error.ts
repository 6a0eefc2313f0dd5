// How storage says no: one code, a reason that decides what happens next, a text for people.

import { MillraceError, isMillraceError, quote } from "@millrace/core";

/** Why a storage step failed. `unknown` means that it may still happen, or may have happened. */
export type StorageReason = "missing" | "exists" | "denied" | "no-space" | "invalid" | "unknown";

const reasons: readonly string[] = ["missing", "exists", "denied", "no-space", "invalid", "unknown"];

/** What failed and why. */
export interface StorageFault {
  /** Verb for the text: `read`, `create`, `rename`. */
  readonly act: string;
  readonly uri: string;
  /** Reason for people, such as `it is a directory`. */
  readonly because: string;
  /** What to do about it, when more is known than the reason says. */
  readonly todo?: string;
  readonly cause?: unknown;
}

const actions: Readonly<Record<StorageReason, string>> = {
  missing: "check the path",
  exists: "choose another name, or remove it",
  denied: "grant access to it",
  "no-space": "free space on its disk",
  invalid: "check the name",
  unknown: "check the storage and try again",
};

/** Make the error of a failed storage step: code E_STORAGE, `details.reason`. */
export function storageError(reason: StorageReason, fault: StorageFault): MillraceError {
  const { act, uri, because, todo = actions[reason], cause } = fault;
  return new MillraceError("E_STORAGE", `Cannot ${act} ${quote(uri)}: ${because}; ${todo}`, {
    details: { reason, uri, because },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Read what a storage error says happened, without its subject and advice. @returns undefined when it is no storage error. */
export function storageBecause(thrown: unknown): string | undefined {
  if (!isMillraceError(thrown) || thrown.code !== "E_STORAGE") return undefined;
  const { because } = thrown.details;
  return typeof because === "string" ? because : undefined;
}

/** Read the reason of something thrown. @returns undefined when it is no storage error. */
export function storageReason(thrown: unknown): StorageReason | undefined {
  if (!isMillraceError(thrown) || thrown.code !== "E_STORAGE") return undefined;
  const reason = thrown.details["reason"];
  return typeof reason === "string" && reasons.includes(reason) ? (reason as StorageReason) : "unknown";
}
