// Bytes of a source with a place in them, for code that reads headers and hands the rest on.

/** Reads a source forwards: a few bytes looked at or taken, whole chunks handed on, the rest of one given back. */
export class ByteFeed {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #ended = false;
  /** Place in the source of the next byte. */
  offset = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Look at the next bytes: `count` of them, fewer at the end. Valid until the next call. Meant for small counts. */
  async peek(count: number): Promise<Uint8Array> {
    while (this.#chunk.length < count && !this.#ended) {
      const more = await this.#source.next();
      if (more.done === true) this.#ended = true;
      else this.#chunk = joined(this.#chunk, more.value);
    }
    return this.#chunk.subarray(0, count);
  }

  /** Pass over bytes that `peek` has shown. */
  skip(count: number): void {
    this.#chunk = this.#chunk.subarray(count);
    this.offset += count;
  }

  /** Take the next chunk, whatever its size above 0; undefined at the end. */
  async next(): Promise<Uint8Array | undefined> {
    const first = await this.peek(1);
    if (first.length === 0) return undefined;
    const chunk = this.#chunk;
    this.skip(chunk.length);
    return chunk;
  }

  /** Give back the last bytes of the last chunk. */
  giveBack(rest: Uint8Array): void {
    this.#chunk = joined(rest, this.#chunk);
    this.offset -= rest.length;
  }

  /** Tell the source that no more is wanted. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const both = new Uint8Array(left.length + right.length);
  both.set(left);
  both.set(right, left.length);
  return both;
}
