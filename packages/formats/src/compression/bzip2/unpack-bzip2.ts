// bzip2 in memory: all streams of a buffer at once, for codecs inside of other files.

import { isMillraceError } from "@millrace/core";
import { BlockDecoder } from "./block-decoder.ts";
import { Bzip2Source } from "./bzip2-source.ts";

// A block of a SequenceFile is four short buffers: a decoder for each would cost more than they do.
let sharedDecoder: BlockDecoder | undefined;

/**
 * Unpack a buffer.
 *
 * @returns the content, owned by the caller, or a clause that says what is wrong.
 */
export function unpackBzip2(packed: Uint8Array, contentBytesMax: number): Uint8Array | string {
  let given = false;
  const source = {
    seek: (): void => {
      given = false;
    },
    next: (): Uint8Array | undefined => {
      if (given) return undefined;
      given = true;
      return packed;
    },
  };
  sharedDecoder ??= new BlockDecoder();
  const fileBytes = packed.length;
  const unpacked = new Bzip2Source({ source, begin: 0, end: fileBytes, fileBytes, uri: "", decoder: sharedDecoder });
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for (let chunk = unpacked.next(); chunk !== undefined; chunk = unpacked.next()) {
      total += chunk.length;
      if (total > contentBytesMax) return `it unpacks to more than ${contentBytesMax} bytes`;
      parts.push(chunk.slice());
    }
  } catch (thrown) {
    if (!isMillraceError(thrown)) throw thrown;
    // `Cannot decompress "": bzip2 data, a block is damaged, at byte 4; …`
    return thrown.message.replace(/^[^:]*: /u, "").replace(/;.*$/su, "");
  }
  return Buffer.concat(parts, total);
}
