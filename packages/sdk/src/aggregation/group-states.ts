// The keys and states of an aggregation's groups.

import { type GroupKey, type StatePart, type KeyCodec, groupKeyCodec } from "@millrace/data";
import type { AggregationPlan, Grouping } from "./aggregation-plan.ts";

/** What the groups of each grouping are made of. */
export function groupParts(plan: AggregationPlan): readonly (readonly StatePart[])[] {
  return plan.groupings.map(({ parts }) => parts);
}

/** The codec of the groups' keys. What it decodes says in a message which aggregation it is of, and by name what it has. */
export function groupKeys(plan: AggregationPlan): KeyCodec<GroupKey> {
  const codec = groupKeyCodec(plan.groupings.map(({ keys }) => keys.map((each) => each.codec)));
  const named = (group: GroupKey): GroupKey => new NamedGroup(group, plan.groupings[group.ordinal]);
  return {
    ...codec,
    decode: (bytes) => named(codec.decode(bytes)),
    decodeFrom: (reader) => named(codec.decodeFrom(reader)),
    decodePart: (reader) => named(codec.decodePart(reader)),
  };
}

class NamedGroup implements GroupKey {
  readonly ordinal: number;
  readonly key: readonly unknown[];
  readonly #grouping: Grouping | undefined;

  constructor({ ordinal, key }: GroupKey, grouping: Grouping | undefined) {
    this.ordinal = ordinal;
    this.key = key;
    this.#grouping = grouping;
  }

  toJSON(): unknown {
    const keys = this.#grouping?.keys ?? [];
    const values = Object.fromEntries(keys.map(({ name }, index) => [name, this.key[index]]));
    return { aggregation: this.#grouping?.name, ...values };
  }
}
