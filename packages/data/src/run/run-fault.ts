// A run or segment that is not what it must be: one way to say it, for files of others and for this machine's own.

import { DataError } from "../data-error.ts";

/** Name of the bytes and who is to blame when they are bad: a segment's source, or this machine's disk. */
export interface RunOrigin {
  /** Shown in messages: a file name, or "segment of map task 7". */
  readonly name: string;
  readonly code: "E_SEGMENT" | "E_WORK_DISK";
  /** Map task, for segments. */
  readonly task?: number;
}

/** @throws {DataError} always: the bytes end too early (`cut`) or are wrong (`corrupt`). */
export function failRun(origin: RunOrigin, reason: "cut" | "corrupt", what: string): never {
  const details = { reason, name: origin.name, ...(origin.task === undefined ? {} : { task: origin.task }) };
  throw new DataError(
    origin.code,
    `Cannot read ${JSON.stringify(origin.name)}: ${reason === "cut" ? "it is cut off" : "it is damaged"}, ${what}; it has to be made or fetched again`,
    details,
  );
}
