// Writing one local file: into a temporary name beside it, synced, then given its own name in one step, so that nobody
// ever sees half of it and a crash leaves at most a hidden temporary file.

import { link, lstat, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { awaitFailpoint, storageError } from "@millrace/ports";
import type { FileWriter } from "@millrace/ports";
import { errnoOf, localError } from "./local-errors.ts";
import type { DirectorySync } from "./directory-sync.ts";

/** Begin of every temporary name; listings of inputs skip it, as it begins with a dot. */
export const temporaryPrefix = ".millrace-tmp-";

/** What a writer needs beside its target. */
export interface LocalWriterOrder {
  readonly uri: string;
  readonly path: string;
  readonly replace: boolean;
  /** Syncs the directory of a new name; absent for a file that need not be durable. */
  readonly sync?: DirectorySync;
}

/** The part of a file handle that {@link writeAll} needs. */
export interface WritableHandle {
  write(bytes: Uint8Array, offset: number, length: number): Promise<{ readonly bytesWritten: number }>;
}

/** Write all of `bytes`, however short each write falls. @throws when a write takes nothing. */
export async function writeAll(handle: WritableHandle, bytes: Uint8Array): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at);
    if (bytesWritten <= 0) throw new Error(`the disk took ${at} of ${bytes.length} bytes and then none`);
    at += bytesWritten;
  }
}

/** Open a writer. The target's directory must exist. */
export async function openLocalWriter(order: LocalWriterOrder): Promise<FileWriter> {
  const temporary = `${dirname(order.path)}/${temporaryPrefix}${randomName()}`;
  try {
    return new LocalWriter(order, temporary, await open(temporary, "wx", 0o666));
  } catch (thrown) {
    throw localError("create", order.uri, thrown);
  }
}

/** By the global, which loads nothing before it is used: a task host that writes by itself boots 5 ms sooner. */
function randomName(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(8))).toString("hex");
}

class LocalWriter implements FileWriter {
  readonly #order: LocalWriterOrder;
  readonly #temporary: string;
  #handle: FileHandle | undefined;
  #bytes = 0;

  constructor(order: LocalWriterOrder, temporary: string, handle: FileHandle) {
    this.#order = order;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      await awaitFailpoint("storage.write");
      await writeAll(this.#opened(), bytes);
      this.#bytes += bytes.length;
    } catch (thrown) {
      throw localError("write", this.#order.uri, thrown);
    }
  }

  async close(): Promise<number> {
    try {
      const handle = this.#opened();
      const { sync } = this.#order;
      await awaitFailpoint("storage.sync");
      if (sync !== undefined) await handle.sync();
      await handle.close();
      this.#handle = undefined;
      await awaitFailpoint("storage.close");
      await this.#name();
      await sync?.sync(dirname(this.#order.path));
      return this.#bytes;
    } catch (thrown) {
      await this.abort();
      throw localError("create", this.#order.uri, thrown);
    }
  }

  async abort(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    // An abort follows a failure that is reported already; its own failure leaves a temporary file, nothing else.
    await handle?.close().catch(() => undefined);
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }

  #opened(): FileHandle {
    if (this.#handle !== undefined) return this.#handle;
    throw storageError("invalid", { act: "write", uri: this.#order.uri, because: "its writer is closed" });
  }

  async #name(): Promise<void> {
    if (this.#order.replace) await rename(this.#temporary, this.#order.path);
    else await moveFile(this.#temporary, this.#order.path);
  }
}

/**
 * Give a file a new name, refusing one that exists even if it appears at the same moment: a hard link is exclusive,
 * a rename is not. Where hard links are not to be had, a look and a rename must do.
 */
export async function moveFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (thrown) {
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(errnoOf(thrown))) throw thrown;
    await renameUnlessThere(from, to);
    return;
  }
  await rm(from);
}

/** Rename after a look at the target. @throws EEXIST when it exists. */
async function renameUnlessThere(from: string, to: string): Promise<void> {
  const there = await lstat(to).then(
    () => true,
    () => false,
  );
  if (there)
    throw Object.assign(new Error(`EEXIST: file already exists, rename '${from}' -> '${to}'`), { code: "EEXIST" });
  await rename(from, to);
}
