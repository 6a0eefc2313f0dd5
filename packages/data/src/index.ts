// The data plane: bytes in and bytes out. Exports stand in the order of the data's way.

export { DataError, type DataErrorCode, type DataErrorDetails, DataInvariantError } from "./data-error.ts";
export { dataLimits, dataVersion } from "./data-limits.ts";
export { ByteSink } from "./bytes/byte-sink.ts";
export { ByteReader } from "./bytes/byte-reader.ts";
export { compareBytes } from "./bytes/compare-bytes.ts";

export type { ChunkSource, RecordBatch, SplitReader, SplitReaderOptions } from "./split/split-reader.ts";

export type { Codec, KeyCodec, ValueOf, WireOf } from "./codec/codec.ts";
export type { Aggregator, StateCell } from "./aggregate/aggregator.ts";

export type { BlockCodec, ByteSource, ByteTarget, Crc32, RunStore, RunTools } from "./run/byte-store.ts";
export type { SegmentSummary, SegmentVector } from "./conserve/segment-vector.ts";

export type { MapOutput, MapOutputOptions, MapOutputResult } from "./map/map-output.ts";
export type { ReduceInput, ReduceInputOptions, ReduceInputResult, ReduceSegment } from "./reduce/reduce-input.ts";
