// Aggregators with the names that authors use. Their states and laws are in the data plane: a result depends on the
// values alone, to the last bit, never on order, workers or retries.

import {
  type Aggregator,
  type AggregatorFields,
  type Codec,
  DataError,
  type FieldValues,
  type KeyCodec,
  type ValueOf,
} from "@millrace/data";
import * as data from "@millrace/data";
import { type AnyKeyCodec, withoutOptions } from "../codec/compound.ts";
import type { Plain } from "../job/infer.ts";

/** An item of `topK`. A `type`, for an interface has no index signature and `JsonValue` would refuse it. */
export type Weighted<T> = { readonly item: T; readonly weight: number };

/** An aggregator that has no result where it was given no value: in `fields` its result may be `null`. */
export interface ChoosingAggregator<in V, out A> extends Aggregator<V, A> {
  readonly ofNothing: null;
}

/** What `fields` gives: the results by name. */
export type FieldResults<F> = Plain<{
  [N in keyof F]: F[N] extends Aggregator<never, infer A>
    ? F[N] extends { readonly ofNothing: null }
      ? A | null
      : A
    : never;
}>;

/**
 * Count the values of a key; a map emits the key alone.
 *
 * @example
 * ```ts
 * map: (line, emit) => emit(line),
 * reduce: count(),
 * ```
 */
export function count(): Aggregator<void, number> {
  return data.count();
}

/**
 * Sum numbers: exact inside, rounded once at the end. With `int()` a value that is no whole number is refused.
 *
 * @example
 * ```ts
 * map: (line, emit) => emit(line, 1),
 * reduce: sum(),
 * ```
 */
export function sum(of?: Codec<number>): Aggregator<number, number> {
  return numbersOf(of, data.sum());
}

/**
 * The arithmetic mean: the exact sum, rounded once, divided by the count.
 *
 * @example
 * ```ts
 * reduce: mean(),
 * ```
 */
export function mean(of?: Codec<number>): ChoosingAggregator<number, number> {
  return choosing(numbersOf(of, data.mean()));
}

/**
 * The least value in the codec's order.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, hit.time),
 * reduce: min(time()),
 * ```
 */
export function min<C extends AnyKeyCodec>(of: C): ChoosingAggregator<ValueOf<C>, ValueOf<C>> {
  return choosing(data.min(withoutOptions(of) as KeyCodec<ValueOf<C>>));
}

/**
 * The greatest value in the codec's order.
 *
 * @example
 * ```ts
 * reduce: max(time()),
 * ```
 */
export function max<C extends AnyKeyCodec>(of: C): ChoosingAggregator<ValueOf<C>, ValueOf<C>> {
  return choosing(data.max(withoutOptions(of) as KeyCodec<ValueOf<C>>));
}

/**
 * The value below which a share `q` of the values lies, within 1 % of it (DDSketch).
 *
 * @param q - 0 to 1.
 * @throws {DataError} E_JOB_INVALID for another `q`.
 * @example
 * ```ts
 * reduce: quantile(double(), 0.99),
 * ```
 */
export function quantile(of: Codec<number>, q: number): ChoosingAggregator<number, number> {
  return choosing(numbersOf(of, data.quantile(q)));
}

/**
 * How many different values a key has: exact up to 1,024, beyond that HyperLogLog++ with a standard error of 0.81 %.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, hit.host),
 * reduce: distinct(text()),
 * ```
 */
export function distinct<C extends AnyKeyCodec>(of: C): Aggregator<ValueOf<C>, number> {
  return data.distinct(withoutOptions(of) as KeyCodec<ValueOf<C>>);
}

/**
 * The `k` items of greatest weight, heaviest first, ties by the bytes of the item.
 *
 * @param k - 1 to 10,000.
 * @throws {DataError} E_JOB_INVALID for another `k`.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.host, { item: hit.path, weight: hit.bytes ?? 0 }),
 * reduce: topK(10, text()),
 * output: jsonLines(),
 * ```
 */
export function topK<T>(k: number, item: Codec<T>): Aggregator<Weighted<T>, readonly Weighted<T>[]> {
  return data.topK(k, withoutOptions(item));
}

/**
 * Several aggregators over one key. A map emits an object of their values; one that is left out or `null` is skipped,
 * but `count()` counts every object. The result is an object of the same names; of no value at all a mean, quantile,
 * least or greatest is `null`.
 *
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, { bytes: hit.bytes, hosts: hit.host }),
 * reduce: fields({ hits: count(), bytes: sum(), hosts: distinct(text()) }),
 * output: jsonLines(),
 * ```
 */
export function fields<const F extends AggregatorFields>(aggregators: F): Aggregator<FieldValues<F>, FieldResults<F>> {
  const parts = Object.entries(aggregators).map(
    ([name, part]) => [name, "ofNothing" in part ? nullOfNothing(part) : part] as const,
  );
  return data.aggregateFields(Object.fromEntries(parts)) as unknown as Aggregator<FieldValues<F>, FieldResults<F>>;
}

type AnyPart = AggregatorFields[string];

/** Present the empty state, `stateBytes` zero bytes, as `null`. */
function nullOfNothing(part: AnyPart): AnyPart {
  return {
    ...part,
    present: (cell) => {
      const { bytes, offset, length } = cell;
      const empty = length === part.stateBytes && bytes.subarray(offset, offset + length).every((byte) => byte === 0);
      return empty ? null : (part.present(cell) as unknown);
    },
  };
}

function choosing<V, A>(aggregator: Aggregator<V, A>): ChoosingAggregator<V, A> {
  return { ...aggregator, ofNothing: null };
}

/** Refuse fractions where a codec of whole numbers was named; the state is the same. */
function numbersOf(of: Codec<number> | undefined, aggregator: Aggregator<number, number>): Aggregator<number, number> {
  if (of === undefined) return aggregator;
  const { wire } = withoutOptions(of);
  if (wire !== "int" && wire !== "time") return aggregator;
  return {
    ...aggregator,
    add: (cell, value, place) => {
      if (!Number.isSafeInteger(value))
        throw new DataError(
          "E_VALUE_INVALID",
          `Cannot aggregate ${String(value)}: no whole number up to 2^53; emit one, or name double()`,
        );
      return aggregator.add(cell, value, place);
    },
  };
}
