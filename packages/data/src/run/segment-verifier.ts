// Verifies a segment while its bytes arrive, in pieces of any size: what a gatherer runs before it calls a segment its
// own. Looks at blocks only; the order of pairs is checked by whoever reads them. Memory: one block.

import type { SegmentSummary } from "../conserve/segment-vector.ts";
import { dataLimits } from "../data-limits.ts";
import { Murmur128 } from "../hash/murmur128.ts";
import { type BlockHead, digestBlock, openBlock, parseBlockHead } from "./block-check.ts";
import type { ByteSource, RunTools } from "./byte-store.ts";
import { failRun, type RunOrigin } from "./run-fault.ts";
import { blockHeadBytes } from "./run-layout.ts";

/** Take the bytes of one segment in order. Every call may throw a {@link DataError} with the origin's code and `details.reason`. */
export class SegmentVerifier {
  readonly #tools: RunTools;
  readonly #origin: RunOrigin;
  readonly #expected: SegmentSummary;
  readonly #digest = new Murmur128();
  #buffer = new Uint8Array(4096);
  #filled = 0;
  #head: BlockHead | undefined;
  #pairs = 0;
  #rawBytes = 0;
  /** Bytes taken so far. */
  bytes = 0;

  constructor(expected: SegmentSummary, tools: RunTools, origin: RunOrigin) {
    this.#expected = expected;
    this.#tools = tools;
    this.#origin = origin;
  }

  /** Take the next bytes; nothing of them is kept that the caller could see. */
  push(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const wanted = blockHeadBytes + (this.#head?.storedBytes ?? 0);
      const part = Math.min(wanted - this.#filled, bytes.length - at);
      this.#makeRoom(wanted);
      this.#buffer.set(bytes.subarray(at, at + part), this.#filled);
      this.#filled += part;
      at += part;
      if (this.#filled === wanted) this.#advance();
    }
  }

  /** All bytes were pushed: check that the segment is whole and what it must be. */
  finish(): void {
    if (this.#filled > 0) failRun(this.#origin, "cut", "it ends inside a block");
    const { pairs, rawBytes, digest } = this.#expected;
    // Fewer whole blocks than announced: the end is missing. Anything else is another segment.
    if (this.#pairs < pairs || this.#rawBytes < rawBytes)
      failRun(this.#origin, "cut", `${this.#pairs} pairs in ${this.#rawBytes} bytes, not ${pairs} in ${rawBytes}`);
    const found = this.#digest.hex(16);
    if (found !== digest) failRun(this.#origin, "corrupt", `digest ${found}, not ${digest}`);
  }

  #advance(): void {
    if (this.#head === undefined) {
      // How much follows is not known here, so only the body's own bounds hold.
      this.#head = parseBlockHead(
        new DataView(this.#buffer.buffer),
        0,
        blockHeadBytes + dataLimits.blockRawBytesMax,
        this.#origin,
      );
      return;
    }
    const raw = openBlock(this.#buffer, this.#head, this.#tools, this.#origin);
    digestBlock(this.#digest, this.#head.type, this.#head.pairs, raw);
    this.#pairs += this.#head.pairs;
    this.#rawBytes += raw.length;
    const { pairs, rawBytes } = this.#expected;
    if (this.#pairs > pairs || this.#rawBytes > rawBytes)
      failRun(this.#origin, "corrupt", `more than the ${pairs} pairs in ${rawBytes} bytes that it must hold`);
    this.#filled = 0;
    this.#head = undefined;
  }

  #makeRoom(length: number): void {
    if (length <= this.#buffer.length) return;
    const grown = new Uint8Array(length);
    grown.set(this.#buffer.subarray(0, this.#filled));
    this.#buffer = grown;
  }
}

/** What to verify: the bytes of one segment inside a source. */
export interface SegmentRange extends SegmentSummary {
  readonly offset: number;
  readonly bytes: number;
}

/** Verify a segment that lies in a source. @throws {DataError} with the origin's code. */
export function verifySegment(source: ByteSource, range: SegmentRange, tools: RunTools, origin: RunOrigin): void {
  const verifier = new SegmentVerifier(range, tools, origin);
  const buffer = new Uint8Array(Math.min(range.bytes, 256 * 1024));
  for (let at = 0; at < range.bytes; at += buffer.length) {
    const part = buffer.subarray(0, Math.min(buffer.length, range.bytes - at));
    if (source.readAt(range.offset + at, part) !== part.length)
      failRun(origin, "cut", "the file ends before the segment");
    verifier.push(part);
  }
  verifier.finish();
}
