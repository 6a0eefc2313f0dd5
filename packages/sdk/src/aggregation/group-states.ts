// The keys and states of an aggregation's groups.

import { MillraceError, limits, quote } from "@millrace/core";
import { type GroupKey, type StatePart, type KeyCodec, groupKeyCodec, showExpression } from "@millrace/data";
import type { AggregationPlan, Grouping } from "./aggregation-plan.ts";

/** What the groups of each grouping are made of. */
export function groupParts(plan: AggregationPlan): readonly (readonly StatePart[])[] {
  return plan.groupings.map(({ parts }) => parts);
}

/**
 * The codec of the groups' keys. What it decodes says in a message which aggregation it is of, and by name what it has;
 * a group that is too long for a key is refused with the column to cut.
 */
export function groupKeys(plan: AggregationPlan): KeyCodec<GroupKey> {
  const codec = groupKeyCodec(plan.groupings.map(({ keys }) => keys.map((each) => each.codec)));
  const named = (group: GroupKey): GroupKey => new NamedGroup(group, plan.groupings[group.ordinal]);
  return {
    ...codec,
    encodeTo: (group, sink) => {
      const begin = sink.length;
      codec.encodeTo(group, sink);
      if (sink.length - begin > limits.keyBytesMax) refuseLongGroup(plan, group, sink.length - begin);
    },
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

/** @throws {MillraceError} E_KEY_INVALID. */
function refuseLongGroup({ name, groupings }: AggregationPlan, { ordinal, key }: GroupKey, bytes: number): never {
  const grouping = groupings[ordinal];
  const lengths = key.map(lengthOf);
  const longest = grouping?.keys[lengths.indexOf(Math.max(...lengths))];
  const cut =
    longest === undefined ? "" : `; group by less of it, as by substring(${showExpression(longest.node)}, 0, 1000)`;
  throw new MillraceError(
    "E_KEY_INVALID",
    `Cannot group by ${quote(longest?.name ?? "")} in the aggregation ${quote(grouping?.name ?? "")} of job ${quote(name)}: the group has ${bytes} bytes, more than ${limits.keyBytesMax}${cut}`,
  );
}

function lengthOf(value: unknown): number {
  return typeof value === "string" || value instanceof Uint8Array ? value.length : 0;
}
