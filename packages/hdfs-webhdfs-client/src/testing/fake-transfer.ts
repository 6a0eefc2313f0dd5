// Contents of files on their way in and out, as DataNodes and HttpFS handle them: an aborted write is closed short, a
// write over quota leaves its file, the later of two writers wins.
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type FakeUrl, sendFakeException, sendJson } from "./fake-answer.ts";
import { FakeException } from "./fake-exception.ts";
import type { FakeFile } from "./fake-inode.ts";
import { type FakeTraps, strikes } from "./fake-traps.ts";
import type { FakeTree } from "./fake-tree.ts";

/** What transfers see of the cluster. */
export interface FakeTransferWorld {
  readonly tree: FakeTree;
  readonly traps: FakeTraps;
  readonly blockBytes: number;
  readonly replication: number;
  /** @throws {FakeException} when no name node takes changes now */
  checkWritable(): void;
}

/** One transfer. */
export interface FakeTransfer {
  readonly url: FakeUrl;
  readonly user: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the server was killed meanwhile: then its file stays open. */
  readonly isDead: () => boolean;
  /** `location` of a new file. */
  readonly location: string;
  /** How the server words an exception. */
  readonly worded: (error: unknown) => unknown;
}

/** Bytes kept before they go into the file, so that a large file is not copied for each chunk. */
const flushBytes = 1024 * 1024;

function positive(query: URLSearchParams, name: string, without: number): number {
  const text = query.get(name);
  if (text === null) return without;
  if (!/^-?\d+$/u.test(text))
    throw new FakeException(
      "IllegalArgumentException",
      `Invalid value for webhdfs parameter "${name}": Failed to parse "${text}"`,
    );
  return Number(text);
}

function openForWriting(world: FakeTransferWorld, transfer: FakeTransfer): FakeFile {
  const { url, user } = transfer;
  const { query, path } = url;
  const writer = `DFSClient_NONMAPREDUCE_${process.hrtime.bigint()}`;
  world.checkWritable();
  if (url.operation === "APPEND") return world.tree.appendFile(path, user, writer);
  const blockBytes = positive(query, "blocksize", world.blockBytes);
  if (blockBytes % 512 !== 0)
    throw new FakeException(
      "HadoopIllegalArgumentException",
      `Invalid values: dfs.bytes-per-checksum (=512) must divide block size (=${blockBytes}).`,
    );
  const parent = path.slice(0, path.lastIndexOf("/")) || "/";
  if (query.get("createparent") === "false" && world.tree.find(parent, user) === undefined)
    throw new FakeException("FileNotFoundException", `Parent directory doesn't exist: ${parent}`);
  return world.tree.createFile(path, {
    permission: Number.parseInt(query.get("permission") ?? "644", 8),
    user,
    overwrite: query.get("overwrite") === "true",
    blockBytes,
    replication: positive(query, "replication", world.replication),
    writer,
  });
}

/** Take the body of CREATE or APPEND. */
export function receiveFile(world: FakeTransferWorld, transfer: FakeTransfer): void {
  const { request, response, url } = transfer;
  let file: FakeFile;
  try {
    file = openForWriting(world, transfer);
  } catch (error) {
    refuse(transfer, error);
    return;
  }
  const cut = strikes(world.traps.cutWrite) ? world.traps.cutWrite?.afterBytes : undefined;
  const lost = strikes(world.traps.loseWrite) ? (world.traps.loseWrite?.afterBytes ?? 0) : Number.POSITIVE_INFINITY;
  const body = new PendingBody(world, url.path, file, lost);
  let over = false;
  const guard = (act: () => void): void => {
    if (over) return;
    try {
      act();
    } catch (error) {
      over = true;
      world.tree.closeFile(file); // over quota, or gone: what there is stays
      refuse(transfer, error);
    }
  };
  request.on("data", (chunk: Uint8Array) => {
    guard(() => {
      if (cut !== undefined && body.bytes + chunk.length > cut) {
        over = true;
        request.socket.destroy();
        return;
      }
      body.push(chunk);
    });
  });
  request.on("end", () => {
    guard(() => {
      body.flush();
      over = true;
      world.tree.closeFile(file);
      response.setHeader("location", transfer.location);
      response.setHeader("connection", "close");
      sendJson(response, url.operation === "CREATE" ? 201 : 200);
    });
  });
  request.on("close", () => {
    if (over) return;
    over = true;
    if (transfer.isDead()) return; // killed: nobody closes the file
    try {
      body.flush();
    } catch {
      // over quota or gone: closed as it is
    }
    world.tree.closeFile(file);
  });
}

/** Refuse a write without reading its body to the end, and close: what is still being sent meets a closed connection. */
function refuse({ request, response, worded }: FakeTransfer, error: unknown): void {
  response.setHeader("connection", "close");
  response.once("finish", () => request.socket.destroySoon());
  sendFakeException(response, worded(error));
}

/** Chunks on their way into a file. */
class PendingBody {
  readonly #world: FakeTransferWorld;
  readonly #path: string;
  readonly #file: FakeFile;
  readonly #keep: number;
  #chunks: Uint8Array[] = [];
  #pending = 0;
  bytes = 0;

  constructor(world: FakeTransferWorld, path: string, file: FakeFile, keep: number) {
    this.#world = world;
    this.#path = path;
    this.#file = file;
    this.#keep = keep;
  }

  push(chunk: Uint8Array): void {
    const kept = chunk.subarray(0, Math.max(0, this.#keep - this.bytes));
    this.bytes += chunk.length;
    this.#chunks.push(kept);
    this.#pending += kept.length;
    if (this.#pending >= flushBytes) this.flush();
  }

  flush(): void {
    const { tree, traps } = this.#world;
    if (traps.full && this.#pending > 0) {
      const message = `File ${this.#path} could only be written to 0 of the 1 minReplication nodes. There are 0 datanode(s) running and 0 node(s) are excluded in this operation.`;
      throw new FakeException("IOException", message);
    }
    tree.extend(this.#path, this.#file, Buffer.concat(this.#chunks));
    this.#chunks = [];
    this.#pending = 0;
  }
}

/** Give a range of a file, with the traps of reads. */
export function sendFile(world: FakeTransferWorld, transfer: FakeTransfer): void {
  const { response, url, user } = transfer;
  const { traps, tree } = world;
  try {
    const file = tree.file(url.path, user);
    tree.check(file, { user, bits: 4, path: url.path });
    const bytes = rangeOf(file, url.query);
    const short = strikes(traps.shortRead) ? traps.shortRead?.afterBytes : undefined;
    const body = bytes.subarray(0, short ?? bytes.length);
    const announced = body.length + (strikes(traps.longRead) ? 10 : 0);
    response.writeHead(200, {
      "content-type": "application/octet-stream",
      connection: "close",
      ...(traps.chunkedReads ? {} : { "content-length": announced }),
    });
    const cut = strikes(traps.cutRead) ? traps.cutRead?.afterBytes : undefined;
    const stall = strikes(traps.stallRead) ? traps.stallRead?.afterBytes : undefined;
    if (cut !== undefined) response.write(body.subarray(0, cut), () => response.socket?.resetAndDestroy());
    else if (stall === undefined) response.end(body);
    else response.write(body.subarray(0, stall));
  } catch (error) {
    sendFakeException(response, transfer.worded(error));
  }
}

function rangeOf(file: FakeFile, query: URLSearchParams): Uint8Array {
  const size = file.content.length;
  const offset = positive(query, "offset", 0);
  const length = query.has("length") ? positive(query, "length", 0) : size;
  if (offset < 0 || length < 0) {
    throw new FakeException(
      "IllegalArgumentException",
      `Invalid value for webhdfs parameter "offset": Invalid value: ${offset} < 0`,
    );
  }
  if (length === 0) return new Uint8Array(0);
  if (offset > size || (offset === size && size > 0)) {
    throw new FakeException("IOException", `Offset=${offset} out of the range [0, ${size}); OPEN, path=/`);
  }
  return file.content.subarray(offset, offset + length);
}

/** Give a file's checksum; as with MD5-of-CRC, the same bytes in other blocks have another. */
export function sendChecksum(world: FakeTransferWorld, transfer: FakeTransfer): void {
  const { response, url, user } = transfer;
  try {
    const { blockBytes, content } = world.tree.file(url.path, user);
    const bytes = createHash("md5").update(content).update(String(blockBytes)).digest("hex").padStart(56, "0");
    const algorithm = `MD5-of-${blockBytes / 512}MD5-of-512CRC32C`;
    sendJson(response, 200, { FileChecksum: { algorithm, bytes, length: 28 } });
  } catch (error) {
    sendFakeException(response, transfer.worded(error));
  }
}
