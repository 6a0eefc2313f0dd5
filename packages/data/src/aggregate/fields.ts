// Several aggregators over one key as one: `{ hits: count(), bytes: sum(), p99: quantile(0.99) }`. The states lie side by
// side, see `state-parts.ts`.

import { StateParts } from "../aggregation/state-parts.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { refuseValue } from "../codec/make-codec.ts";
import { DataError } from "../data-error.ts";
import type { Aggregator } from "./aggregator.ts";

// eslint-disable-next-line typescript/no-explicit-any
type AnyAggregator = Aggregator<any, any>;
/** Aggregators by field name. */
export type AggregatorFields = Readonly<Record<string, AnyAggregator>>;
/** What is added: a value for each field; a missing one (`null`, `undefined`) is skipped, but `count()` counts it. */
export type FieldValues<F extends AggregatorFields> = {
  readonly [N in keyof F]?: (F[N] extends Aggregator<infer V, unknown> ? V : never) | null;
};
/** What is presented. */
export type FieldResults<F extends AggregatorFields> = {
  readonly [N in keyof F]: F[N] extends Aggregator<never, infer A> ? A : never;
} & {};

/** Aggregate several things about a key at once. @throws {DataError} E_JOB_INVALID for no field or one named `__proto__`. */
export function aggregateFields<const F extends AggregatorFields>(
  fields: F,
): Aggregator<FieldValues<F>, FieldResults<F>> {
  const names = Object.keys(fields);
  if (names.length === 0 || names.includes("__proto__"))
    throw new DataError(
      "E_JOB_INVALID",
      `Cannot aggregate fields ${JSON.stringify(names)}: no field, or one named "__proto__"; give each a name of its own`,
    );
  const parts = names.map((name) => fields[name]!);
  const states = new StateParts(parts.map((aggregator) => ({ aggregator, everyRow: aggregator.wire === "count" })));
  // Of this aggregator alone, as the states are: a field may be of the same kind and has its own.
  const row: unknown[] = names.map(() => undefined);
  const reader = new ByteReader();
  return {
    wire: Object.fromEntries(names.map((name, index) => [name, parts[index]!.wire])),
    stateBytes: states.emptyBytes,
    add: (cell, values: Readonly<Record<string, unknown>>, place) => {
      if (typeof values !== "object" || values === null) refuseValue("fields", values, "no object");
      for (let index = 0; index < names.length; index++) row[index] = values[names[index]!];
      return states.add(cell, 0, row, place);
    },
    merge: (cell, encoded, start, end) => states.merge(cell, 0, reader.reset(encoded, start, end)),
    encode: (cell, sink) => states.encode(cell, 0, sink),
    present: (cell) => {
      const results = states.present(cell, 0);
      return Object.fromEntries(names.map((name, index) => [name, results[index]])) as FieldResults<F>;
    },
  };
}
