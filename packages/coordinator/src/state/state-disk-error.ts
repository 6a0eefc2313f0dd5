// What an error of the state directory's disk means, in one line for whoever reads the log or submits.

import { MillraceError, isFullDisk, quote } from "@millrace/core";

/** Describe an error of the disk. @param act as in "Cannot <act>". */
export function stateDiskError(act: string, path: string, cause: unknown): MillraceError {
  const full = isFullDisk(cause);
  const reason = full ? "the coordinator's disk is full" : cause instanceof Error ? cause.message : String(cause);
  const mend = full ? "free space on it" : "check that disk";
  return new MillraceError(full ? "E_NO_SPACE" : "E_STORAGE", `Cannot ${act} ${quote(path)}: ${reason}; ${mend}`, {
    cause,
    details: { path },
  });
}
