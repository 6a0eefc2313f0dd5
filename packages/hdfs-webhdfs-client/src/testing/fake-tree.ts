// The name space of the fake cluster: looking names up, rights, quotas, and the changes that operations make.
// It follows what Hadoop 3.4.2 was seen to answer, not what the client expects.
import { FakeException } from "./fake-exception.ts";
import { copyInode, type FakeDirectory, type FakeFile, type FakeInode, usageOf } from "./fake-inode.ts";

/** Attributes of a new inode. */
export interface NewInode {
  readonly permission: number;
  readonly user: string;
}

/** Attributes of a new file. */
export interface NewFile extends NewInode {
  readonly overwrite: boolean;
  readonly blockBytes: number;
  readonly replication: number;
  readonly writer: string;
}

/** The name space. */
export class FakeTree {
  readonly root: FakeDirectory;
  readonly superuser: string;
  readonly #nowMs: () => number;
  #nextId = 16_385;

  constructor(superuser: string, nowMs: () => number) {
    this.superuser = superuser;
    this.#nowMs = nowMs;
    this.root = this.#directory({ permission: 0o755, user: superuser });
  }

  /** The names of a path. @throws InvalidPathException */
  segments(path: string): readonly string[] {
    if (path === "/") return [];
    const names = path.slice(1).split("/");
    if (names.some((name) => name === "" || name === "." || name === ".." || name.includes(":"))) {
      throw new FakeException("InvalidPathException", `Invalid path name ${path}`);
    }
    return names;
  }

  /** @returns undefined where nothing has the name. @throws ParentNotDirectoryException, AccessControlException */
  find(path: string, user: string): FakeInode | undefined {
    let inode: FakeInode = this.root;
    const names = this.segments(path);
    for (const [index, name] of names.entries()) {
      if (inode.kind === "file") {
        const file = `/${names.slice(0, index).join("/")}`;
        throw new FakeException("ParentNotDirectoryException", `${file} (is not a directory)`);
      }
      this.check(inode, { user, bits: 1, path });
      const found: FakeInode | undefined = this.#child(inode, name);
      if (found === undefined) return undefined;
      inode = found;
    }
    return inode;
  }

  get(path: string, user: string): FakeInode {
    const inode = this.find(path, user);
    if (inode === undefined) throw new FakeException("FileNotFoundException", `File does not exist: ${path}`);
    return inode;
  }

  file(path: string, user: string): FakeFile {
    const inode = this.get(path, user);
    if (inode.kind !== "file") throw new FakeException("FileNotFoundException", `Path is not a file: ${path}`);
    return inode;
  }

  directory(path: string, user: string): FakeDirectory {
    const inode = this.get(path, user);
    if (inode.kind !== "directory") {
      throw new FakeException("ParentNotDirectoryException", `${path} (is not a directory)`);
    }
    return inode;
  }

  /** Owner's bits or others'; groups are not kept. */
  check(inode: FakeInode, access: { readonly user: string; readonly bits: number; readonly path: string }): void {
    const { user, bits, path } = access;
    if (user === this.superuser) return;
    const given = inode.owner === user ? inode.permission >> 6 : inode.permission;
    if ((given & bits) === bits) return;
    const message = `Permission denied: user=${user}, access=${bits}, inode="${path}":${inode.owner}`;
    throw new FakeException("AccessControlException", message);
  }

  /** Make a directory with its parents; true if it was there. */
  makeDirectories(path: string, made: NewInode): FakeDirectory {
    this.#refuseSnapshotPath(path);
    let inode: FakeDirectory = this.root;
    for (const name of this.segments(path)) {
      const next = inode.children.get(name);
      if (next?.kind === "file")
        throw new FakeException("FileAlreadyExistsException", `Path is not a directory: ${path}`);
      if (next === undefined) {
        this.check(inode, { user: made.user, bits: 2, path });
        this.#checkQuota(path, { names: 1, space: 0 });
      }
      const child = next ?? this.#directory(made);
      inode.children.set(name, child);
      inode = child;
    }
    return inode;
  }

  /** Make a file, replacing one if told to; the file that was replaced lives on in its writer's hands only. */
  createFile(path: string, made: NewFile): FakeFile {
    this.#refuseSnapshotPath(path);
    const { parent, name } = this.#parent(path, made.user, true);
    const existing = parent.children.get(name);
    if (existing?.kind === "directory")
      throw new FakeException("FileAlreadyExistsException", `${path} already exists as a directory`);
    if (existing !== undefined && !made.overwrite) {
      if (existing.writer !== undefined) throw this.#heldBy(path, existing);
      throw new FakeException("FileAlreadyExistsException", `${path} for client 127.0.0.1 already exists`);
    }
    if (existing === undefined) this.#checkQuota(path, { names: 1, space: 0 });
    this.check(parent, { user: made.user, bits: 2, path });
    const { blockBytes, replication, writer } = made;
    const file: FakeFile = {
      ...this.#base(made),
      kind: "file",
      content: new Uint8Array(0),
      blockBytes,
      replication,
      writer,
    };
    parent.children.set(name, file);
    return file;
  }

  /** Open a file for appending. */
  appendFile(path: string, user: string, writer: string): FakeFile {
    const file = this.file(path, user);
    this.check(file, { user, bits: 2, path });
    if (file.writer !== undefined) throw this.#heldBy(path, file);
    file.writer = writer;
    return file;
  }

  /** Add bytes to an open file. @throws FileNotFoundException if it is gone or replaced, DSQuotaExceededException */
  extend(path: string, file: FakeFile, bytes: Uint8Array): void {
    if (!this.#holds(this.root, file)) {
      throw new FakeException("FileNotFoundException", `File does not exist: ${path} (inode ${file.id})`);
    }
    this.#checkQuota(path, { names: 0, space: bytes.length * file.replication });
    file.content = Buffer.concat([file.content, bytes]);
    file.modifiedMs = this.#nowMs();
  }

  closeFile(file: FakeFile): void {
    file.writer = undefined;
    file.modifiedMs = this.#nowMs();
  }

  /** RENAME without options: false instead of exceptions, and into a directory that is there. */
  rename(from: string, to: string, user: string): boolean {
    const source = this.find(from, user);
    if (source === undefined) return false;
    if (from === to) return true;
    const target = this.find(to, user);
    if (target?.kind === "file") return false;
    const into = target?.kind === "directory" ? `${to === "/" ? "" : to}/${this.segments(from).at(-1) ?? ""}` : to;
    if (target !== undefined && this.find(into, user) !== undefined) return false;
    const parent = this.find(into.slice(0, into.lastIndexOf("/")) || "/", user);
    if (parent?.kind !== "directory") return false;
    if (into.startsWith(`${from}/`)) return false;
    this.#move(from, into, user);
    return true;
  }

  /** RENAME with options: exceptions, never into a directory. */
  rename2(from: string, to: string, access: { readonly user: string; readonly overwrite: boolean }): void {
    const { user, overwrite } = access;
    const source = this.get(from, user);
    if (from === to)
      throw new FakeException("FileAlreadyExistsException", `The source ${from} and destination ${to} are the same`);
    const target = this.find(to, user);
    if (target !== undefined) {
      if (target.kind !== source.kind)
        throw new FakeException("IOException", `Source ${from} and destination ${to} must both be of the same kind`);
      if (!overwrite) throw new FakeException("FileAlreadyExistsException", `rename destination ${to} already exists`);
      if (target.kind === "directory" && target.children.size > 0)
        throw new FakeException("IOException", `rename destination directory is not empty: ${to}`);
    }
    if (to.startsWith(`${from}/`))
      throw new FakeException("IOException", `Rename destination ${to} is a directory or file under source ${from}`);
    const parent = this.find(to.slice(0, to.lastIndexOf("/")) || "/", user);
    if (parent === undefined)
      throw new FakeException("FileNotFoundException", `rename destination parent ${to} not found.`);
    if (parent.kind === "file")
      throw new FakeException("ParentNotDirectoryException", `rename destination parent ${to} is a file.`);
    this.#move(from, to, user);
  }

  /** @returns whether something was there */
  remove(path: string, user: string, recursive: boolean): boolean {
    this.#refuseSnapshotPath(path);
    const inode = this.find(path, user);
    if (inode === undefined || inode === this.root) return false;
    if (inode.kind === "directory" && inode.children.size > 0 && !recursive) {
      throw new FakeException("PathIsNotEmptyDirectoryException", `\`${path} is non empty': Directory is not empty`);
    }
    if (inode.kind === "directory" && this.#hasSnapshots(inode)) {
      const message = `The directory ${path} cannot be deleted since ${path} is snapshottable and already has snapshots`;
      throw new FakeException("SnapshotException", message);
    }
    const { parent, name } = this.#parent(path, user, false);
    this.check(parent, { user, bits: 2, path });
    parent.children.delete(name);
    parent.modifiedMs = this.#nowMs();
    return true;
  }

  snapshot(path: string, user: string, name: string): void {
    const directory = this.directory(path, user);
    if (!directory.snapshotsAllowed) {
      throw new FakeException("SnapshotException", `Directory is not a snapshottable directory: ${path}`);
    }
    if (directory.snapshots.has(name)) {
      throw new FakeException("SnapshotException", `there is already a snapshot with the same name "${name}"`);
    }
    directory.snapshots.set(name, { ...copyInode(directory), modifiedMs: this.#nowMs() });
  }

  #child(directory: FakeDirectory, name: string): FakeInode | undefined {
    if (name !== ".snapshot" || !directory.snapshotsAllowed) return directory.children.get(name);
    return { ...directory, children: new Map(directory.snapshots), snapshotsAllowed: false };
  }

  #parent(path: string, user: string, make: boolean): { readonly parent: FakeDirectory; readonly name: string } {
    const names = this.segments(path);
    const above = `/${names.slice(0, -1).join("/")}`;
    if (make && this.find(above, user) === undefined) this.makeDirectories(above, { permission: 0o755, user });
    const parent = this.directory(above, user);
    return { parent, name: names.at(-1) ?? "" };
  }

  #move(from: string, to: string, user: string): void {
    const source = this.#parent(from, user, false);
    const target = this.#parent(to, user, false);
    this.check(source.parent, { user, bits: 2, path: from });
    this.check(target.parent, { user, bits: 2, path: to });
    const inode = source.parent.children.get(source.name);
    if (inode === undefined) return;
    source.parent.children.delete(source.name);
    target.parent.children.set(target.name, inode);
  }

  #checkQuota(path: string, added: { readonly names: number; readonly space: number }): void {
    let inode: FakeInode | undefined = this.root;
    for (const name of ["", ...this.segments(path)]) {
      inode = name === "" ? this.root : inode?.kind === "directory" ? inode.children.get(name) : undefined;
      if (inode?.kind !== "directory") return;
      const used = usageOf(inode);
      const names = used.files + used.directories + added.names;
      if (inode.nameQuota >= 0 && added.names > 0 && names > inode.nameQuota) {
        const message = `The NameSpace quota (directories and files) of directory ${path} is exceeded: quota=${inode.nameQuota} file count=${names}`;
        throw new FakeException("NSQuotaExceededException", message);
      }
      if (inode.spaceQuota >= 0 && added.space > 0 && used.space + added.space > inode.spaceQuota) {
        const message = `The DiskSpace quota of ${path} is exceeded: quota = ${inode.spaceQuota} B`;
        throw new FakeException("DSQuotaExceededException", message);
      }
    }
  }

  #refuseSnapshotPath(path: string): void {
    if (!path.split("/").includes(".snapshot")) return;
    throw new FakeException("SnapshotAccessControlException", "Modification on a read-only snapshot is disallowed");
  }

  #hasSnapshots(directory: FakeDirectory): boolean {
    if (directory.snapshots.size > 0) return true;
    return [...directory.children.values()].some((child) => child.kind === "directory" && this.#hasSnapshots(child));
  }

  #holds(directory: FakeDirectory, file: FakeFile): boolean {
    return [...directory.children.values()].some(
      (child) => child === file || (child.kind === "directory" && this.#holds(child, file)),
    );
  }

  #heldBy(path: string, file: FakeFile): FakeException {
    return new FakeException(
      "AlreadyBeingCreatedException",
      `Failed to CREATE_FILE ${path} because this file lease is currently owned by ${file.writer ?? ""}`,
    );
  }

  #base(made: NewInode) {
    const now = this.#nowMs();
    const id = this.#nextId++;
    const { permission, user } = made;
    return {
      id,
      permission,
      owner: user,
      group: "supergroup",
      modifiedMs: now,
      accessedMs: now,
      xattrs: new Map<string, string>(),
    };
  }

  #directory(made: NewInode): FakeDirectory {
    return {
      ...this.#base(made),
      kind: "directory",
      children: new Map(),
      nameQuota: -1,
      spaceQuota: -1,
      snapshotsAllowed: false,
      snapshots: new Map(),
    };
  }
}
