// Zstandard: all frames, skippable ones included, with the check sums of those that have one.

import { MillraceError, quote } from "@millrace/core";
import { createZstdDecompress } from "node:zlib";
import { ByteFeed } from "./byte-feed.ts";
import { corruptInput, isEngineError } from "./corrupt-input.ts";
import { engineChunkBytes, runEngine } from "./run-engine.ts";

const frameMagic = 0xfd2fb528;
/** The low 4 bits are free for users. */
const skippableMagic = 0x184d2a50;
const skippableHeaderBytes = 8;

/**
 * Decompress a Zstandard file. Memory includes the window of a frame, at most 128 MiB.
 *
 * @throws {MillraceError} E_INPUT_CORRUPT, see `decompress`; E_UNSUPPORTED_CODEC for a larger window or a dictionary.
 * @see RFC 8878.
 */
export async function* unzstd(
  source: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const feed = new ByteFeed(source);
  const refuse: Refuse = (offset, reason, cause) => corruptInput(uri, { codec: "zstd", offset, reason, cause });
  try {
    for (let first = true; ; first = false) {
      const magic = await feed.peek(4);
      if (magic.length === 0 && !first) return;
      const kind = frameKind(magic);
      if (kind === "data") yield* readFrame(feed, uri, refuse);
      else if (kind === "skippable") await skipFrame(feed, refuse);
      else
        throw refuse(
          feed.offset,
          kind === "cut"
            ? "a frame's header is cut off"
            : first
              ? "there is no zstd header"
              : "there is something else after the last frame",
        );
    }
  } finally {
    await feed.close();
  }
}

type Refuse = (offset: number, reason: string, cause?: unknown) => Error;

function frameKind(magic: Uint8Array): "data" | "skippable" | "cut" | "none" {
  const [a = 0, b = 0, c = 0, d = 0] = magic;
  const number = ((d << 24) | (c << 16) | (b << 8) | a) >>> 0;
  if (magic.length < 4) return magic.length > 0 && (a === 0x28 || a >> 4 === 5) ? "cut" : "none";
  if (number === frameMagic) return "data";
  return (number & 0xfffffff0) >>> 0 === skippableMagic ? "skippable" : "none";
}

async function* readFrame(feed: ByteFeed, uri: string, refuse: Refuse): AsyncGenerator<Uint8Array, void, undefined> {
  const begin = feed.offset;
  const engine = createZstdDecompress({ chunkSize: engineChunkBytes });
  try {
    yield* runEngine(feed, engine);
  } catch (thrown) {
    if (!isEngineError(thrown)) throw thrown;
    if (/windowTooLarge|dictionary/iu.test(thrown.code)) {
      throw new MillraceError(
        "E_UNSUPPORTED_CODEC",
        `Cannot decompress ${quote(uri)}: a zstd frame needs a dictionary or a window above 128 MiB (${thrown.message}), at byte ${begin}; compress it without`,
        { details: { uri, offset: begin }, cause: thrown },
      );
    }
    throw refuse(
      begin + engine.bytesWritten,
      thrown.code === "Z_BUF_ERROR" ? "a frame is cut off" : `a frame is damaged (${thrown.message})`,
      thrown,
    );
  }
}

async function skipFrame(feed: ByteFeed, refuse: Refuse): Promise<void> {
  const header = await feed.peek(skippableHeaderBytes);
  const cut = (): Error => refuse(feed.offset, "a skippable frame is cut off");
  if (header.length < skippableHeaderBytes) throw cut();
  let left = new DataView(header.buffer, header.byteOffset).getUint32(4, true);
  feed.skip(skippableHeaderBytes);
  while (left > 0) {
    const chunk = await feed.next();
    if (chunk === undefined) throw cut();
    if (chunk.length > left) feed.giveBack(chunk.subarray(left));
    left -= Math.min(left, chunk.length);
  }
}
