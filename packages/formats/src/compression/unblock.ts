// Hadoop's .snappy and .lz4 files, streaming: a few chunks in memory, whatever the file's length.

import { type BlockCodec, chunkBytesMax, unpackChunk } from "./blocks/block-stream.ts";
import { ByteFeed } from "./byte-feed.ts";
import { corruptInput } from "./corrupt-input.ts";
import { engineChunkBytes } from "./run-engine.ts";

/**
 * Decompress a file that Hadoop's SnappyCodec or Lz4Codec wrote. There are no check sums in it: damage that unpacks to as
 * many bytes is not seen.
 *
 * @throws {MillraceError} E_INPUT_CORRUPT, see `decompress`.
 * @see Hadoop, `org.apache.hadoop.io.compress.BlockDecompressorStream`.
 */
export async function* unblock(
  codec: BlockCodec,
  source: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const feed = new ByteFeed(source);
  const refuse = (reason: string, offset: number): Error => corruptInput(uri, { codec, offset, reason });
  try {
    for (;;) {
      let left = await readLength(feed, refuse);
      if (left === undefined) return;
      while (left > 0) {
        const at = feed.offset;
        const chunkBytes = await readLength(feed, refuse);
        if (chunkBytes === undefined) throw refuse("the file ends before a chunk", at);
        if (chunkBytes > chunkBytesMax) {
          const reason = `a chunk is said to have ${chunkBytes} bytes, more than ${chunkBytesMax}; is it in Hadoop's framing?`;
          throw refuse(reason, at);
        }
        const chunk = await feed.peek(chunkBytes);
        if (chunk.length < chunkBytes) throw refuse("a chunk is cut off", feed.offset + chunk.length);
        const content = unpackChunk(codec, chunk, left);
        if (content === undefined || content.length === 0) throw refuse("a chunk is damaged", feed.offset);
        feed.skip(chunkBytes);
        left -= content.length;
        for (let begin = 0; begin < content.length; begin += engineChunkBytes)
          yield content.subarray(begin, begin + engineChunkBytes);
      }
    }
  } finally {
    await feed.close();
  }
}

async function readLength(
  feed: ByteFeed,
  refuse: (reason: string, offset: number) => Error,
): Promise<number | undefined> {
  const bytes = await feed.peek(4);
  if (bytes.length === 0) return undefined;
  if (bytes.length < 4) throw refuse("a length is cut off", feed.offset + bytes.length);
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  feed.skip(4);
  return length;
}
