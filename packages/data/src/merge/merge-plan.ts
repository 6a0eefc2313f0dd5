// Which runs to merge first when there are more than one merge may read. Only neighbours are merged, so that equal keys
// keep the order of (map task, time) without carrying it; the plan does not change any byte of the result.

/**
 * Choose a window of runs to merge into one, so that few bytes are written and the last merge is full.
 *
 * @param bytes size of each run, in order. @param fanIn 2 or more.
 * @returns begin and end (exclusive), or undefined when all runs fit one merge.
 */
export function nextMergeWindow(
  bytes: readonly number[],
  fanIn: number,
): { readonly begin: number; readonly end: number } | undefined {
  if (bytes.length <= fanIn) return undefined;
  // The first merge takes as many as leave full merges for the rest.
  const excess = bytes.length - fanIn;
  const rest = excess % (fanIn - 1);
  const width = rest === 0 ? fanIn : rest + 1;
  let sum = 0;
  for (let index = 0; index < width; index++) sum += bytes[index]!;
  let best = 0;
  let least = sum;
  for (let begin = 1; begin + width <= bytes.length; begin++) {
    sum += bytes[begin + width - 1]! - bytes[begin - 1]!;
    if (sum < least) {
      least = sum;
      best = begin;
    }
  }
  return { begin: best, end: best + width };
}
