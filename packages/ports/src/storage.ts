// Files in a cluster's storage, by URI. Makers: memory (here), local, HDFS and fault-injecting (packages/storage).
// Every method ends by its own deadline; a reply that is lost is a StorageError of kind "unknown".

import type { WriteDenial } from "@millrace/core";

/** Tell what a name is. */
export interface FileStatus {
  readonly uri: string;
  /** "other" is what cannot be read as a file: a FIFO, a socket, a device, a link to nothing. */
  readonly kind: "file" | "directory" | "other";
  /** The name is a link, and all else is said of what it leads to; absent else, and where the storage follows none. */
  readonly linked?: true;
  /** An "other" that is a link to nothing, or in a loop of links; absent else, and where the storage does not know. */
  readonly leadsNowhere?: true;
  /** 0 for what is no file. */
  readonly bytes: number;
  /** Whole milliseconds since 1970, rounded down. */
  readonly modifiedMs: number;
  /** 0 where the storage has no blocks. */
  readonly blockBytes: number;
  /** Name of a user; as the group and the permission absent where the storage knows none. */
  readonly owner?: string;
  readonly group?: string;
  /** Bits, such as 0o644; 0o1777 with the sticky bit. */
  readonly permission?: number;
  /** Copies of each block; absent for what is no file, and where the storage keeps none. */
  readonly replication?: number;
}

/** Where the blocks of a range lie. */
export interface BlockLocation {
  readonly offset: number;
  readonly bytes: number;
  readonly hosts: readonly string[];
  /** Racks of these hosts, in their order, such as `/dc1/r7`; absent where the storage knows none. */
  readonly racks?: readonly string[];
}

/** Bytes that one host of the storage gave. */
export interface ServedBytes {
  readonly host: string;
  readonly bytes: number;
}

/** What opening a file may know and tell. */
export interface OpenOptions {
  /** The file as a listing of this storage told it a moment ago, which spares a look-up. */
  readonly known?: FileStatus;
  /** Told after each piece that came over the network, until the reader is closed. */
  readonly onServed?: (served: ServedBytes) => void;
}

/** What a listing is asked to leave out, and what it may tell while it goes on. */
export interface ListOptions {
  /** Asked of each name once, in no particular order; one that it denies is left out with all below it, and not counted. */
  readonly keep?: (uri: string) => boolean;
  /** Told now and then how many files are found so far. */
  readonly onFound?: (files: number) => void;
}

/** Write a file that appears nowhere until it is closed, and then whole under its own name. */
export interface FileWriter {
  /** Append all of `bytes`; resolves when the writer has taken them, so that awaiting it bounds memory. The caller keeps the bytes. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sync and close. The file is durable when this resolves. @returns its length in bytes. */
  close(): Promise<number>;
  /** Give up: delete what was written. Never throws. */
  abort(): Promise<void>;
}

/** Read positions of one open file. */
export interface FileReader {
  readonly status: FileStatus;
  /** Fill `into` from `offset`, short only at the end of the file. @returns bytes read. The caller owns `into`. */
  read(offset: number, into: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** How far a step goes before it resolves. */
export interface Durability {
  /**
   * Whether a power failure may no longer undo it; true unless given. `false` is for what a later `publish` makes durable
   * with the whole directory, or what is made anew after a restart.
   */
  readonly durable?: boolean;
}

/** How a file is made, where the storage has such things; absent is its default, and others pass it over. */
export interface NewFileOptions {
  readonly replication?: number;
  readonly blockBytes?: number;
  readonly permission?: number;
}

/**
 * Files by absolute URI. All failures are `MillraceError`: E_TOO_LARGE for a listing beyond its bound, else E_STORAGE with `details.reason` one of `missing`, `exists`,
 * `denied`, `no-space`, `invalid`, `unknown`; `unknown` means that the step may still happen.
 */
export interface Storage {
  /** URI schemes that it serves, without the colon. */
  readonly schemes: readonly string[];
  /** @returns undefined when nothing has the name. */
  status(uri: string): Promise<FileStatus | undefined>;
  /**
   * Direct children, sorted by URI bytes. Pages are the maker's affair; who gets them from elsewhere refuses to give more
   * than `limits.inputFilesMax`, and never gives a part.
   */
  list(uri: string, options?: Pick<ListOptions, "keep">): Promise<readonly FileStatus[]>;
  /**
   * All files and others (no directories) below, sorted by URI bytes. Links to directories are neither followed nor
   * listed; more than `limits.inputFilesMax` are refused.
   */
  listBelow(uri: string, options?: ListOptions): Promise<readonly FileStatus[]>;
  open(uri: string, options?: OpenOptions): Promise<FileReader>;
  /** Create a file; refuses an existing name (`exists`) unless `replace`. Missing parents are made. */
  create(uri: string, options?: { readonly replace?: boolean } & Durability & NewFileOptions): Promise<FileWriter>;
  makeDirectory(uri: string, options?: Durability): Promise<void>;
  /** Rename a file or directory; refuses an existing target. */
  rename(from: string, to: string, options?: Durability): Promise<void>;
  /**
   * As rename for the last step of a commit: makes all below durable first, refuses an existing target, but replaces an
   * empty directory where the storage can. Durable when it resolves.
   */
  publish(staged: string, target: string): Promise<void>;
  /** Delete a file, or a directory with all below it (links are removed, not followed); nothing there is success. */
  remove(uri: string): Promise<void>;
  /** Why no new names can be made in the directory; undefined when they can. */
  writeDenial(uri: string): Promise<WriteDenial | undefined>;
  locate(uri: string, offset: number, bytes: number): Promise<readonly BlockLocation[]>;
  /** Path on this machine's disk when every process here can open the file by it, else undefined. */
  localPath(uri: string): string | undefined;
}
