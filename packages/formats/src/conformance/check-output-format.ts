// The conformance kit for outputs: what every output format must keep, checked on records.

import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import type { Input, Output } from "@millrace/sdk";
import {
  type InputFormat,
  type OutputFormat,
  type RecordWriter,
  inputFormatOf,
  outputFormatOf,
} from "@millrace/sdk/engine";
import { checkFormatArgument, checkOutputSamples } from "./check-arguments.ts";
import { readInSplits } from "./read-in-splits.ts";
import { showRecord } from "./show-record.ts";

/** What to write. */
export interface OutputSamples<O> {
  readonly records: readonly O[];
  /** Records that must be refused with E_VALUE_INVALID. */
  readonly refused?: readonly unknown[];
  /** Reads what the output wrote: then what is read must equal what was written. */
  readonly readBy?: Input<unknown>;
}

/** What was checked. */
export interface OutputReport {
  readonly records: number;
  /** Of the file with all records. */
  readonly bytes: Uint8Array;
}

/**
 * Check an output format on records:
 *
 * - the bytes of a file depend on its records alone: other writers, other files and what is in the sink before change
 *   nothing;
 * - a writer appends and leaves what is there, and changes no record;
 * - a file without records is what `begin` and `finish` write, and is read as one without records;
 * - what is no record of the format is refused with E_VALUE_INVALID;
 * - with `readBy` each record is read as it was written.
 *
 * @returns the bytes of the file, owned by the caller.
 * @throws {MillraceError} E_JOB_INVALID that names the rule that is broken.
 * @example
 * ```ts
 * const hits = csv({ columns: { path: text(), hits: int() } });
 * checkOutputFormat(hits, { records: [{ path: "/", hits: 1 }], readBy: hits });
 * ```
 */
export function checkOutputFormat<O>(output: Output<O>, samples: OutputSamples<O>): OutputReport {
  const call = "checkOutputFormat";
  checkFormatArgument(output, { call, kind: "output", what: "its first argument" });
  checkOutputSamples(samples);
  if (samples.readBy !== undefined) checkFormatArgument(samples.readBy, { call, kind: "input", what: '"readBy"' });
  const format = outputFormatOf(output);
  const { records } = samples;
  const bytes = writeFile(format, records);
  checkPure(format, records, bytes);
  for (const value of samples.refused ?? []) checkRefused(format, value);
  if (samples.readBy !== undefined) {
    const input = inputFormatOf(samples.readBy);
    checkRead(format, { input, records, bytes });
    checkRead(format, { input, records: [], bytes: writeFile(format, []) });
  }
  return { records: records.length, bytes };
}

/** Write a file with these records. */
function writeFile<O>(format: OutputFormat<O>, records: readonly O[], sink = new ByteSink()): Uint8Array {
  const before = sink.toBytes();
  const writer = format.createWriter();
  writer.begin?.(sink);
  for (const record of records) {
    const shown = showRecord(record);
    writer.write(record, sink);
    if (showRecord(record) !== shown) refuse(format, `it changes the record ${shown}`, "leave records as they are");
  }
  writer.finish?.(sink);
  const bytes = sink.toBytes();
  if (before.some((byte, index) => byte !== bytes[index]))
    refuse(format, "it changes what was in the sink before", "append only");
  return bytes.slice(before.length);
}

function checkPure<O>(format: OutputFormat<O>, records: readonly O[], bytes: Uint8Array): void {
  const sink = new ByteSink(1);
  sink.writeBytes(Uint8Array.of(1, 2, 3));
  if (!equal(writeFile(format, records, sink), bytes))
    refuse(format, "a file has other bytes when the sink holds some before", "let bytes depend on the records alone");
  // Two files at once, record by record.
  const files = [new ByteSink(), new ByteSink()].map((each) => ({ sink: each, writer: format.createWriter() }));
  for (const file of files) file.writer.begin?.(file.sink);
  for (const record of records) for (const file of files) file.writer.write(record, file.sink);
  for (const file of files) file.writer.finish?.(file.sink);
  if (!files.every((file) => equal(file.sink.toBytes(), bytes)))
    refuse(format, "two writers at once write other bytes than one", "keep state in the writer, not beside it");
}

function checkRefused<O>(format: OutputFormat<O>, value: unknown): void {
  const writer = format.createWriter() as RecordWriter<unknown>;
  try {
    writer.write(value, new ByteSink());
  } catch (thrown) {
    if (isMillraceError(thrown) && thrown.code === "E_VALUE_INVALID") return;
    refuse(format, `it throws ${quote(String(thrown))} for ${showRecord(value)}`, "throw E_VALUE_INVALID");
  }
  refuse(format, `it takes ${showRecord(value)}`, "throw E_VALUE_INVALID");
}

function checkRead<O>(
  format: OutputFormat<O>,
  file: { readonly input: InputFormat<unknown>; readonly records: readonly unknown[]; readonly bytes: Uint8Array },
): void {
  const plan = { cuts: [], chunkBytes: 64, filler: 0x22 };
  const outcomes = readInSplits(file.input, { uri: "written", bytes: file.bytes }, plan);
  for (let index = 0; index < Math.max(outcomes.length, file.records.length); index++) {
    const outcome = outcomes[index];
    const wanted = index < file.records.length ? showRecord(file.records[index]) : "nothing";
    const got = outcome === undefined ? "nothing" : "bad" in outcome ? `a bad record (${outcome.bad})` : outcome.record;
    if (got !== wanted)
      refuse(
        format,
        `record ${index} is read back as ${got}, written was ${wanted}`,
        "escape what would be read as something else",
      );
  }
}

function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function refuse<O>(format: OutputFormat<O>, reason: string, hint: string): never {
  throw new MillraceError("E_JOB_INVALID", `Cannot accept the output format ${quote(format.name)}: ${reason}; ${hint}`);
}
