// What each storage step of a job does to the tree, at the moment when it runs. The reply is what an honest storage
// says; losing it is the model's affair.

import { assertNever } from "@millrace/core";
import type { InputFile, ListedInput, StorageCall, StorageReply } from "@millrace/core";
import type { FileTree, TreeFile } from "./file-tree.ts";
import { encodeLatin, parentOf } from "./file-tree.ts";

/** How this storage behaves. */
export interface StorageTraits {
  readonly replacesEmpty: boolean;
  readonly nowMs: () => number;
}

const ok: StorageReply = { kind: "ok" };
const refused = (reason: "exists" | "missing" | "denied" | "no-space" | "invalid", message: string): StorageReply => ({
  kind: "refused",
  reason,
  message,
});

/** Run one step. */
export function runStorageStep(tree: FileTree, call: StorageCall, traits: StorageTraits): StorageReply {
  switch (call.kind) {
    case "list-inputs":
      return { kind: "listed-inputs", inputs: call.inputs.map((patterns) => listInput(tree, patterns)) };
    case "inspect-output":
      return inspectOutput(tree, call.uri);
    case "make-staging":
      return makeStaging(tree, call.uri, call.owner, traits);
    case "measure":
      return { kind: "measured", bytes: call.uris.map((uri) => lengthOf(tree, uri)) };
    case "place":
      return place(tree, call.moves);
    case "list-files":
      return {
        kind: "listed-files",
        files: tree.filesBelow(call.uri).map(({ name, file }) => ({ name, bytes: file.bytes.length })),
      };
    case "write-file":
      tree.writeFile(call.uri, encodeLatin(call.text), traits.nowMs());
      return ok;
    case "publish":
      return rename(tree, call.from, call.to, traits.replacesEmpty);
    case "rename":
      return rename(tree, call.from, call.to, false);
    case "remove":
      tree.remove(call.uri);
      return ok;
    default:
      return assertNever(call, "storage call");
  }
}

function listInput(tree: FileTree, patterns: readonly string[]): ListedInput {
  const files: InputFile[] = [];
  const unmatched: string[] = [];
  let skipped = 0;
  for (const pattern of patterns) {
    const node = tree.find(pattern);
    if (node === undefined) unmatched.push(pattern);
    else if (node.kind === "file") files.push(describe(pattern, node));
    else {
      for (const { name, file } of tree.filesBelow(pattern)) {
        if (name.startsWith("_") || name.startsWith(".")) skipped += 1;
        else files.push(describe(`${pattern}/${name}`, file));
      }
    }
  }
  return { files, skipped, unmatched, refused: [] };
}

function describe(uri: string, file: TreeFile): InputFile {
  const hosts = [`host-${uri.length % 2}`];
  return { uri, bytes: file.bytes.length, modifiedMs: file.modifiedMs, blockBytes: 64, codec: "none", hosts };
}

function inspectOutput(tree: FileTree, uri: string): StorageReply {
  const node = tree.find(uri);
  const manifest = tree.readText(`${uri}/_SUCCESS`);
  const base = {
    kind: "inspected" as const,
    exists: node !== undefined,
    empty: node?.kind === "directory" && node.children.size === 0,
    parentWritable: true,
  };
  if (manifest === undefined) return base;
  return { ...base, manifestJob: (JSON.parse(manifest) as { job: string }).job };
}

function makeStaging(tree: FileTree, uri: string, owner: string, traits: StorageTraits): StorageReply {
  const ownerUri = `${uri}/_owner`;
  const present = tree.readText(ownerUri);
  if (present !== undefined && present !== owner) return refused("exists", `staging directory of ${present}`);
  tree.makeDirectory(uri);
  if (present === undefined) tree.writeFile(ownerUri, encodeLatin(owner), traits.nowMs());
  return ok;
}

function place(tree: FileTree, moves: readonly { readonly from: string; readonly to: string }[]): StorageReply {
  for (const { from, to } of moves) {
    const there = tree.exists(to);
    if (!tree.exists(from)) {
      if (there) continue;
      return refused("missing", from);
    }
    if (there) return refused("exists", to);
    tree.move(from, to);
  }
  return ok;
}

function rename(tree: FileTree, from: string, to: string, replacesEmpty: boolean): StorageReply {
  if (!tree.exists(from)) return refused("missing", from);
  const target = tree.find(to);
  if (target !== undefined) {
    if (!(replacesEmpty && target.kind === "directory" && target.children.size === 0)) return refused("exists", to);
    tree.remove(to);
  }
  tree.makeDirectory(parentOf(to));
  tree.move(from, to);
  return ok;
}

function lengthOf(tree: FileTree, uri: string): number {
  const node = tree.find(uri);
  return node?.kind === "file" ? node.bytes.length : -1;
}
