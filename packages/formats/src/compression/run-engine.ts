// Runs one of Node's decompressing streams over one member or frame, and gives back to the feed what is not part of it.
// Node's own handling of what follows a member loses data without a word: a gzip member after zero padding, a zstd frame
// in the same chunk as the end of the one before. So each member has an engine of its own, and its end is counted.

import type { Transform } from "node:stream";
import type { ByteFeed } from "./byte-feed.ts";

/** A decompressing stream of node:zlib. */
export interface Engine extends Transform {
  /** Bytes of input that were used, the rest of a chunk not counted. */
  readonly bytesWritten: number;
}

/** Output of an engine is handed on in chunks of this size; a batch of records is 1 MiB, so a quarter of it. */
export const engineChunkBytes = 256 * 1024;

/**
 * Decompress from the feed's place until the engine finds the end of its member, or the feed ends (which the engine
 * refuses in mid-member). Pulls no more than one chunk ahead.
 *
 * @throws what the engine or the source throws.
 */
export async function* runEngine(feed: ByteFeed, engine: Engine): AsyncGenerator<Uint8Array, void, undefined> {
  const closed = new Promise<void>((resolve) => engine.once("close", resolve));
  const pump = pumpInto(feed, engine, closed);
  try {
    for await (const chunk of engine) yield chunk as Uint8Array;
  } finally {
    engine.destroy();
    await closed;
    await pump;
  }
}

/** Never rejects: a source that throws destroys the engine with its error, which the reader of the engine sees. */
async function pumpInto(feed: ByteFeed, engine: Engine, closed: Promise<void>): Promise<void> {
  let given = 0;
  try {
    for (;;) {
      const chunk = await feed.next();
      if (chunk === undefined) {
        engine.end();
        return;
      }
      given += chunk.length;
      const written = new Promise<void>((resolve) => engine.write(chunk, () => resolve()));
      // At the end of its member the engine leaves the rest of the chunk; whether the write has a reply then depends on
      // the version of Node.
      await Promise.race([written, closed]);
      const left = given - engine.bytesWritten;
      if (left > 0) feed.giveBack(chunk.subarray(chunk.length - left));
      if (left > 0 || engine.destroyed) return;
    }
  } catch (thrown) {
    engine.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
}
