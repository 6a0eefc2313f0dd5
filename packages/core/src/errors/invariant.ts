// Bugs, not faults: a broken invariant stops the process, in production too.

/** Signal a bug. Nobody catches it but the process's last handler. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Stop when something that must hold does not. @throws {InvariantError} when `condition` is false. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantError(`Invariant broken: ${message}`);
}

/** Close an exhaustive `switch`. @throws {InvariantError} always. */
export function assertNever(value: never, what: string): never {
  throw new InvariantError(`Invariant broken: unexpected ${what} ${JSON.stringify(value)}`);
}
