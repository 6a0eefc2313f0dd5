// A rename on HDFS whose reply may be lost. The inode's number tells whether it happened: what lies at the new name is
// the very thing that lay at the old one. Always with rename options, as a plain RENAME onto a directory moves inside.

import { storageError } from "@millrace/ports";
import { isWebHdfsError } from "hdfs-webhdfs-client";
import type { HdfsFileStatus, RenameOption, WebHdfsClient } from "hdfs-webhdfs-client";

/** What to rename. */
export interface Move {
  readonly from: string;
  readonly to: string;
  /** For messages. */
  readonly uri: string;
  /** `OVERWRITE` replaces a file by a file, and an empty directory by a directory, in one step. */
  readonly option: Extract<RenameOption, "NONE" | "OVERWRITE">;
}

/** Requests of one rename; each has the client's own time-out. After them the caller looks, later. */
const triesMax = 3;

/**
 * Rename, and find out what became of it. Asking again is safe: the old name is this thing's or nobody's.
 * @throws {WebHdfsError} when it was refused; {MillraceError} E_STORAGE (missing, invalid, unknown).
 */
export async function moveOnce(client: WebHdfsClient, move: Move): Promise<void> {
  const { from, to, uri, option } = move;
  if (to === from || to.startsWith(`${from}/`))
    throw storageError("invalid", { act: "rename to", uri, because: "the new name lies inside" });
  const source = await client.maybeStatus(from);
  if (source === undefined)
    throw storageError("missing", { act: "rename to", uri, because: "the old name is not there" });
  let unsure: unknown;
  for (let tries = 0; tries < triesMax; tries += 1) {
    try {
      await client.rename(from, to, { renameOptions: [option] });
      return;
    } catch (thrown) {
      if (unsure === undefined && !isUnsure(thrown)) throw await refused(client, move, thrown);
      unsure ??= thrown;
    }
    if (isSame(source, await client.maybeStatus(to))) return;
    // Neither there nor here any more: somebody else has moved it, or the first request is under way.
    if (!isSame(source, await client.maybeStatus(from))) break;
  }
  throw storageError("unknown", { act: "rename to", uri, because: reasonOf(unsure), cause: unsure });
}

/** The server has no class of its own for two things of different kinds, or a directory with content: it exists, then. */
async function refused(client: WebHdfsClient, { to, uri }: Move, thrown: unknown): Promise<unknown> {
  if (!isWebHdfsError(thrown, { exception: "IOException" })) return thrown;
  if ((await client.maybeStatus(to)) === undefined) return thrown;
  return storageError("exists", { act: "rename to", uri, because: "it exists", cause: thrown });
}

function isUnsure(thrown: unknown): boolean {
  return !isWebHdfsError(thrown) || thrown.outcome === "unknown";
}

function isSame(source: HdfsFileStatus, found: HdfsFileStatus | undefined): boolean {
  if (found === undefined || found.kind !== source.kind) return false;
  if (source.fileId !== 0) return found.fileId === source.fileId;
  // A server that tells no inodes: no two things of a job have all of these alike.
  return found.bytes === source.bytes && found.modifiedMs === source.modifiedMs && found.owner === source.owner;
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
