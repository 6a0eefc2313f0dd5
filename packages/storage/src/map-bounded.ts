// Doing the same to many things, a bounded number at a time.

/**
 * Call `act` for each item, at most `parallelMax` at a time. @returns results in the order of the items.
 * After the first rejection no further item is begun; it is thrown when those that run have ended.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  parallelMax: number,
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  let failed = false;
  const lane = async (): Promise<void> => {
    while (next < items.length && !failed) {
      const index = next;
      next += 1;
      try {
        results[index] = await act(items[index] as Item);
      } catch (thrown) {
        failed = true;
        throw thrown;
      }
    }
  };
  const lanes = Array.from({ length: Math.min(parallelMax, items.length) }, lane);
  const ended = await Promise.allSettled(lanes);
  for (const outcome of ended) if (outcome.status === "rejected") throw outcome.reason;
  return results;
}
