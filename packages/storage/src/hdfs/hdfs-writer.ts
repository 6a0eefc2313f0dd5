// Writing one file of HDFS: under a temporary name in its directory, checked for its length, then renamed. A small file
// is kept in memory until it is closed, so that it can be sent again when a DataNode dies; a large one is streamed, and so
// is one for which the others that are open leave no memory.

import { storageError } from "@millrace/ports";
import type { FileWriter } from "@millrace/ports";
import { isWebHdfsError } from "hdfs-webhdfs-client";
import type { CreateOptions, WebHdfsClient, WebHdfsWriter } from "hdfs-webhdfs-client";
import { temporaryPrefix } from "../local-writer.ts";
import type { HeldBytes } from "./held-bytes.ts";
import { childPath, parentPath } from "./hdfs-uris.ts";
import { moveOnce } from "./move-once.ts";

/** What a writer needs beside its target. */
export interface HdfsWriterOrder {
  readonly client: WebHdfsClient;
  readonly uri: string;
  readonly path: string;
  readonly replace: boolean;
  /** Block size, replication and permission of the file. */
  readonly create: Pick<CreateOptions, "blockBytes" | "replication" | "permission">;
  /** Memory of all writers. */
  readonly held: HeldBytes;
  readonly toError: (thrown: unknown) => Error;
}

/** A held file is sent to another DataNode, each time under a new name. */
const triesMax = 3;

/** Write one file. Its directory exists. */
export class HdfsWriter implements FileWriter {
  readonly #order: HdfsWriterOrder;
  #held: Uint8Array[] = [];
  /** Bytes held, to be given back. */
  #heldBytes = 0;
  #bytes = 0;
  #stream: WebHdfsWriter | undefined;
  #temporary: string;
  #open = true;

  constructor(order: HdfsWriterOrder) {
    this.#order = order;
    this.#temporary = temporaryPath(order.path);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen();
    try {
      if (!this.#hold(bytes)) {
        const stream = this.#stream ?? (await this.#startStream());
        // A copy: the client wants the bytes unchanged until the end of the write.
        await stream.write(bytes.slice());
      }
      this.#bytes += bytes.length;
    } catch (thrown) {
      throw await this.#failed(thrown);
    }
  }

  async close(): Promise<number> {
    this.#checkOpen();
    try {
      if (this.#stream === undefined) await this.#sendHeld();
      else await this.#stream.close();
      const { client, path, uri, replace } = this.#order;
      await moveOnce(client, { from: this.#temporary, to: path, uri, option: replace ? "OVERWRITE" : "NONE" });
      this.#open = false;
      this.#letGo();
      return this.#bytes;
    } catch (thrown) {
      throw await this.#failed(thrown);
    }
  }

  async abort(): Promise<void> {
    const begun = this.#open && this.#stream !== undefined;
    this.#open = false;
    this.#letGo();
    this.#stream?.abort();
    if (begun) await this.#removeTemporary();
  }

  /** Keep a copy of a piece in memory, if the file is not streamed yet and there is room. @returns whether it is kept. */
  #hold(bytes: Uint8Array): boolean {
    if (this.#stream !== undefined || !this.#order.held.take(this.#heldBytes, bytes.length)) return false;
    this.#held.push(bytes.slice());
    this.#heldBytes += bytes.length;
    return true;
  }

  #letGo(): void {
    this.#order.held.giveBack(this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
  }

  async #startStream(): Promise<WebHdfsWriter> {
    const { client } = this.#order;
    const stream = await client.createWriter(this.#temporary, this.#createOptions());
    this.#stream = stream;
    for (const chunk of this.#held) await stream.write(chunk);
    this.#letGo();
    return stream;
  }

  /** Send what is in memory; what a failed try left is removed, however it ended. */
  async #sendHeld(): Promise<void> {
    const content = Buffer.concat(this.#held, this.#bytes);
    // The copy is what is held from now on.
    this.#held = [];
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#order.client.create(this.#temporary, content, this.#createOptions());
        return;
      } catch (thrown) {
        await this.#removeTemporary();
        if (tries >= triesMax || !isWebHdfsError(thrown) || thrown.outcome !== "unknown") throw thrown;
        this.#temporary = temporaryPath(this.#order.path);
      }
    }
  }

  /** Without parents: a request that comes late must not make a directory again that was swept. */
  #createOptions(): CreateOptions {
    return { ...this.#order.create, createParent: false, overwrite: false };
  }

  async #failed(thrown: unknown): Promise<Error> {
    this.#open = false;
    this.#letGo();
    this.#stream?.abort();
    await this.#removeTemporary();
    return this.#order.toError(thrown);
  }

  /** An aborted write leaves a short file, closed as if it were whole. */
  async #removeTemporary(): Promise<void> {
    try {
      await this.#order.client.delete(this.#temporary);
    } catch {
      // The failure that led here is told; a hidden temporary file is left, which no listing of inputs takes.
    }
  }

  #checkOpen(): void {
    if (this.#open) return;
    throw storageError("invalid", { act: "write", uri: this.#order.uri, because: "its writer is closed" });
  }
}

function temporaryPath(path: string): string {
  const name = Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
  return childPath(parentPath(path), `${temporaryPrefix}${name}`);
}
