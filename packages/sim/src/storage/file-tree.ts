// The cluster's storage as a tree of directories and files in memory. Steps are atomic, as a name node makes them.
// A watcher sees each change before it happens, so that a checker can refuse it.

/** A file or directory. */
export type TreeNode = TreeFile | TreeDirectory;
/** A file's bytes never change; a new file replaces them. */
export interface TreeFile {
  readonly kind: "file";
  readonly bytes: Uint8Array;
  readonly modifiedMs: number;
}
export interface TreeDirectory {
  readonly kind: "directory";
  readonly children: Map<string, TreeNode>;
}

/** What a step is about to do to a name: the watcher may throw. */
export type TreeWatcher = (change: {
  readonly kind: "add" | "remove";
  readonly uri: string;
  readonly node: TreeNode;
}) => void;

const scheme = "sim://store";

/** Files and directories by URI (`sim://store/a/b`). */
export class FileTree {
  private readonly root: TreeDirectory = { kind: "directory", children: new Map() };
  watcher: TreeWatcher | undefined;

  find(uri: string): TreeNode | undefined {
    let node: TreeNode | undefined = this.root;
    for (const name of split(uri)) {
      if (node?.kind !== "directory") return undefined;
      node = node.children.get(name);
    }
    return node;
  }

  exists(uri: string): boolean {
    return this.find(uri) !== undefined;
  }

  readText(uri: string): string | undefined {
    const node = this.find(uri);
    return node?.kind === "file" ? decodeLatin(node.bytes) : undefined;
  }

  writeFile(uri: string, bytes: Uint8Array, modifiedMs: number): void {
    this.add(uri, { kind: "file", bytes, modifiedMs });
  }

  /** Make a directory with its parents; one that exists is left as it is. */
  makeDirectory(uri: string): void {
    if (!this.exists(uri)) this.add(uri, { kind: "directory", children: new Map() });
  }

  /** Move what is at `from`; the caller has checked that it is there and `to` is not. */
  move(from: string, to: string): void {
    const node = this.find(from);
    if (node === undefined) return;
    this.remove(from);
    this.add(to, node);
  }

  remove(uri: string): void {
    const node = this.find(uri);
    if (node === undefined) return;
    this.watcher?.({ kind: "remove", uri, node });
    const names = split(uri);
    const parent = this.find(join(names.slice(0, -1)));
    if (parent?.kind === "directory") parent.children.delete(names.at(-1) ?? "");
  }

  /** All files below, by name relative to `uri`, in name order. */
  filesBelow(uri: string): { readonly name: string; readonly file: TreeFile }[] {
    const found: { name: string; file: TreeFile }[] = [];
    const node = this.find(uri);
    if (node?.kind === "directory") collect(node, "", found);
    return found.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  private add(uri: string, node: TreeNode): void {
    this.watcher?.({ kind: "add", uri, node });
    const names = split(uri);
    let directory = this.root;
    for (const name of names.slice(0, -1)) {
      let next = directory.children.get(name);
      if (next?.kind !== "directory") {
        next = { kind: "directory", children: new Map() };
        directory.children.set(name, next);
      }
      directory = next;
    }
    directory.children.set(names.at(-1) ?? "", node);
  }
}

function collect(directory: TreeDirectory, prefix: string, into: { name: string; file: TreeFile }[]): void {
  for (const [name, node] of directory.children) {
    if (node.kind === "file") into.push({ name: prefix + name, file: node });
    else collect(node, `${prefix}${name}/`, into);
  }
}

function split(uri: string): string[] {
  return uri
    .slice(scheme.length)
    .split("/")
    .filter((name) => name !== "");
}

function join(names: readonly string[]): string {
  return `${scheme}/${names.join("/")}`;
}

/** Directory that a URI lies in. */
export function parentOf(uri: string): string {
  return join(split(uri).slice(0, -1));
}

/** Bytes of ASCII text. The caller owns them. */
export function encodeLatin(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

/** Text of bytes that each stand for one character. */
export function decodeLatin(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
