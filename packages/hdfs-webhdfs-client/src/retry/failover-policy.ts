// What to do after a call to the name service failed: Hadoop's own rules (RetryPolicies.failoverOnNetworkException),
// as a pure function. It is told what failed and how often, and answers with the next step.
import type { RetryBounds } from "../client-options.ts";

/**
 * What a failure says about the server.
 * - `not-active`: it refused, cannot be reached, or is standby; nothing was done; another may be active
 * - `not-ready`: it will be ready later: starting, in safe mode, overloaded; nothing was done
 * - `lost`: the connection ended or stayed silent after the request was sent; the operation may have been done
 * - `final`: an answer; asking again would give the same
 */
export type FailureKind = "not-active" | "not-ready" | "lost" | "final";

/** How often one call has been tried. */
export interface RetryCounts {
  /** Changes of server. */
  readonly failovers: number;
  /** Repeats at the same server. */
  readonly retries: number;
}

/** The next step; delays are in ms. */
export type RetryStep =
  | { readonly kind: "fail" }
  | { readonly kind: "failover"; readonly delayMs: number }
  | { readonly kind: "retry"; readonly delayMs: number };

/** What the decision is made of. */
export interface RetryCase {
  readonly failure: FailureKind;
  readonly counts: RetryCounts;
  readonly idempotent: boolean;
  readonly serverCount: number;
  /** Uniform in [0, 1). */
  readonly random: number;
  /** Whether any server of the service has ever answered. */
  readonly known: boolean;
}

/**
 * The delay before try `times`: none before the first repeat, then `delayMs` doubled each time up to the cap, times a
 * factor in [0.5, 1.5), as Hadoop's `getFailoverOrRetrySleepTime`.
 */
export function retryDelayMs(
  times: number,
  random: number,
  bounds: Pick<RetryBounds, "delayMs" | "delayMsMax">,
): number {
  if (times === 0) return 0;
  return Math.floor(Math.min(bounds.delayMs * 2 ** times, bounds.delayMsMax) * (random + 0.5));
}

/** Decide what follows a failure. */
export function decideRetry(retryCase: RetryCase, bounds: RetryBounds): RetryStep {
  const { failure, counts, idempotent, serverCount, random, known } = retryCase;
  if (failure === "final" || (failure === "lost" && !idempotent)) return { kind: "fail" };
  const tries = counts.failovers + counts.retries + 1;
  if (!known && tries >= bounds.unknownServerTryCountMax * serverCount) return { kind: "fail" };
  // Hadoop repeats a RetriableException at the same server, and was seen to stay with one that never gets ready
  // (HDFS-17918); with two servers the other is asked.
  if (serverCount > 1) {
    if (counts.failovers >= bounds.failoverCountMax) return { kind: "fail" };
    return { kind: "failover", delayMs: retryDelayMs(counts.failovers, random, bounds) };
  }
  if (counts.retries >= bounds.retryCountMax) return { kind: "fail" };
  return { kind: "retry", delayMs: retryDelayMs(counts.retries, random, bounds) };
}
