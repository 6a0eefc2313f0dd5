// Files of this machine as a Storage: `file:` URIs, durable when a step has ended, nothing half-written under its own
// name, links never followed when deleting. It serves every process of this machine and shared mounts.

import { constants } from "node:fs";
import type { Stats } from "node:fs";
import { access, lstat, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { sortByUri } from "@millrace/core";
import type { WriteDenial } from "@millrace/core";
import { awaitFailpoint, makeDirectoryTree, storageBecause, storageError, storageReason } from "@millrace/ports";
import type { Durability, FileReader, FileStatus, FileWriter, ListOptions, Storage } from "@millrace/ports";
import { createAccountNames } from "./account-names.ts";
import { createDirectorySync, syncDirectory } from "./directory-sync.ts";
import type { DirectorySync } from "./directory-sync.ts";
import { encodeName, pathOfUri, uriOfPath } from "./file-uris.ts";
import { checkListingBound } from "./listing-bound.ts";
import { errnoOf, localError } from "./local-errors.ts";
import { moveFile, openLocalWriter } from "./local-writer.ts";
import { mapBounded } from "./map-bounded.ts";

/** Steps on one directory that run side by side: enough to keep a disk busy, few enough for 1,024 open files. */
const parallelMax = 16;

const userName = createAccountNames("/etc/passwd");
const groupName = createAccountNames("/etc/group");

/** Make the storage of `file:` URIs. */
export function createLocalStorage(): Storage {
  return new LocalStorage(createDirectorySync());
}

class LocalStorage implements Storage {
  readonly schemes = ["file"];
  readonly #sync: DirectorySync;

  constructor(sync: DirectorySync) {
    this.#sync = sync;
  }

  async status(uri: string): Promise<FileStatus | undefined> {
    return within("look at", uri, () => statusOf(pathOfUri(uri), uri));
  }

  async list(uri: string, { keep }: ListOptions = {}): Promise<readonly FileStatus[]> {
    return within("list", uri, async () => {
      await awaitFailpoint("storage.list");
      const found = await listDirectory(pathOfUri(uri), keep);
      return found.map(({ status }) => status);
    });
  }

  async listBelow(uri: string, { keep, onFound }: ListOptions = {}): Promise<readonly FileStatus[]> {
    return within("list", uri, async () => {
      await awaitFailpoint("storage.list");
      const files: FileStatus[] = [];
      const top = pathOfUri(uri);
      const due = [top];
      for (let path = due.pop(); path !== undefined; path = due.pop()) {
        const found = path === top ? await listDirectory(top, keep) : await listSubdirectory(path, keep);
        for (const { status, path: below } of found) {
          if (status.kind !== "directory") files.push(status);
          else if (status.linked !== true) due.push(below);
        }
        checkListingBound(uri, files.length);
        onFound?.(files.length);
      }
      return sortByUri(files);
    });
  }

  async open(uri: string): Promise<FileReader> {
    return within("read", uri, () => openReader(pathOfUri(uri), uri));
  }

  async create(uri: string, options: { readonly replace?: boolean } & Durability = {}): Promise<FileWriter> {
    const path = pathOfUri(uri);
    const replace = options.replace === true;
    return within("create", uri, async () => {
      await awaitFailpoint("storage.create");
      const there = await maybeLstat(path);
      if (there?.isDirectory() === true)
        throw storageError("exists", { act: "create", uri, because: "a directory has its name" });
      if (there !== undefined && !replace) throw storageError("exists", { act: "create", uri, because: "it exists" });
      const sync = this.#syncFor(options);
      await makeDirectories(dirname(path), sync);
      return openLocalWriter({ uri, path, replace, ...(sync === undefined ? {} : { sync }) });
    });
  }

  async makeDirectory(uri: string, options: Durability = {}): Promise<void> {
    await within("create", uri, () => makeDirectories(pathOfUri(uri), this.#syncFor(options)));
  }

  async rename(from: string, to: string, options: Durability = {}): Promise<void> {
    await within("rename", from, async () => {
      await awaitFailpoint("storage.rename");
      await move(pathOfUri(from), pathOfUri(to), { uri: to, replaceEmpty: false });
      await this.#syncFor(options)?.sync(dirname(pathOfUri(to)));
    });
  }

  async publish(staged: string, target: string): Promise<void> {
    await within("publish", target, async () => {
      await awaitFailpoint("storage.publish");
      await syncTree(pathOfUri(staged));
      await move(pathOfUri(staged), pathOfUri(target), { uri: target, replaceEmpty: true });
      await this.#sync.sync(dirname(pathOfUri(target)));
    });
  }

  async remove(uri: string): Promise<void> {
    const path = pathOfUri(uri);
    if (path === "/") throw storageError("invalid", { act: "remove", uri, because: "it is the root" });
    await within("remove", uri, async () => {
      await awaitFailpoint("storage.remove");
      // rm looks with lstat and unlinks links, so that nothing outside is ever touched.
      await rm(path, { recursive: true, force: true });
    });
  }

  async writeDenial(uri: string): Promise<WriteDenial | undefined> {
    try {
      const path = pathOfUri(uri);
      if (!(await stat(path)).isDirectory()) return { reason: "invalid", because: "it is no directory" };
      await access(path, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (thrown) {
      const error = localError("look at", uri, thrown);
      const reason = storageReason(error) === "missing" ? "missing" : "denied";
      return { reason, because: storageBecause(error) ?? error.message };
    }
  }

  async locate(): Promise<readonly []> {
    return [];
  }

  localPath(uri: string): string {
    return pathOfUri(uri);
  }

  #syncFor({ durable = true }: Durability): DirectorySync | undefined {
    return durable ? this.#sync : undefined;
  }
}

/** Make a directory and its parents; each new name is synced, from the last made to the first. */
async function makeDirectories(path: string, sync: DirectorySync | undefined): Promise<void> {
  const first = await makeDirectoryTree(path);
  if (first === undefined || sync === undefined) return;
  for (let made = path; made.length >= first.length; made = dirname(made)) await sync.sync(dirname(made));
}

/** What is known of a move's target. */
interface MoveTarget {
  readonly uri: string;
  readonly replaceEmpty: boolean;
}

/** Give a file or a directory a new name. That the old one is gone need not be durable: nobody looks for it there. */
async function move(from: string, to: string, target: MoveTarget): Promise<void> {
  const source = await lstat(from);
  if (to === from || to.startsWith(`${from}/`))
    throw storageError("invalid", { act: "rename to", uri: target.uri, because: "the new name lies inside" });
  if (source.isDirectory()) await moveDirectory(from, to, target);
  else await moveFileOnce(from, to, source);
}

/** A directory replaces an empty directory by the rename itself; one that is not empty, or a file, refuses it. */
async function moveDirectory(from: string, to: string, target: MoveTarget): Promise<void> {
  const there = await maybeLstat(to);
  if (there !== undefined && !(target.replaceEmpty && there.isDirectory()))
    throw storageError("exists", { act: "rename to", uri: target.uri, because: "it exists" });
  try {
    await rename(from, to);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOTDIR" && (await maybeLstat(to)) !== undefined)
      throw storageError("exists", {
        act: "rename to",
        uri: target.uri,
        because: "a file has its name",
        cause: thrown,
      });
    throw thrown;
  }
}

/** Move a file; one that has both names, since a move was interrupted between its two steps, only loses the old one. */
async function moveFileOnce(from: string, to: string, source: Stats): Promise<void> {
  try {
    await moveFile(from, to);
  } catch (thrown) {
    const there = errnoOf(thrown) === "EEXIST" ? await maybeLstat(to) : undefined;
    if (there === undefined || there.ino !== source.ino || there.dev !== source.dev) throw thrown;
    await rm(from);
  }
}

async function openReader(path: string, uri: string): Promise<FileReader> {
  await awaitFailpoint("storage.open");
  // Without O_NONBLOCK the opening of a FIFO waits for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw storageError("invalid", { act: "read", uri, because: "it is no regular file" });
    return {
      status: fileStatus(uri, stats),
      read: (offset, into) =>
        within("read", uri, async () => {
          await awaitFailpoint("storage.read");
          let filled = 0;
          while (filled < into.length) {
            const { bytesRead } = await handle.read(into, filled, into.length - filled, offset + filled);
            if (bytesRead === 0) break;
            filled += bytesRead;
          }
          return filled;
        }),
      close: () => handle.close(),
    };
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}

interface Listed {
  readonly uri: string;
  readonly path: string;
  readonly status: FileStatus;
}

/** List a directory, sorted by URI bytes. Links are followed for what they are; a name that vanished meanwhile is left out. */
async function listDirectory(path: string, keep: ListOptions["keep"]): Promise<readonly Listed[]> {
  const names = await readdir(path, { encoding: "buffer" });
  const base = path === "/" ? "" : path;
  const uriBase = uriOfPath(base);
  const listed = await mapBounded(names, parallelMax, (name) => listOne({ base, uriBase, keep }, name));
  return sortByUri(listed.filter((item) => item !== undefined));
}

/** List a directory that was met on the way; one that vanished meanwhile is left out, as a file is. */
async function listSubdirectory(path: string, keep: ListOptions["keep"]): Promise<readonly Listed[]> {
  try {
    return await within("list", uriOfPath(path), () => listDirectory(path, keep));
  } catch (thrown) {
    if (storageReason(thrown) !== "missing") throw thrown;
    return [];
  }
}

interface Listing {
  /** Path of the directory, "" for the root. */
  readonly base: string;
  readonly uriBase: string;
  readonly keep: ListOptions["keep"];
}

async function listOne({ base, uriBase, keep }: Listing, name: Buffer): Promise<Listed | undefined> {
  const text = name.toString("utf8");
  const isText = Buffer.from(text, "utf8").equals(name);
  const uri = `${uriBase}/${isText ? encodeName(text) : encodeBytes(name)}`;
  if (keep?.(uri) === false) return undefined;
  if (!isText) return { uri, path: "", status: { uri, kind: "other", bytes: 0, modifiedMs: 0, blockBytes: 0 } };
  const path = `${base}/${text}`;
  const status = await statusOf(path, uri);
  return status === undefined ? undefined : { uri, path, status };
}

/** Spell bytes that are no UTF-8, so that the name can be shown and counted; no path is ever made of it. */
function encodeBytes(name: Buffer): string {
  return Array.from(name, (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** Follow links; a link to nothing, or in a loop, is there but is nothing that can be read. */
async function statusOf(path: string, uri: string): Promise<FileStatus | undefined> {
  const own = await maybeLstat(path);
  if (own === undefined) return undefined;
  if (!own.isSymbolicLink()) return fileStatus(uri, own);
  try {
    return { ...fileStatus(uri, await stat(path)), linked: true };
  } catch (thrown) {
    if (!["ENOENT", "ENOTDIR", "ELOOP"].includes(errnoOf(thrown))) throw thrown;
    return { ...fileStatus(uri, own), linked: true, leadsNowhere: true };
  }
}

function fileStatus(uri: string, stats: Stats): FileStatus {
  const kind = stats.isFile() ? "file" : stats.isDirectory() ? "directory" : "other";
  return {
    uri,
    kind,
    bytes: kind === "file" ? stats.size : 0,
    modifiedMs: Math.floor(stats.mtimeMs),
    blockBytes: 0,
    owner: userName(stats.uid),
    group: groupName(stats.gid),
    permission: stats.mode & 0o7777,
  };
}

async function maybeLstat(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if (errnoOf(thrown) === "ENOENT" || errnoOf(thrown) === "ENOTDIR") return undefined;
    throw thrown;
  }
}

/** Sync every file below a directory, then the directories from the deepest to the top. */
async function syncTree(path: string): Promise<void> {
  const directories = [path];
  const files: string[] = [];
  for (let at = 0; at < directories.length; at += 1) {
    const directory = directories[at] ?? path;
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) directories.push(`${directory}/${entry.name}`);
      else if (entry.isFile()) files.push(`${directory}/${entry.name}`);
    }
  }
  await mapBounded(files, parallelMax, syncDirectory);
  for (const directory of directories.reverse()) await syncDirectory(directory);
}

async function within<T>(act: string, uri: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (thrown) {
    throw localError(act, uri, thrown);
  }
}
