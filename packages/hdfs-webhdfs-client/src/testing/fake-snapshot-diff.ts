// What changed between two snapshots, by inode as Hadoop compares.
import { FakeException } from "./fake-exception.ts";
import type { FakeDirectory, FakeInode } from "./fake-inode.ts";

interface Entry {
  readonly path: string;
  readonly inode: FakeInode;
}

function entriesOf(directory: FakeDirectory, prefix = ""): readonly Entry[] {
  return [...directory.children].flatMap(([name, inode]) => {
    const path = prefix === "" ? name : `${prefix}/${name}`;
    return [{ path, inode }, ...(inode.kind === "directory" ? entriesOf(inode, path) : [])];
  });
}

function at(directory: FakeDirectory, path: string, name: string): FakeDirectory {
  if (name === "" || name === ".") return directory;
  const found = directory.snapshots.get(name);
  if (found !== undefined) return found;
  throw new FakeException("SnapshotException", `Cannot find the snapshot of directory ${path} with name ${name}`);
}

/** `SnapshotDiffReport` of a directory. */
export function snapshotDiffJson(
  directory: FakeDirectory,
  path: string,
  names: { readonly from: string; readonly to: string },
): object {
  const before = new Map(entriesOf(at(directory, path, names.from)).map((entry) => [entry.inode.id, entry]));
  const after = new Map(entriesOf(at(directory, path, names.to)).map((entry) => [entry.inode.id, entry]));
  const diffList: object[] = [];
  for (const [id, { path: sourcePath, inode }] of before) {
    const now = after.get(id);
    if (now === undefined) diffList.push({ sourcePath, type: "DELETE" });
    else if (now.path !== sourcePath) diffList.push({ sourcePath, targetPath: now.path, type: "RENAME" });
    else if (now.inode.modifiedMs !== inode.modifiedMs) diffList.push({ sourcePath, type: "MODIFY" });
  }
  for (const [id, { path: sourcePath }] of after) if (!before.has(id)) diffList.push({ sourcePath, type: "CREATE" });
  if (diffList.length > 0) diffList.unshift({ sourcePath: "", type: "MODIFY" });
  return { diffList, fromSnapshot: names.from, snapshotRoot: path, toSnapshot: names.to };
}
