// What name nodes answer by themselves: every operation but those that go to a DataNode.
import { FakeException } from "./fake-exception.ts";
import { type FakeDirectory, type FakeFile, type FakeInode, sortedNames, statusJson, usageOf } from "./fake-inode.ts";
import { snapshotDiffJson } from "./fake-snapshot-diff.ts";
import type { FakeTree } from "./fake-tree.ts";

/** One request, decoded. */
export interface FakeRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly user: string;
}

/** What operations see of the cluster. */
export interface FakeWorld {
  readonly tree: FakeTree;
  /** Entries in one reply of LISTSTATUS_BATCH. */
  readonly listLimit: number;
  readonly blockBytes: number;
  readonly replication: number;
  readonly nowMs: () => number;
  readonly blockLocations: (file: FakeFile, offset: number, length: number) => readonly object[];
  readonly locatedBlocks: (file: FakeFile, offset: number, length: number) => object;
  readonly recover: (file: FakeFile) => void;
}

type Handler = (world: FakeWorld, request: FakeRequest) => object | undefined;

/** A parameter that must be there. */
function wanted(request: FakeRequest, name: string): string {
  const value = request.query.get(name);
  if (value === null)
    throw new FakeException("IllegalArgumentException", `Required param ${name} for op is null or empty`);
  return value;
}

function number(request: FakeRequest, name: string, without: number): number {
  const text = request.query.get(name);
  if (text === null) return without;
  if (!/^-?\d+$/u.test(text)) {
    throw new FakeException(
      "IllegalArgumentException",
      `Invalid value for webhdfs parameter "${name}": Failed to parse "${text}"`,
    );
  }
  return Number(text);
}

function permissionOf(request: FakeRequest, without: number): number {
  const text = request.query.get("permission");
  return text === null ? without : Number.parseInt(text, 8);
}

const get = (world: FakeWorld, { path, user }: FakeRequest): FakeInode => world.tree.get(path, user);

/** Rights to change attributes: the owner's. */
function owned(world: FakeWorld, request: FakeRequest): FakeInode {
  const inode = get(world, request);
  if (request.user !== world.tree.superuser && request.user !== inode.owner) {
    throw new FakeException(
      "AccessControlException",
      `Permission denied. user=${request.user} is not the owner of inode=${request.path}`,
    );
  }
  return inode;
}

function superuser(world: FakeWorld, request: FakeRequest): void {
  if (request.user === world.tree.superuser) return;
  throw new FakeException(
    "AccessControlException",
    `Access denied for user ${request.user}. Superuser privilege is required`,
  );
}

function listing(world: FakeWorld, request: FakeRequest): readonly object[] {
  const inode = world.tree.find(request.path, request.user);
  if (inode === undefined) throw new FakeException("FileNotFoundException", `File ${request.path} does not exist.`);
  if (inode.kind === "file") return [statusJson(inode, "")];
  world.tree.check(inode, { user: request.user, bits: 4, path: request.path });
  return sortedNames(inode).flatMap((name) => {
    const child = inode.children.get(name);
    return child === undefined ? [] : [statusJson(child, name)];
  });
}

const reads: Readonly<Record<string, Handler>> = {
  GETFILESTATUS: (world, request) => ({ FileStatus: statusJson(get(world, request), "") }),
  LISTSTATUS: (world, request) => ({ FileStatuses: { FileStatus: listing(world, request) } }),
  LISTSTATUS_BATCH: (world, request) => {
    const all = listing(world, request) as { readonly pathSuffix: string }[];
    const after = Buffer.from(request.query.get("startafter") ?? "", "utf8");
    const rest = all.filter(
      (entry) => after.length === 0 || Buffer.compare(Buffer.from(entry.pathSuffix, "utf8"), after) > 0,
    );
    const FileStatus = rest.slice(0, world.listLimit);
    const partialListing = { FileStatuses: { FileStatus } };
    return { DirectoryListing: { partialListing, remainingEntries: rest.length - FileStatus.length } };
  },
  GETCONTENTSUMMARY: (world, request) => {
    const inode = get(world, request);
    const { directories, files, bytes, space } = usageOf(inode);
    const { nameQuota = -1, spaceQuota = -1 } = inode as Partial<FakeDirectory>;
    return {
      ContentSummary: {
        directoryCount: directories,
        fileCount: files,
        length: bytes,
        quota: nameQuota,
        spaceConsumed: space,
        spaceQuota,
        typeQuota: {},
      },
    };
  },
  GETQUOTAUSAGE: (world, request) => {
    const inode = get(world, request);
    const { directories, files, space } = usageOf(inode);
    const { nameQuota = -1, spaceQuota = -1 } = inode as Partial<FakeDirectory>;
    return {
      QuotaUsage: {
        fileAndDirectoryCount: directories + files,
        quota: nameQuota,
        spaceConsumed: space,
        spaceQuota,
        typeQuota: {},
      },
    };
  },
  GETFILEBLOCKLOCATIONS: (world, request) => {
    const file = world.tree.file(request.path, request.user);
    const length = number(request, "length", Number.MAX_SAFE_INTEGER);
    return { BlockLocations: { BlockLocation: world.blockLocations(file, number(request, "offset", 0), length) } };
  },
  GET_BLOCK_LOCATIONS: (world, request) => {
    const file = world.tree.file(request.path, request.user);
    const length = number(request, "length", Number.MAX_SAFE_INTEGER);
    return { LocatedBlocks: world.locatedBlocks(file, number(request, "offset", 0), length) };
  },
  GETHOMEDIRECTORY: (_, request) => ({ Path: `/user/${request.user}` }),
  GETTRASHROOT: (_, request) => ({ Path: `/user/${request.user}/.Trash` }),
  GETSERVERDEFAULTS: (world) => ({
    FsServerDefaults: {
      blockSize: world.blockBytes,
      bytesPerChecksum: 512,
      checksumType: 2,
      defaultStoragePolicyId: 7,
      encryptDataTransfer: false,
      fileBufferSize: 4096,
      keyProviderUri: "",
      replication: world.replication,
      trashInterval: 0,
      writePacketSize: 65_536,
    },
  }),
  GETSTATUS: (world) => {
    const used = usageOf(world.tree.root).space;
    return { FsStatus: { capacity: 2 ** 40, used, remaining: 2 ** 40 - used } };
  },
  CHECKACCESS: (world, request) => {
    const letters = wanted(request, "fsaction");
    const bits = (letters.includes("r") ? 4 : 0) + (letters.includes("w") ? 2 : 0) + (letters.includes("x") ? 1 : 0);
    world.tree.check(get(world, request), { user: request.user, bits, path: request.path });
    return undefined;
  },
  GETXATTRS: (world, request) => {
    const encoding = wanted(request, "encoding");
    if (encoding !== "hex")
      throw new FakeException("IllegalArgumentException", `The fake cluster speaks hex, not ${encoding}`);
    const { xattrs } = get(world, request);
    const names = request.query.getAll("xattr.name");
    const missing = names.find((name) => !xattrs.has(name));
    if (missing !== undefined)
      throw new FakeException("IOException", "At least one of the attributes provided was not found.");
    const found = [...xattrs].filter(([name]) => names.length === 0 || names.includes(name));
    return { XAttrs: found.map(([name, value]) => ({ name, value })) };
  },
  LISTXATTRS: (world, request) => ({ XAttrNames: JSON.stringify([...get(world, request).xattrs.keys()]) }),
  GETSNAPSHOTDIFF: (world, request) => {
    const { path, user, query } = request;
    const names = { from: query.get("oldsnapshotname") ?? "", to: query.get("snapshotname") ?? "" };
    return { SnapshotDiffReport: snapshotDiffJson(world.tree.directory(path, user), path, names) };
  },
  GETSNAPSHOTLIST: (world, request) => {
    const { snapshots } = world.tree.directory(request.path, request.user);
    const parentFullPath = request.path;
    return {
      SnapshotList: [...snapshots].map(([name, copy], index) => ({
        dirStatus: statusJson(copy, name),
        parentFullPath,
        snapshotID: index,
      })),
    };
  },
};

const changes: Readonly<Record<string, Handler>> = {
  MKDIRS: (world, { path, user, query }) => {
    world.tree.makeDirectories(path, { permission: Number.parseInt(query.get("permission") ?? "755", 8), user });
    return { boolean: true };
  },
  RENAME: (world, request) => {
    const { path, user, query } = request;
    const destination = wanted(request, "destination");
    world.tree.segments(destination);
    const options = query.get("renameoptions");
    if (options === null) return { boolean: world.tree.rename(path, destination, user) };
    world.tree.rename2(path, destination, { user, overwrite: options.split(",").includes("OVERWRITE") });
    return undefined;
  },
  CREATESYMLINK: () => {
    throw new FakeException("UnsupportedOperationException", "Symlinks not supported");
  },
  SETPERMISSION: (world, request) => {
    owned(world, request).permission = permissionOf(request, 0o755);
    return undefined;
  },
  SETOWNER: (world, request) => {
    superuser(world, request);
    const inode = get(world, request);
    inode.owner = request.query.get("owner") ?? inode.owner;
    inode.group = request.query.get("group") ?? inode.group;
    return undefined;
  },
  SETTIMES: (world, request) => {
    const inode = owned(world, request);
    const [modified, accessed] = [number(request, "modificationtime", -1), number(request, "accesstime", -1)];
    if (modified >= 0) inode.modifiedMs = modified;
    if (accessed >= 0) inode.accessedMs = accessed;
    return undefined;
  },
  SETREPLICATION: (world, request) => {
    const inode = get(world, request);
    if (inode.kind === "directory") return { boolean: false };
    inode.replication = number(request, "replication", world.replication);
    return { boolean: true };
  },
  SETXATTR: (world, request) => {
    const { xattrs } = owned(world, request);
    const name = wanted(request, "xattr.name");
    const flags = (request.query.get("flag") ?? "").split(",");
    if (!/^(?:user|trusted|security|system|raw)\../u.test(name)) {
      throw new FakeException(
        "HadoopIllegalArgumentException",
        `An XAttr name must be prefixed with user/trusted/security/system/raw, followed by a '.'`,
      );
    }
    if (xattrs.has(name) && !flags.includes("REPLACE"))
      throw new FakeException("IOException", `XAttr: ${name} already exists. The REPLACE flag must be specified.`);
    if (!xattrs.has(name) && !flags.includes("CREATE"))
      throw new FakeException("IOException", `XAttr: ${name} does not exist. The CREATE flag must be specified.`);
    xattrs.set(name, wanted(request, "xattr.value"));
    return undefined;
  },
  REMOVEXATTR: (world, request) => {
    if (owned(world, request).xattrs.delete(wanted(request, "xattr.name"))) return undefined;
    throw new FakeException("IOException", "No matching attributes found for remove operation");
  },
  SETQUOTA: (world, request) => {
    superuser(world, request);
    const directory = world.tree.directory(request.path, request.user);
    directory.nameQuota = number(request, "namespacequota", directory.nameQuota);
    directory.spaceQuota = number(request, "storagespacequota", directory.spaceQuota);
    return undefined;
  },
  ALLOWSNAPSHOT: (world, request) => {
    superuser(world, request);
    world.tree.directory(request.path, request.user).snapshotsAllowed = true;
    return undefined;
  },
  DISALLOWSNAPSHOT: (world, request) => {
    superuser(world, request);
    const directory = world.tree.directory(request.path, request.user);
    if (directory.snapshots.size > 0)
      throw new FakeException(
        "SnapshotException",
        `The directory ${request.path} has snapshot(s). Please redo the operation after removing all the snapshots.`,
      );
    directory.snapshotsAllowed = false;
    return undefined;
  },
  CREATESNAPSHOT: (world, request) => {
    const name = request.query.get("snapshotname") ?? `s${world.nowMs()}`;
    world.tree.snapshot(request.path, request.user, name);
    return { Path: `${request.path === "/" ? "" : request.path}/.snapshot/${name}` };
  },
  RENAMESNAPSHOT: (world, request) => {
    const { snapshots } = world.tree.directory(request.path, request.user);
    const [from, to] = [wanted(request, "oldsnapshotname"), wanted(request, "snapshotname")];
    const copy = snapshots.get(from);
    if (copy === undefined)
      throw new FakeException("SnapshotException", `The snapshot ${from} does not exist for directory ${request.path}`);
    snapshots.delete(from);
    snapshots.set(to, copy);
    return undefined;
  },
};

const removals: Readonly<Record<string, Handler>> = {
  DELETE: (world, { path, user, query }) => ({
    boolean: world.tree.remove(path, user, query.get("recursive") === "true"),
  }),
  DELETESNAPSHOT: (world, request) => {
    const name = wanted(request, "snapshotname");
    if (world.tree.directory(request.path, request.user).snapshots.delete(name)) return undefined;
    throw new FakeException(
      "SnapshotException",
      `Cannot delete snapshot ${name} from path ${request.path}: the snapshot does not exist.`,
    );
  },
};

const posts: Readonly<Record<string, Handler>> = {
  CONCAT: (world, request) => {
    concat(world, request);
    return undefined;
  },
  TRUNCATE: (world, request) => {
    const file = world.tree.file(request.path, request.user);
    const bytes = number(request, "newlength", -1);
    if (bytes < 0 || bytes > file.content.length) {
      throw new FakeException(
        "HadoopIllegalArgumentException",
        `Cannot truncate to a larger file size. Current size: ${file.content.length}, truncate size: ${bytes}.`,
      );
    }
    file.content = file.content.subarray(0, bytes);
    if (bytes % file.blockBytes === 0) return { boolean: true };
    file.writer = "HDFS_NameNode"; // the last block is being recovered
    world.recover(file);
    return { boolean: false };
  },
};

function concat(world: FakeWorld, request: FakeRequest): void {
  const { tree } = world;
  const target = tree.file(request.path, request.user);
  const sources = wanted(request, "sources").split(",");
  const parent = (path: string): string => path.slice(0, path.lastIndexOf("/"));
  const files = sources.map((path) => {
    const file = tree.file(path, request.user);
    const refuse = (why: string) =>
      new FakeException("HadoopIllegalArgumentException", `concat: source file ${path} ${why}`);
    if (parent(path) !== parent(request.path)) throw refuse("is not in the same directory with the target");
    if (file.content.length === 0) throw refuse("is invalid or empty or underConstruction");
    if (file.blockBytes > target.blockBytes) throw refuse("has a larger preferred block size than the target");
    return file;
  });
  target.content = Buffer.concat([target.content, ...files.map((file) => file.content)]);
  for (const path of sources) tree.remove(path, request.user, false);
}

const handlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  GET: reads,
  PUT: changes,
  DELETE: removals,
  POST: posts,
};

/** Carry an operation out. @throws {FakeException} */
export function runFakeOperation(
  world: FakeWorld,
  method: string,
  operation: string,
  request: FakeRequest,
): object | undefined {
  const handler = handlers[method]?.[operation];
  if (handler === undefined) throw unknownOperation(method, operation);
  return handler(world, request);
}

/** What a server says to an operation that it does not know. */
export function unknownOperation(method: string, operation: string): FakeException {
  const verb = `${method.slice(0, 1)}${method.slice(1).toLowerCase()}`;
  const message = `Invalid value for webhdfs parameter "op": No enum constant org.apache.hadoop.hdfs.web.resources.${verb}OpParam.Op.${operation}`;
  return new FakeException("IllegalArgumentException", message);
}
