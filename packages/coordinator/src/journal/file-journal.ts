// A journal in a file: one write and one fdatasync for each append, whatever the number of records.

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Journal, ReplayedJournal } from "@millrace/ports";
import { awaitFailpoint } from "@millrace/ports";
import { stateDiskError } from "../state/state-disk-error.ts";
import { formatBatch, parseJournal } from "./journal-lines.ts";

/** A journal and where it lies. */
class FileJournal<Record> implements Journal<Record> {
  readonly #file: FileHandle;
  readonly #path: string;
  #batch: number;
  #bytes: number;

  constructor(file: FileHandle, path: string, { batch, bytes }: { readonly batch: number; readonly bytes: number }) {
    this.#file = file;
    this.#path = path;
    this.#batch = batch;
    this.#bytes = bytes;
  }

  /** @throws {MillraceError} E_NO_SPACE, E_STORAGE: final, since what reached the disk is not known any more. */
  async append(records: readonly Record[]): Promise<void> {
    if (records.length === 0) return;
    this.#batch += 1;
    const bytes = formatBatch(records, this.#batch);
    await awaitFailpoint("journal.beforeAppend");
    try {
      for (let at = 0; at < bytes.length;) {
        // A short write is no error to the kernel, so the rest is written again.
        const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#bytes + at);
        at += bytesWritten;
      }
      this.#bytes += bytes.length;
      await awaitFailpoint("journal.beforeSync");
      await this.#file.datasync();
    } catch (cause) {
      throw stateDiskError("go on without recording decisions in", this.#path, cause);
    }
    await awaitFailpoint("journal.afterSync");
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/**
 * Open a journal, made when it is not there, and read what it holds. A torn tail is cut off, durably, before anything
 * is appended, and what is read is made durable: the life that wrote it may have ended before its sync. The caller sees
 * to the durability of a new name. One writer at a time: the state directory's lock sees to that.
 * @throws {MillraceError} E_STATE_DAMAGED for damage before the last batch.
 */
export async function openJournal<Record>(path: string): Promise<ReplayedJournal<Record>> {
  const file = await open(path, "a+", 0o600);
  try {
    const bytes = await file.readFile();
    const { records, goodBytes, batch } = parseJournal(bytes, path);
    const writable = await openDurable(path, { bytes: bytes.length, goodBytes });
    return {
      journal: new FileJournal<Record>(writable, path, { batch, bytes: goodBytes }),
      records: records as readonly Record[],
      cutBytes: bytes.length - goodBytes,
    };
  } finally {
    await file.close();
  }
}

/** Open a journal that was read for writing, its torn tail cut off and the rest durable. */
async function openDurable(
  path: string,
  { bytes, goodBytes }: { readonly bytes: number; readonly goodBytes: number },
): Promise<FileHandle> {
  // Append mode ignores positions; the journal writes at its own.
  const file = await open(path, "r+");
  try {
    if (goodBytes < bytes) await file.truncate(goodBytes);
    if (bytes > 0) await file.sync();
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** Read a journal without opening it for writing: histories of finished jobs. */
export async function readJournal<Record>(path: string): Promise<readonly Record[]> {
  const file = await open(path, "r");
  try {
    return parseJournal(await file.readFile(), path).records as readonly Record[];
  } finally {
    await file.close();
  }
}

/** Make names in a directory durable. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
