// Reading a range of a file: OPEN, at another DataNode when one fails, from where the last left off, until every byte has
// come. The file's identity is compared before each repeat, so that two files are never spliced together.
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { announcedBytes, bodyChunks } from "../http/read-body.ts";
import { ExchangeFailure } from "../http/exchange-failure.ts";
import type { HdfsFileStatus } from "../model/file-status.ts";
import { readFileStatus } from "../model/file-status.ts";
import type { RangeOptions } from "../operations/operation-groups.ts";
import { LocalReadFailure } from "../local/block-file.ts";
import { type LocalPiece, LocalRange } from "../local/local-range.ts";
import type { ClientContext } from "./client-context.ts";
import { dataNodeError, type Download, openDownload } from "./open-download.ts";
import { askForReply } from "./read-reply.ts";
import { DataNodeRetries } from "./retry-data-nodes.ts";

/** Ask what a path is. */
export async function askStatus(
  context: ClientContext,
  path: string,
  signal: AbortSignal | undefined,
): Promise<HdfsFileStatus> {
  return await askForReply(context, { operation: "GETFILESTATUS", path, signal }, (reply) =>
    readFileStatus(reply.get("FileStatus")),
  );
}

function invalid(path: string, reason: string, advice: string): WebHdfsError {
  return new WebHdfsError({ kind: "invalid", operation: "OPEN", path, reason, advice, outcome: "not-done" });
}

function checkRange(path: string, offset: number, length: number | undefined): void {
  if (!Number.isSafeInteger(offset) || offset < 0) {
    throw invalid(path, `offset ${offset} is no position in a file`, "give a whole number from 0");
  }
  if (length !== undefined && (!Number.isSafeInteger(length) || length < 0)) {
    throw invalid(path, `length ${length} is no number of bytes`, "give a whole number from 0");
  }
}

/**
 * Read a range as chunks, which the caller owns; it ends at the end of the file at the latest.
 * @throws {WebHdfsError} `changed` when the file is another one than at the beginning
 */
export async function* readRange(
  context: ClientContext,
  path: string,
  options: RangeOptions,
): AsyncGenerator<Uint8Array, void> {
  const { offset = 0, length, signal, perBlock = false } = options;
  checkRange(path, offset, length);
  signal?.throwIfAborted();
  const status = options.status ?? (await askStatus(context, path, signal));
  if (status.kind === "directory") throw invalid(path, "it is a directory", "list it, and read its files");
  const end = length === undefined ? status.bytes : Math.min(offset + length, status.bytes);
  const retries = new DataNodeRetries(context, signal);
  const isLocal = context.options.localReads && !status.encrypted && offset < end;
  const local = isLocal ? new LocalRange(context, path, { offset, length: end - offset }, signal) : undefined;
  const step = (perBlock || isLocal) && status.blockBytes > 0 ? status.blockBytes : Number.POSITIVE_INFINITY;
  let position = offset;
  let pieces = 0;
  while (position < end) {
    pieces += 1;
    const here = await local?.find(position);
    const pieceEnd = Math.min(end, (Math.floor(position / step) + 1) * step);
    const piece = { path, from: position, to: pieceEnd, options };
    try {
      for await (const chunk of here === undefined
        ? readPiece(context, piece)
        : readLocal(here, position, end, options)) {
        position += chunk.length;
        retries.progress();
        yield chunk;
      }
    } catch (error) {
      if (here !== undefined && error instanceof LocalReadFailure) {
        local?.giveUp(here.block);
        continue;
      }
      await retries.afterFailure(error, { path, offset: position });
      await checkUnchanged(context, path, status, signal);
    }
  }
  // One OPEN gives one file; the next may have met another of the same length under the name.
  if (pieces > 1) await checkUnchanged(context, path, status, signal);
}

async function* readLocal(
  here: LocalPiece,
  position: number,
  end: number,
  options: RangeOptions,
): AsyncGenerator<Uint8Array, void> {
  const { block, file, node } = here;
  const from = position - block.offset;
  let bytes = 0;
  try {
    for await (const chunk of file.read(from, Math.min(block.bytes, end - block.offset))) {
      options.signal?.throwIfAborted();
      bytes += chunk.length;
      yield chunk;
    }
  } finally {
    await file.close();
    options.onServed?.({ host: node.host, port: node.infoPort, bytes, local: true });
  }
}

/** A piece of a range. */
interface Piece {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly options: RangeOptions;
}

async function* readPiece(context: ClientContext, piece: Piece): AsyncGenerator<Uint8Array, void> {
  const { path, from, to, options } = piece;
  const { signal } = options;
  const call = { operation: "OPEN", path, query: { offset: from, length: to - from }, signal } as const;
  const download = await openDownload(context, call);
  const { target } = download;
  let received = 0;
  try {
    checkAnnounced(download, to - from);
    for await (const chunk of bodyChunks(download.exchange, download.response)) {
      received += chunk.length;
      if (received > to - from) throw incomplete(`more than the ${to - from} bytes asked for`);
      yield chunk;
    }
    if (received < to - from) throw incomplete(`only ${received} of the ${to - from} bytes asked for`);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw dataNodeError(call, target, error);
  } finally {
    download.release();
    options.onServed?.({ host: target.host, port: target.port, bytes: received, local: false });
  }
}

function incomplete(what: string): ExchangeFailure {
  return new ExchangeFailure("body", "INCOMPLETE", { message: `it sent ${what}` });
}

function checkAnnounced(download: Download, wanted: number): void {
  const announced = announcedBytes(download.response);
  if (announced === undefined || announced <= wanted) return;
  download.exchange.destroy();
  throw incomplete(`an announcement of ${announced} bytes for the ${wanted} asked for`);
}

async function checkUnchanged(
  context: ClientContext,
  path: string,
  before: HdfsFileStatus,
  signal: AbortSignal | undefined,
): Promise<void> {
  const now = await askStatus(context, path, signal);
  const difference = (["fileId", "bytes", "modifiedMs"] as const).find((field) => now[field] !== before[field]);
  // A file that grows, or is closed meanwhile, keeps its inode and what was read of it.
  const grown = now.fileId !== 0 && now.fileId === before.fileId && now.bytes >= before.bytes;
  if (difference === undefined || grown) return;
  throw new WebHdfsError({
    kind: "changed",
    operation: "OPEN",
    path,
    reason: `the file is another one than when it was opened (${difference} was ${before[difference]}, is ${now[difference]})`,
    advice: "read it from the beginning, or read from a snapshot of its directory",
    outcome: "not-done",
  });
}

/**
 * Fill a buffer from an offset.
 * @returns bytes read, less than the buffer holds only at the end of the file
 */
export async function readInto(
  context: ClientContext,
  path: string,
  into: Uint8Array,
  options: RangeOptions,
): Promise<number> {
  let filled = 0;
  for await (const chunk of readRange(context, path, { ...options, length: into.length })) {
    into.set(chunk, filled);
    filled += chunk.length;
  }
  return filled;
}
