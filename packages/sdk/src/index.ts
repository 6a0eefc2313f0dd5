// What a job's author writes. `millrace` re-exports all of this; hosts and formats use `@millrace/sdk/engine` beside it.

export type { Job, Pair } from "./job/job.ts";
export { type JobDefinition, defineJob } from "./job/define-job.ts";
export { eachPair, eachRow } from "./job/each-pair.ts";
export type { EmitBytes, OrderedEmitBytes } from "./job/map-batch.ts";
export type { Batch } from "./program/batch-map.ts";
export { type EachWordOptions, eachWord } from "./job/each-word.ts";
export { type EachMatchOptions, eachMatch } from "./job/each-match.ts";
export { type LineKey, eachLineAsKey, eachSortedLine } from "./job/sorted-lines.ts";
export { requiredText } from "./job/required-text.ts";
export { type SampledRanges, sampledRanges } from "./job/partition.ts";
export { type JoinDefinition, defineJoin } from "./join/define-join.ts";
export {
  type FullRow,
  type InnerRow,
  type LeftRow,
  type Sides,
  antiJoin,
  fullJoin,
  innerJoin,
  leftJoin,
  semiJoin,
} from "./join/join-rows.ts";
export { type LineCutOptions, eachCutLine } from "./join/each-cut-line.ts";
export { type TextSides, eachJoinedText } from "./join/each-joined-text.ts";
export { chain, outputOf } from "./job/chain.ts";
export type { IsUnset, NoMainOutput, NoOutputsInCombine, NoSetupBeforeMap, Unset } from "./job/infer.ts";
export type {
  Context,
  Emit,
  MapContext,
  NotAPromise,
  OrderedEmit,
  Outputs,
  RecordsOf,
  ReduceFunction,
  SetupContext,
  Values,
  Write,
  WritersOf,
} from "./job/context.ts";

export type { Param, ParamDescription, Params, ParamsOf } from "./param/param.ts";
export { type ChoiceOptions, choice } from "./param/choice.ts";
export { type PatternGroupOptions, type PatternOptions, pattern, patternGroup } from "./param/pattern.ts";

export type { Aggregator, AggregatorFields, Codec, FieldValues, KeyCodec, ValueOf, WireOf } from "@millrace/data";
export type {
  ByteSink,
  Framing,
  StartsEvent,
  SyncMarkBlock,
  SyncMarkFile,
  SyncMarkItem,
  SyncMarkLayout,
} from "@millrace/data";
export {
  type BooleanOptions,
  type NumberOptions,
  type Scalar,
  type TextOptions,
  type TimeOptions,
  boolean,
  bytes,
  double,
  int,
  integer,
  text,
  time,
} from "./codec/scalar.ts";
export {
  type AnyCodec,
  type AnyKeyCodec,
  type Fields,
  type JsonValue,
  type ObjectOf,
  type WiresOf,
  json,
  list,
  object,
  optional,
  tuple,
} from "./codec/compound.ts";

export {
  type Format,
  type Input,
  type InputFormat,
  type Output,
  type OutputFormat,
  type RecordReader,
  type RecordReaderOptions,
  type RecordWriter,
  badRecord,
  createFormat,
  createInput,
  createOutput,
  noRecord,
} from "./format/format.ts";
export { records } from "./format/records.ts";
export type { Condition, Expr, ExprValue, Kind, Kinds } from "./expression/expr.ts";
export type { Columns, ColumnsOf, Table } from "./expression/table.ts";
export type { Literal, Operand } from "./expression/operand.ts";
export {
  and,
  atLeast,
  atMost,
  equals,
  greaterThan,
  isMissing,
  lessThan,
  not,
  notEquals,
  or,
} from "./expression/conditions.ts";
export { add, divide, multiply, subtract } from "./expression/arithmetic.ts";
export { type Duration, floorTime } from "./expression/floor-time.ts";
export type { EmittedColumns, EmittedValue } from "./job/emitted-columns.ts";
export { type Options, choose } from "./expression/choose.ts";
export { before, contains, hasPrefix, matches, substring, textOf, words } from "./expression/texts.ts";
export { type SideTable, lookup, sideTable } from "./expression/side-table.ts";
export { type Count, count, mean, standardDeviation, sum, variance } from "./aggregate/totals.ts";
export { type ChosenBy, type Ordered, first, last, max, maxBy, min, minBy } from "./aggregate/choices.ts";
export {
  type Bucket,
  distinct,
  exponentialBounds,
  histogram,
  linearBounds,
  quantile,
} from "./aggregate/distributions.ts";
export { type Heaviest, type PresentValue, type Weighted, sample, set, topK } from "./aggregate/lists.ts";
export { type FieldResults, fields } from "./aggregate/fields.ts";
export type {
  AnySource,
  ChoosingAggregator,
  ChoosingOver,
  MissingOf,
  NumberSource,
  Over,
  ResultExpr,
  SourceValue,
} from "./aggregation/over.ts";
export type { ColumnAggregator } from "./aggregation/column-aggregator.ts";
export {
  type At,
  type GroupingDefinition,
  type RankedExprs,
  type Row,
  defineAggregation,
} from "./aggregation/define-aggregation.ts";
