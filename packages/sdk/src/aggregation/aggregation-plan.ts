// An aggregation as the engine sees it: expressions and aggregators, checked and in order.

import type { ExpressionNode, KeyCodec, ParameterMark, StatePart, WordsNode } from "@millrace/data";
import type { InputFormat, OutputFormat } from "../format/format.ts";
import type { Params } from "../param/param.ts";
import type { PackValues } from "./column-aggregator.ts";

/** All of it. */
export interface AggregationPlan {
  readonly name: string;
  readonly params: Params;
  /** Names of parameters by what stands for them in expressions. */
  readonly paramNames: ReadonlyMap<ParameterMark, string>;
  readonly input: InputFormat<unknown>;
  readonly where?: ExpressionNode;
  /** Counters of the job, and which records they count: of all, whatever `where` says. */
  readonly counters: readonly { readonly name: string; readonly condition: ExpressionNode }[];
  /** In declared order: the index is the ordinal in keys. */
  readonly groupings: readonly Grouping[];
  /** Side files that expressions read. */
  readonly files: readonly string[];
}

/** One of the aggregations that share a scan. */
export interface Grouping {
  readonly name: string;
  readonly ordinal: number;
  readonly where?: ExpressionNode;
  /** When it has a row for each word of a record: the words. */
  readonly words?: WordsNode;
  readonly keys: readonly GroupColumn[];
  /** The states of a group. Measures that have the same one share it. */
  readonly parts: readonly GroupPart[];
  readonly measures: readonly Measure[];
  /** Over the row of a group. */
  readonly having?: ExpressionNode;
  readonly top?: TopRule;
  readonly output: OutputFormat<unknown>;
}

/** What is grouped by. */
export interface GroupColumn {
  readonly name: string;
  readonly node: ExpressionNode;
  /** Of its values, missing ones included. */
  readonly codec: KeyCodec<unknown>;
}

/** A state of each group, and what it is fed with. */
export interface GroupPart extends StatePart {
  readonly columns: readonly ExpressionNode[];
  readonly pack?: PackValues;
}

/** A result of each group. */
export interface Measure {
  readonly name: string;
  /** Its place among the results of all parts. */
  readonly result: number;
}

/** Which groups of all are kept. */
export interface TopRule {
  /** Place of the result that ranks them. */
  readonly result: number;
  /** Of its results; missing ones rank last. */
  readonly codec: KeyCodec<unknown>;
  /** A number, or what stands for a parameter. */
  readonly count: number | ParameterMark;
}
