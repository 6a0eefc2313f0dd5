// Operations on the contents of files.
import { askForDone, askForReply, parseReply } from "../calls/read-reply.ts";
import type { ClientContext } from "../calls/client-context.ts";
import { hostAndPort } from "../address/server-address.ts";
import { bodyText } from "../http/read-body.ts";
import { dataNodeError, openDownload } from "../calls/open-download.ts";
import { askStatus, readInto, readRange } from "../calls/read-range.ts";
import { DataNodeRetries } from "../calls/retry-data-nodes.ts";
import { openWriter, writeBody } from "../calls/write-body.ts";
import type { UploadCall } from "../calls/open-upload.ts";
import { ifKnown } from "../calls/if-known.ts";
import { quote } from "../errors/quote.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import {
  blockLocationsOf,
  type HdfsBlockLocation,
  type LocatedBlocks,
  readBlockLocations,
  readLocatedBlocks,
} from "../model/block-location.ts";
import type { HdfsChecksum } from "../model/usage.ts";
import { readChecksum } from "../model/usage.ts";
import { octal, withoutUmask } from "../model/permission.ts";
import type { AppendOptions, CallOptions, CreateOptions, FileOperations } from "./operation-groups.ts";

/** Whole files in memory are for small ones; larger ones are read as streams. */
const readFileBytesMax = 64 * 1024 * 1024;

/** A checksum's reply is some hundred bytes. */
const checksumBytesMax = 64 * 1024;

/** Make the operations on contents. */
export function fileOperations(context: ClientContext): FileOperations {
  const createCall = (path: string, options: CreateOptions): UploadCall => {
    const permission = options.permission ?? withoutUmask(0o666, context.options.umask);
    return {
      operation: "CREATE",
      path,
      query: {
        overwrite: options.overwrite ?? false,
        blocksize: options.blockBytes,
        replication: options.replication,
        permission: octal(permission),
        unmaskedpermission: octal(options.permission ?? 0o666),
        createparent: options.createParent,
        createflag: options.createFlags?.join(","),
      },
      bytes: options.bytes,
      signal: options.signal,
    };
  };
  const createProof = (options: CreateOptions) => ({
    verify: options.verify ?? true,
    bytesBefore: 0,
    onServed: options.onServed,
  });
  const appendCall = (path: string, options: AppendOptions): UploadCall => {
    return { operation: "APPEND", path, query: {}, bytes: options.bytes, signal: options.signal };
  };
  const appendProof = async (path: string, options: AppendOptions) => {
    const verify = options.verify ?? true;
    const bytesBefore = verify ? (await askStatus(context, path, options.signal)).bytes : 0;
    return { verify, bytesBefore, onServed: options.onServed };
  };
  return {
    open: (path, options = {}) => readRange(context, path, options),
    readInto: (path, offset, into, options = {}) => readInto(context, path, into, { ...options, offset }),
    readFile: async (path, options = {}) => {
      const { bytesMax = readFileBytesMax } = options;
      const status = options.status ?? (await askStatus(context, path, options.signal));
      if (status.bytes > bytesMax) throw tooLarge(path, status.bytes, bytesMax);
      const into = new Uint8Array(status.bytes);
      const bytes = await readInto(context, path, into, { ...options, status });
      return into.subarray(0, bytes);
    },
    create: (path, body, options = {}) => writeBody(context, createCall(path, options), body, createProof(options)),
    createWriter: (path, options = {}) => openWriter(context, createCall(path, options), createProof(options)),
    append: async (path, body, options = {}) =>
      await writeBody(context, appendCall(path, options), body, await appendProof(path, options)),
    appendWriter: async (path, options = {}) =>
      await openWriter(context, appendCall(path, options), await appendProof(path, options)),
    truncate: (path, bytes, options) =>
      askForReply(context, { operation: "TRUNCATE", path, query: { newlength: bytes }, ...options }, (reply) =>
        reply.get("boolean").boolean(),
      ),
    concat: async (path, sources, options) => {
      checkSources(path, sources);
      await askForDone(context, { operation: "CONCAT", path, query: { sources: sources.join(",") }, ...options });
    },
    checksum: (path, options = {}) => checksum(context, path, options),
    blockLocations: (path, options = {}) => blockLocations(context, path, options),
    locatedBlocks: (path, options = {}) => locatedBlocks(context, path, options),
  };
}

/** The server splits the list at each comma, and has no way to write one in a name. */
function checkSources(path: string, sources: readonly string[]): void {
  const odd = sources.find((source) => source.includes(","));
  if (odd === undefined) return;
  throw new WebHdfsError({
    kind: "invalid",
    operation: "CONCAT",
    path,
    reason: `the source ${quote(odd)} has a comma, at which the server would cut it`,
    advice: "rename it first",
    outcome: "not-done",
  });
}

function tooLarge(path: string, bytes: number, bytesMax: number): WebHdfsError {
  return new WebHdfsError({
    kind: "invalid",
    operation: "OPEN",
    path,
    reason: `the file has ${bytes} bytes, more than the ${bytesMax} allowed in memory`,
    advice: 'read it as a stream with "open", or raise "bytesMax"',
    outcome: "not-done",
  });
}

async function checksum(context: ClientContext, path: string, options: CallOptions): Promise<HdfsChecksum> {
  const call = { operation: "GETFILECHECKSUM", path, signal: options.signal } as const;
  const retries = new DataNodeRetries(context, options.signal);
  for (;;) {
    try {
      const { exchange, response, target, release } = await openDownload(context, call);
      try {
        const text = (await bodyText(exchange, response, checksumBytesMax)) ?? "";
        const server = hostAndPort(target);
        return parseReply(call, { text, status: response.statusCode ?? 0, server }, readChecksum);
      } catch (error) {
        throw dataNodeError(call, target, error);
      } finally {
        release();
      }
    } catch (error) {
      await retries.afterFailure(error, { path, offset: 0 });
    }
  }
}

type RangeCall = CallOptions & { readonly offset?: number; readonly length?: number };

async function locatedBlocks(context: ClientContext, path: string, options: RangeCall): Promise<LocatedBlocks> {
  const { offset, length, signal } = options;
  const call = { operation: "GET_BLOCK_LOCATIONS", path, query: { offset, length }, signal } as const;
  const located = await askForReply(context, call, readLocatedBlocks);
  context.dataNodes.learn(located);
  return located;
}

/** Newer servers have GETFILEBLOCKLOCATIONS; older ones only what their own client used; what a server lacks is remembered. */
async function blockLocations(
  context: ClientContext,
  path: string,
  options: RangeCall,
): Promise<readonly HdfsBlockLocation[]> {
  const { offset, length, signal } = options;
  const newer = { operation: "GETFILEBLOCKLOCATIONS", path, query: { offset, length }, signal } as const;
  const found = await ifKnown(context, newer.operation, () => askForReply(context, newer, readBlockLocations));
  if (found !== undefined) return found;
  const older = await ifKnown(context, "GET_BLOCK_LOCATIONS", () => locatedBlocks(context, path, options));
  return older === undefined ? [] : blockLocationsOf(older);
}
