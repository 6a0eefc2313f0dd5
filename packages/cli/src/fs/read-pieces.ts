// Bytes of a file in storage, piece by piece, and stdout as a place to put them.

import { once } from "node:events";
import type { FileStatus, Storage } from "@millrace/ports";

/** Large enough that a request to storage is worth its while. */
const pieceBytes = 1024 * 1024;

/**
 * Read a file from an offset to its end, as it was when it was opened, a piece ahead of who takes them. The caller owns
 * each piece.
 * @param range `begin` in bytes; `bytes` is how many at most, all unless given.
 */
export async function* readPieces(
  storage: Storage,
  file: FileStatus,
  range: { readonly begin?: number; readonly bytes?: number } = {},
): AsyncGenerator<Uint8Array> {
  const reader = await storage.open(file.uri, { known: file });
  let offset = range.begin ?? 0;
  const end = Math.min(reader.status.bytes, offset + (range.bytes ?? Number.MAX_SAFE_INTEGER));
  const readNext = async (): Promise<Uint8Array> => {
    const piece = new Uint8Array(Math.max(0, Math.min(pieceBytes, end - offset)));
    const filled = piece.length === 0 ? 0 : await reader.read(offset, piece);
    offset += filled;
    return piece.subarray(0, filled);
  };
  let next = readNext();
  try {
    for (;;) {
      const piece = await next;
      if (piece.length === 0) return;
      next = readNext();
      // Its failure is met when it is awaited, or belongs to a piece that nobody wants any more.
      next.catch(() => undefined);
      yield piece;
    }
  } finally {
    await next.catch(() => undefined);
    await reader.close();
  }
}

/** Write bytes to stdout; resolves when there is room for more. */
export async function writeOut(bytes: Uint8Array): Promise<void> {
  if (!process.stdout.write(bytes)) await once(process.stdout, "drain");
}
