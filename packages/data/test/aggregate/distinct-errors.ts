// What `distinct` answers while different values go in one by one, beside how many there were.

import { BufferCell, distinct, textCodec } from "../../src/index.ts";

/** Say which counts to look at. */
export interface DistinctErrorOptions {
  /** Counts of values to look at, ascending. */
  readonly counts: readonly number[];
  /** Beside them counts at equal ratios, `perDecade` for each factor of 10, up to this. */
  readonly upTo: number;
  readonly perDecade: number;
  /** Lists of values to do it with. */
  readonly series: number;
}

/** One answer. `error` is relative. */
export interface DistinctError {
  readonly exact: number;
  readonly count: number;
  readonly error: number;
}

/** Add values and read the count at each of the wanted ones. Every tenth value is added twice. */
export function distinctErrors(options: DistinctErrorOptions): readonly DistinctError[] {
  const steps = Math.floor(Math.log10(options.upTo) * options.perDecade);
  const ratios = Array.from({ length: steps + 1 }, (_, step) => Math.round(10 ** (step / options.perDecade)));
  const wanted = new Set([...options.counts, ...ratios, options.upTo]);
  const place = { task: 0, position: 0 };
  const aggregator = distinct(textCodec);
  const errors: DistinctError[] = [];
  for (let series = 0; series < options.series; series++) {
    const cell = new BufferCell().clear(aggregator);
    for (let exact = 1; exact <= options.upTo; exact++) {
      aggregator.add(cell, `visitor-${series}-${exact}`, place);
      if (exact % 10 === 0) aggregator.add(cell, `visitor-${series}-${exact / 10}`, place);
      if (!wanted.has(exact)) continue;
      const count = aggregator.present(cell);
      errors.push({ exact, count, error: count / exact - 1 });
    }
  }
  return errors;
}
