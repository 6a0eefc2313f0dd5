// Keys of some pairs, all equally likely, from which key ranges are made. Values are not looked at.

import { ByteSink } from "../bytes/byte-sink.ts";
import { compareBytes } from "../bytes/compare-bytes.ts";
import type { KeyCodec } from "../codec/codec.ts";
import { dataLimits } from "../data-limits.ts";
import { asKeyError, refuseLongKey } from "./key-errors.ts";

/** Say which keys to keep. */
export interface KeySampleOptions<K> {
  readonly key: KeyCodec<K>;
  /** Keys kept at most; 1 or more. */
  readonly keysMax: number;
  /** Bytes kept of each; 1 or more. */
  readonly keyBytesMax: number;
  /** Numbers in [0, 1), seeded: the sample is a function of them and of the keys. */
  readonly random: () => number;
}

/** Take keys one after the other and keep a uniform sample: a reservoir (Vitter 1985, algorithm R). */
export class KeySample<K> {
  readonly #options: KeySampleOptions<K>;
  readonly #sink = new ByteSink(256);
  readonly #kept: Uint8Array[] = [];
  /** Keys that were taken. */
  count = 0;

  constructor(options: KeySampleOptions<K>) {
    this.#options = options;
  }

  /** Take a key. @throws {DataError} E_KEY_INVALID for a key that a map output would refuse. */
  take(key: K): void {
    const { keysMax, random } = this.#options;
    this.#encode(key);
    this.count++;
    const place = this.count <= keysMax ? this.count - 1 : Math.floor(random() * this.count);
    if (place < keysMax) this.#kept[place] = this.#beginning();
  }

  /** Beginnings of the kept keys, ascending; the caller owns them. */
  sorted(): readonly Uint8Array[] {
    return this.#kept.toSorted(compareBytes);
  }

  #encode(key: K): void {
    this.#sink.clear();
    try {
      this.#options.key.encodeTo(key, this.#sink);
    } catch (thrown) {
      throw asKeyError(thrown);
    }
    if (this.#sink.length > dataLimits.keyBytesMax) refuseLongKey("key", this.#sink.length);
  }

  #beginning(): Uint8Array {
    return this.#sink.bytes.slice(0, Math.min(this.#sink.length, this.#options.keyBytesMax));
  }
}
