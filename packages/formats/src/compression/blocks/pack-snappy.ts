// Raw Snappy blocks, packed.

import type { ByteSink } from "@millrace/data";
import { MatchFinder } from "./match-finder.ts";

const finder = new MatchFinder();
/** A copy with an offset of two bytes repeats 1 to 64 bytes. */
const copyBytesMax = 64;

/**
 * Append a block with this content to `sink`. Equal content gives equal bytes.
 *
 * @see https://github.com/google/snappy/blob/main/format_description.txt
 */
export function packSnappy(content: Uint8Array, sink: ByteSink): void {
  sink.writeVarint(content.length);
  finder.begin();
  let done = 0;
  for (;;) {
    const match = finder.next(content, done, content.length);
    if (match === undefined) break;
    writeLiteral(content, sink, { begin: done, end: match.at });
    writeCopy(sink, match.offset, match.length);
    done = match.at + match.length;
  }
  writeLiteral(content, sink, { begin: done, end: content.length });
}

function writeLiteral(
  content: Uint8Array,
  sink: ByteSink,
  { begin, end }: { readonly begin: number; readonly end: number },
): void {
  if (begin === end) return;
  const rest = end - begin - 1;
  if (rest < 60) sink.writeByte(rest << 2);
  else {
    const lengthBytes = rest < 0x100 ? 1 : rest < 0x10000 ? 2 : rest < 0x1000000 ? 3 : 4;
    sink.writeByte((59 + lengthBytes) << 2);
    for (let index = 0; index < lengthBytes; index++) sink.writeByte((rest >>> (8 * index)) & 0xff);
  }
  sink.writeBytes(content, begin, end);
}

function writeCopy(sink: ByteSink, offset: number, length: number): void {
  for (let left = length; left > 0; left -= copyBytesMax) {
    sink.writeByte(((Math.min(left, copyBytesMax) - 1) << 2) | 2);
    sink.writeByte(offset & 0xff);
    sink.writeByte(offset >> 8);
  }
}
