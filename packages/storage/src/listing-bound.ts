// The bound of a listing: what is beyond it is refused, as a part of a listing looks like all of it.

import { MillraceError, limits, quote } from "@millrace/core";

/** Refuse to go on with more than `limits.inputFilesMax` names. @throws {MillraceError} E_TOO_LARGE naming the directory. */
export function checkListingBound(uri: string, names: number): void {
  if (names <= limits.inputFilesMax) return;
  const because = `it has more than ${limits.inputFilesMax} files or names`;
  throw new MillraceError(
    "E_TOO_LARGE",
    `Cannot list ${quote(uri)}: ${because}; name directories in it, or a pattern that fewer names match`,
    { details: { uri, because } },
  );
}
