// Input files of a run with every content that they ever had, so that the oracle reads what a plan saw and not what
// stands there now.

import type { SplitPart } from "@millrace/core";
import type { FileTree } from "../storage/file-tree.ts";

/** All contents of all input files. */
export class InputArchive {
  private readonly contents = new Map<string, Uint8Array>();
  /** Files that changed after they were first written. */
  readonly changed = new Set<string>();

  /** Put a file into storage, or another content into one that is there. */
  write(tree: FileTree, uri: string, bytes: Uint8Array, modifiedMs: number): void {
    if (tree.exists(uri)) this.changed.add(uri);
    this.contents.set(`${uri}|${modifiedMs}`, bytes);
    tree.writeFile(uri, bytes, modifiedMs);
  }

  /** Content of a file as a plan saw it. The archive owns the bytes. */
  find({ uri, modifiedMs }: Pick<SplitPart, "uri" | "modifiedMs">): Uint8Array {
    return this.contents.get(`${uri}|${modifiedMs}`) ?? new Uint8Array(0);
  }
}
