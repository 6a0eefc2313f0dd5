// Whether an input file is still what the plan saw. A job over a changing file would read bytes that no listing ever
// showed; a growing log may be read to its planned length when the job asks for it.

import { MillraceError, quote } from "@millrace/core";
import type { PlannedPart } from "./io-messages.ts";

/** What a file looks like now. */
export interface SeenFile {
  readonly bytes: number;
  /** Milliseconds since 1970, rounded down here as in listings: not every storage keeps fractions. */
  readonly modifiedMs: number;
}

/** @throws {MillraceError} E_INPUT_CHANGED when `seen` is not the planned file. `undefined` is a file that is gone. */
export function checkPlanned({ part, inputGrowth }: PlannedPart, seen: SeenFile | undefined): void {
  if (seen === undefined) throw changed(part.uri, "it is gone");
  if (inputGrowth === "prefix") {
    if (seen.bytes < part.fileBytes)
      throw changed(part.uri, `it has ${seen.bytes} bytes, not at least ${part.fileBytes}`);
    return;
  }
  if (seen.bytes !== part.fileBytes) throw changed(part.uri, `it has ${seen.bytes} bytes, not ${part.fileBytes}`);
  if (Math.floor(seen.modifiedMs) !== Math.floor(part.modifiedMs)) {
    throw changed(
      part.uri,
      `it was modified at ${describeTime(seen.modifiedMs)}, not ${describeTime(part.modifiedMs)}`,
    );
  }
}

/** Say that an input is not what was planned. */
export function changed(uri: string, reason: string): MillraceError {
  return new MillraceError(
    "E_INPUT_CHANGED",
    `Cannot read input ${quote(uri, 1_024)}: it changed after planning, ${reason}; submit again when it is still, or pass --input-growth prefix for a growing log`,
    { details: { uri } },
  );
}

function describeTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? String(milliseconds) : date.toISOString();
}
