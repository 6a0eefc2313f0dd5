// Reading a small request body, bounded before anything is kept.

import type { IncomingMessage } from "node:http";

/** Read a whole body as Latin-1. @returns undefined when it is longer than `bytesMax`; the rest is not read. */
export async function readBody(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > bytesMax) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}
