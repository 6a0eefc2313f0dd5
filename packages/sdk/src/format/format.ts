// What an input or output format is: to an author a typed value, to the engine a maker of readers or writers behind a
// symbol, so that a column of any name can sit on the format itself.

import type { ByteSink, Framing } from "@millrace/data";
import { checkInputFormat, checkOutputFormat } from "./check-format.ts";
import type { RecordLayout } from "./record-layout.ts";
import type { RowLayout } from "./row-layout.ts";

/** Key of the engine's side of an input. Global, so that two copies of this module agree. */
export const inputSymbol: unique symbol = Symbol.for("millrace.input");
/** Key of the engine's side of an output. */
export const outputSymbol: unique symbol = Symbol.for("millrace.output");

/** What `read` gives for bytes that are no record: counted and sampled, see {@link RecordReader.reason}. */
export const badRecord: unique symbol = Symbol.for("millrace.badRecord");
/** What `read` gives for bytes that hold nothing, such as an empty line between JSON records: not counted. */
export const noRecord: unique symbol = Symbol.for("millrace.noRecord");

/** Something that is read. Made by functions such as `textLines()`. */
export interface Input<out R> {
  readonly [inputSymbol]: InputFormat<R>;
}

/** Something that is written. */
export interface Output<in O> {
  readonly [outputSymbol]: OutputFormat<O>;
}

/** Something that is read and written with one type of record. */
export interface Format<in out R> extends Input<R>, Output<R> {}

/** Engine's side of an input: how bytes are cut, and a maker of readers. */
export interface InputFormat<out R> {
  /** Shown in plans and messages: `text-lines`. */
  readonly name: string;
  /**
   * How planning may cut a file. `none`: one split a file. `delimiter`: at any byte, as the split reader finds the next
   * record by the framing. `sync-mark`: the same, for the framing of this name. `numbers`: there is no file; see {@link InputFormat.numbers}.
   */
  readonly splitting: "none" | "delimiter" | "sync-mark" | "numbers";
  /** How the split reader cuts records. */
  readonly framing: Framing;
  /**
   * With splitting `numbers`: the records are the numbers from 0 to this one (exclusive), or to the value of the job's
   * parameter of this name. They are handed to the map as they are; no reader is made.
   */
  readonly numbers?: number | string;
  /**
   * The records' type as the wire form of a codec, `"text"` or `{ id: "text", age: { optional: "int" } }`, where the
   * format knows it: shown by `--dry-run` and compared between the jobs of a chain.
   */
  readonly wire?: unknown;
  /** Where the columns lie in a record's bytes, for kernels; left out, each record goes through the reader. */
  readonly layout?: RecordLayout;
  /** Set for records in memory between the jobs of a chain: no file has the format. */
  readonly between?: boolean;
  /** Make a reader for one attempt; it may keep state and memory of its own. */
  readonly createReader: (options: RecordReaderOptions) => RecordReader<R>;
}

/** What a reader is given. */
export interface RecordReaderOptions {
  /** Raise one of the engine's own counters, whose names begin with `millrace.`. */
  readonly count: (counter: string, by: number) => void;
}

/** Turns the bytes of one record after the other into values. Synchronous; not for two threads. */
export interface RecordReader<out R> {
  /** Called before the records of each part of a split: `offset` is 0 where the file begins, as a header does. */
  readonly begin?: (part: { readonly uri: string; readonly offset: number }) => void;
  /**
   * Called after the last record of each part: what a reader has kept back of records that go over several (with
   * splitting `none`). `read` gave {@link noRecord} for what it kept.
   */
  readonly finish?: () => R | typeof badRecord | typeof noRecord;
  /**
   * Make the record of `bytes[begin]` to `bytes[end]` (exclusive, without its delimiter). The bytes stay the caller's:
   * nothing of them is used after the call returns, so a record may be kept for ever.
   */
  readonly read: (bytes: Uint8Array, begin: number, end: number) => R | typeof badRecord | typeof noRecord;
  /** Why the last call gave {@link badRecord}: a short clause such as `the line ends before its closing quote`. */
  readonly reason: () => string;
}

/** Engine's side of an output: a maker of writers. */
export interface OutputFormat<in O> {
  /** Shown in plans and messages: `json-lines`. */
  readonly name: string;
  /** How rows lie in the file's bytes, for kernels; left out, each record goes through the writer. */
  readonly rows?: RowLayout;
  /** Of part files, without the dot: `jsonl`. */
  readonly extension: string;
  /** The records' type, as {@link InputFormat.wire}. */
  readonly wire?: unknown;
  /** As {@link InputFormat.between}. */
  readonly between?: boolean;
  /** Make a writer for one attempt; it may keep memory of its own. */
  readonly createWriter: () => RecordWriter<O>;
}

/** Turns one record after the other into bytes. */
export interface RecordWriter<in O> {
  /** Append what stands before the first record of a file, such as a header; also for a file without records. */
  readonly begin?: (sink: ByteSink) => void;
  /** Append what is kept back, and what stands after the last record of a file. */
  readonly finish?: (sink: ByteSink) => void;
  /**
   * Append the record's bytes, its delimiter included. Nothing of `record` is kept. A throw may leave a part behind.
   *
   * @throws {MillraceError} E_VALUE_INVALID when the record is not of the format.
   */
  readonly write: (record: O, sink: ByteSink) => void;
}

/**
 * Make an input format of your own. What it declares is checked, and planning goes by it alone: no code of a format runs
 * before a task reads. Check it in your tests with `checkInputFormat`.
 *
 * @throws {MillraceError} E_JOB_INVALID for a format without a splitting rule, or with a member of the wrong kind.
 * @example
 * ```ts
 * import { badRecord, createInput } from "millrace";
 *
 * // One number a line.
 * export const numberLines = () =>
 *   createInput({
 *     name: "number-lines",
 *     splitting: "delimiter",
 *     framing: { kind: "delimited", delimiter: "line" },
 *     createReader: () => {
 *       const decoder = new TextDecoder();
 *       return {
 *         read: (bytes, begin, end) => {
 *           const text = decoder.decode(bytes.subarray(begin, end));
 *           return /^-?\d+$/u.test(text) ? Number(text) : badRecord;
 *         },
 *         reason: () => "not a whole number",
 *       };
 *     },
 *   });
 * ```
 */
export function createInput<R>(format: InputFormat<R>): Input<R> {
  return { [inputSymbol]: checkInputFormat(format) };
}

/**
 * Make an output format of your own. Check it in your tests with `checkOutputFormat`.
 *
 * @throws {MillraceError} E_JOB_INVALID for a member that is missing or of the wrong kind.
 * @example
 * ```ts
 * import { createOutput } from "millrace";
 *
 * export const shoutingLines = () =>
 *   createOutput<string>({
 *     name: "shouting-lines",
 *     extension: "txt",
 *     createWriter: () => ({
 *       write: (line, sink) => sink.writeText(`${line.toUpperCase()}\n`),
 *     }),
 *   });
 * ```
 */
export function createOutput<O>(format: OutputFormat<O>): Output<O> {
  return { [outputSymbol]: checkOutputFormat(format) };
}

/**
 * Make a format that is read and written, of both sides as {@link createInput} and {@link createOutput} take them.
 *
 * @throws {MillraceError} E_JOB_INVALID, as these.
 * @example
 * ```ts
 * import { createFormat } from "millrace";
 *
 * // Each file is one record of bytes, and each record one after the other.
 * export const blobs = () =>
 *   createFormat<Uint8Array>(
 *     {
 *       name: "blobs",
 *       splitting: "none",
 *       framing: { kind: "whole-file" },
 *       createReader: () => ({ read: (bytes, begin, end) => bytes.slice(begin, end), reason: () => "" }),
 *     },
 *     { name: "blobs", extension: "bin", createWriter: () => ({ write: (blob, sink) => sink.writeBytes(blob) }) },
 *   );
 * ```
 */
export function createFormat<R>(input: InputFormat<R>, output: OutputFormat<R>): Format<R> {
  return { [inputSymbol]: checkInputFormat(input), [outputSymbol]: checkOutputFormat(output) };
}

/** Take the engine's side of an input. */
export function inputFormatOf<R>(input: Input<R>): InputFormat<R> {
  return input[inputSymbol];
}

/** Take the engine's side of an output. */
export function outputFormatOf<O>(output: Output<O>): OutputFormat<O> {
  return output[outputSymbol];
}
