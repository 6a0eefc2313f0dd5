// Sending segments: 1 MiB chunks, one being written while the other is read, and packed where the reader's link is slow.
// Several small segments share a chunk.
// A file that is shorter than its index says, or cannot be read, cuts the connection: never a clean end.

import { open, type FileHandle } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import type { BlockCodec } from "@millrace/data";
import { awaitFailpoint } from "@millrace/ports";
import { packChunk, packedBytesMax } from "../coding/pack-chunk.ts";
import { codingHeader } from "../coding/packed-block.ts";
import { frameHeadBytes, writeFrameHead } from "../segment-frame.ts";
import type { SegmentOrder } from "../segment-request.ts";
import { refuse, type SegmentExtent, type ServerContext } from "./server-context.ts";

/** Where an answer goes, and what packs it, if anything. */
export interface AnswerTarget {
  readonly response: ServerResponse;
  readonly codec: BlockCodec | undefined;
}

/** Answer a request whose MACs are right. Throws when the connection must be cut. */
export async function sendSegments(
  context: ServerContext,
  orders: readonly SegmentOrder[],
  target: AnswerTarget,
): Promise<void> {
  const { response, codec } = target;
  await awaitFailpoint("shuffle.beforeServe");
  await context.gate.enter();
  try {
    const parts = await locateAll(context, orders);
    if (parts === undefined) return refuse(response, 416);
    const bytes = parts.reduce((sum, part) => sum + frameHeadBytes + part.bytes, 0);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      // How long a packed answer is shows when it has been packed: it goes in HTTP's own chunks.
      ...(codec === undefined ? { "content-length": bytes } : { [codingHeader]: codec.name }),
    });
    await copyParts(parts, bytes, { ...target, limits: context.limits });
    response.end();
  } finally {
    context.gate.leave();
  }
}

/** One segment to send: `extent` is undefined for one that is not here. */
interface Part {
  readonly extent: SegmentExtent | undefined;
  readonly offset: number;
  readonly bytes: number;
}

/** @returns undefined when an offset lies beyond its segment. */
async function locateAll(
  context: ServerContext,
  orders: readonly SegmentOrder[],
): Promise<readonly Part[] | undefined> {
  const parts: Part[] = [];
  for (const { source, partition, offset } of orders) {
    const extent = await context.options.locate(source, partition);
    if (extent !== undefined && offset > extent.bytes) return undefined;
    parts.push({
      extent,
      offset: (extent?.offset ?? 0) + offset,
      bytes: extent === undefined ? 0 : extent.bytes - offset,
    });
  }
  return parts;
}

async function copyParts(
  parts: readonly Part[],
  totalBytes: number,
  { response, codec, limits }: AnswerTarget & Pick<ServerContext, "limits">,
): Promise<void> {
  const chunkBytes = Math.min(limits.chunkBytes, totalBytes);
  const sentBytes = codec === undefined ? chunkBytes : packedBytesMax(chunkBytes);
  const chunks = [
    Buffer.allocUnsafeSlow(sentBytes),
    Buffer.allocUnsafeSlow(totalBytes > chunkBytes ? sentBytes : 0),
  ] as const;
  const raw = Buffer.allocUnsafeSlow(codec === undefined ? 0 : chunkBytes);
  const reader = new PartReader(parts);
  const fill = async (chunk: Buffer): Promise<number> => {
    if (codec === undefined) return reader.fill(chunk);
    return packChunk(codec, raw.subarray(0, await reader.fill(raw)), chunk);
  };
  let written: Promise<void> = Promise.resolve();
  try {
    for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
      const filled = await fill(chunks[turn]);
      await written;
      if (filled === 0) return;
      written = write(response, chunks[turn].subarray(0, filled), limits.progressMs);
      // Failures are met at the `await` above; without this one they would count as unhandled until then.
      written.catch(() => undefined);
    }
  } finally {
    await reader.close();
    await written.catch(() => undefined);
  }
}

/** Heads and bytes of segments as one stream, one file open at a time. */
class PartReader {
  readonly #parts: readonly Part[];
  #index = 0;
  /** Bytes of the present part already given; -1 before its head. */
  #given = -1;
  #file: FileHandle | undefined;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** Fill a chunk. @returns bytes filled: less than asked for only at the end of all parts. */
  async fill(into: Buffer): Promise<number> {
    let filled = 0;
    for (let part = this.#parts[this.#index]; part !== undefined; part = this.#parts[this.#index]) {
      if (this.#given < 0) {
        if (into.length - filled < frameHeadBytes) break;
        writeFrameHead(into, filled, { status: part.extent === undefined ? "missing" : "present", bytes: part.bytes });
        filled += frameHeadBytes;
        this.#given = 0;
      }
      const bytes = Math.min(part.bytes - this.#given, into.length - filled);
      if (bytes > 0) await this.#read(part, into.subarray(filled, filled + bytes));
      filled += bytes;
      this.#given += bytes;
      if (this.#given < part.bytes) break;
      await this.close();
      this.#index += 1;
      this.#given = -1;
    }
    return filled;
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #read(part: Part, into: Buffer): Promise<void> {
    this.#file ??= await open(part.extent?.path ?? "", "r");
    for (let done = 0; done < into.length;) {
      const { bytesRead } = await this.#file.read(into, done, into.length - done, part.offset + this.#given + done);
      if (bytesRead === 0) throw new Error("The run file is shorter than its index says");
      done += bytesRead;
    }
  }
}

/** Write one chunk; resolves when the kernel has it, so that the chunk may be filled anew. */
function write(response: ServerResponse, chunk: Buffer, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (error?: Error | null): void => {
      clearTimeout(timer);
      response.off("close", onClose);
      if (error === undefined || error === null) resolve();
      else reject(error);
    };
    const onClose = (): void => done(new Error("The reader went away"));
    // A reader that takes a byte a minute keeps its socket busy: a chunk has a deadline of its own.
    const timer = setTimeout(() => done(new Error("The reader takes nothing")), timeoutMs);
    response.once("close", onClose);
    response.write(chunk, done);
  });
}
