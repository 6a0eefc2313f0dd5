// When a delegation token is renewed: decided from what is known of it, without a clock. A NameNode gives a token for a
// day, renewed for as long again, and for a week at most.

/** What is known of a token. */
export interface TokenLife {
  /** When it was got or last renewed, ms since 1970. */
  readonly renewedMs: number;
  /** When it ends unless renewed, ms since 1970. */
  readonly endsMs: number;
  /** Renewals in a row that failed. */
  readonly failureCount: number;
  /** The last renewal gave less time than the one before: it is at the end of its longest life. */
  readonly last: boolean;
}

/** What is to be done with it. */
export type TokenStep =
  | { readonly kind: "renew"; readonly atMs: number }
  /** It cannot be renewed any more, and serves until then. */
  | { readonly kind: "ends"; readonly atMs: number };

/** As Spark has it: at three quarters of its life there is time for many tries. */
const renewAt = 0.75;
const retryMs = 30_000;
const retryMsMax = 600_000;

/** Decide what comes next for a token. */
export function nextTokenStep({ renewedMs, endsMs, failureCount, last }: TokenLife): TokenStep {
  const dueMs = renewedMs + Math.floor((endsMs - renewedMs) * renewAt);
  const atMs = failureCount === 0 ? dueMs : dueMs + retriesMs(failureCount);
  return last || atMs >= endsMs ? { kind: "ends", atMs: endsMs } : { kind: "renew", atMs };
}

/** Take in a renewal: one that gives hardly more than was left is the last. */
export function renewed(life: TokenLife, atMs: number, endsMs: number): TokenLife {
  const before = life.endsMs - life.renewedMs;
  return { renewedMs: atMs, endsMs, failureCount: 0, last: endsMs - atMs < before * renewAt };
}

/** Take in a renewal that failed. */
export function renewalFailed(life: TokenLife): TokenLife {
  return { ...life, failureCount: life.failureCount + 1 };
}

/** The sum of delays that double: 30 s, 90 s, 210 s, …, and ten minutes more each time in the end. */
function retriesMs(failureCount: number): number {
  let sum = 0;
  for (let count = 0; count < failureCount; count += 1) sum += Math.min(retryMs * 2 ** Math.min(count, 10), retryMsMax);
  return sum;
}
