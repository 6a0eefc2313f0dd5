// zlib streams, which Hadoop's DefaultCodec writes into files named .deflate: all of them, with their check sums.

import { createInflate } from "node:zlib";
import { ByteFeed } from "./byte-feed.ts";
import { corruptInput, isEngineError } from "./corrupt-input.ts";
import { engineChunkBytes, runEngine } from "./run-engine.ts";

/**
 * Decompress a file of zlib streams, one after the other.
 *
 * @throws {MillraceError} E_INPUT_CORRUPT, see `decompress`.
 * @see RFC 1950.
 */
export async function* unzlib(
  source: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const feed = new ByteFeed(source);
  try {
    for (let first = true; first || (await feed.peek(1)).length > 0; first = false) yield* readStream(feed, uri);
  } finally {
    await feed.close();
  }
}

async function* readStream(feed: ByteFeed, uri: string): AsyncGenerator<Uint8Array, void, undefined> {
  const begin = feed.offset;
  const engine = createInflate({ chunkSize: engineChunkBytes });
  try {
    yield* runEngine(feed, engine);
  } catch (thrown) {
    if (!isEngineError(thrown)) throw thrown;
    const reason = thrown.code === "Z_BUF_ERROR" ? "a stream is cut off" : `a stream is damaged (${thrown.message})`;
    throw corruptInput(uri, { codec: "zlib", offset: begin + engine.bytesWritten, reason, cause: thrown });
  }
}
