// What a client can do, as types: the groups that `createWebHdfsClient` puts together. Paths are absolute, in plain
// characters (`/logs/a b%.txt`): the client encodes them. Every method throws `WebHdfsError`, or the signal's reason.
import type { WebHdfsError } from "../errors/web-hdfs-error.ts";
import type { HdfsBlockLocation, LocatedBlocks } from "../model/block-location.ts";
import type { HdfsFileStatus } from "../model/file-status.ts";
import type { HdfsSnapshot, HdfsSnapshotDiff } from "../model/snapshot.ts";
import type {
  HdfsChecksum,
  HdfsContentSummary,
  HdfsFileSystemStatus,
  HdfsQuotaUsage,
  HdfsServerDefaults,
} from "../model/usage.ts";

/** Options that every call takes. */
export interface CallOptions {
  /** Ends the call with the signal's reason. A write that is aborted leaves a short, closed file: remove it. */
  readonly signal?: AbortSignal;
}

/** Bytes that one server gave. */
export interface ServedBytes {
  /** Host and port of the redirect, before any host map: the name by which block locations know the DataNode. */
  readonly host: string;
  readonly port: number;
  readonly bytes: number;
  /** Read from the DataNode's disk, without asking it. */
  readonly local: boolean;
}

/** Options of reads. */
export interface ReadOptions extends CallOptions {
  /**
   * The file as the caller knows it, which spares the look-up of its length. The read ends with an error of kind
   * `changed` if a retry finds another file (inode, length or modification time) under the name.
   */
  readonly status?: HdfsFileStatus;
  /** Ask anew at each block border, so that each block comes from a DataNode that has it. Off: one DataNode passes all. */
  readonly perBlock?: boolean;
  /** Told after each piece how much a server gave, for locality counters. */
  readonly onServed?: (served: ServedBytes) => void;
}

/** A range to read. */
export interface RangeOptions extends ReadOptions {
  /** First byte; 0 unless given. */
  readonly offset?: number;
  /** Bytes; to the end of the file unless given. */
  readonly length?: number;
}

/** Options of new files. */
export interface CreateOptions extends CallOptions {
  /** Replace a file of the name. Off: `FileAlreadyExistsException`. */
  readonly overwrite?: boolean;
  /** Multiple of 512; the server's default unless given. */
  readonly blockBytes?: number;
  readonly replication?: number;
  /** Exact permission; 0o666 without the umask's bits unless given. */
  readonly permission?: number;
  /** Length of the body if it is known: it is announced, and a body of another length is an error. */
  readonly bytes?: number;
  /** Make missing parents; on unless `false`. */
  readonly createParent?: boolean;
  /** `NO_LOCAL_WRITE`, `IGNORE_CLIENT_LOCALITY` and other create flags. */
  readonly createFlags?: readonly string[];
  /** Compare the file's length in the name service with the bytes sent, at the end; on unless `false`. */
  readonly verify?: boolean;
  readonly onServed?: (served: ServedBytes) => void;
}

/** Options of appends. */
export type AppendOptions = Pick<CreateOptions, "signal" | "bytes" | "verify" | "onServed">;

/** Write the content of one file, in order. */
export interface WebHdfsWriter {
  /** Bytes taken so far. */
  readonly bytes: number;
  /**
   * Send `bytes`; resolves when the connection has room for more; await it before the next.
   * The bytes must not change until `close` resolves.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** End the file. When it resolves the server has confirmed the file, and its length is right. @returns bytes sent. */
  close(): Promise<number>;
  /** Give up. What was sent stays as a short, closed file: delete it. Never throws. */
  abort(): void;
}

/** Bodies of new files. */
export type Body = Uint8Array | string | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** Contents of files. */
export interface FileOperations {
  /**
   * OPEN: read a range as chunks, in order, each owned by the caller. It goes on at another DataNode when one dies, and
   * ends only when every byte has come: never a short file taken for whole. Nothing is asked before the first chunk is.
   */
  open(path: string, options?: RangeOptions): AsyncIterable<Uint8Array>;
  /** OPEN: fill `into` from `offset`. @returns bytes read, less than `into` holds only at the end of the file. */
  readInto(path: string, offset: number, into: Uint8Array, options?: ReadOptions): Promise<number>;
  /** OPEN: a whole file in memory; refuses one of more than `bytesMax` (64 MiB). */
  readFile(path: string, options?: ReadOptions & { readonly bytesMax?: number }): Promise<Uint8Array>;
  /** CREATE: write a whole file. @returns its bytes. */
  create(path: string, body: Body, options?: CreateOptions): Promise<number>;
  /** CREATE: open a file for writing piece by piece. A DataNode is connected when it resolves. */
  createWriter(path: string, options?: CreateOptions): Promise<WebHdfsWriter>;
  /** APPEND: one writer at a time. Not repeated: the error's `outcome` tells whether bytes may have arrived. */
  append(path: string, body: Body, options?: AppendOptions): Promise<number>;
  appendWriter(path: string, options?: AppendOptions): Promise<WebHdfsWriter>;
  /** TRUNCATE. @returns false: the last block is being recovered; wait until the file's length is `bytes`. */
  truncate(path: string, bytes: number, options?: CallOptions): Promise<boolean>;
  /** CONCAT: move the blocks of `sources`, of the same directory, to the end of `path`; the sources disappear. */
  concat(path: string, sources: readonly string[], options?: CallOptions): Promise<void>;
  /** GETFILECHECKSUM. */
  checksum(path: string, options?: CallOptions): Promise<HdfsChecksum>;
  /** GETFILEBLOCKLOCATIONS, or GET_BLOCK_LOCATIONS at older servers; `[]` at those that have neither. */
  blockLocations(
    path: string,
    options?: CallOptions & { readonly offset?: number; readonly length?: number },
  ): Promise<readonly HdfsBlockLocation[]>;
  /** GET_BLOCK_LOCATIONS: with block ids and every address of the DataNodes. */
  locatedBlocks(
    path: string,
    options?: CallOptions & { readonly offset?: number; readonly length?: number },
  ): Promise<LocatedBlocks>;
}

/** `NONE` refuses an existing destination; `OVERWRITE` replaces a file or an empty directory, atomically. */
export type RenameOption = "NONE" | "OVERWRITE" | "TO_TRASH";

/** Names. */
export interface NamespaceOperations {
  /** GETFILESTATUS. Throws `FileNotFoundException`. */
  status(path: string, options?: CallOptions): Promise<HdfsFileStatus>;
  /** GETFILESTATUS. @returns undefined where nothing has the name. */
  maybeStatus(path: string, options?: CallOptions): Promise<HdfsFileStatus | undefined>;
  /** LISTSTATUS: children in one reply; of a file, the file itself with an empty `pathSuffix`. */
  list(path: string, options?: CallOptions): Promise<readonly HdfsFileStatus[]>;
  /** LISTSTATUS_BATCH: children page by page, as the server cuts them (`dfs.ls.limit`, 1000); LISTSTATUS at older servers. */
  listPages(
    path: string,
    options?: CallOptions & { readonly startAfter?: string },
  ): AsyncIterable<readonly HdfsFileStatus[]>;
  /** MKDIRS with missing parents. @returns true, also where it was there. */
  mkdirs(path: string, options?: CallOptions & { readonly permission?: number }): Promise<boolean>;
  /**
   * RENAME. Without `renameOptions`: false if it did nothing (no source, no parent, a file there), and a destination
   * that is a directory takes the source *inside*. With `renameOptions` it throws instead, and never moves inside.
   */
  rename(
    path: string,
    destination: string,
    options?: CallOptions & { readonly renameOptions?: readonly RenameOption[] },
  ): Promise<boolean>;
  /**
   * DELETE. @returns whether something was removed; after a lost reply false may hide that this call removed it.
   */
  delete(path: string, options?: CallOptions & { readonly recursive?: boolean }): Promise<boolean>;
  /** GETCONTENTSUMMARY: walks all below on the server; once per job, not per file. */
  contentSummary(path: string, options?: CallOptions): Promise<HdfsContentSummary>;
  /** GETQUOTAUSAGE. */
  quotaUsage(path: string, options?: CallOptions): Promise<HdfsQuotaUsage>;
  /** SETQUOTA, for administrators; servers since 3.4. A quota left out stays as it is. */
  setQuota(
    path: string,
    options: CallOptions & { readonly nameQuota?: number; readonly spaceQuota?: number },
  ): Promise<void>;
  /** CREATESYMLINK, where the cluster allows links. */
  createSymlink(path: string, destination: string, options?: CallOptions): Promise<void>;
  /** CHECKACCESS: `r--`, `-w-`, `rwx`, … @returns false on AccessControlException. */
  checkAccess(path: string, action: string, options?: CallOptions): Promise<boolean>;
  /** CHECKACCESS, for who wants to know why not. @returns the server's AccessControlException, or undefined. */
  accessRefusal(path: string, action: string, options?: CallOptions): Promise<WebHdfsError | undefined>;
}

/** Values of extended attributes by name, such as `user.job`. */
export type XAttrs = Readonly<Record<string, Uint8Array>>;

/** Owner, mode, times, attributes. */
export interface AttributeOperations {
  /** SETPERMISSION: exact bits; the umask is not applied. */
  setPermission(path: string, permission: number, options?: CallOptions): Promise<void>;
  /** SETOWNER. */
  setOwner(
    path: string,
    owner: { readonly owner?: string; readonly group?: string },
    options?: CallOptions,
  ): Promise<void>;
  /** SETTIMES: ms since 1970; a time left out stays. */
  setTimes(
    path: string,
    times: { readonly modifiedMs?: number; readonly accessedMs?: number },
    options?: CallOptions,
  ): Promise<void>;
  /** SETREPLICATION. @returns false for a directory. */
  setReplication(path: string, replication: number, options?: CallOptions): Promise<boolean>;
  /** GETXATTRS: those named, or all. */
  getXAttrs(path: string, names?: readonly string[], options?: CallOptions): Promise<XAttrs>;
  /** LISTXATTRS. */
  listXAttrs(path: string, options?: CallOptions): Promise<readonly string[]>;
  /** SETXATTR: `user.…`; both creates and replaces unless `flag` says one of them. */
  setXAttr(
    path: string,
    name: string,
    value: Uint8Array | string,
    options?: CallOptions & { readonly flag?: "CREATE" | "REPLACE" },
  ): Promise<void>;
  /** REMOVEXATTR. */
  removeXAttr(path: string, name: string, options?: CallOptions): Promise<void>;
}

/** Snapshots of directories; their files are read below `/dir/.snapshot/NAME/`. */
export interface SnapshotOperations {
  /** ALLOWSNAPSHOT, for administrators. */
  allowSnapshot(path: string, options?: CallOptions): Promise<void>;
  /** DISALLOWSNAPSHOT, for administrators. */
  disallowSnapshot(path: string, options?: CallOptions): Promise<void>;
  /** CREATESNAPSHOT. @returns the snapshot's path. */
  createSnapshot(path: string, name?: string, options?: CallOptions): Promise<string>;
  /** RENAMESNAPSHOT. */
  renameSnapshot(
    path: string,
    names: { readonly from: string; readonly to: string },
    options?: CallOptions,
  ): Promise<void>;
  /** DELETESNAPSHOT. */
  deleteSnapshot(path: string, name: string, options?: CallOptions): Promise<void>;
  /** GETSNAPSHOTDIFF: what changed from one to another; an empty name is the present. */
  snapshotDiff(
    path: string,
    names: { readonly from: string; readonly to: string },
    options?: CallOptions,
  ): Promise<HdfsSnapshotDiff>;
  /** GETSNAPSHOTLIST, or LISTSTATUS of `.snapshot` at older servers. */
  snapshots(path: string, options?: CallOptions): Promise<readonly HdfsSnapshot[]>;
}

/** The server, and tokens. */
export interface ServerOperations {
  /** GETHOMEDIRECTORY. */
  homeDirectory(options?: CallOptions): Promise<string>;
  /** GETTRASHROOT of a path. */
  trashRoot(path: string, options?: CallOptions): Promise<string>;
  /** GETSERVERDEFAULTS. */
  serverDefaults(options?: CallOptions): Promise<HdfsServerDefaults>;
  /** GETSTATUS: capacity, used, remaining; servers since 3.4. */
  fileSystemStatus(options?: CallOptions): Promise<HdfsFileSystemStatus>;
  /**
   * GETDELEGATIONTOKEN, by Kerberos. @returns its URL string; undefined where security is off.
   * @param renewer who may renew it: a user's short name, or a principal. Without one, who asks.
   */
  getDelegationToken(renewer?: string, options?: CallOptions): Promise<string | undefined>;
  /** RENEWDELEGATIONTOKEN, by Kerberos. @returns when it ends, ms since 1970. */
  renewDelegationToken(token: string, options?: CallOptions): Promise<number>;
  /** CANCELDELEGATIONTOKEN, by Kerberos. */
  cancelDelegationToken(token: string, options?: CallOptions): Promise<void>;
}
