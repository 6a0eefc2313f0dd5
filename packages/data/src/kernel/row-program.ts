// What a kernel does with the rows of records: which of them it takes, what it groups them by and what it adds. It is
// said by the names of the columns that a finder of the kernels finds (see row-columns.ts).

import type { KernelState } from "../aggregate/aggregator.ts";
import type { CompareTest } from "../expression/expression.ts";

/** Conditions as operations on a stack of booleans, the last of which is left; none when every row is taken. */
export type RowCondition =
  /** Push whether a number compares so; false for a missing one. */
  | { readonly operation: "compare"; readonly column: string; readonly test: CompareTest; readonly value: number }
  /** Push whether a text is another, is not, or begins with it; false for a missing one. */
  | {
      readonly operation: "text";
      readonly column: string;
      readonly test: "equals" | "notEquals" | "hasPrefix";
      readonly value: string;
    }
  | { readonly operation: "isMissing"; readonly column: string }
  /** Pop that many and push whether all, or any, hold. */
  | { readonly operation: "and" | "or"; readonly count: number }
  | { readonly operation: "not" };

/** A value of a group's key: that of a column, or what is made of it; always missing without a column. */
export type RowKey = ColumnKey | MissingKey;

/** A value that is always missing, of a codec of optional ones. */
export interface MissingKey {
  readonly column?: undefined;
}

/** A text, a double, or an int or time that may be floored. */
export interface ColumnKey {
  readonly column: string;
  /** Whether its codec is of an optional value. */
  readonly optional: boolean;
  readonly isDouble?: boolean;
  /** Milliseconds. */
  readonly floor?: { readonly width: number; readonly origin: number };
  /** Of a text: so much of it as stands before the first such character, one of ASCII. */
  readonly before?: string;
  /** Whether it is an int whose decimal digits are the value. */
  readonly isDecimal?: boolean;
}

/** A state of a group that a kernel can add to: which, of how many bytes when it is empty, and what feeds it. */
export type RowPart = NumberPart | ValuesPart;

/** Fed by a column of numbers; by each row when there is none. */
export interface NumberPart {
  readonly state: Exclude<KernelState, ValuesPart["state"]>;
  readonly stateBytes: number;
  readonly column?: string;
  /** Whether numbers may have fractions. */
  readonly isDouble?: boolean;
}

/** Fed by values as their codecs write them, unless all are missing: by up to {@link rowKeysMax}, `min` and `max` by one. */
export interface ValuesPart {
  readonly state: "distinct" | "min" | "max";
  readonly stateBytes: number;
  readonly values: readonly ColumnKey[];
}

/** Counts rows for which conditions hold. */
export interface RowCounter {
  /** Of the job's counter. */
  readonly name: string;
  readonly conditions: readonly RowCondition[];
}

/** A grouping. */
export interface RowGrouping {
  /** Its place among all, below {@link kernelGroupingsMax}. */
  readonly ordinal: number;
  readonly conditions: readonly RowCondition[];
  readonly keys: readonly RowKey[];
  readonly parts: readonly RowPart[];
}

/** All groupings of a scan. */
export interface RowProgram {
  /** Those that kernels do. */
  readonly groupings: readonly RowGrouping[];
  /** Of all rows. */
  readonly counters: readonly RowCounter[];
  /** Bits of those that records are read for, by ordinal. */
  readonly byRecord: number;
  /** Whether states say of which grouping they are, as those of several do. */
  readonly isSeveral: boolean;
}

/** A bit of a word for each grouping, less those whose pattern says that all are left. */
export const kernelGroupingsMax = 30;
/** A stack of conditions is a word of bits. */
export const conditionDepthMax = 30;
/** A key is within the bounds of keys, whatever a line holds: see kernels/aggregate-log.ts. */
export const rowKeysMax = 7;
