// Records of SequenceFiles out of their bytes: the header first, which says how to read those of the file.

import { MillraceError, limits, quote } from "@millrace/core";
import { type RecordReader, type RecordReaderOptions, badRecord, noRecord } from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";
import { type SequenceCodec, unpackBuffer } from "./sequence-codec.ts";
import { readSequenceHeader } from "./sequence-header.ts";
import { readInt, recordHeadBytes } from "./sequence-layout.ts";
import type { NoValue, Writable } from "./writable.ts";

/** A record as it is handed to a map. */
export interface RawRecord {
  readonly key: unknown;
  readonly value: unknown;
}

/** Reads what `sequenceLayout` cuts. */
export class SequenceReader implements RecordReader<RawRecord> {
  readonly #key: Writable<unknown>;
  readonly #value: Writable<unknown>;
  readonly #decoder: TextDecoderOfRecords;
  #uri = "";
  #reason = "";
  #isHeader = true;
  /** Of the values, when each is compressed by itself. */
  #codec: SequenceCodec | undefined;

  constructor({ count }: RecordReaderOptions, key: Writable<unknown>, value: Writable<unknown>) {
    this.#key = key;
    this.#value = value;
    this.#decoder = new TextDecoderOfRecords(count);
  }

  readonly begin = ({ uri }: { readonly uri: string }): void => {
    this.#uri = uri;
    this.#isHeader = true;
  };

  readonly read = (bytes: Uint8Array, begin: number, end: number): RawRecord | typeof badRecord | typeof noRecord => {
    if (this.#isHeader) {
      this.#readHeader(bytes.subarray(begin, end));
      return noRecord;
    }
    const length = end - begin - recordHeadBytes;
    const said = length < 0 ? -1 : readInt(bytes, begin);
    if (said !== length) {
      const of = said < 0 ? "" : ` of ${said + recordHeadBytes}`;
      return this.#bad({ fault: `the file ends after ${end - begin}${of} bytes of the record` });
    }
    const keyBegin = begin + recordHeadBytes;
    const keyEnd = keyBegin + readInt(bytes, begin + 4);
    const key = this.#key.read(bytes, { begin: keyBegin, end: keyEnd }, this.#decoder);
    if (isFault(key)) return this.#bad(key, "key: ");
    const value = this.#readValue(bytes, keyEnd, end);
    if (isFault(value)) return this.#bad(value, "value: ");
    return { key, value };
  };

  readonly reason = (): string => this.#reason;

  #readValue(bytes: Uint8Array, begin: number, end: number): unknown {
    if (this.#codec === undefined) return this.#value.read(bytes, { begin, end }, this.#decoder);
    const content = unpackBuffer(this.#codec, bytes.subarray(begin, end), limits.recordBytesMax);
    if (typeof content === "string") return { fault: `its ${this.#codec} data is damaged (${content})` };
    return this.#value.read(content, { begin: 0, end: content.length }, this.#decoder);
  }

  #readHeader(head: Uint8Array): void {
    const header = readSequenceHeader(head);
    if ("needs" in header || "fault" in header) throw new TypeError("a header that was read is none");
    this.#check("keys", header.keyClass, this.#key);
    this.#check("values", header.valueClass, this.#value);
    this.#codec = header.compression === "record" ? header.codec : undefined;
    this.#isHeader = false;
  }

  #check(what: "keys" | "values", className: string, wanted: Writable<unknown>): void {
    if (className === wanted.className) return;
    throw new MillraceError(
      "E_INPUT_FORMAT",
      `Cannot read ${quote(this.#uri)}: its ${what} are ${quote(className)}, and the job reads ${quote(wanted.className)}; name the file's classes in sequenceFile({ key, value })`,
    );
  }

  #bad({ fault }: NoValue, of = ""): typeof badRecord {
    this.#reason = `${of}${fault}`;
    return badRecord;
  }
}

function isFault(value: unknown): value is NoValue {
  return typeof value === "object" && value !== null && "fault" in value;
}
