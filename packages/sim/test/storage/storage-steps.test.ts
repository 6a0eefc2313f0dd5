import type { StorageCall } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { encodeLatin, FileTree } from "../../src/storage/file-tree.ts";
import { runStorageStep } from "../../src/storage/storage-steps.ts";

const traits = { replacesEmpty: false, nowMs: () => 1 };
const uri = (path: string): string => `sim://store/${path}`;

function treeOf(files: Readonly<Record<string, string>>): FileTree {
  const tree = new FileTree();
  for (const [path, text] of Object.entries(files)) tree.writeFile(uri(path), encodeLatin(text), 1);
  return tree;
}

const run = (tree: FileTree, call: StorageCall, replacesEmpty = false) =>
  runStorageStep(tree, call, { ...traits, replacesEmpty });

describe("runStorageStep()", () => {
  test("publish refuses an existing target and never moves into it", () => {
    const tree = treeOf({ "s/data/part": "new", "out/part": "old" });
    expect(run(tree, { kind: "publish", from: uri("s/data"), to: uri("out") })).toMatchObject({
      kind: "refused",
      reason: "exists",
    });
    expect(tree.readText(uri("out/part"))).toBe("old");
  });

  test("publish replaces an empty directory where the storage can", () => {
    const publish: StorageCall = { kind: "publish", from: uri("s/data"), to: uri("out") };
    const tree = treeOf({ "s/data/part": "new" });
    tree.makeDirectory(uri("out"));
    expect(run(tree, publish)).toMatchObject({ reason: "exists" });
    expect(run(tree, publish, true)).toEqual({ kind: "ok" });
    expect(tree.readText(uri("out/part"))).toBe("new");
  });

  test("place passes over moves that are done and refuses one whose source is gone", () => {
    const tree = treeOf({ a: "1" });
    const moves = [{ from: uri("a"), to: uri("d/b") }];
    expect(run(tree, { kind: "place", moves })).toEqual({ kind: "ok" });
    expect(run(tree, { kind: "place", moves })).toEqual({ kind: "ok" });
    expect(run(tree, { kind: "place", moves: [{ from: uri("x"), to: uri("y") }] })).toMatchObject({
      reason: "missing",
    });
  });

  test("list-inputs passes over hidden names and tells what matched nothing", () => {
    const tree = treeOf({ "in/a": "1", "in/_hidden": "2" });
    const reply = run(tree, { kind: "list-inputs", inputs: [[uri("in"), uri("gone")]] });
    expect(reply).toMatchObject({
      inputs: [{ files: [{ uri: uri("in/a"), bytes: 1 }], skipped: 1, unmatched: [uri("gone")] }],
    });
  });

  test("make-staging is done again for its owner and refused to another", () => {
    const tree = treeOf({});
    expect(run(tree, { kind: "make-staging", uri: uri("s"), owner: "job-a" })).toEqual({ kind: "ok" });
    expect(run(tree, { kind: "make-staging", uri: uri("s"), owner: "job-a" })).toEqual({ kind: "ok" });
    expect(run(tree, { kind: "make-staging", uri: uri("s"), owner: "job-b" })).toMatchObject({ reason: "exists" });
  });
});
