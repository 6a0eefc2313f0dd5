// What is wrong with one field of a message, found while converting: each level on the way out adds its own name,
// so that nothing is spent on names while all is well.

import { MillraceError, quote } from "@millrace/core";

/** Signal that a field is not valid. Caught by {@link nameFault} alone. */
export class FieldFault extends Error {
  override readonly name = "FieldFault";
  /** Outermost first, such as `["spec", "inputs", "[2]", "name"]`. */
  readonly path: string[] = [];
}

/** Add the name of a level to a fault on its way out. @returns what to throw. */
export function addName(thrown: unknown, name: string): unknown {
  if (thrown instanceof FieldFault) thrown.path.unshift(name);
  return thrown;
}

/** Turn a fault into the error that users see. @returns what to throw. */
export function nameFault(thrown: unknown, what: string): unknown {
  if (!(thrown instanceof FieldFault)) return thrown;
  const field = thrown.path.join(".").replaceAll(".[", "[");
  return new MillraceError(
    "E_MESSAGE",
    `Cannot convert message ${quote(what)}: field ${quote(field)} ${thrown.message}; use the same release of Millrace on both sides`,
    { details: { message: what, field } },
  );
}
