// The keys and states of an aggregation's groups.

import { type GroupKey, type StatePart, type KeyCodec, groupKeyCodec } from "@millrace/data";
import type { AggregationPlan } from "./aggregation-plan.ts";

/** What the groups of each grouping are made of. */
export function groupParts(plan: AggregationPlan): readonly (readonly StatePart[])[] {
  return plan.groupings.map(({ measures }) => measures.map(({ part }) => part));
}

/** The codec of the groups' keys. */
export function groupKeys(plan: AggregationPlan): KeyCodec<GroupKey> {
  return groupKeyCodec(plan.groupings.map(({ keys }) => keys.map(({ codec }) => codec)));
}
