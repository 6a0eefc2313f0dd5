// Bytes of a file in storage, piece by piece, and stdout as a place to put them.

import { once } from "node:events";
import type { FileStatus, Storage } from "@millrace/ports";

/** Large enough that a request to storage is worth its while. */
const pieceBytes = 1024 * 1024;

/**
 * Read a file from an offset to its end, as it was when it was opened. The caller owns each piece.
 * @param range `begin` in bytes; `bytes` is how many at most, all unless given.
 */
export async function* readPieces(
  storage: Storage,
  file: FileStatus,
  range: { readonly begin?: number; readonly bytes?: number } = {},
): AsyncGenerator<Uint8Array> {
  const reader = await storage.open(file.uri, { known: file });
  try {
    const begin = range.begin ?? 0;
    const end = Math.min(reader.status.bytes, begin + (range.bytes ?? Number.MAX_SAFE_INTEGER));
    for (let offset = begin; offset < end;) {
      const piece = new Uint8Array(Math.min(pieceBytes, end - offset));
      const filled = await reader.read(offset, piece);
      if (filled === 0) return;
      yield piece.subarray(0, filled);
      offset += filled;
    }
  } finally {
    await reader.close();
  }
}

/** Write bytes to stdout; resolves when there is room for more. */
export async function writeOut(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
}
