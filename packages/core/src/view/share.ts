// Shares of a whole: progress never shows more than all or less than nothing, whatever a worker reports.

/** Bring a number into 0 to 1; what is no number is 0. */
export function clampShare(share: number): number {
  return share >= 0 ? Math.min(1, share) : 0;
}
