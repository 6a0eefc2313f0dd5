// What a value is, for messages that refuse it.

/** Name the kind of a value in a message: `an object`, `a number`, and `missing` for undefined. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
