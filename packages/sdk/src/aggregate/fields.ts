// Several aggregators over one key of a job with a map function, as one.

import { MillraceError, quote } from "@millrace/core";
import type { Aggregator, AggregatorFields, FieldValues } from "@millrace/data";
import * as data from "@millrace/data";
import type { Plain } from "../job/infer.ts";

/** What `fields` gives: the results by name. */
export type FieldResults<F> = Plain<{
  [N in keyof F]: F[N] extends Aggregator<never, infer A>
    ? F[N] extends { readonly ofNothing: null }
      ? A | null
      : A
    : never;
}>;

/**
 * Several aggregators over one key. A map emits an object of their values; one that is left out or `null` is skipped,
 * but `count()` counts every object. The result is an object of the same names; of no value at all a mean, quantile,
 * least, greatest, first or last is `null`.
 *
 * @throws {MillraceError} E_JOB_INVALID for what is no aggregator of emitted values.
 * @example
 * ```ts
 * map: (hit, emit) => emit(hit.path, { bytes: hit.bytes, hosts: hit.host }),
 * reduce: fields({ hits: count(), bytes: sum(), hosts: distinct(text()) }),
 * output: jsonLines(),
 * ```
 */
export function fields<const F extends AggregatorFields>(aggregators: F): Aggregator<FieldValues<F>, FieldResults<F>> {
  for (const [name, part] of Object.entries(aggregators)) checkPart(name, part);
  const parts = Object.entries(aggregators).map(
    ([name, part]) => [name, "ofNothing" in part ? nullOfNothing(part) : part] as const,
  );
  return data.aggregateFields(Object.fromEntries(parts)) as unknown as Aggregator<FieldValues<F>, FieldResults<F>>;
}

type AnyPart = AggregatorFields[string];

/** For authors whom no compiler told: `fields({ bytes: sum })`, `fields({ bytes: sum(log.bytes) })`. */
function checkPart(name: string, part: unknown): void {
  if (typeof part === "object" && part !== null && "present" in part && "merge" in part && "stateBytes" in part) return;
  const hint =
    typeof part === "function"
      ? "call it, as in sum()"
      : "give one such as sum(), without a column: what it adds is what map emits by this name";
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot make fields(): ${quote(name)} is no aggregator of emitted values; ${hint}`,
  );
}

/** Present the empty state, `stateBytes` zero bytes, as `null`. */
export function nullOfNothing(part: AnyPart): AnyPart {
  return {
    ...part,
    present: (cell) => {
      const { bytes, offset, length } = cell;
      const empty = length === part.stateBytes && bytes.subarray(offset, offset + length).every((byte) => byte === 0);
      return empty ? null : (part.present(cell) as unknown);
    },
  };
}
