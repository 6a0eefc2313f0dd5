// The key being emitted: its bytes, the same bytes as words, and its hash. One buffer, used for every pair.

import { ByteSink } from "../bytes/byte-sink.ts";
import type { TableKey } from "../combine/table-key.ts";
import { murmur32Words } from "../hash/murmur32.ts";

/** Encode a key between {@link begin} and {@link end}; who needs no more than its bytes does without the end. */
export class KeyBuffer implements TableKey {
  readonly sink = new ByteSink(256);
  bytes: Uint8Array = this.sink.bytes;
  words: Int32Array = new Int32Array(this.bytes.buffer);
  length = 0;
  hash = 0;

  begin(): this {
    if (this.sink.bytes !== this.bytes) this.#follow();
    const { words } = this;
    // Short keys are compared as four words, so what they leave of them is zero.
    words[0] = 0;
    words[1] = 0;
    words[2] = 0;
    words[3] = 0;
    this.sink.length = 0;
    return this;
  }

  end(): void {
    const { sink } = this;
    const { length } = sink;
    sink.reserve(4);
    if (sink.bytes !== this.bytes) this.#follow();
    const { bytes } = this;
    if ((length & 3) !== 0) {
      bytes[length] = 0;
      bytes[length + 1] = 0;
      bytes[length + 2] = 0;
    }
    this.length = length;
    this.hash = murmur32Words(this.words, length);
  }

  /** The sink has grown. */
  #follow(): void {
    this.bytes = this.sink.bytes;
    this.words = new Int32Array(this.bytes.buffer, 0, this.bytes.length >>> 2);
  }
}
