// The data plane: bytes in and bytes out. Exports stand in the order of the data's way.

export { DataError, type DataErrorCode, type DataErrorDetails, DataInvariantError } from "./data-error.ts";
export { dataLimits, dataVersion } from "./data-limits.ts";
export { ByteSink } from "./bytes/byte-sink.ts";
export { ByteReader } from "./bytes/byte-reader.ts";
export { compareBytes } from "./bytes/compare-bytes.ts";

export { ByteWindow } from "./split/byte-window.ts";
export type { Framing, StartsEvent } from "./split/framing.ts";
export type { SyncMarkBlock, SyncMarkFile, SyncMarkItem, SyncMarkLayout } from "./split/sync-mark.ts";
export type { ChunkSource, RecordBatch, SplitReader, SplitReaderOptions } from "./split/split-reader.ts";
export { createSplitReader } from "./split/create-split-reader.ts";

export type { Codec, KeyCodec, ValueOf, WireOf } from "./codec/codec.ts";
export { type CodecParts, type KeyCodecParts, makeCodec, makeKeyCodec } from "./codec/make-codec.ts";
export { bytesCodec } from "./codec/bytes-codec.ts";
export { textCodec } from "./codec/text-codec.ts";
export { booleanCodec, doubleCodec, intCodec, timeCodec } from "./codec/number-codecs.ts";
export {
  type CodecFields,
  isKeyCodec,
  listCodec,
  objectCodec,
  type ObjectCodec,
  type ObjectOf,
  optionalCodec,
  tupleCodec,
  type TupleOf,
} from "./codec/compound-codecs.ts";
export { jsonCodec } from "./codec/json-codec.ts";
export { partitionHashName, partitionOf } from "./partition/partition-of.ts";
export { rangeOf } from "./partition/range-of.ts";

export type { Aggregator, KernelState, Place, StateCell } from "./aggregate/aggregator.ts";
export { BufferCell } from "./aggregate/buffer-cell.ts";
export { count } from "./aggregate/count.ts";
export { mean, sum, sumOfIntegers } from "./aggregate/sum.ts";
export { standardDeviation, variance, type VarianceOptions } from "./aggregate/variance.ts";
export { max, min } from "./aggregate/min-max.ts";
export { maxBy, minBy, type Ordered } from "./aggregate/min-by.ts";
export { first, last } from "./aggregate/first-last.ts";
export { topK, type Weighted } from "./aggregate/top-k.ts";
export { sample } from "./aggregate/sample.ts";
export { set } from "./aggregate/set.ts";
export { type Bucket, exponentialBounds, histogram, linearBounds } from "./aggregate/histogram.ts";
export { quantile, quantileRelativeError } from "./aggregate/quantile.ts";
export { distinct } from "./aggregate/distinct.ts";
export { aggregateFields, type AggregatorFields, type FieldResults, type FieldValues } from "./aggregate/fields.ts";
export { checkAggregatorLaws, foldValues, type LawSamples, mergeStates, presentState } from "./aggregate/laws.ts";

export {
  type ArithmeticNode,
  type ArithmeticOperation,
  childrenOf,
  chosenExpression,
  type ColumnForm,
  type ColumnNode,
  type CompareNode,
  type CompareTest,
  type DurationUnit,
  type ExpressionNode,
  type ExpressionValue,
  type FloorTimeNode,
  isOptionalExpression,
  type IsMissingNode,
  type JunctionNode,
  type LiteralNode,
  type LookupNode,
  type NotNode,
  type ParameterMark,
  type ParameterNode,
  type ScalarWire,
  type SideTableNode,
  type SubstringNode,
  type TableMark,
  type TextTest,
  type TextTestNode,
  wireOfExpression,
  type WordsNode,
} from "./expression/expression.ts";
export { showExpression } from "./expression/show-expression.ts";
export { ExpressionNamer } from "./expression/expression-key.ts";
export type { ExpressionTools, SideRow } from "./expression/expression-tools.ts";
export { createTimeFloor, type TimeWidth, type TimeZone, widthMs, type ZonePeriod } from "./expression/floor-time.ts";
export { compareTexts, splitWords } from "./expression/text-operations.ts";
export { type ExpressionScope, interpretExpression } from "./expression/interpret.ts";
export { type CompiledExpressions, compileExpressions, type Evaluate } from "./expression/compile.ts";

export { type GroupKey, groupingCountMax, groupKeyCodec } from "./aggregation/group-key.ts";
export type { StatePart } from "./aggregation/state-parts.ts";
export { aggregateGroups, type GroupResults, type GroupRow } from "./aggregation/aggregate-groups.ts";
export { plainValueCodec } from "./aggregation/plain-value.ts";
export { type RankedGroup, topCountMax, type TopGroup, topGroups } from "./aggregation/top-groups.ts";

export { crc32 } from "./hash/crc32.ts";
export { Murmur128 } from "./hash/murmur128.ts";
export type { BlockCodec, ByteSource, ByteTarget, Crc32, RunStore, RunTools } from "./run/byte-store.ts";
export { type ApartValue, RunWriter, type RunWriterOptions, type WrittenRun } from "./run/run-writer.ts";
export { openRunFile, type RunFile, type SegmentEntry, vectorOf } from "./run/run-file.ts";
export type { RunOrigin } from "./run/run-fault.ts";
export { type SegmentRange, SegmentVerifier, verifySegment } from "./run/segment-verifier.ts";
export { MemoryRunStore, memorySource } from "./run/memory-store.ts";

export {
  type ByteInterval,
  checkPartitionConserved,
  checkRangesTile,
  type ReadPartition,
  sumPartition,
} from "./conserve/check-conservation.ts";
export type { SegmentSummary, SegmentVector } from "./conserve/segment-vector.ts";
export { decodeVector, digestVector, encodeVector, vectorEntryBytes } from "./conserve/vector-digest.ts";

export { countsInDouble, keepKernelState, kernelStateOf, presentsDouble } from "./aggregate/kernel-state.ts";
export type { BatchStep } from "./kernel/batch-step.ts";
export { recordAt } from "./kernel/record-at.ts";
export { type TextKernels, textKernels } from "./kernel/text-kernels.ts";
export { type WordKind, wordLetter } from "./kernel/word-letters.ts";
export { countWordsOfLines } from "./kernel/count-words.ts";
export { addRows, type AddRowsOptions } from "./kernel/add-rows.ts";
export {
  type ColumnContent,
  columnsOfLayout,
  isRowLayout,
  type JsonField,
  jsonFieldsMax,
  type JsonLayout,
  type LogLayout,
  type MetricLayout,
  type PatternLayout,
  type PatternLayoutStep,
  type RowLayout,
} from "./kernel/row-columns.ts";
export {
  conditionDepthMax,
  kernelGroupingsMax,
  type RowCondition,
  type ColumnKey,
  type RowCounter,
  type RowGrouping,
  type RowKey,
  rowKeysMax,
  type RowPart,
  type RowProgram,
} from "./kernel/row-program.ts";
export { passLinesWithout } from "./kernel/lines-with.ts";
export { type PlainPattern, takeMatches } from "./kernel/take-matches.ts";
export { KernelMemory, createKernelMemory } from "./memory/kernel-memory.ts";
export type { KernelPlace } from "./memory/kernel-memory.ts";
export { MemoryBudget } from "./memory/memory-budget.ts";
export type { KeySlices, MapOutput, MapOutputResult } from "./map/map-output-face.ts";
export { createMapOutput } from "./map/map-output.ts";
export type { MapOutputOptions } from "./map/map-output-options.ts";
export { KeySample, type KeySampleOptions } from "./map/key-sample.ts";
export {
  createReduceInput,
  type ReduceInput,
  type ReduceInputOptions,
  type ReduceInputResult,
  type ReduceSegment,
} from "./reduce/reduce-input.ts";
export { addCutLines } from "./kernel/add-cuts.ts";
export { addLinesAsKeys, type LinePair } from "./kernel/add-lines.ts";
export { addPairsOfRecords } from "./kernel/add-records.ts";
export { addPairsOfRows } from "./kernel/add-pairs-of-rows.ts";
export type { PairProgram } from "./kernel/pair-program.ts";
export type { JoinKind, JoinPlan, JoinTarget } from "./reduce/join-plan.ts";
export { type RowPlan, type RowTarget, type RowsWritten } from "./reduce/row-plan.ts";
