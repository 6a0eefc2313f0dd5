// Who a worker is, and which of its lives this one is: `worker.json` in its work directory.

import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MillraceError, parseWorkerId, quote, type Incarnation, type WorkerId } from "@millrace/core";
import { describeDiskError } from "./describe-disk-error.ts";

/** A worker's name, and its count of lives from 1. */
export interface WorkerLife {
  readonly worker: WorkerId;
  readonly incarnation: Incarnation;
}

/**
 * Read who this worker is and count one more life: a coordinator tells lives apart by this number alone. A directory
 * without the file gets a new name.
 *
 * @param directory of work, held by this process.
 * @param isTakenOver whether another life may follow, so that the count has to be durable.
 * @throws {MillraceError} E_CONFIGURATION for a damaged file and a directory that cannot be written, E_NO_SPACE.
 */
export function countLife(directory: string, isTakenOver: boolean): WorkerLife {
  const file = join(directory, "worker.json");
  const before = readLife(file);
  const life: WorkerLife = {
    worker: before?.worker ?? (`w-${randomBytes(6).toString("hex")}` as WorkerId),
    incarnation: ((before?.incarnation ?? 0) + 1) as Incarnation,
  };
  try {
    writeFileSync(`${file}.part`, `${JSON.stringify(life)}\n`, { mode: 0o600, flush: isTakenOver });
    renameSync(`${file}.part`, file);
    if (isTakenOver) syncDirectory(directory);
  } catch (thrown) {
    const asDisk = describeDiskError("write", file, thrown);
    if (asDisk.code === "E_NO_SPACE") throw asDisk;
    throw new MillraceError(
      "E_CONFIGURATION",
      `Cannot use the work directory ${quote(directory)}: ${reasonOf(thrown)}; choose a directory that this user can write`,
      { cause: thrown },
    );
  }
  return life;
}

/** @returns nothing when there is no file. */
function readLife(file: string): WorkerLife | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return undefined;
    throw unreadable(file, reasonOf(thrown), "make it readable for this user");
  }
  const life = parseLife(text);
  if (life !== undefined) return life;
  throw unreadable(
    file,
    "its content is damaged",
    "delete this file while the worker is stopped: it comes back as another worker",
  );
}

function parseLife(text: string): WorkerLife | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { worker, incarnation } = (parsed ?? {}) as { readonly worker?: unknown; readonly incarnation?: unknown };
  const id = typeof worker === "string" ? parseWorkerId(worker) : undefined;
  if (id === undefined || !Number.isSafeInteger(incarnation)) return undefined;
  return { worker: id, incarnation: incarnation as Incarnation };
}

function syncDirectory(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function unreadable(file: string, reason: string, mend: string): MillraceError {
  return new MillraceError("E_CONFIGURATION", `Cannot read who this worker is in ${quote(file)}: ${reason}; ${mend}`);
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
