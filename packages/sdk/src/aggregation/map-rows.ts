// The map of an aggregation: a record to one row for each grouping that wants it, or one for each word. What groupings
// have in common is computed once, and no object is made for a record: each grouping fills one row again and again.

import {
  type ExpressionNode,
  type ExpressionTools,
  type Evaluate,
  type GroupKey,
  type GroupRow,
  compileExpressions,
  splitWords,
} from "@millrace/data";
import type { StepEmit } from "../program/user-functions.ts";
import type { AggregationPlan, Grouping } from "./aggregation-plan.ts";
import type { PackValues } from "./column-aggregator.ts";

/** Emits the rows of a record, for {@link allGroupings} or those whose ordinals have their bits set. */
export type MapRecord = (record: unknown, emit: StepEmit, groupings: number) => void;

export const allGroupings = -1;

/** A row of a grouping, as key and as value. */
interface Row extends GroupKey, GroupRow {
  readonly key: unknown[];
  readonly values: unknown[];
}

/**
 * Make the map of an attempt.
 *
 * @param count - raises a counter of the job.
 * @throws {MillraceError} for a pattern that RE2 refuses or a side table that cannot be read.
 */
export function createMapRecord(
  plan: AggregationPlan,
  tools: ExpressionTools,
  count: (name: string) => void,
): MapRecord {
  const nodes: ExpressionNode[] = [];
  const place = (node: ExpressionNode): number => nodes.push(node) - 1;
  const where = plan.where === undefined ? undefined : place(plan.where);
  const counters = plan.counters.map(({ name, condition }) => ({ name, index: place(condition) }));
  const placed = plan.groupings.map((grouping) => placeGrouping(grouping, place));
  const { evaluate, useRecord, useWord } = compileExpressions(nodes, tools);
  const at = (index: number): Evaluate => evaluate[index] as Evaluate;
  const holds = where === undefined ? undefined : at(where);
  const counted = counters.map(({ name, index }) => ({ name, isCounted: at(index) }));
  const rows = placed.map((grouping) => createRowMaker(grouping, at, useWord));
  return (record, emit, groupings) => {
    useRecord(record);
    // What kernels left of a record they have counted.
    if (groupings === allGroupings) for (const { name, isCounted } of counted) if (isCounted() === true) count(name);
    if (holds !== undefined && holds() !== true) return;
    if (groupings === allGroupings) for (const row of rows) row(emit);
    else for (let index = 0; index < rows.length; index++) if (((groupings >>> index) & 1) === 1) rows[index]?.(emit);
  };
}

/** Where the expressions of a grouping stand among all. */
interface PlacedGrouping {
  readonly ordinal: number;
  readonly where: number | undefined;
  readonly words: number | undefined;
  readonly keys: readonly number[];
  readonly parts: readonly { readonly columns: readonly number[]; readonly pack: PackValues | undefined }[];
}

function placeGrouping(grouping: Grouping, place: (node: ExpressionNode) => number): PlacedGrouping {
  return {
    ordinal: grouping.ordinal,
    where: grouping.where === undefined ? undefined : place(grouping.where),
    words: grouping.words === undefined ? undefined : place(grouping.words.value),
    keys: grouping.keys.map(({ node }) => place(node)),
    parts: grouping.parts.map(({ columns, pack }) => ({ columns: columns.map(place), pack })),
  };
}

type EmitRow = (emit: StepEmit) => void;

function createRowMaker(
  grouping: PlacedGrouping,
  at: (index: number) => Evaluate,
  useWord: (word: string) => void,
): EmitRow {
  const row: Row = {
    ordinal: grouping.ordinal,
    key: grouping.keys.map(() => null),
    values: grouping.parts.map(() => null),
  };
  const { key, values } = row;
  const holds = grouping.where === undefined ? undefined : at(grouping.where);
  const keys = grouping.keys.map(at);
  const parts = grouping.parts.map(({ columns, pack }) => createPart(columns.map(at), pack));
  const emitRow: EmitRow = (emit) => {
    if (holds !== undefined && holds() !== true) return;
    for (let index = 0; index < keys.length; index++) key[index] = (keys[index] as Evaluate)();
    for (let index = 0; index < parts.length; index++) values[index] = (parts[index] as () => unknown)();
    emit(row, row);
  };
  if (grouping.words === undefined) return emitRow;
  const text = at(grouping.words);
  return (emit) => {
    const value = text();
    if (value === null) return;
    for (const word of splitWords(value as string)) {
      useWord(word);
      emitRow(emit);
    }
  };
}

/** Gives what a row adds to a state. */
function createPart(columns: readonly Evaluate[], pack: PackValues | undefined): () => unknown {
  const [only] = columns;
  if (pack === undefined) return only ?? (() => null);
  const values = columns.map((): ReturnType<Evaluate> => null);
  return () => {
    for (let index = 0; index < columns.length; index++) values[index] = (columns[index] as Evaluate)();
    return pack(values);
  };
}
