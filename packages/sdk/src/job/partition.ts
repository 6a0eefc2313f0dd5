// Where a key goes: by its hash unless the author says otherwise.

/** Key of the mark of {@link SampledRanges}. Global, so that two copies of this module agree. */
const sampledSymbol: unique symbol = Symbol.for("millrace.sampledRanges");

/** Total order: partitions are ranges of keys. Made by {@link sampledRanges}. */
export interface SampledRanges {
  readonly [sampledSymbol]: true;
}

/**
 * Total order: what comes out is sorted across part files too, as the first has the least keys. The job first reads a
 * sample of each split, runs the map on it and cuts the keys into ranges of about one size.
 *
 * In a later job of a `chain` there is nothing to sample before the first one has run: there it needs one reducer,
 * `reduces: 1`, unless all jobs before it are map-only.
 *
 * @example
 * ```ts
 * partition: sampledRanges(),
 * ```
 */
export function sampledRanges(): SampledRanges {
  return { [sampledSymbol]: true };
}

/** Tell whether a value was made by {@link sampledRanges}. */
export function isSampledRanges(value: unknown): value is SampledRanges {
  return typeof value === "object" && value !== null && sampledSymbol in value;
}
