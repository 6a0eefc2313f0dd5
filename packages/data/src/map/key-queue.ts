// Keys that were emitted and wait for a kernel, which adds an integer to the state of each: hundreds at once, so that what
// it waits for memory overlaps. A key costs the copy of its bytes into kernel memory, a key that lies there already two
// words. For states that are a double while their sum is a safe integer; all others are added to one by one.
//
// Entry of 16 bytes: addresses where the key begins and ends, then the integer as a double (kernels/queue.ts).

import type { Aggregator } from "../aggregate/aggregator.ts";
import { kernelStateOf } from "../aggregate/kernel-state.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { KernelPlace } from "../memory/kernel-memory.ts";
import { queueBytes } from "../memory/kernel-memory.ts";

/** 16 KiB of entries: with the keys that usually come with them, half of the nearest cache. */
const keysMax = 1024;
const entryBytes = 16;
/** Beyond this many characters the platform's encoder is quicker than a loop. */
const textUnitsMax = 48;
/**
 * Longer keys do not wait: a queued one always fits into an empty table, so that nothing is to be said of it when its record
 * is over.
 */
export const queuedKeyBytesMax = 1024;

/** Holds up to 1,024 keys. */
export class KeyQueue {
  /** Keys that wait. */
  count = 0;
  readonly #bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  /** Address of the entries, and of the bytes of keys behind them. */
  readonly address: number;
  readonly #begin: number;
  readonly #end: number;
  #at: number;
  /** The bytes of keys. */
  readonly #room: Uint8Array;
  readonly #sink = new ByteSink(0);

  constructor({ bytes, words, queue }: KernelPlace) {
    this.#bytes = bytes;
    this.#words = words;
    this.#doubles = new Float64Array(bytes.buffer, 0, bytes.length >>> 3);
    this.address = queue;
    this.#begin = queue + keysMax * entryBytes;
    // What is read beyond an end stays in the queue.
    this.#end = queue + queueBytes - 16;
    this.#at = this.#begin;
    this.#room = bytes.subarray(this.#begin, this.#end);
  }

  /** Take a short text of ASCII. @returns false when it is none, or there is no room. */
  takeText(key: string, integer: number): boolean {
    const { length } = key;
    const begin = this.#at;
    if (length > textUnitsMax || begin + length > this.#end || this.count === keysMax) return false;
    const bytes = this.#bytes;
    for (let index = 0; index < length; index++) {
      const unit = key.charCodeAt(index);
      if (unit >= 0x80) return false;
      bytes[begin + index] = unit;
    }
    this.#at = begin + length;
    this.#enter(begin, begin + length, integer);
    return true;
  }

  /** Where a key is encoded that {@link takeEncoded} then takes: what was there before is lost. */
  open(): ByteSink {
    this.#sink.use(this.#room, this.#at - this.#begin);
    return this.#sink;
  }

  /** The key that was encoded last; valid until another is taken. */
  get encoded(): Uint8Array {
    return this.#sink.bytes.subarray(this.#at - this.#begin, this.#sink.length);
  }

  /** Take the key that was encoded, from where it lies. @returns false when it is too long, or there is no room. */
  takeEncoded(integer: number): boolean {
    const begin = this.#at;
    const end = this.#begin + this.#sink.length;
    if (this.#sink.bytes !== this.#room || end - begin > queuedKeyBytesMax || this.count === keysMax) return false;
    this.#at = end;
    this.#enter(begin, end, integer);
    return true;
  }

  /** Take the first `length` bytes, `queuedKeyBytesMax` or less. @returns false when there is no room. */
  takeBytes(source: Uint8Array, length: number, integer: number): boolean {
    const begin = this.#at;
    if (begin + length > this.#end || this.count === keysMax) return false;
    const bytes = this.#bytes;
    // Into shared memory `set` moves byte by byte as well, after a call and a view.
    for (let index = 0; index < length; index++) bytes[begin + index] = source[index]!;
    this.#at = begin + length;
    this.#enter(begin, begin + length, integer);
    return true;
  }

  /** Take a key that lies in kernel memory and stays there until it is added. @returns false when there is no room. */
  takePlace(begin: number, end: number, integer: number): boolean {
    if (this.count === keysMax) return false;
    this.#enter(begin, end, integer);
    return true;
  }

  /** The bytes of a key that waits. Valid until the next is taken. */
  keyAt(index: number): Uint8Array {
    const word = (this.address + index * entryBytes) >>> 2;
    return this.#bytes.subarray(this.#words[word], this.#words[word + 1]);
  }

  integerAt(index: number): number {
    return this.#doubles[(this.address + index * entryBytes + 8) >>> 3]!;
  }

  clear(): void {
    this.count = 0;
    this.#at = this.#begin;
  }

  #enter(begin: number, end: number, integer: number): void {
    const entry = this.address + this.count * entryBytes;
    this.#words[entry >>> 2] = begin;
    this.#words[(entry >>> 2) + 1] = end;
    this.#doubles[(entry + 8) >>> 3] = integer;
    this.count++;
  }
}

/** What an emitted value adds to a state; NaN for one that does not wait. @returns undefined when none of the aggregator's does. */
export function queuedInteger(aggregator: Aggregator<never, unknown>): ((value: unknown) => number) | undefined {
  const state = kernelStateOf(aggregator);
  if (state === "count") return () => 1;
  if (state === "sum") return (value) => (Number.isSafeInteger(value) ? (value as number) : Number.NaN);
  return undefined;
}
