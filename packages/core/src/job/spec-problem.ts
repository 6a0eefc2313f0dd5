// How validation speaks: problems as data, reported one by one.

import type { ErrorCode } from "../errors/error-table.ts";

/** One thing that does not fit. */
export interface SpecProblem {
  readonly code: ErrorCode;
  /** One line, `Cannot submit "…": reason; what to do`. */
  readonly message: string;
}

/** Add a problem: what is wrong and what to do. The code is `E_JOB_INVALID` unless given. */
export type ReportProblem = (reason: string, action: string, code?: ErrorCode) => void;

/** Tell whether a value is a whole number within bounds, both included. */
export function inRange(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}
