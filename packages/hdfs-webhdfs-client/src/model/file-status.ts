// What the name service says of a name.
import { quote } from "../errors/quote.ts";
import { type Reply, ReplyShapeError } from "./reply.ts";

/** A file, directory or symbolic link as GETFILESTATUS and LISTSTATUS tell it. */
export interface HdfsFileStatus {
  /** Name within the listed directory; empty for the status of the path itself. */
  readonly pathSuffix: string;
  readonly kind: "file" | "directory" | "symlink";
  /** Length in bytes; 0 for directories, and for a file whose first block is being written. */
  readonly bytes: number;
  readonly blockBytes: number;
  readonly replication: number;
  /** Permission bits, such as 0o644; 0o1777 with the sticky bit. */
  readonly permission: number;
  readonly owner: string;
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
  readonly accessedMs: number;
  /** Number of the inode: another file under the same name has another. 0 where the server does not tell. */
  readonly fileId: number;
  /** Entries of a directory; 0 where the server does not tell. */
  readonly childCount: number;
  readonly symlinkTarget: string | undefined;
  /** Storage policy's id; 0 is "unspecified". */
  readonly storagePolicy: number;
  readonly erasureCodingPolicy: string | undefined;
  readonly encrypted: boolean;
  /** Whether snapshots may be made of this directory. */
  readonly snapshotEnabled: boolean;
  readonly hasAcl: boolean;
}

const kinds = { FILE: "file", DIRECTORY: "directory", SYMLINK: "symlink" } as const;

/** Read one `FileStatus` of a reply. */
export function readFileStatus(reply: Reply): HdfsFileStatus {
  const type = reply.get("type").string();
  return {
    pathSuffix: readName(reply.get("pathSuffix")),
    kind: kinds[type as keyof typeof kinds] ?? "file",
    bytes: reply.get("length").count(),
    blockBytes: reply.find("blockSize")?.count() ?? 0,
    replication: reply.find("replication")?.number() ?? 0,
    permission: Number.parseInt(reply.get("permission").string(), 8),
    owner: reply.get("owner").string(),
    group: reply.get("group").string(),
    modifiedMs: reply.get("modificationTime").number(),
    accessedMs: reply.find("accessTime")?.number() ?? 0,
    fileId: reply.find("fileId")?.number() ?? 0,
    childCount: reply.find("childrenNum")?.number() ?? 0,
    symlinkTarget: reply.find("symlink")?.string(),
    storagePolicy: reply.find("storagePolicy")?.number() ?? 0,
    erasureCodingPolicy: reply.find("ecPolicy")?.string(),
    encrypted: reply.find("encBit")?.boolean() ?? false,
    snapshotEnabled: reply.find("snapshotEnabled")?.boolean() ?? false,
    hasAcl: reply.find("aclBit")?.boolean() ?? false,
  };
}

/** A name that would lead elsewhere when it is put behind its directory is none of HDFS. */
function readName(reply: Reply): string {
  const name = reply.string();
  if (name === "." || name === ".." || /[/\0]/u.test(name)) {
    throw new ReplyShapeError(`${quote(name)} in a listing is no name`);
  }
  return name;
}

/** Read `{"FileStatuses":{"FileStatus":[…]}}`. */
export function readFileStatuses(reply: Reply): readonly HdfsFileStatus[] {
  return reply.get("FileStatuses").get("FileStatus").items().map(readFileStatus);
}
