// HDFS as a Storage: over WebHDFS, with its own rules of renaming, blocks and hosts for planning, and every length
// checked. A file appears under its name whole, by a rename; a directory is published by a rename that refuses.

import { sortByUri } from "@millrace/core";
import type { WriteDenial } from "@millrace/core";
import { awaitFailpoint, storageError, storageReason } from "@millrace/ports";
import type {
  BlockLocation,
  FileReader,
  FileStatus,
  FileWriter,
  ListOptions,
  NewFileOptions,
  OpenOptions,
  Storage,
} from "@millrace/ports";
import type { HdfsBlockLocation, HdfsFileStatus } from "hdfs-webhdfs-client";
import { checkListingBound } from "../listing-bound.ts";
import { mapBounded } from "../map-bounded.ts";
import type { FileSettings } from "./cluster-settings.ts";
import { createHdfsClusters } from "./hdfs-clusters.ts";
import type { HdfsCluster, HdfsClusterOptions, HdfsClusters } from "./hdfs-clusters.ts";
import { hdfsError, isRefusal } from "./hdfs-errors.ts";
import { HdfsReader } from "./hdfs-reader.ts";
import { HeldBytes } from "./held-bytes.ts";
import { childUri, hdfsSchemes, parentPath, parseHdfsUri } from "./hdfs-uris.ts";
import { HdfsWriter } from "./hdfs-writer.ts";
import { moveOnce } from "./move-once.ts";

/** Directories listed side by side: a name service answers thousands a second, and other people ask it too. */
const parallelMax = 8;

/** Make the storage of `hdfs:`, `webhdfs:` and `swebhdfs:` URIs. */
export function createHdfsStorage(options: HdfsClusterOptions): Storage {
  return new HdfsStorage(createHdfsClusters(options));
}

/** A URI that is being worked on. */
interface Place extends HdfsCluster {
  readonly uri: string;
  readonly path: string;
  /** `scheme://authority`. */
  readonly name: string;
}

/** What is kept of a directory's pages, and who is told of each. */
interface PageOptions {
  readonly keep: ListOptions["keep"];
  readonly onPage?: (page: readonly FileStatus[]) => void;
}

class HdfsStorage implements Storage {
  readonly schemes = hdfsSchemes;
  readonly #clusters: HdfsClusters;
  readonly #held = new HeldBytes();
  /** What the server said of a status that was handed out: opening it again then needs no look-up. */
  readonly #found = new WeakMap<FileStatus, HdfsFileStatus>();

  constructor(clusters: HdfsClusters) {
    this.#clusters = clusters;
  }

  async status(uri: string): Promise<FileStatus | undefined> {
    return this.#at("look at", uri, async ({ client, path }) => {
      const found = await client.maybeStatus(path);
      return found === undefined ? undefined : this.#statusOf(uri, found);
    });
  }

  async list(uri: string, { keep }: ListOptions = {}): Promise<readonly FileStatus[]> {
    return this.#at("list", uri, async (place) => {
      await awaitFailpoint("storage.list");
      return sortByUri(await this.#listOne(place, { keep }));
    });
  }

  async listBelow(uri: string, { keep, onFound }: ListOptions = {}): Promise<readonly FileStatus[]> {
    return this.#at("list", uri, async (place) => {
      await awaitFailpoint("storage.list");
      const files: FileStatus[] = [];
      let due: readonly Place[] = [place];
      let seen = 0;
      const onPage = (page: readonly FileStatus[]): void => {
        seen += page.filter(({ kind }) => kind !== "directory").length;
        checkListingBound(uri, seen);
        onFound?.(seen);
      };
      const list = (each: Place): Promise<readonly FileStatus[]> =>
        each === place ? this.#listOne(place, { keep, onPage }) : this.#listSubdirectory(each, { keep, onPage });
      while (due.length > 0) {
        const listed = (await mapBounded(due, parallelMax, list)).flat();
        for (const status of listed) if (status.kind !== "directory") files.push(status);
        due = listed.filter(({ kind }) => kind === "directory").map(({ uri: below }) => this.#place(below));
      }
      return sortByUri(files);
    });
  }

  async open(uri: string, options: OpenOptions = {}): Promise<FileReader> {
    return this.#at("read", uri, async (place) => {
      await awaitFailpoint("storage.open");
      const { client, path } = place;
      const known = options.known === undefined ? undefined : this.#found.get(options.known);
      const found = known ?? (await client.status(path));
      if (found.kind !== "file")
        throw storageError("invalid", { act: "read", uri, because: `it is a ${nameOfKind[found.kind]}` });
      const toError = (thrown: unknown): Error => hdfsError({ act: "read", uri, origin: place.origin }, thrown);
      return new HdfsReader({ client, path, found, status: this.#statusOf(uri, found), toError }, options);
    });
  }

  async create(uri: string, options: { readonly replace?: boolean } & NewFileOptions = {}): Promise<FileWriter> {
    const replace = options.replace === true;
    return this.#at("create", uri, async (place) => {
      await awaitFailpoint("storage.create");
      const { client, path } = place;
      const there = await client.maybeStatus(path);
      if (there?.kind === "directory")
        throw storageError("exists", { act: "create", uri, because: "a directory has its name" });
      if (there !== undefined && !replace) throw storageError("exists", { act: "create", uri, because: "it exists" });
      await makeDirectories(place, parentPath(path));
      const toError = (thrown: unknown): Error => hdfsError({ act: "write", uri, origin: place.origin }, thrown);
      const create = newFile(place.files, options);
      return new HdfsWriter({ client, uri, path, replace, create, held: this.#held, toError });
    });
  }

  async makeDirectory(uri: string): Promise<void> {
    await this.#at("create", uri, (place) => makeDirectories(place, place.path));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#at("rename", from, async (place) => {
      await awaitFailpoint("storage.rename");
      await moveOnce(place.client, { from: place.path, to: this.#beside(place, to).path, uri: to, option: "NONE" });
    });
  }

  async publish(staged: string, target: string): Promise<void> {
    await this.#at("publish", staged, async (place) => {
      await awaitFailpoint("storage.publish");
      const { client } = place;
      const move = { from: place.path, to: this.#beside(place, target).path, uri: target } as const;
      try {
        await moveOnce(client, { ...move, option: "NONE" });
      } catch (thrown) {
        // In one step the server replaces an empty directory, and refuses one with content and a file.
        if (!isRefusal(thrown, "FileAlreadyExistsException") || !(await isEmptyDirectory(place, move.to))) throw thrown;
        await moveOnce(client, { ...move, option: "OVERWRITE" });
      }
    });
  }

  async remove(uri: string): Promise<void> {
    await this.#at("remove", uri, async ({ client, path }) => {
      if (path === "/") throw storageError("invalid", { act: "remove", uri, because: "it is the root" });
      await awaitFailpoint("storage.remove");
      await client.delete(path, { recursive: true });
    });
  }

  async writeDenial(uri: string): Promise<WriteDenial | undefined> {
    return this.#at("look at", uri, async ({ client, path }) => {
      const found = await client.maybeStatus(path);
      if (found === undefined) return { reason: "missing", because: "it is not there" };
      if (found.kind !== "directory") return { reason: "invalid", because: `it is a ${nameOfKind[found.kind]}` };
      const refusal = await client.accessRefusal(path, "-wx");
      return refusal === undefined ? undefined : { reason: "denied", because: refusal.reason };
    });
  }

  async locate(uri: string, offset: number, bytes: number): Promise<readonly BlockLocation[]> {
    return this.#at("locate", uri, async ({ client, path }) => {
      const blocks = await client.blockLocations(path, { offset, length: bytes });
      return blocks.map(locationOf);
    });
  }

  localPath(): undefined {
    return undefined;
  }

  /** All children of one directory. Its pages must ascend: a listing that jumps back would name files twice. */
  async #listOne({ client, path, uri }: Place, { keep, onPage }: PageOptions): Promise<readonly FileStatus[]> {
    const found: FileStatus[] = [];
    for await (const page of client.listPages(path)) {
      const before = found.length;
      for (const status of page) {
        if (status.pathSuffix === "") throw storageError("invalid", { act: "list", uri, because: "it is a file" });
        const child = childUri(uri, status.pathSuffix);
        if (keep?.(child) !== false) found.push(this.#statusOf(child, status));
      }
      checkListingBound(uri, found.length);
      onPage?.(found.slice(before));
    }
    const names = new Set(found.map((status) => status.uri));
    if (names.size === found.length) return found;
    throw storageError("unknown", { act: "list", uri, because: "the server named a file twice" });
  }

  /** List a directory that was met on the way; one that vanished meanwhile is left out, as a file is. */
  async #listSubdirectory(place: Place, options: PageOptions): Promise<readonly FileStatus[]> {
    try {
      return await this.#listOne(place, options);
    } catch (thrown) {
      const error = hdfsError({ act: "list", uri: place.uri, origin: place.origin }, thrown);
      if (storageReason(error) !== "missing") throw error;
      return [];
    }
  }

  #statusOf(uri: string, found: HdfsFileStatus): FileStatus {
    const file = found.kind === "file";
    const status: FileStatus = {
      uri,
      kind: found.kind === "symlink" ? "other" : found.kind,
      bytes: file ? found.bytes : 0,
      modifiedMs: found.modifiedMs,
      blockBytes: file ? found.blockBytes : 0,
      owner: found.owner,
      group: found.group,
      permission: found.permission,
      ...(file ? { replication: found.replication } : {}),
    };
    this.#found.set(status, found);
    return status;
  }

  #place(uri: string): Place {
    const name = parseHdfsUri(uri);
    return { ...this.#clusters.find(name), uri, path: name.path, name: name.cluster };
  }

  #beside(place: Place, uri: string): Place {
    const other = this.#place(uri);
    if (other.name === place.name) return other;
    throw storageError("invalid", { act: "rename", uri: place.uri, because: "the new name is in another file system" });
  }

  /** Do one step at a URI; what the client throws becomes a storage error. */
  async #at<Result>(act: string, uri: string, step: (place: Place) => Promise<Result>): Promise<Result> {
    const place = this.#place(uri);
    try {
      return await step(place);
    } catch (thrown) {
      throw hdfsError({ act, uri, origin: place.origin }, thrown);
    }
  }
}

const nameOfKind = { file: "file", directory: "directory", symlink: "symbolic link" } as const;

/** What is asked for counts above what the configuration says. */
function newFile(configured: FileSettings, asked: NewFileOptions): FileSettings {
  const { replication, blockBytes, permission } = { ...configured, ...asked };
  return {
    ...(replication === undefined ? {} : { replication }),
    ...(blockBytes === undefined ? {} : { blockBytes }),
    ...(permission === undefined ? {} : { permission }),
  };
}

/** MKDIRS makes parents, and says yes to a directory that is there. */
async function makeDirectories({ client, uri }: Place, path: string): Promise<void> {
  try {
    await client.mkdirs(path);
  } catch (thrown) {
    if (!isRefusal(thrown, "ParentNotDirectoryException")) throw thrown;
    throw storageError("exists", { act: "create", uri, because: "a file is in its way", cause: thrown });
  }
}

async function isEmptyDirectory({ client }: Place, path: string): Promise<boolean> {
  const found = await client.maybeStatus(path);
  if (found?.kind !== "directory") return false;
  for await (const page of client.listPages(path)) if (page.length > 0) return false;
  return true;
}

/** Racks are the topology paths without their last part, which names the DataNode. */
function locationOf({ offset, bytes, hosts, topologyPaths }: HdfsBlockLocation): BlockLocation {
  if (topologyPaths.length !== hosts.length) return { offset, bytes, hosts };
  return { offset, bytes, hosts, racks: topologyPaths.map((path) => path.slice(0, path.lastIndexOf("/"))) };
}
