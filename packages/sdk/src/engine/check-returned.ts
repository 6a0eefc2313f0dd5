// User functions are synchronous: what they return shows when one is not.

import { MillraceError } from "@millrace/core";

/**
 * Refuse a promise or a generator that a user function returned. Anything else is ignored, as the types allow it.
 *
 * @param what - the function's name: `map`, `combine` or `reduce`.
 * @throws {MillraceError} E_ASYNC_USER_CODE.
 */
export function checkReturned(result: unknown, what: string): void {
  // The usual case costs one comparison.
  if (result === undefined) return;
  if (typeof result !== "object" || result === null) return;
  if ("then" in result && typeof result.then === "function")
    throw asynchronous(what, "a promise", "do the waiting in setup");
  if ("next" in result && typeof result.next === "function")
    throw asynchronous(what, "a generator", "call emit instead of yield");
}

function asynchronous(what: string, returned: string, instead: string): MillraceError {
  return new MillraceError(
    "E_ASYNC_USER_CODE",
    `Cannot run "${what}": it returned ${returned}, but user functions are synchronous; ${instead}`,
  );
}
