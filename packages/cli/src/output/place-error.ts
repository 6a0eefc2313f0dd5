// What an error of this machine's disks means to whoever ran a command: which place, why, and what else can be used.

import { MillraceError, isFullDisk, isMillraceError, quote } from "@millrace/core";

/** What a place is used for, and what else would do. */
export interface PlaceUse {
  /** As in `Cannot <act> "<path>"`. */
  readonly act: string;
  readonly path: string;
  /** How another one is chosen, such as `choose a directory`; on which disk or of which user is added. */
  readonly elsewhere: string;
  /** For what is no full disk. */
  readonly code: "E_CONFIGURATION" | "E_STORAGE";
}

/**
 * Describe an error of the disk: E_NO_SPACE when it is full, else the code of the place. Anything else comes back as it is:
 * errors that are described already, but of a full disk, and bugs.
 */
export function describePlaceError({ act, path, elsewhere, code }: PlaceUse, thrown: unknown): unknown {
  const system = systemErrorOf(thrown);
  const full = isFullDisk(system);
  const options = { cause: thrown, details: { path } };
  if (isMillraceError(thrown) && thrown.code === "E_NO_SPACE")
    return new MillraceError("E_NO_SPACE", `${thrown.message}, or ${elsewhere} on another disk`, options);
  if (full) {
    const message = `Cannot ${act} ${quote(path)}: the disk is full; free space on it, or ${elsewhere} on another one`;
    return new MillraceError("E_NO_SPACE", message, options);
  }
  if (system === undefined || isMillraceError(thrown)) return thrown;
  const message = `Cannot ${act} ${quote(path)}: ${system.message}; ${elsewhere} that this user can write`;
  return new MillraceError(code, message, options);
}

/** What the system says of places: not of addresses, processes or memory. */
const placeCodes = new Set(
  "EACCES EDQUOT EEXIST EFBIG EIO EISDIR ELOOP ENAMETOOLONG ENOENT ENOSPC ENOTDIR ENOTEMPTY ENOTSUP EPERM EROFS".split(
    " ",
  ),
);

/** Find what the system said, below what was made of it. */
function systemErrorOf(thrown: unknown): NodeJS.ErrnoException | undefined {
  for (let each = thrown; each instanceof Error; each = each.cause)
    if ("syscall" in each && "code" in each && placeCodes.has(String(each.code))) return each as NodeJS.ErrnoException;
  return undefined;
}
