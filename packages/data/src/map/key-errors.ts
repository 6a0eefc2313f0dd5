// What is said of keys that have no bytes, or too many.

import { DataError } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";

/** Turn what a codec threw over a key into an error of the key. */
export function asKeyError(thrown: unknown): unknown {
  if (!(thrown instanceof DataError) || thrown.code !== "E_VALUE_INVALID") return thrown;
  return new DataError(
    "E_KEY_INVALID",
    thrown.message.replace("Cannot encode a value", "Cannot encode a key"),
    thrown.details,
  );
}

/** @throws {DataError} E_KEY_INVALID. */
export function refuseLongKey(what: string, bytes: number): never {
  throw new DataError(
    "E_KEY_INVALID",
    `Cannot emit a ${what}: it has ${bytes} bytes, more than ${dataLimits.keyBytesMax}; use a shorter one, such as a hash`,
  );
}
