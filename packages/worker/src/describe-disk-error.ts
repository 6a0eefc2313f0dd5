// Errors of a worker's own disk, as the error table has them.

import { MillraceError, isFullDisk, quote } from "@millrace/core";

/** Say what a disk error means: E_NO_SPACE when the disk is full, else E_WORK_DISK; both are charged to this worker. */
export function describeDiskError(act: string, what: string, thrown: unknown): MillraceError {
  const full = isFullDisk(thrown);
  const reason = full ? "the disk is full" : thrown instanceof Error ? thrown.message : String(thrown);
  const mend = full ? "free disk space on this worker" : "check this worker's disk";
  return new MillraceError(full ? "E_NO_SPACE" : "E_WORK_DISK", `Cannot ${act} ${quote(what)}: ${reason}; ${mend}`, {
    cause: thrown,
  });
}
