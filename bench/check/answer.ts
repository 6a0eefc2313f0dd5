// What a contestant found out, in a form that can be compared: a hash for what must be equal, and numbers for what may
// differ by a stated share, as quantiles do that are read from a sketch.

/** The result of one run. */
export interface Answer {
  /** How much it is, for people: rows or bytes. */
  readonly size: string;
  readonly hash: string;
  /** Numbers by their key that are compared within a tolerance; absent when a contestant does not compute them. */
  readonly near?: ReadonlyMap<string, number>;
}

/**
 * Say how two answers differ; undefined when they agree.
 * @param tolerance the share by which numbers in `near` may differ, such as 0.02.
 */
export function differenceOf(expected: Answer, actual: Answer, tolerance: number): string | undefined {
  if (expected.hash !== actual.hash)
    return `${actual.size} with hash ${actual.hash}, expected ${expected.size} with hash ${expected.hash}`;
  if (expected.near === undefined || actual.near === undefined) return undefined;
  if (expected.near.size !== actual.near.size) return `${actual.near.size} numbers, expected ${expected.near.size}`;
  for (const [key, value] of expected.near) {
    const other = actual.near.get(key);
    if (other === undefined) return `no number for "${key}", expected ${value}`;
    // Said so that no number at all differs, too.
    if (!(Math.abs(other - value) <= tolerance * Math.max(Math.abs(value), Math.abs(other))))
      return `${other} for "${key}", expected ${value} within ${tolerance * 100} %`;
  }
  return undefined;
}
