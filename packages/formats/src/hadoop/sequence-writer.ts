// SequenceFiles out of records. Hadoop draws a file's sync mark at random; here it is made of the file's first section, so
// that equal records give equal bytes, and other files have other marks.

import { MillraceError, limits } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import type { RecordWriter } from "@millrace/sdk/engine";
import { createHash } from "node:crypto";
import type { RawRecord } from "./sequence-reader.ts";
import { type SequenceCodec, classOfCodec, packBuffer } from "./sequence-codec.ts";
import { type SequenceCompression, syncBytes, writeSequenceHeader } from "./sequence-header.ts";
import { recordHeadBytes } from "./sequence-layout.ts";
import { writeVariableInt } from "./variable-int.ts";
import type { Writable } from "./writable.ts";

/** What a writer is made of. */
export interface SequenceWriterOptions {
  readonly key: Writable<unknown>;
  readonly value: Writable<unknown>;
  readonly compression: SequenceCompression;
  readonly codec: Exclude<SequenceCodec, "bzip2">;
}

/** A mark at least every so many bytes of records (Hadoop 3: `SYNC_INTERVAL`, 5 KiB × 20). */
const syncIntervalBytes = 102_400;
/** Content of a block (Hadoop: `io.seqfile.compress.blocksize`). */
const blockContentBytes = 1_000_000;

/** Writes one file. Memory: its first section, or one block. */
export class SequenceWriter implements RecordWriter<RawRecord> {
  readonly #options: SequenceWriterOptions;
  /** The first section, until the mark is made of it. */
  readonly #first = new ByteSink(4096);
  readonly #key = new ByteSink();
  readonly #value = new ByteSink();
  #sync: Uint8Array | undefined;
  /** Bytes since the last mark, or in the open block. */
  #sectionBytes = 0;
  #count = 0;
  readonly #columns = [new ByteSink(), new ByteSink(), new ByteSink(), new ByteSink()] as const;

  constructor(options: SequenceWriterOptions) {
    this.#options = options;
  }

  readonly write = (record: RawRecord, sink: ByteSink): void => {
    const given: RawRecord | null | undefined = record;
    if (typeof given !== "object" || given === null)
      throw new MillraceError("E_VALUE_INVALID", "Cannot write a record: it is no object; emit { key, value }");
    this.#key.clear();
    this.#value.clear();
    this.#options.key.write(given.key, this.#key);
    this.#options.value.write(given.value, this.#value);
    checkSize(this.#key.length + this.#value.length);
    if (this.#options.compression === "block") this.#addToBlock(sink);
    else this.#writeRecord(sink);
  };

  readonly finish = (sink: ByteSink): void => {
    if (this.#count > 0) this.#writeBlock(sink);
    if (this.#sync === undefined) this.#writeHeader(sink);
  };

  #writeRecord(sink: ByteSink): void {
    const { compression, codec } = this.#options;
    if (compression === "record") {
      const [packed] = this.#columns;
      packed.clear();
      packBuffer(codec, this.#value.view(), packed);
    }
    const value = compression === "record" ? this.#columns[0] : this.#value;
    if (this.#sectionBytes >= syncIntervalBytes) this.#writeMark(sink);
    const target = this.#sync === undefined ? this.#first : sink;
    const before = target.length;
    target.writeUint32(this.#key.length + value.length);
    target.writeUint32(this.#key.length);
    target.writeBytes(this.#key.view());
    target.writeBytes(value.view());
    this.#sectionBytes += target.length - before;
  }

  #addToBlock(sink: ByteSink): void {
    const [keyLengths, keys, valueLengths, values] = this.#columns;
    writeVariableInt(keyLengths, this.#key.length);
    keys.writeBytes(this.#key.view());
    writeVariableInt(valueLengths, this.#value.length);
    values.writeBytes(this.#value.view());
    this.#count += 1;
    if (keys.length + values.length >= blockContentBytes) this.#writeBlock(sink);
  }

  #writeBlock(sink: ByteSink): void {
    const packed = new ByteSink(blockContentBytes / 4);
    writeVariableInt(packed, this.#count);
    const part = new ByteSink();
    for (const column of this.#columns) {
      part.clear();
      packBuffer(this.#options.codec, column.view(), part);
      writeVariableInt(packed, part.length);
      packed.writeBytes(part.view());
      column.clear();
    }
    this.#count = 0;
    if (this.#sync === undefined) {
      this.#first.writeBytes(packed.view());
      this.#writeHeader(sink);
    } else {
      writeMark(sink, this.#sync);
      sink.writeBytes(packed.view());
    }
  }

  #writeMark(sink: ByteSink): void {
    if (this.#sync === undefined) this.#sync = this.#writeHeader(sink);
    writeMark(sink, this.#sync);
    this.#sectionBytes = 0;
  }

  /** Write what comes before the second section. */
  #writeHeader(sink: ByteSink): Uint8Array {
    const { key, value, compression, codec } = this.#options;
    const header = new ByteSink();
    writeSequenceHeader(header, {
      keyClass: key.className,
      valueClass: value.className,
      compression,
      codecClass: classOfCodec(codec),
    });
    const digest = createHash("sha256").update(header.view()).update(this.#first.view()).digest();
    const sync = digest.subarray(0, syncBytes);
    sink.writeBytes(header.view());
    sink.writeBytes(sync);
    // A block has a mark before it, the first one too.
    if (compression === "block" && this.#first.length > 0) writeMark(sink, sync);
    sink.writeBytes(this.#first.view());
    this.#first.clear();
    this.#sync = sync;
    return sync;
  }
}

function writeMark(sink: ByteSink, sync: Uint8Array): void {
  sink.writeUint32(0xffffffff);
  sink.writeBytes(sync);
}

function checkSize(bytes: number): void {
  const max = limits.recordBytesMax - recordHeadBytes;
  if (bytes <= max) return;
  throw new MillraceError(
    "E_RECORD_TOO_LARGE",
    `Cannot write a record: it has ${bytes} bytes, more than ${max}; write smaller records`,
  );
}
