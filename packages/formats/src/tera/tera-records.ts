// Rows of the sort benchmark, in and out: 100 bytes each, the first 10 the key.

import { MillraceError } from "@millrace/core";
import type { KeyCodec } from "@millrace/data";
import { type Output, type Table, bytes } from "@millrace/sdk";
import { type InputFormat, type OutputFormat, badRecord, createTable } from "@millrace/sdk/engine";

/** A row. Both parts are the record's own. */
export type TeraRecord = {
  /** 10 bytes. */
  readonly key: Uint8Array;
  /** 90 bytes. */
  readonly value: Uint8Array;
};

/** The columns of rows. */
export type TeraColumns = {
  readonly key: KeyCodec<Uint8Array, "bytes">;
  readonly value: KeyCodec<Uint8Array, "bytes">;
};

const keyBytes = 10;
const rowBytes = 100;
// Making an array of 100 bytes costs more than filling it: 40 rows share one, so a kept row keeps 4 KB at most.
const slabBytes = 40 * rowBytes;

/**
 * Read and write rows of 100 bytes as gensort and Hadoop's TeraGen make them: a key of 10 bytes and a value of 90, no
 * delimiter. A file whose length is no multiple of 100 ends with a bad record.
 *
 * @see Hadoop, `org.apache.hadoop.examples.terasort.TeraInputFormat`; https://www.ordinal.com/gensort.html.
 * @example
 * ```ts
 * input: teraRecords(),
 * key: bytes(),
 * value: bytes(),
 * map: eachRow(),
 * reduce: eachPair(),
 * output: teraRecords(),
 * ```
 */
export function teraRecords(): Table<TeraColumns, TeraRecord> & Output<TeraRecord> {
  return createTable(input, { key: bytes(), value: bytes() }, output);
}

const input: InputFormat<TeraRecord> = {
  name: "tera-records",
  splitting: "delimiter",
  framing: { kind: "fixed", bytes: rowBytes },
  layout: { kind: "pair", keyBytes, valueBytes: rowBytes - keyBytes },
  createReader: () => {
    let slab = new Uint8Array(0);
    let used = 0;
    let reason = "";
    return {
      read: (chunk, begin, end) => {
        if (end - begin !== rowBytes) {
          reason = `the row has ${end - begin} bytes, not ${rowBytes}`;
          return badRecord;
        }
        if (used === slab.length) {
          slab = new Uint8Array(slabBytes);
          used = 0;
        }
        slab.set(chunk.subarray(begin, end), used);
        used += rowBytes;
        return new Row(slab, used - rowBytes);
      },
      reason: () => reason,
    };
  },
};

const output: OutputFormat<TeraRecord> = {
  name: "tera-records",
  extension: "dat",
  rows: { kind: "pair", keyBytes, valueBytes: rowBytes - keyBytes },
  createWriter: () => ({
    write: (record, sink) => {
      const given: TeraRecord | null | undefined = record;
      const { key, value } = given ?? { key: undefined, value: undefined };
      check("key", key, keyBytes);
      check("value", value, rowBytes - keyBytes);
      sink.writeBytes(key);
      sink.writeBytes(value);
    },
  }),
};

/** A row in a slab that no one writes to again. */
class Row implements TeraRecord {
  readonly #slab: Uint8Array;
  readonly #at: number;

  constructor(slab: Uint8Array, at: number) {
    this.#slab = slab;
    this.#at = at;
  }

  get key(): Uint8Array {
    return this.#slab.subarray(this.#at, this.#at + keyBytes);
  }

  get value(): Uint8Array {
    return this.#slab.subarray(this.#at + keyBytes, this.#at + rowBytes);
  }
}

function check(part: string, given: unknown, length: number): asserts given is Uint8Array {
  if (given instanceof Uint8Array && given.length === length) return;
  const what = given instanceof Uint8Array ? `has ${given.length} bytes` : "is no Uint8Array";
  throw new MillraceError(
    "E_VALUE_INVALID",
    `Cannot write a row: its ${part} ${what}; emit { key, value } with ${keyBytes} and ${rowBytes - keyBytes} bytes`,
  );
}
