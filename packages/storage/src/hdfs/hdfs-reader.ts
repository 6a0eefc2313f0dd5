// Reading one file of HDFS, block by block, so that each block comes from a DataNode that has it. A small first read in a
// block asks for just its range; a large one, or one that goes on where the last ended, opens a stream to the block's end.

import { storageError } from "@millrace/ports";
import type { FileReader, FileStatus, OpenOptions } from "@millrace/ports";
import type { HdfsFileStatus, ReadOptions, WebHdfsClient } from "hdfs-webhdfs-client";

/** What a reader reads. */
export interface HdfsFile {
  readonly client: WebHdfsClient;
  readonly path: string;
  /** The file as the name service told it: another one under the name ends the read. */
  readonly found: HdfsFileStatus;
  readonly status: FileStatus;
  /** Make a storage error of something thrown. */
  readonly toError: (thrown: unknown) => Error;
}

/** A stream and what is left of its last chunk. */
interface OpenStream {
  readonly chunks: AsyncIterator<Uint8Array, void>;
  /** Where it ends. */
  readonly end: number;
  rest: Uint8Array;
}

const nothing = new Uint8Array();

/** Who asks for so much wants more: two requests for what one could give cost more than what is sent too much. */
const streamedFromBytes = 128 * 1024;

/** Read one file; one read at a time. */
export class HdfsReader implements FileReader {
  readonly status: FileStatus;
  readonly #file: HdfsFile;
  readonly #options: ReadOptions;
  #stream: OpenStream | undefined;
  /** Where the last read ended. */
  #at = -1;
  /** Requests so far; each may have met another file of the same length under the name. */
  #requests = 0;

  constructor(file: HdfsFile, { onServed }: OpenOptions = {}) {
    this.#file = file;
    this.status = file.status;
    this.#options = {
      status: file.found,
      ...(onServed === undefined ? {} : { onServed: ({ host, bytes }) => onServed({ host, bytes }) }),
    };
  }

  async read(offset: number, into: Uint8Array): Promise<number> {
    const wanted = into.subarray(0, Math.max(0, Math.min(into.length, this.status.bytes - offset)));
    try {
      if (offset !== this.#at) await this.#end();
      for (let filled = 0; filled < wanted.length;) {
        filled += await this.#readWithinBlock(offset + filled, wanted.subarray(filled));
        this.#at = offset + filled;
      }
      if (this.#at === this.status.bytes) await this.#checkSame();
      return wanted.length;
    } catch (thrown) {
      await this.#end();
      throw this.#file.toError(thrown);
    }
  }

  async close(): Promise<void> {
    await this.#end();
  }

  /** Read up to the end of a block at most. @returns bytes read, at least one. */
  async #readWithinBlock(offset: number, into: Uint8Array): Promise<number> {
    const { client, path } = this.#file;
    if (this.#stream !== undefined && offset >= this.#stream.end) await this.#closeStream();
    const end = this.#blockEnd(offset);
    const wanted = into.subarray(0, end - offset);
    if (this.#stream === undefined) {
      const goesOn = offset === this.#at && !this.#isBlockBegin(offset);
      const isAll = offset + wanted.length === end;
      this.#requests += 1;
      if (isAll || (!goesOn && wanted.length < streamedFromBytes))
        return client.readInto(path, offset, wanted, this.#options);
      const chunks = client.open(path, { ...this.#options, offset, length: end - offset })[Symbol.asyncIterator]();
      this.#stream = { chunks, end, rest: nothing };
    }
    return fillFrom(this.#stream, wanted);
  }

  /** At the end of what took several requests: all of them read the file that was opened if it still has its name. */
  async #checkSame(): Promise<void> {
    if (this.#requests < 2) return;
    this.#requests = 0;
    const { client, path, found } = this.#file;
    const now = await client.maybeStatus(path);
    const same =
      found.fileId === 0 || now === undefined
        ? now?.bytes === found.bytes && now.modifiedMs === found.modifiedMs
        : now.fileId === found.fileId && now.bytes >= found.bytes;
    if (same) return;
    const because = "another file took its name while it was read";
    throw storageError("missing", { act: "read", uri: this.status.uri, because });
  }

  #blockEnd(offset: number): number {
    const { bytes, blockBytes } = this.status;
    return blockBytes === 0 ? bytes : Math.min(bytes, (Math.floor(offset / blockBytes) + 1) * blockBytes);
  }

  #isBlockBegin(offset: number): boolean {
    const { blockBytes } = this.status;
    return blockBytes > 0 && offset % blockBytes === 0;
  }

  async #end(): Promise<void> {
    this.#at = -1;
    await this.#closeStream();
  }

  /** Ends the connection in use; the chunks that were on their way are lost. */
  async #closeStream(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    try {
      await stream?.chunks.return?.();
    } catch {
      // What was read is right; the end of a read that nobody wants any more tells nothing.
    }
  }
}

/** Fill a buffer from a stream, which ends with an error when it has too few bytes. */
async function fillFrom(stream: OpenStream, into: Uint8Array): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    if (stream.rest.length === 0) {
      const next = await stream.chunks.next();
      if (next.done === true) throw new Error(`the stream ended after ${filled} of ${into.length} bytes`);
      stream.rest = next.value;
    }
    const piece = stream.rest.subarray(0, into.length - filled);
    into.set(piece, filled);
    filled += piece.length;
    stream.rest = stream.rest.subarray(piece.length);
  }
  return filled;
}
