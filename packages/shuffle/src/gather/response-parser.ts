// Reads a response of segments as it arrives: heads, and each one's bytes to its writer. Nothing is allocated by what
// a head announces; a length that the expected content could never have is refused before a byte of it is taken.

import { frameHeadBytes, readFrameHead } from "../segment-frame.ts";
import type { FetchItem } from "./fetch-item.ts";

/** Feed a response's pieces in order. */
export class ResponseParser {
  readonly #items: readonly FetchItem[];
  readonly #head = Buffer.alloc(frameHeadBytes);
  #headFilled = 0;
  #index = 0;
  /** Bytes of the present segment that are yet to come; -1 before its head. */
  #left = -1;

  /** @param items what was asked for, in the order of the request. */
  constructor(items: readonly FetchItem[]) {
    this.#items = items;
  }

  /**
   * Take a piece.
   * @param wireShare bytes that each of its bytes took on the wire.
   * @returns false when it is not what a source sends: the connection is of no more use.
   */
  async push(piece: Buffer, wireShare = 1): Promise<boolean> {
    for (let at = 0; at < piece.length;) {
      const item = this.#items[this.#index];
      if (item === undefined) return false;
      if (this.#left < 0) {
        at += this.#fillHead(piece, at);
        if (this.#headFilled < frameHeadBytes) continue;
        if (!this.#openSegment(item)) return false;
      } else {
        const bytes = Math.min(this.#left, piece.length - at);
        await item.writer.push(piece.subarray(at, at + bytes));
        item.wireBytes += bytes * wireShare;
        at += bytes;
        this.#left -= bytes;
      }
      if (this.#left === 0) await this.#closeSegment(item);
    }
    return true;
  }

  #fillHead(piece: Buffer, at: number): number {
    const bytes = Math.min(frameHeadBytes - this.#headFilled, piece.length - at);
    piece.copy(this.#head, this.#headFilled, at, at + bytes);
    this.#headFilled += bytes;
    return bytes;
  }

  #openSegment(item: FetchItem): boolean {
    const head = readFrameHead(this.#head, 0);
    this.#headFilled = 0;
    if (head === undefined) {
      item.writer.fail("corrupt", "The source's answer is no answer for segments");
      return false;
    }
    if (head.status === "missing") item.writer.fail("missing", "The source does not have the segment");
    else if (item.writer.bytes + head.bytes > storedBytesMax(item)) {
      item.writer.fail("corrupt", `The source announces ${head.bytes} bytes, more than the segment can have`);
      // To read on would make the segments behind it wait for as long as the source likes.
      return false;
    }
    this.#left = head.bytes;
    return true;
  }

  async #closeSegment(item: FetchItem): Promise<void> {
    this.#left = -1;
    this.#index += 1;
    await item.finish();
  }
}

/** A block's head is 20 bytes, a block has a pair or a part of a value, and bodies are stored raw when that is shorter. */
function storedBytesMax({ request }: FetchItem): number {
  return request.place.rawBytes + 64 * request.place.pairs + Math.ceil(request.place.rawBytes / 1024) + 1024;
}
