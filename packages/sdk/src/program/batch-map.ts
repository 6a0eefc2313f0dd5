// A map function of many records at once (`mapBatch`) as hosts call it, and what such a function is given.

import { MillraceError } from "@millrace/core";
import type { StepEmit, StepMapContext } from "./user-functions.ts";

/** Records as the bytes that the input has of them. All of it is the engine's, good until the function returns. */
export interface Batch {
  /** Not to be changed; bytes between and behind records have any value. */
  readonly bytes: Uint8Array;
  /** For record `n` where it begins in `bytes`, at place 2 n, and where it ends (exclusive, without its line ending), at 2 n + 1. */
  readonly offsets: Int32Array;
  /** Records: 1 to 8,192. */
  readonly count: number;
  /** Make a string of bytes `begin` to `end` (exclusive). What is no UTF-8 becomes U+FFFD. */
  readonly text: (begin: number, end: number) => string;
}

/** `emit` of such a function. */
export interface StepBatchEmit extends StepEmit {
  readonly bytes: (begin: number, end: number, value?: unknown, order?: unknown) => void;
}

/** The function, and what bytes are as keys. */
export interface BatchMap {
  readonly run: (batch: Batch, emit: StepBatchEmit, context: StepMapContext) => unknown;
  /**
   * Whether bytes are the encoded form of the key that they are given for: those of a text are where they are ASCII, as
   * others may be no UTF-8.
   */
  readonly encoded: "always" | "ascii" | "never";
  /** Make the key that bytes are given for. @throws {MillraceError} E_USER_CODE where keys are neither texts nor bytes. */
  readonly keyOf: (
    text: Batch["text"],
    bytes: Uint8Array,
    range: { readonly begin: number; readonly end: number },
  ) => unknown;
}

/** What a caller is made of. */
export interface BatchCallerOptions {
  /** Takes keys that are no slices, and records. */
  readonly emit: StepEmit;
  readonly decode: (bytes: Uint8Array, begin: number, end: number) => string;
  /** Takes a slice of the batch as a key. @returns false for what `emit` has to take. */
  readonly takeSlice?: (begin: number, end: number, value: unknown) => boolean;
}

/** Calls a batch map with one batch after the other. */
export class BatchCaller {
  /** Where the slice begins that was last read or emitted: in the record that the function is at. */
  at = 0;
  readonly #map: BatchMap;
  readonly #options: BatchCallerOptions;
  readonly #emit: StepBatchEmit;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(map: BatchMap, options: BatchCallerOptions) {
    this.#map = map;
    this.#options = options;
    const { emit } = options;
    this.#emit = Object.assign((key: unknown, value?: unknown, order?: unknown) => emit(key, value, order), {
      bytes: this.#emitBytes,
    });
  }

  /** Call the function. @returns what it did. */
  call({ bytes, offsets, count }: Omit<Batch, "text">, context: StepMapContext): unknown {
    this.#bytes = bytes;
    this.at = offsets[0] ?? 0;
    return this.#map.run({ bytes, offsets, count, text: this.#text }, this.#emit, context);
  }

  readonly #text = (begin: number, end: number): string => {
    this.#enter("read", begin, end);
    return this.#options.decode(this.#bytes, begin, end);
  };

  readonly #emitBytes = (begin: number, end: number, value?: unknown, order?: unknown): void => {
    this.#enter("emit", begin, end);
    const { takeSlice, emit } = this.#options;
    if (takeSlice?.(begin, end, value) === true) return;
    emit(this.#map.keyOf(this.#text, this.#bytes, { begin, end }), value, order);
  };

  #enter(act: string, begin: number, end: number): void {
    // Written so that what is no number fails too.
    if (!(begin >= 0 && begin <= end && end <= this.#bytes.length))
      throw new MillraceError(
        "E_USER_CODE",
        `Cannot ${act} bytes ${String(begin)} to ${String(end)} of a batch: it has ${this.#bytes.length}; give a begin and an end as "offsets" has them`,
      );
    this.at = begin;
  }
}
