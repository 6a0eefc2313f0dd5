// In which order contestants run: each round begins with the next, so that what one leaves behind (a warm disk, a hot
// processor) is not always met by the same one.

/** Give the order of a round. @param round from 0. */
export function orderOfRound<Contestant>(contestants: readonly Contestant[], round: number): readonly Contestant[] {
  const begin = contestants.length === 0 ? 0 : round % contestants.length;
  return [...contestants.slice(begin), ...contestants.slice(0, begin)];
}
