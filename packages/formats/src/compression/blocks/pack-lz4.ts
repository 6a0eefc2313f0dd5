// Raw LZ4 blocks, packed.

import type { ByteSink } from "@millrace/data";
import { MatchFinder, matchBytesMin } from "./match-finder.ts";

const finder = new MatchFinder();
/** The last five bytes of a block are literals, and the last match begins at least twelve before its end. */
const literalBytesLast = 5;
const matchToEndBytesMin = 12;

/**
 * Append a block with this content to `sink`. Equal content gives equal bytes.
 *
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md, "End of block conditions".
 */
export function packLz4(content: Uint8Array, sink: ByteSink): void {
  finder.begin();
  const limit = content.length - literalBytesLast;
  let done = 0;
  for (;;) {
    const match = finder.next(content, done, limit);
    if (match === undefined || match.at > content.length - matchToEndBytesMin) break;
    const { at, offset, length } = match;
    const rest = length - matchBytesMin;
    sink.writeByte((Math.min(at - done, 15) << 4) | Math.min(rest, 15));
    writeLength(sink, at - done);
    sink.writeBytes(content, done, at);
    sink.writeByte(offset & 0xff);
    sink.writeByte(offset >> 8);
    writeLength(sink, rest);
    done = at + length;
  }
  sink.writeByte(Math.min(content.length - done, 15) << 4);
  writeLength(sink, content.length - done);
  sink.writeBytes(content, done, content.length);
}

/** What a nibble of a token cannot hold. */
function writeLength(sink: ByteSink, length: number): void {
  if (length < 15) return;
  let left = length - 15;
  for (; left >= 255; left -= 255) sink.writeByte(255);
  sink.writeByte(left);
}
