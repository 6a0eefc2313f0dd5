// Copying files and directories between storages: each file appears when it is whole, a few at a time.

import { MillraceError, isWithin, quote } from "@millrace/core";
import type { FileStatus, Storage } from "@millrace/ports";
import { mapBounded } from "@millrace/storage";
import { childUri, shownName } from "./named-files.ts";
import { readPieces } from "./read-pieces.ts";

/** One file to copy. */
interface FileCopy {
  readonly from: FileStatus;
  readonly to: string;
}

/** What was copied. */
export interface CopyTotals {
  readonly files: number;
  readonly bytes: number;
}

/** A stream to each side of a copy; more only wait for the same disks. */
const parallelMax = 4;

/** Copy a file, or a directory with all files below it. `to` is the URI of the copy itself. */
export async function copyTree(
  storage: Storage,
  { from, to }: FileCopy,
  options: { readonly overwrite: boolean },
): Promise<CopyTotals> {
  const files = await collect(storage, { from, to });
  const sizes = await mapBounded(files, parallelMax, (each) => copyFile(storage, each, options.overwrite));
  return { files: files.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

/** List what is to be copied. Links to directories are not followed: they may lead in a circle. */
async function collect(storage: Storage, { from, to }: FileCopy): Promise<readonly FileCopy[]> {
  if (from.kind === "file") return [{ from, to }];
  if (from.kind === "other") throw noFile(from);
  if (isWithin(to, from.uri))
    throw new MillraceError(
      "E_USAGE",
      `Cannot copy ${quote(shownName(from.uri))}: the copy would lie inside it, as ${quote(shownName(to))}; choose another target`,
    );
  const base = childUri(from.uri, "");
  const below = await storage.listBelow(from.uri);
  const other = below.find(({ kind }) => kind !== "file");
  if (other !== undefined) throw noFile(other);
  await storage.makeDirectory(to);
  return below.map((file) => ({ from: file, to: `${to}${file.uri.slice(base.length)}` }));
}

function noFile({ uri }: FileStatus): MillraceError {
  return new MillraceError("E_USAGE", `Cannot copy ${quote(shownName(uri))}: it is no regular file; leave it out`);
}

async function copyFile(storage: Storage, { from, to }: FileCopy, replace: boolean): Promise<number> {
  const writer = await storage.create(to, { replace });
  try {
    let bytes = 0;
    for await (const piece of readPieces(storage, from)) {
      await writer.write(piece);
      bytes += piece.length;
    }
    if (bytes !== from.bytes)
      throw new MillraceError(
        "E_INPUT_CHANGED",
        `Cannot copy ${quote(shownName(from.uri))}: it had ${from.bytes} bytes and gave ${bytes}; copy it again when it is still`,
      );
    await writer.close();
    return bytes;
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}
