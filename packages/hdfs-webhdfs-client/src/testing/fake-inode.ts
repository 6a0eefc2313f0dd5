// Files and directories of the fake cluster, in memory.

/** What files and directories have in common. */
interface InodeBase {
  readonly id: number;
  permission: number;
  owner: string;
  group: string;
  modifiedMs: number;
  accessedMs: number;
  readonly xattrs: Map<string, string>;
}

/** A file. */
export interface FakeFile extends InodeBase {
  readonly kind: "file";
  content: Uint8Array;
  blockBytes: number;
  replication: number;
  /** Being written: the name service counts no byte of its last block yet. */
  writer: string | undefined;
}

/** A directory. */
export interface FakeDirectory extends InodeBase {
  readonly kind: "directory";
  readonly children: Map<string, FakeInode>;
  nameQuota: number;
  spaceQuota: number;
  snapshotsAllowed: boolean;
  readonly snapshots: Map<string, FakeDirectory>;
}

export type FakeInode = FakeFile | FakeDirectory;

/** A copy of all below, as a snapshot keeps it; contents are shared, as they are replaced and never changed in place. */
export function copyInode<T extends FakeInode>(inode: T): T;
export function copyInode(inode: FakeInode): FakeInode {
  if (inode.kind === "file") return { ...inode, xattrs: new Map(inode.xattrs) };
  const children = new Map([...inode.children].map(([name, child]) => [name, copyInode(child)]));
  return { ...inode, xattrs: new Map(inode.xattrs), children, snapshots: new Map() };
}

/** Names and bytes below an inode, itself included; bytes once and with all replicas. */
export function usageOf(inode: FakeInode): { files: number; directories: number; bytes: number; space: number } {
  if (inode.kind === "file") {
    const bytes = inode.content.length;
    return { files: 1, directories: 0, bytes, space: bytes * inode.replication };
  }
  const sum = { files: 0, directories: 1, bytes: 0, space: 0 };
  for (const child of inode.children.values()) {
    const below = usageOf(child);
    sum.files += below.files;
    sum.directories += below.directories;
    sum.bytes += below.bytes;
    sum.space += below.space;
  }
  return sum;
}

/** Names of a directory by their bytes in UTF-8, as HDFS sorts them. */
export function sortedNames(directory: FakeDirectory): readonly string[] {
  return [...directory.children.keys()].sort((left, right) =>
    Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8")),
  );
}

/** `FileStatus` as the server writes it. */
export function statusJson(inode: FakeInode, pathSuffix: string): object {
  const { id, owner, group, modifiedMs, accessedMs } = inode;
  const base = {
    accessTime: accessedMs,
    fileId: id,
    group,
    modificationTime: modifiedMs,
    owner,
    pathSuffix,
    permission: inode.permission.toString(8),
    storagePolicy: 0,
  };
  if (inode.kind === "directory") {
    const snapshotEnabled = inode.snapshotsAllowed ? { snapshotEnabled: true } : {};
    return {
      ...base,
      ...snapshotEnabled,
      blockSize: 0,
      childrenNum: inode.children.size,
      length: 0,
      replication: 0,
      type: "DIRECTORY",
    };
  }
  const { blockBytes, content, replication, writer } = inode;
  // A file that is being written counts its finished blocks only.
  const length = writer === undefined ? content.length : Math.floor(content.length / blockBytes) * blockBytes;
  return { ...base, blockSize: blockBytes, childrenNum: 0, length, replication, type: "FILE" };
}
