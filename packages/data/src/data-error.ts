// Failures of the data plane. They have the name and the codes of the engine's error table, so that whoever catches
// them needs no second rule: match on `code`. A broken invariant is a bug and stops the process.

/** The codes of the engine's error table that the data plane gives. */
export type DataErrorCode =
  | "E_KEY_INVALID"
  | "E_VALUE_INVALID"
  | "E_RECORD_TOO_LARGE"
  | "E_SEGMENT"
  | "E_WORK_DISK"
  | "E_CONSERVATION"
  | "E_INPUT_CORRUPT"
  | "E_INPUT_FORMAT"
  | "E_JOB_INVALID"
  | "E_USER_CODE";

/** What an error knows beside its text: plain data. */
export type DataErrorDetails = Readonly<Record<string, string | number | boolean>>;

/** Signal an expected failure. The text follows `Cannot <act> "<what>": <reason>, <value>; <what to do>`. */
export class DataError extends Error {
  override readonly name = "MillraceError";
  readonly code: DataErrorCode;
  readonly details: DataErrorDetails;

  constructor(code: DataErrorCode, message: string, details: DataErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

/** Signal a bug. */
export class DataInvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Stop when something that must hold does not. @throws {DataInvariantError} when `condition` is false. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new DataInvariantError(`Invariant broken: ${message}`);
}
