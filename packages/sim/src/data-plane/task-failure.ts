// Failures of an attempt that a task host reports, told from bugs, which end the run.

import type { AttemptFailure } from "@millrace/core";

/** End an attempt with a code of the error table. */
export class TaskFailure extends Error {
  override readonly name = "MillraceError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const expected = new Set(["E_USER_CODE", "E_SEGMENT", "E_WORK_DISK", "E_OUTPUT_WRITE", "E_INPUT_CHANGED"]);

/** What a host reports of something thrown; undefined for a bug of the engine or the simulator. */
export function failureOf(thrown: unknown): AttemptFailure | undefined {
  if (!(thrown instanceof Error)) return undefined;
  if (thrown.name === "MillraceError") {
    const { code } = thrown as TaskFailure;
    return expected.has(code) ? { code, message: thrown.message } : undefined;
  }
  return thrown.name === "UserError" ? { code: "E_USER_CODE", message: thrown.message } : undefined;
}
