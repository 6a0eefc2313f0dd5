// Reading one file of HDFS. A small first read asks for just its range; a large one, or one that goes on where the last
// ended, opens a stream to the end of the file, block by block, so that each block comes from a DataNode that has it.

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

  constructor(file: HdfsFile, { onServed }: OpenOptions = {}) {
    this.#file = file;
    this.status = file.status;
    this.#options = {
      status: file.found,
      perBlock: true,
      ...(onServed === undefined ? {} : { onServed: ({ host, bytes }) => onServed({ host, bytes }) }),
    };
  }

  async read(offset: number, into: Uint8Array): Promise<number> {
    const wanted = into.subarray(0, Math.max(0, Math.min(into.length, this.status.bytes - offset)));
    if (wanted.length === 0) return 0;
    try {
      const filled = await this.#fill(offset, wanted);
      this.#at = offset + filled;
      return filled;
    } catch (thrown) {
      await this.#end();
      throw this.#file.toError(thrown);
    }
  }

  async close(): Promise<void> {
    await this.#end();
  }

  async #fill(offset: number, into: Uint8Array): Promise<number> {
    const { client, path } = this.#file;
    if (offset !== this.#at) {
      await this.#end();
      const isLast = offset + into.length === this.status.bytes;
      if (isLast || into.length < streamedFromBytes) return client.readInto(path, offset, into, this.#options);
    }
    this.#stream ??= this.#open(offset);
    return fillFrom(this.#stream, into);
  }

  #open(offset: number): OpenStream {
    const { client, path } = this.#file;
    return { chunks: client.open(path, { ...this.#options, offset })[Symbol.asyncIterator](), rest: nothing };
  }

  /** Ends the connection in use; the chunks that were on their way are lost. */
  async #end(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    this.#at = -1;
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
      if (next.done === true) break;
      stream.rest = next.value;
    }
    const piece = stream.rest.subarray(0, into.length - filled);
    into.set(piece, filled);
    filled += piece.length;
    stream.rest = stream.rest.subarray(piece.length);
  }
  return filled;
}
