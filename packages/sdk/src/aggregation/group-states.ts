// The keys and states of an aggregation's groups.

import { type GroupKey, type GroupingStates, type KeyCodec, groupKeyCodec } from "@millrace/data";
import type { AggregationPlan } from "./aggregation-plan.ts";

/** What the groups of each grouping are made of. */
export function groupingStates(plan: AggregationPlan): readonly GroupingStates[] {
  return plan.groupings.map(({ measures, top }) => ({
    parts: measures.map(({ part }) => part),
    keepsState: top !== undefined,
  }));
}

/** The codec of the groups' keys. */
export function groupKeys(plan: AggregationPlan): KeyCodec<GroupKey> {
  return groupKeyCodec(plan.groupings.map(({ keys }) => keys.map(({ codec }) => codec)));
}
