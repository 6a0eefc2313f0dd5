// Holding a directory: at most one live process has it, and the kernel gives it back when the process ends, however it
// ends. Node has no flock, so that an exclusive SQLite transaction on a file of the directory stands in for it.

import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { makeDirectoryTreeSync } from "@millrace/ports";

/** A directory that this process holds. */
export interface DirectoryLock {
  /** Give it back. Twice is fine. */
  release(): void;
}

/** Name of the file that carries the lock. It stays when the lock goes: removing it would let two processes in. */
export const lockFileName = "lock";

/** What this process holds: a database that nothing refers to is closed when memory is tidied up, and its lock goes. */
const databases = new Set<DatabaseSync>();

/** SQLite's SQLITE_BUSY. */
const busy = 5;

/**
 * Hold a directory, made with mode 0700 if it is not there.
 * @param path absolute path on a local disk; network file systems do not keep this promise.
 * @throws {MillraceError} E_STATE_LOCKED when another process, or this one, holds it; E_CONFIGURATION when it cannot be used.
 */
export function lockDirectory(path: string): DirectoryLock {
  let database: DatabaseSync | undefined;
  try {
    makeDirectoryTreeSync(path, 0o700);
    refuseOpenDirectory(path);
    database = new DatabaseSync(join(path, lockFileName), { timeout: 0 });
    // Nothing is ever written: a journal in memory leaves no file beside the lock. (Node's defensive mode refuses OFF.)
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (thrown) {
    database?.close();
    throw describe(path, thrown);
  }
  const held = database;
  databases.add(held);
  return {
    release: () => {
      if (databases.delete(held)) held.close();
    },
  };
}

/** Whoever may write in the directory could put tokens and keys of his own there: none of it is to be trusted then. */
function refuseOpenDirectory(path: string): void {
  const { mode } = statSync(path);
  if (process.platform === "win32" || (mode & 0o002) === 0) return;
  const found = (mode & 0o7777).toString(8);
  throw new MillraceError(
    "E_CONFIGURATION",
    `Cannot use the directory ${quote(path)}: every user of this machine may write there, mode ${found}; run chmod 700 on it, or choose another directory`,
    { details: { directory: path } },
  );
}

function describe(path: string, thrown: unknown): MillraceError {
  if (isMillraceError(thrown)) return thrown;
  if (thrown instanceof Error && "errcode" in thrown && thrown.errcode === busy) {
    const message = `Cannot use the directory ${quote(path)}: another process holds it; stop that process, or choose another directory`;
    return new MillraceError("E_STATE_LOCKED", message, { details: { directory: path }, cause: thrown });
  }
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `Cannot use the directory ${quote(path)}: ${reason}; choose a directory that this user can write`;
  return new MillraceError("E_CONFIGURATION", message, { details: { directory: path }, cause: thrown });
}
