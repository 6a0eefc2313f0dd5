// Bytes as a source gives them, in chunks of any size, and what came of them.

import { decompress } from "@millrace/formats/engine";

/** Give bytes in chunks of `size`. Each chunk is overwritten once the next is asked for, as a source may reuse its memory. */
export async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    const chunk = bytes.slice(at, at + size);
    yield chunk;
  }
}

/** What came out before the end or an error. */
export interface Outcome {
  readonly text: string;
  readonly code?: string;
  readonly offset?: number;
  readonly message?: string;
}

/** Decompress all of a file. */
export async function outcomeOf(
  codec: Parameters<typeof decompress>[0],
  file: Uint8Array,
  chunkBytes: number,
): Promise<Outcome> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of decompress(codec, chunksOf(file, chunkBytes), { uri: "file:///in/a.log" }))
      chunks.push(chunk);
  } catch (thrown) {
    const { code, details, message } = thrown as { code: string; details: { offset: number }; message: string };
    return { text: Buffer.concat(chunks).toString(), code, offset: details.offset, message };
  }
  return { text: Buffer.concat(chunks).toString() };
}
