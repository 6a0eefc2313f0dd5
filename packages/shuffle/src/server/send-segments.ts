// Sending segments: 1 MiB chunks, one being written while the other is read. Several small segments share a chunk.
// A file that is shorter than its index says, or cannot be read, cuts the connection: never a clean end.

import { open, type FileHandle } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { awaitFailpoint } from "@millrace/ports";
import { frameHeadBytes, writeFrameHead } from "../segment-frame.ts";
import type { SegmentOrder } from "../segment-request.ts";
import { refuse, type SegmentExtent, type ServerContext } from "./server-context.ts";

/** Answer a request whose MACs are right. Throws when the connection must be cut. */
export async function sendSegments(
  context: ServerContext,
  orders: readonly SegmentOrder[],
  response: ServerResponse,
): Promise<void> {
  await awaitFailpoint("shuffle.beforeServe");
  await context.gate.enter();
  try {
    const parts = await locateAll(context, orders);
    if (parts === undefined) return refuse(response, 416);
    const bytes = parts.reduce((sum, part) => sum + frameHeadBytes + part.bytes, 0);
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes });
    await copyParts(context, parts, bytes, response);
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
  context: ServerContext,
  parts: readonly Part[],
  totalBytes: number,
  response: ServerResponse,
): Promise<void> {
  const chunkBytes = Math.min(context.limits.chunkBytes, totalBytes);
  const chunks = [
    Buffer.allocUnsafeSlow(chunkBytes),
    Buffer.allocUnsafeSlow(totalBytes > chunkBytes ? chunkBytes : 0),
  ] as const;
  const reader = new PartReader(parts);
  let written: Promise<void> = Promise.resolve();
  try {
    for (let turn: 0 | 1 = 0; ; turn = turn === 0 ? 1 : 0) {
      const filled = await reader.fill(chunks[turn]);
      await written;
      if (filled === 0) return;
      written = write(response, chunks[turn].subarray(0, filled), context.limits.progressMs);
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
