// Which results of a group come of one state: `quantile(log.bytes, 0.5)` and `quantile(log.bytes, 0.99)` do.

import { type ExpressionNode, ExpressionNamer, type StatePart } from "@millrace/data";
import type { GroupPart, Measure } from "./aggregation-plan.ts";
import type { PackValues } from "./column-aggregator.ts";

/** A result, before it is known what it shares. */
export interface LoneMeasure {
  readonly name: string;
  readonly aggregator: StatePart["aggregator"];
  readonly columns: readonly ExpressionNode[];
  readonly pack: PackValues | undefined;
}

interface Share {
  readonly first: LoneMeasure;
  readonly presents: StatePart["aggregator"][];
  /** Names of what it presents, in the same order. */
  readonly names: string[];
}

/** Give measures of the same values and the same state one part. */
export function shareStates(lone: readonly LoneMeasure[]): {
  readonly parts: readonly GroupPart[];
  readonly measures: readonly Measure[];
} {
  const namer = new ExpressionNamer();
  const shares: Share[] = [];
  for (const measure of lone) {
    const known = shares.find(({ first }) => sameState(first, measure, namer));
    if (known === undefined) shares.push({ first: measure, presents: [measure.aggregator], names: [measure.name] });
    else {
      known.presents.push(measure.aggregator);
      known.names.push(measure.name);
    }
  }
  const order = shares.flatMap(({ names }) => names);
  return {
    parts: shares.map(({ first: { aggregator, columns, pack }, presents }) => ({
      aggregator,
      ...(presents.length === 1 ? {} : { presents }),
      everyRow: columns.length === 0,
      columns,
      ...(pack === undefined ? {} : { pack }),
    })),
    measures: lone.map(({ name }) => ({ name, result: order.indexOf(name) })),
  };
}

function sameState(a: LoneMeasure, b: LoneMeasure, namer: ExpressionNamer): boolean {
  return (
    a.pack === b.pack &&
    stateNameOf(a) === stateNameOf(b) &&
    a.columns.length === b.columns.length &&
    a.columns.every((column, index) => namer.keyOf(column) === namer.keyOf(b.columns[index] as ExpressionNode))
  );
}

function stateNameOf({ aggregator }: LoneMeasure): string {
  return aggregator.stateName ?? JSON.stringify(aggregator.wire);
}
