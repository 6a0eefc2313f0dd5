// gzip: all members, zero padding between and after them, every check sum. Own framing around raw inflate, because
// Node's gunzip silently drops a member that follows zero padding.

import { crc32, createInflateRaw } from "node:zlib";
import { ByteFeed } from "./byte-feed.ts";
import { corruptInput, isEngineError } from "./corrupt-input.ts";
import { engineChunkBytes, runEngine } from "./run-engine.ts";

const trailerBytes = 8;

/**
 * Decompress a gzip file.
 *
 * @throws {MillraceError} E_INPUT_CORRUPT, see `decompress`.
 * @see RFC 1952; GNU gzip for zero padding ("trailing zeros are ignored").
 */
export async function* gunzip(
  source: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  const feed = new ByteFeed(source);
  const refuse = (reason: string, offset: number, cause?: unknown): Error =>
    corruptInput(uri, { codec: "gzip", offset, reason, cause });
  try {
    for (let first = true; first || (await moreMembers(feed)); first = false) {
      await readHeader(feed, refuse);
      yield* readMember(feed, refuse);
    }
  } finally {
    await feed.close();
  }
}

type Refuse = (reason: string, offset: number, cause?: unknown) => Error;

/** Pass over zero padding. @returns false at the end of the file. */
async function moreMembers(feed: ByteFeed): Promise<boolean> {
  for (;;) {
    const next = await feed.peek(1);
    if (next.length === 0) return false;
    if (next[0] !== 0) return true;
    feed.skip(1);
  }
}

async function* readMember(feed: ByteFeed, refuse: Refuse): AsyncGenerator<Uint8Array, void, undefined> {
  const begin = feed.offset;
  const engine = createInflateRaw({ chunkSize: engineChunkBytes });
  let crc = 0;
  let length = 0;
  try {
    for await (const chunk of runEngine(feed, engine)) {
      crc = crc32(chunk, crc);
      // The length is kept modulo 2^32, as the trailer has it.
      length = (length + chunk.length) >>> 0;
      yield chunk;
    }
  } catch (thrown) {
    if (!isEngineError(thrown)) throw thrown;
    throw refuse(
      thrown.code === "Z_BUF_ERROR" ? "a member is cut off" : `a member is damaged (${thrown.message})`,
      begin + engine.bytesWritten,
      thrown,
    );
  }
  const trailer = await feed.peek(trailerBytes);
  if (trailer.length < trailerBytes) throw refuse("a member's trailer is cut off", feed.offset + trailer.length);
  const view = new DataView(trailer.buffer, trailer.byteOffset, trailerBytes);
  if (view.getUint32(0, true) !== crc) throw refuse("a member's CRC does not match its data", feed.offset);
  if (view.getUint32(4, true) !== length) throw refuse("a member's length does not match its data", feed.offset + 4);
  feed.skip(trailerBytes);
}

const flagHeaderCrc = 0x02;
const flagExtra = 0x04;
const flagName = 0x08;
const flagComment = 0x10;
const flagsReserved = 0xe0;
const fixedHeaderBytes = 10;
/** A name or comment of a file; RFC 1952 has no bound, file systems have 255 bytes. */
const textBytesMax = 64 * 1024;

/** Read a member's header, its CRC included. */
async function readHeader(feed: ByteFeed, refuse: Refuse): Promise<void> {
  const begin = feed.offset;
  let crc = 0;
  const take = async (count: number): Promise<Uint8Array> => {
    const bytes = await feed.peek(count);
    if (bytes.length < count) throw refuse("a member's header is cut off", feed.offset + bytes.length);
    crc = crc32(bytes, crc);
    feed.skip(count);
    return bytes;
  };
  const takeText = async (): Promise<void> => {
    for (let count = 0; (await take(1))[0] !== 0; count++)
      if (count >= textBytesMax) throw refuse("a name in a member's header has no end", begin);
  };
  const magic = await feed.peek(2);
  if (magic[0] !== 0x1f || (magic.length > 1 && magic[1] !== 0x8b)) {
    throw refuse(begin === 0 ? "there is no gzip header" : "there is something else after the last member", begin);
  }
  const fixed = await take(fixedHeaderBytes);
  const flags = fixed[3] ?? 0;
  if (fixed[2] !== 8 || (flags & flagsReserved) !== 0)
    throw refuse("a member's header names a method or flags that gzip does not have", begin);
  if ((flags & flagExtra) !== 0) {
    const size = await take(2);
    await take((size[0] ?? 0) + 256 * (size[1] ?? 0));
  }
  if ((flags & flagName) !== 0) await takeText();
  if ((flags & flagComment) !== 0) await takeText();
  if ((flags & flagHeaderCrc) !== 0) {
    const expected = crc & 0xffff;
    const given = await take(2);
    if ((given[0] ?? 0) + 256 * (given[1] ?? 0) !== expected)
      throw refuse("a member's header does not match its CRC", begin);
  }
}
