// Bytes to text, one record at a time. Bytes that are no UTF-8 become U+FFFD, are counted, and never cost a record.

import { isUtf8 } from "node:buffer";

/** Name of the counter of records that had bytes which are no UTF-8. */
export const invalidUtf8Counter = "millrace.invalidUtf8Records";

const replacement = "\uFFFD";

/** Decodes records of chunk after chunk. Holds a view of the last chunk, so that a record costs no object beside its text. */
export class TextDecoderOfRecords {
  #chunk: Uint8Array = new Uint8Array(0);
  #view: Buffer = Buffer.alloc(0);
  readonly #count: (counter: string, by: number) => void;

  constructor(count: (counter: string, by: number) => void) {
    this.#count = count;
  }

  /** Decode `bytes[begin]` to `bytes[end]` (exclusive). The text keeps nothing of the bytes. */
  decode(bytes: Uint8Array, begin: number, end: number): string {
    if (bytes !== this.#chunk) {
      this.#chunk = bytes;
      this.#view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    const text = this.#view.toString("utf8", begin, end);
    // A text of one-byte characters, the usual one, cannot hold U+FFFD and is not searched.
    if (text.includes(replacement) && !isUtf8(Buffer.copyBytesFrom(bytes, begin, end - begin)))
      this.#count(invalidUtf8Counter, 1);
    return text;
  }
}
