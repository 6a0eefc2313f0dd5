// What a copy of files and directories will write, found and checked before the first byte: two sources that would have
// one name, and names that are taken, are refused while nothing is changed.

import { MillraceError, isWithin, quote } from "@millrace/core";
import type { FileStatus, Storage } from "@millrace/ports";
import { mapBounded } from "@millrace/storage";
import { childUri, shownName } from "./named-files.ts";

/** A file, or a directory with all below it, and the URI that the copy itself will have. */
export interface TreeCopy {
  readonly from: FileStatus;
  readonly to: string;
}

/** What is to be done. */
export interface CopyPlan {
  /** Each is a file. */
  readonly files: readonly TreeCopy[];
  /** Copies of directories that are not there yet. */
  readonly newDirectories: readonly string[];
  /** In all files. */
  readonly bytes: number;
}

/** Whether files that are there are replaced. */
export interface CopyRules {
  readonly overwrite: boolean;
}

/** Sources looked at side by side. */
const parallelMax = 16;

/**
 * Plan copies. Empty directories below are left out, and links to directories are not followed: they may lead in a circle.
 * @throws {MillraceError} E_USAGE for what cannot be copied; E_OUTPUT_EXISTS for a name that is taken; E_TOO_LARGE.
 */
export async function planCopies(
  storage: Storage,
  copies: readonly TreeCopy[],
  { overwrite }: CopyRules,
): Promise<CopyPlan> {
  const once = withoutCollisions(copies);
  for (const copy of once) refuseKinds(copy);
  const trees = await mapBounded(once, parallelMax, (copy) => planTree(storage, copy, overwrite));
  const files = trees.flatMap((tree) => tree.files);
  return {
    files,
    newDirectories: trees.flatMap(({ newDirectory }) => newDirectory ?? []),
    bytes: files.reduce((sum, { from }) => sum + from.bytes, 0),
  };
}

/** Two sources cannot have one name; one that is named twice is copied once. */
function withoutCollisions(copies: readonly TreeCopy[]): readonly TreeCopy[] {
  const byTarget = new Map<string, TreeCopy>();
  for (const copy of copies) {
    const before = byTarget.get(copy.to);
    if (before !== undefined && before.from.uri !== copy.from.uri) {
      const [first, second, to] = [before.from.uri, copy.from.uri, copy.to].map((uri) => quote(shownName(uri)));
      throw new MillraceError(
        "E_USAGE",
        `Cannot copy ${first} and ${second}: both would be ${to}; copy them to different directories`,
      );
    }
    byTarget.set(copy.to, copy);
  }
  return [...byTarget.values()];
}

function refuseKinds({ from, to }: TreeCopy): void {
  if (from.kind === "other") throw noFile(from);
  if (from.kind === "directory" && isWithin(to, from.uri))
    throw new MillraceError(
      "E_USAGE",
      `Cannot copy ${quote(shownName(from.uri))}: the copy would lie inside it, as ${quote(shownName(to))}; choose another target`,
    );
}

interface TreePlan {
  readonly files: readonly TreeCopy[];
  readonly newDirectory?: string;
}

async function planTree(storage: Storage, copy: TreeCopy, overwrite: boolean): Promise<TreePlan> {
  const { from, to } = copy;
  const there = await storage.status(to);
  const replaced = there?.kind === from.kind && (overwrite || from.kind === "directory");
  if (there !== undefined && !replaced) throw taken(copy, there);
  if (from.kind === "file") return { files: [copy] };
  const base = childUri(from.uri, "");
  const files = (await filesBelow(storage, from)).map((file) => ({ from: file, to: to + file.uri.slice(base.length) }));
  if (there === undefined) return { files, newDirectory: to };
  const present = await presentBelow(storage, to, files);
  for (const file of files) {
    const status = present.get(file.to);
    if (status !== undefined && !(overwrite && status.kind === "file")) throw taken(file, status);
    for (const directory of directoriesAbove(file.to, to)) {
      const above = present.get(directory);
      if (above !== undefined && above.kind !== "directory")
        throw taken({ from: file.from, to: directory }, above, "directory");
    }
  }
  return { files };
}

/** List what is there already in the directories that files will lie in. @returns by URI. */
async function presentBelow(
  storage: Storage,
  to: string,
  files: readonly TreeCopy[],
): Promise<ReadonlyMap<string, FileStatus>> {
  const written = new Set(files.flatMap((file) => directoriesAbove(file.to, to)));
  const present = new Map<string, FileStatus>();
  for (let level: readonly string[] = [to]; level.length > 0;) {
    const found = (await mapBounded(level, parallelMax, async (uri) => storage.list(uri))).flat();
    for (const status of found) present.set(status.uri, status);
    level = found.filter(({ kind, uri }) => kind === "directory" && written.has(uri)).map(({ uri }) => uri);
  }
  return present;
}

/** Give the directories between a file and the directory `to` that it lies below, the innermost first. */
function directoriesAbove(uri: string, to: string): readonly string[] {
  const above: string[] = [];
  for (let at = uri.lastIndexOf("/"); at > to.length; at = uri.lastIndexOf("/", at - 1)) above.push(uri.slice(0, at));
  return above;
}

async function filesBelow(storage: Storage, { uri }: FileStatus): Promise<readonly FileStatus[]> {
  const below = await storage.listBelow(uri);
  const other = below.find(({ kind }) => kind !== "file");
  if (other !== undefined) throw noFile(other);
  return below;
}

function noFile({ uri }: FileStatus): MillraceError {
  return new MillraceError("E_USAGE", `Cannot copy ${quote(shownName(uri))}: it is no regular file; leave it out`);
}

/** @param wanted - what the copy would have there, unless it is what is copied */
function taken({ from, to }: TreeCopy, there: FileStatus, wanted = from.kind): MillraceError {
  const [what, todo] =
    there.kind === wanted
      ? ["exists", "pass --overwrite to replace it, or choose another name"]
      : [`is there and is ${there.kind === "other" ? "no regular file" : `a ${there.kind}`}`, "choose another name"];
  return new MillraceError(
    "E_OUTPUT_EXISTS",
    `Cannot copy ${quote(shownName(from.uri))}: ${quote(shownName(to))} ${what}; ${todo}`,
  );
}
