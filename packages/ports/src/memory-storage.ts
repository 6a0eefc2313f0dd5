// A Storage in memory, for tests and demonstrations: deterministic, with the promises of a strict file system. Its times
// are handed in or counted, never read from a clock.

import { sortByUri, splitUri } from "@millrace/core";
import type { WriteDenial } from "@millrace/core";
import type { FileReader, FileStatus, FileWriter, ListOptions, Storage } from "./storage.ts";
import { storageError } from "./storage-error.ts";

/** How a memory storage is made. */
export interface MemoryStorageOptions {
  /** Scheme of its URIs; `mem` unless given. */
  readonly scheme?: string;
  /** Modification time of the next write in ms; counts up from 1 unless given. */
  readonly nowMs?: () => number;
  /** Block size that it claims; 0 unless given. */
  readonly blockBytes?: number;
}

interface MemoryNode {
  /** undefined for a directory. */
  readonly content?: Uint8Array;
  readonly modifiedMs: number;
}

const keepAll = (): boolean => true;

/** Make an empty storage: only the root `mem:///` exists. */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(options);
}

class MemoryStorage implements Storage {
  readonly schemes: readonly string[];
  readonly #nodes = new Map<string, MemoryNode>();
  readonly #root: string;
  readonly #nowMs: () => number;
  readonly #blockBytes: number;

  constructor({ scheme = "mem", nowMs, blockBytes = 0 }: MemoryStorageOptions) {
    let count = 0;
    this.schemes = [scheme];
    this.#root = `${scheme}://`;
    this.#nowMs = nowMs ?? (() => (count += 1));
    this.#blockBytes = blockBytes;
    this.#nodes.set(this.#root, { modifiedMs: 0 });
  }

  async status(uri: string): Promise<FileStatus | undefined> {
    const name = this.#name(uri);
    const node = this.#nodes.get(name);
    return node === undefined ? undefined : this.#statusOf(name, node);
  }

  async list(uri: string, { keep = keepAll }: ListOptions = {}): Promise<readonly FileStatus[]> {
    const name = this.#directory(uri, "list");
    return this.#below(name).filter((status) => splitUri(status.uri).parent === name && keep(status.uri));
  }

  async listBelow(uri: string, { keep = keepAll }: ListOptions = {}): Promise<readonly FileStatus[]> {
    const leftOut = new Set<string>();
    const kept = this.#below(this.#directory(uri, "list")).filter((status) => {
      const keeps = !leftOut.has(splitUri(status.uri).parent);
      if (keeps && keep(status.uri)) return true;
      leftOut.add(status.uri);
      return false;
    });
    return kept.filter(({ kind }) => kind === "file");
  }

  async open(uri: string): Promise<FileReader> {
    const name = this.#name(uri);
    const node = this.#nodes.get(name);
    if (node === undefined) throw storageError("missing", { act: "read", uri, because: "it is not there" });
    const { content } = node;
    if (content === undefined) throw storageError("invalid", { act: "read", uri, because: "it is a directory" });
    return {
      status: this.#statusOf(name, node),
      read: async (offset, into) => {
        const bytes = content.subarray(offset, offset + into.length);
        into.set(bytes);
        return bytes.length;
      },
      close: async () => undefined,
    };
  }

  async create(uri: string, options: { readonly replace?: boolean } = {}): Promise<FileWriter> {
    const name = this.#name(uri);
    const check = (): void => {
      const node = this.#nodes.get(name);
      if (node === undefined) return;
      if (node.content === undefined)
        throw storageError("exists", { act: "create", uri, because: "a directory has its name" });
      if (options.replace !== true) throw storageError("exists", { act: "create", uri, because: "it exists" });
    };
    check();
    this.#makeDirectories(splitUri(name).parent, uri);
    const chunks: Uint8Array[] = [];
    return {
      write: async (bytes) => {
        chunks.push(bytes.slice());
      },
      close: async () => {
        check();
        const content = joined(chunks);
        this.#makeDirectories(splitUri(name).parent, uri);
        this.#nodes.set(name, { content, modifiedMs: this.#nowMs() });
        return content.length;
      },
      abort: async () => {
        chunks.length = 0;
      },
    };
  }

  async makeDirectory(uri: string): Promise<void> {
    this.#makeDirectories(this.#name(uri), uri);
  }

  async rename(from: string, to: string): Promise<void> {
    this.#move(from, to, false);
  }

  async publish(staged: string, target: string): Promise<void> {
    this.#move(staged, target, true);
  }

  async remove(uri: string): Promise<void> {
    const name = this.#name(uri);
    if (name === this.#root) throw storageError("invalid", { act: "remove", uri, because: "it is the root" });
    for (const below of this.#nodes.keys()) {
      if (below === name || below.startsWith(`${name}/`)) this.#nodes.delete(below);
    }
  }

  async writeDenial(uri: string): Promise<WriteDenial | undefined> {
    const node = this.#nodes.get(this.#name(uri));
    if (node === undefined) return { reason: "missing", because: "it is not there" };
    return node.content === undefined ? undefined : { reason: "invalid", because: "it is a file" };
  }

  async locate(): Promise<readonly []> {
    return [];
  }

  localPath(): undefined {
    return undefined;
  }

  /** Check the scheme and drop a final slash, so that the root is `mem://`. */
  #name(uri: string): string {
    if (!uri.startsWith(`${this.#root}/`))
      throw storageError("invalid", { act: "use", uri, because: `it does not begin with ${this.#root}/` });
    return uri.endsWith("/") ? uri.slice(0, -1) : uri;
  }

  #directory(uri: string, act: string): string {
    const name = this.#name(uri);
    const node = this.#nodes.get(name);
    if (node === undefined) throw storageError("missing", { act, uri, because: "it is not there" });
    if (node.content !== undefined) throw storageError("invalid", { act, uri, because: "it is a file" });
    return name;
  }

  #below(name: string): FileStatus[] {
    const prefix = `${name}/`;
    const found = [...this.#nodes].filter(([below]) => below.startsWith(prefix));
    return sortByUri(found.map(([below, node]) => this.#statusOf(below, node)));
  }

  #statusOf(name: string, node: MemoryNode): FileStatus {
    const { content, modifiedMs } = node;
    const uri = name === this.#root ? `${name}/` : name;
    if (content === undefined) return { uri, kind: "directory", bytes: 0, modifiedMs, blockBytes: 0 };
    return { uri, kind: "file", bytes: content.length, modifiedMs, blockBytes: this.#blockBytes };
  }

  #makeDirectories(name: string, uri: string): void {
    const node = this.#nodes.get(name);
    if (node?.content !== undefined)
      throw storageError("exists", { act: "create", uri, because: "a file is in its way" });
    if (node !== undefined) return;
    this.#makeDirectories(splitUri(name).parent, uri);
    this.#nodes.set(name, { modifiedMs: this.#nowMs() });
  }

  #move(from: string, to: string, replaceEmpty: boolean): void {
    const source = this.#name(from);
    const target = this.#name(to);
    if (!this.#nodes.has(source))
      throw storageError("missing", { act: "rename", uri: from, because: "it is not there" });
    if (target === source || target.startsWith(`${source}/`))
      throw storageError("invalid", { act: "rename", uri: from, because: "the new name lies inside" });
    this.#checkTarget(target, to, replaceEmpty);
    for (const [name, node] of this.#nodes) {
      if (name !== source && !name.startsWith(`${source}/`)) continue;
      this.#nodes.delete(name);
      this.#nodes.set(target + name.slice(source.length), node);
    }
  }

  #checkTarget(target: string, to: string, replaceEmpty: boolean): void {
    const parent = this.#nodes.get(splitUri(target).parent);
    if (parent === undefined)
      throw storageError("missing", { act: "rename to", uri: to, because: "its directory is not there" });
    if (parent.content !== undefined)
      throw storageError("invalid", { act: "rename to", uri: to, because: "a file is in its way" });
    const node = this.#nodes.get(target);
    if (node === undefined) return;
    const empty = node.content === undefined && this.#below(target).length === 0;
    if (!(replaceEmpty && empty)) throw storageError("exists", { act: "rename to", uri: to, because: "it exists" });
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const content = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    content.set(chunk, at);
    at += chunk.length;
  }
  return content;
}
