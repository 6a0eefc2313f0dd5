// Medians of paired ratios with a distribution-free interval: no assumption about how times are spread, no random draws.

/** A ratio and where it lies. */
export interface RatioInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How probable it is that the interval holds the true median, 0 to 1. */
  readonly coverage: number;
  readonly pairs: number;
}

/** What an interval should at least cover; few pairs cannot, and then say what they do cover. */
const coverageMin = 0.9;

/** Give the middle of the values, or the mean of the two middle ones; NaN without any. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * Compare two that ran in turn. The interval lies between the k-th smallest and the k-th largest ratio: the true median is
 * outside with the probability of fewer than k heads in n throws on either side. k is the largest that still covers 90 %,
 * so five pairs span all their ratios (93.75 %), and fewer cover less, as `coverage` says.
 *
 * @param numerators and `denominators` of equal length, one pair a round.
 */
export function pairedRatio(numerators: readonly number[], denominators: readonly number[]): RatioInterval {
  const pairs = Math.min(numerators.length, denominators.length);
  const ratios = Array.from({ length: pairs }, (_, round) => (numerators[round] ?? 0) / (denominators[round] ?? 0));
  const sorted = ratios.toSorted((a, b) => a - b);
  let k = 1;
  while (2 * (k + 1) <= pairs && coverageOf(pairs, k + 1) >= coverageMin) k += 1;
  return {
    median: median(ratios),
    low: sorted[k - 1] ?? Number.NaN,
    high: sorted[pairs - k] ?? Number.NaN,
    coverage: pairs === 0 ? 0 : coverageOf(pairs, k),
    pairs,
  };
}

/** 1 - 2 P(X < k) for X of a binomial distribution with n throws of a fair coin. */
function coverageOf(n: number, k: number): number {
  let probability = 0.5 ** n;
  let below = 0;
  for (let heads = 0; heads < k; heads += 1) {
    below += probability;
    probability = (probability * (n - heads)) / (heads + 1);
  }
  return Math.max(0, 1 - 2 * below);
}
