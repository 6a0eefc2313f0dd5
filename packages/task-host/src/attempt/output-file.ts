// One output file of an attempt: records through the format's writer into bytes, counted, with a check sum over all
// bytes and the first and last key, so that a manifest can name it and anyone can verify it.

import { MillraceError, limits, quote } from "@millrace/core";
import type { OutputFile } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import type { Crc32 } from "@millrace/data";
import type { RecordWriter } from "@millrace/sdk/engine";
import { hostLimits } from "../host-limits.ts";
import type { OutputBytes } from "./attempt-io.ts";

/** What an output file is made of. */
export interface OutputFileOptions {
  /** Which output: "" is the main one. */
  readonly output: string;
  /** Path below the attempt's directory. */
  readonly path: string;
  /** Opens the file: at the first bytes, since a merge may take long before them, or at the end of an empty output. */
  readonly open: () => OutputBytes;
  readonly writer: RecordWriter<unknown>;
  readonly crc32: Crc32;
}

/** Write the records of one output. */
export class OutputFileWriter {
  records = 0;
  readonly #options: OutputFileOptions;
  readonly #sink = new ByteSink(4_096);
  #isBegun = false;
  #file: OutputBytes | undefined;
  #bytes = 0;
  #crc = 0;
  #keyedRecords = 0;
  #firstKey: string | undefined;
  #lastKey: Uint8Array | undefined;

  constructor(options: OutputFileOptions) {
    this.#options = options;
  }

  /** Which output: "" is the main one. */
  get output(): string {
    return this.#options.output;
  }

  /** Append rows that are made. @throws {MillraceError} E_OUTPUT_WRITE. */
  writeRows(rows: Uint8Array, records: number): void {
    if (!this.#isBegun) this.#begin();
    this.#flush();
    this.records += records;
    this.#writeOut(rows);
  }

  /** Append one record. @throws {MillraceError} E_VALUE_INVALID, E_RECORD_TOO_LARGE, E_OUTPUT_WRITE. */
  write(record: unknown): void {
    if (!this.#isBegun) this.#begin();
    const before = this.#sink.length;
    this.#options.writer.write(record, this.#sink);
    const bytes = this.#sink.length - before;
    if (bytes > limits.recordBytesMax) {
      throw new MillraceError(
        "E_RECORD_TOO_LARGE",
        `Cannot write a record: it has ${bytes} bytes, more than ${limits.recordBytesMax}; write smaller records`,
      );
    }
    this.records += 1;
    if (this.#sink.length >= hostLimits.writeBytes) this.#flush();
  }

  /** Note the key under which records were written since the last call, if any were. Keys come in order. */
  noteKey(key: Uint8Array): void {
    if (this.records === this.#keyedRecords) return;
    this.#keyedRecords = this.records;
    const shown = key.slice(0, hostLimits.keyShownBytesMax);
    this.#firstKey ??= hex(shown);
    this.#lastKey = shown;
  }

  /** Note the keys of all records at once: the first and the last. */
  noteKeys(first: Uint8Array, last: Uint8Array): void {
    this.noteKey(first);
    this.#lastKey = last.slice(0, hostLimits.keyShownBytesMax);
  }

  /** Append what the format ends a file with, close it and check its length. @throws {MillraceError} E_OUTPUT_WRITE. */
  finish(): OutputFile {
    if (!this.#isBegun) this.#begin();
    this.#options.writer.finish?.(this.#sink);
    this.#flush();
    const { output, path } = this.#options;
    const stored = this.#open().close();
    if (stored !== this.#bytes) {
      throw new MillraceError(
        "E_OUTPUT_WRITE",
        `Cannot use output file ${quote(path)}: storage holds ${stored} bytes, not the ${this.#bytes} written; check the storage`,
      );
    }
    const { records } = this;
    const file = { output, path, bytes: stored, records, crc32: this.#crc };
    if (this.#firstKey === undefined || this.#lastKey === undefined) return file;
    return { ...file, firstKey: this.#firstKey, lastKey: hex(this.#lastKey) };
  }

  /** Give up. Never throws. */
  discard(): void {
    this.#file?.discard();
  }

  #begin(): void {
    this.#isBegun = true;
    this.#options.writer.begin?.(this.#sink);
  }

  #open(): OutputBytes {
    this.#file ??= this.#options.open();
    return this.#file;
  }

  #flush(): void {
    if (this.#sink.length === 0) return;
    this.#writeOut(this.#sink.view());
    this.#sink.clear();
  }

  #writeOut(bytes: Uint8Array): void {
    this.#crc = this.#options.crc32(bytes, this.#crc);
    this.#open().write(bytes);
    this.#bytes += bytes.length;
  }
}

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
