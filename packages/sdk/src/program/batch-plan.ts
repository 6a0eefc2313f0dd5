// What a map function does, said in data: an engine with kernels then does it for many records at once, without a string
// or an object for each, and with the same result. The function remains what it means, and takes what kernels leave.

import type { ColumnContent, LinePair, PairProgram, PlainPattern, RowProgram, WordKind } from "@millrace/data";
import type { ParamValues } from "./user-functions.ts";

/** What is done with a batch of records. */
export type BatchPlan =
  | WordsPlan
  | LinesWithPlan
  | MatchesPlan
  | RowsPlan
  | KeyAndValuePlan
  | LineKeysPlan
  | ColumnsPlan
  | LineCutPlan;

/** Emit each word of a text with the value 1. */
export interface WordsPlan {
  readonly kind: "words";
  /** Say what words are; what stands between white space when it is left out. */
  readonly choose?: (params: ParamValues) => WordKind;
}

/** Do something with the lines that hold a text, and nothing with the others. */
export interface LinesWithPlan {
  readonly kind: "lines-with";
  /** The text; empty when each line may hold what is looked for. */
  readonly choose: (params: ParamValues) => string;
}

/** Emit each match of a pattern in a text, without a value. */
export interface MatchesPlan {
  readonly kind: "matches";
  /** Say what each match holds, empty for nothing; and the pattern, where it is one that kernels can look for. */
  readonly choose: (params: ParamValues) => { readonly required: string; readonly pattern?: PlainPattern };
}

/** Add the rows of records to the states of groups. */
export interface RowsPlan {
  readonly kind: "rows";
  /** Say what kernels do that find these columns in a record. */
  readonly choose: (columns: ReadonlyMap<string, ColumnContent>, params: ParamValues) => RowsChoice;
  /**
   * Tell the map which groupings the next record is for, by bits of their ordinals; all with -1, as it is without.
   *
   * @param state - what the part's `setup` gave.
   */
  readonly leave: (state: unknown, groupings: number) => void;
}

/** What kernels do of an aggregation. */
export interface RowsChoice {
  /** Absent when they do nothing. */
  readonly program?: RowProgram;
  /** Names of the groupings that it has. */
  readonly done: readonly string[];
  /** Groupings that records are read for, and why. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

/** Emit the pair that columns of a record make, and leave the other records to the function. */
export interface ColumnsPlan {
  readonly kind: "columns";
  /** Say what kernels make that find these columns in a record. */
  readonly choose: (columns: ReadonlyMap<string, ColumnContent>, params: ParamValues) => PairsChoice;
}

/** What kernels make of records, or why nothing. */
export type PairsChoice = { readonly program: PairProgram } | { readonly reason: string };

/** Emit the `value` of a record under its `key`, both of them bytes. */
export interface KeyAndValuePlan {
  readonly kind: "pairs";
}

/** Emit each line as a key, all with one value. */
export interface LineKeysPlan {
  readonly kind: "line-keys";
  /** Say what stands around the line in the encoded pair; undefined when something else is emitted. */
  readonly choose: (params: ParamValues) => LinePair | undefined;
}

/** Emit each line of an input of a join under one of its columns, with the others, each behind a separator. */
export interface LineCutPlan {
  readonly kind: "line-cut";
  /** Say which column, from 1 on, and what stands between columns. */
  readonly choose: (params: ParamValues) => { readonly column: number; readonly separator: string };
  /** Index of the input. Set by the join. */
  readonly side?: number;
}

const batchPlanSymbol: unique symbol = Symbol.for("millrace.batchPlan");

/** Say of a map function what it does. @returns the same function. */
export function withBatchPlan<F extends object>(map: F, plan: BatchPlan): F {
  return Object.assign(map, { [batchPlanSymbol]: plan });
}

/** What a map function says of itself; most say nothing. */
export function batchPlanOf(map: unknown): BatchPlan | undefined {
  return typeof map === "function" ? (map as { [batchPlanSymbol]?: BatchPlan })[batchPlanSymbol] : undefined;
}
