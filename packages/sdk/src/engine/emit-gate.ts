// `emit` works only while a user function runs. A gate knows which one does.

import { MillraceError } from "@millrace/core";

/** The user functions during which the gate is open or, for `partition`, has to know that nothing may be emitted. */
export type UserFunctionName = "map" | "combine" | "reduce" | "partition";

/** Tell whether `emit` may be called. The host opens it around each call of user code; each `emit` checks it. */
export class EmitGate {
  /** The function that runs now, or undefined between two. Set by the host, a plain field for speed. */
  running: UserFunctionName | undefined = undefined;

  /** @throws {MillraceError} E_EMIT_AFTER_END when no user function runs. */
  check(): void {
    if (this.running === undefined) throw emittedLate();
  }
}

function emittedLate(): MillraceError {
  return new MillraceError(
    "E_EMIT_AFTER_END",
    'Cannot emit: the user function that was given this "emit" has returned; emit before it returns, and do the waiting in setup',
  );
}
