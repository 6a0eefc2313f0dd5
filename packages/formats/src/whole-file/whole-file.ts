// Files as records: one record a file.

import type { KeyCodec } from "@millrace/data";
import { type Table, text } from "@millrace/sdk";
import { type InputFormat, createTable } from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";

/** A file. Its bytes are a copy that the record owns. */
export type WholeFileRecord = {
  /** Where the file is, as it was listed: `file:///logs/a.json`. */
  readonly uri: string;
  /** All of it, decompressed; at most 64 MiB. */
  readonly bytes: Uint8Array;
  /** The bytes as UTF-8, decoded when read; bytes that are none become U+FFFD and count in `millrace.invalidUtf8Records`. */
  readonly text: string;
};

/** The columns of files. */
export type WholeFileColumns = {
  readonly uri: KeyCodec<string, "text">;
  readonly text: KeyCodec<string, "text">;
};

/**
 * Read each file as one record of its URI and its content, for files that cannot be cut: documents, images, JSON over
 * many lines. A file without bytes has no record. A file above 64 MiB fails the job with `E_RECORD_TOO_LARGE`.
 *
 * @example
 * ```ts
 * input: wholeFile(),
 * map: (file, emit) => emit({ uri: file.uri, keys: Object.keys(JSON.parse(file.text)).length }),
 * output: jsonLines(),
 * ```
 */
export function wholeFile(): Table<WholeFileColumns, WholeFileRecord> {
  return createTable(input, { uri: text(), text: text() });
}

const input: InputFormat<WholeFileRecord> = {
  name: "whole-file",
  splitting: "none",
  framing: { kind: "whole-file" },
  createReader: ({ count }) => {
    const decoder = new TextDecoderOfRecords(count);
    let uri = "";
    return {
      begin: (part) => {
        uri = part.uri;
      },
      read: (bytes, begin, end) => new FileRecord(uri, bytes.slice(begin, end), decoder),
      reason: () => "",
    };
  },
};

class FileRecord implements WholeFileRecord {
  readonly uri: string;
  readonly bytes: Uint8Array;
  readonly #decoder: TextDecoderOfRecords;
  #text: string | undefined;

  constructor(uri: string, bytes: Uint8Array, decoder: TextDecoderOfRecords) {
    this.uri = uri;
    this.bytes = bytes;
    this.#decoder = decoder;
  }

  get text(): string {
    this.#text ??= this.#decoder.decode(this.bytes, 0, this.bytes.length);
    return this.#text;
  }

  /** What JSON shows: the text, which is what a file of a job mostly is. */
  toJSON(): { readonly uri: string; readonly text: string } {
    return { uri: this.uri, text: this.text };
  }
}
