// Hadoop's SequenceFiles, in and out: pairs of keys and values in Hadoop's own serialisation.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { Output, Table } from "@millrace/sdk";
import { type InputFormat, type OutputFormat, createTable } from "@millrace/sdk/engine";
import type { SequenceCodec } from "./sequence-codec.ts";
import type { SequenceCompression } from "./sequence-header.ts";
import { sequenceLayout } from "./sequence-layout.ts";
import { type RawRecord, SequenceReader } from "./sequence-reader.ts";
import { SequenceWriter } from "./sequence-writer.ts";
import {
  type Writable,
  type WritableCodecs,
  type WritableName,
  type WritableValues,
  writableCodecs,
  writables,
} from "./writable.ts";

/** A pair. Bytes are the record's own. */
export type SequenceRecord<K extends WritableName, V extends WritableName> = {
  readonly key: WritableValues[K];
  readonly value: WritableValues[V];
};

/** Columns of SequenceFiles: `key` and `value`. */
export type SequenceColumns<K extends WritableName, V extends WritableName> = {
  readonly key: WritableCodecs[K];
  readonly value: WritableCodecs[V];
};

/** Say what the files hold. */
export interface SequenceFileOptions<K extends WritableName, V extends WritableName> {
  /** Class of the keys; `Text` unless given. */
  readonly key?: K;
  /** Class of the values; `Text` unless given. */
  readonly value?: V;
  /** Of written files: `none` unless given. What is read says it itself. */
  readonly compression?: SequenceCompression;
  /** Of written files with compression: `zlib`, Hadoop's DefaultCodec, unless given. */
  readonly codec?: Exclude<SequenceCodec, "bzip2">;
}

/**
 * Read and write SequenceFiles of `Text`, `LongWritable`, `IntWritable`, `BytesWritable` and `NullWritable`. Files may be
 * uncompressed, or compressed by record or by block with DefaultCodec, GzipCodec, SnappyCodec, Lz4Codec, ZStandardCodec and, read
 * only, BZip2Codec; they are cut into splits at their sync marks. Files of other classes are refused with `E_INPUT_FORMAT`.
 * A file that ends within a record ends with a bad record; other damage is `E_INPUT_CORRUPT`. A `LongWritable` beyond 2^53 is
 * a bad record.
 *
 * @throws {MillraceError} E_JOB_INVALID for a class, compression or codec that is none of these.
 * @see Hadoop, `org.apache.hadoop.io.SequenceFile`.
 * @example
 * ```ts
 * input: sequenceFile({ key: "LongWritable", value: "Text" }),
 * map: (record, emit) => { for (const word of record.value.split(" ")) emit(word, 1); },
 * reduce: sum(),
 * output: sequenceFile({ key: "Text", value: "LongWritable", compression: "block" }),
 * ```
 */
export function sequenceFile<const K extends WritableName = "Text", const V extends WritableName = "Text">(
  options: SequenceFileOptions<K, V> = {},
): Table<SequenceColumns<K, V>, SequenceRecord<K, V>> & Output<SequenceRecord<K, V>> {
  const names = Object.keys(writables) as WritableName[];
  const keyName = choose("key", options.key ?? "Text", names);
  const valueName = choose("value", options.value ?? "Text", names);
  const key: Writable<unknown> = writables[keyName];
  const value: Writable<unknown> = writables[valueName];
  const compression = choose("compression", options.compression ?? "none", ["none", "record", "block"]);
  const codec = choose("codec", options.codec ?? "zlib", ["zlib", "gzip", "snappy", "lz4", "zstd"]);
  const input: InputFormat<RawRecord> = {
    name: "sequence-file",
    splitting: "sync-mark",
    framing: { kind: "sync-mark", layout: sequenceLayout },
    createReader: (readerOptions) => new SequenceReader(readerOptions, key, value),
  };
  const output: OutputFormat<RawRecord> = {
    name: "sequence-file",
    extension: "seq",
    createWriter: () => new SequenceWriter({ key, value, compression, codec }),
  };
  const table: unknown = createTable(
    input,
    { key: writableCodecs[keyName](), value: writableCodecs[valueName]() },
    output,
  );
  return table as Table<SequenceColumns<K, V>, SequenceRecord<K, V>> & Output<SequenceRecord<K, V>>;
}

function choose<const T extends string>(what: string, given: T, known: readonly T[]): T {
  if (known.includes(given)) return given;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use SequenceFiles: their ${what} is ${quote(given)}${didYouMean(given, known)}; use ${known.join(", ")}`,
  );
}
