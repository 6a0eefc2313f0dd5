// Reads and writes records through the engine's side of a format, as a task host does.

import { ByteSink } from "@millrace/data";
import type { Input, Output } from "@millrace/sdk";
import { badRecord, inputFormatOf, noRecord, outputFormatOf } from "@millrace/sdk/engine";

/** What came of one record's bytes. */
export type Read<R> = { readonly record: R } | { readonly bad: string } | { readonly none: true };

/** Read each text or byte array as one record. */
export function readEach<R>(
  input: Input<R>,
  records: readonly (string | Uint8Array)[],
  counters: Map<string, number> = new Map(),
): readonly Read<R>[] {
  const reader = inputFormatOf(input).createReader({
    count: (name, by) => counters.set(name, (counters.get(name) ?? 0) + by),
  });
  return records.map((record) => {
    // Surrounded by other bytes and overwritten afterwards: a reader may look at neither.
    const bytes = typeof record === "string" ? new TextEncoder().encode(record) : record;
    const chunk = new Uint8Array(bytes.length + 8).fill(0x22);
    chunk.set(bytes, 4);
    const value = reader.read(chunk, 4, 4 + bytes.length);
    chunk.fill(0x23);
    if (value === badRecord) return { bad: reader.reason() };
    return value === noRecord ? { none: true } : { record: value };
  });
}

/** Read one record that is good. */
export function readOne<R>(input: Input<R>, record: string | Uint8Array): R {
  const [read] = readEach(input, [record]);
  if (read === undefined || !("record" in read)) throw new Error(`not a record: ${JSON.stringify(read)}`);
  return read.record;
}

/** Write records. @returns the bytes of the file. */
export function writeBytes<O>(output: Output<O>, records: Iterable<O>): Uint8Array {
  const sink = new ByteSink();
  const writer = outputFormatOf(output).createWriter();
  writer.begin?.(sink);
  for (const record of records) writer.write(record, sink);
  writer.finish?.(sink);
  return sink.toBytes();
}

/** Write records. @returns the text of the file. */
export function writeAll<O>(output: Output<O>, records: readonly O[]): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(writeBytes(output, records));
}
