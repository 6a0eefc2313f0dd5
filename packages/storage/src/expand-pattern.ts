// What a pattern matches: for an input, files by name and all files of the directories that it names; for commands on
// names, what has these names. Names beginning with `_` or `.` are passed over and counted, unless the pattern's own
// segment begins so.

import { isGlob } from "@millrace/core";
import { storageError, storageReason } from "@millrace/ports";
import type { FileStatus, Storage } from "@millrace/ports";
import picomatch from "picomatch";
import { checkListingBound } from "./listing-bound.ts";

/** What one pattern matched. */
export interface Expanded {
  /** Files and others that are to be read, each once, in no particular order. */
  readonly files: readonly FileStatus[];
  /** Names passed over: hidden by rule, or no UTF-8. A directory is one, whatever lies below it. */
  readonly skipped: number;
  /** Whether anything at all has a name that matches. */
  readonly matched: boolean;
}

interface Walk {
  readonly storage: Storage;
  readonly pattern: string;
  /** A directory stands for itself, not for the files below it. */
  readonly names: boolean;
  readonly files: Map<string, FileStatus>;
  readonly onFound: (files: number) => void;
  /** What the pattern's begin names, without wildcards. */
  base: FileStatus | undefined;
  /** What follows it: the segments from the first wildcard on. */
  segments: readonly string[];
  skipped: number;
  matched: boolean;
}

/** Alternatives that a pattern's braces may make: beyond it somebody has made a mistake. */
const alternativesMax = 1_000;

/**
 * Expand one URI or pattern. Segments are matched one by one, so that only directories on the way are listed.
 * @param onFound Told now and then how many files it has found.
 * @throws {MillraceError} E_STORAGE when a directory on the way cannot be listed, or the pattern has no sense; E_TOO_LARGE
 * for more than `limits.inputFilesMax` files.
 */
export async function expandPattern(
  storage: Storage,
  pattern: string,
  onFound: (files: number) => void = () => undefined,
): Promise<Expanded> {
  const walk = beginWalk({ storage, pattern, names: false, onFound });
  await match(walk, pattern);
  return { files: [...walk.files.values()], skipped: walk.skipped, matched: walk.matched };
}

/**
 * Find what has a name that a pattern matches, files and directories, each once and in no particular order. `**` at its
 * end is `*`: a directory stands for all below it.
 * @throws {MillraceError} as {@link expandPattern}.
 */
export async function matchNames(storage: Storage, pattern: string): Promise<readonly FileStatus[]> {
  const onFound = (): undefined => undefined;
  const walk = beginWalk({ storage, pattern, names: true, onFound });
  await match(walk, pattern);
  return [...walk.files.values()];
}

function beginWalk(order: Pick<Walk, "storage" | "pattern" | "names" | "onFound">): Walk {
  return { ...order, files: new Map(), base: undefined, segments: [], skipped: 0, matched: false };
}

async function match(walk: Walk, pattern: string): Promise<void> {
  for (const alternative of expandSlashBraces(pattern)) {
    const { base, segments } = cutPattern(alternative);
    const status = await walk.storage.status(base);
    walk.base = status;
    walk.segments = walk.names && segments.at(-1) === "**" ? [...segments.slice(0, -1), "*"] : segments;
    if (status !== undefined) await descend(walk, status, 0);
  }
}

/** Cut a pattern into what is looked up and the segments from the first wildcard on. */
function cutPattern(pattern: string): { readonly base: string; readonly segments: readonly string[] } {
  const pathAt = pattern.indexOf("/", pattern.indexOf("://") + 3);
  const names = pattern.slice(pathAt + 1).split("/");
  const first = names.findIndex(isGlob);
  if (first < 0) return { base: pattern, segments: [] };
  return { base: `${pattern.slice(0, pathAt)}/${names.slice(0, first).join("/")}`, segments: names.slice(first) };
}

/** Go on from something that the pattern matches up to a segment. */
async function descend(walk: Walk, status: FileStatus, at: number): Promise<void> {
  const segment = walk.segments[at];
  if (segment === undefined) return take(walk, status);
  if (status.kind !== "directory") return undefined;
  if (segment === "**") return descendAnyDepth(walk, status, at);
  const isLast = at === walk.segments.length - 1;
  // `**/*` is all that `**` is: what lies behind a link is read under its own name.
  const passesLinks = isLast && walk.segments[at - 1] === "**" && isGlob(segment) && !walk.names;
  const matches = compileSegment(segment);
  const passesOver = (name: string): boolean => isHidden(name) && !isHidden(segment);
  const keep = (uri: string): boolean => {
    const name = nameOf(uri);
    if (name === undefined || !matches(name)) return false;
    if (!isLast || !passesOver(name)) return true;
    walk.skipped += 1;
    return false;
  };
  for (const child of await orVanished(walk, status, walk.storage.list(status.uri, { keep }))) {
    const name = nameOf(child.uri) ?? "";
    if (!isLast && child.kind !== "directory") continue;
    if (passesLinks && isLinkedDirectory(child)) continue;
    if (passesOver(name)) walk.skipped += 1;
    else await descend(walk, child, at + 1);
  }
}

/**
 * `**` stands for any number of directories, none included; at the end of a pattern it stands for all below. Links to
 * directories are none of them: through `current` or `latest` a file would be read twice, and through a loop without end.
 */
async function descendAnyDepth(walk: Walk, status: FileStatus, at: number): Promise<void> {
  await descend(walk, status, at + 1);
  if (at === walk.segments.length - 1) return;
  for (const child of await orVanished(walk, status, walk.storage.list(status.uri))) {
    const name = nameOf(child.uri);
    if (child.kind !== "directory" || isLinkedDirectory(child) || name === undefined) continue;
    if (isHidden(name)) walk.skipped += 1;
    else await descendAnyDepth(walk, child, at);
  }
}

/** Take a file, or all files below a directory, or the directory itself. */
async function take(walk: Walk, status: FileStatus): Promise<void> {
  walk.matched = true;
  if (status.kind !== "directory" || walk.names) {
    walk.files.set(status.uri, status);
    checkListingBound(walk.pattern, walk.files.size);
    walk.onFound(walk.files.size);
    return;
  }
  const before = walk.files.size;
  const onFound = (files: number): void => walk.onFound(before + files);
  // Hidden directories are not entered: what lies below one is no input, and it may be another job's that comes and goes.
  const keep = (uri: string): boolean => {
    const name = nameOf(uri);
    if (name !== undefined && !isHidden(name)) return true;
    walk.skipped += 1;
    return false;
  };
  const listing = walk.storage.listBelow(status.uri, { keep, onFound });
  for (const file of await orVanished(walk, status, listing)) walk.files.set(file.uri, file);
  checkListingBound(walk.pattern, walk.files.size);
}

/** What a directory's listing gives; one that a wildcard found and that vanished meanwhile has nothing. */
async function orVanished(
  walk: Walk,
  status: FileStatus,
  listing: Promise<readonly FileStatus[]>,
): Promise<readonly FileStatus[]> {
  try {
    return await listing;
  } catch (thrown) {
    if (status === walk.base || storageReason(thrown) !== "missing") throw thrown;
    return [];
  }
}

function isLinkedDirectory({ kind, linked }: FileStatus): boolean {
  return kind === "directory" && linked === true;
}

function isHidden(name: string): boolean {
  return name.startsWith("_") || name.startsWith(".");
}

/** Decode a URI's last name. @returns undefined when it is no UTF-8. */
function nameOf(uri: string): string | undefined {
  try {
    return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
  } catch {
    return undefined;
  }
}

/** Compile one segment: wildcards are raw, everything percent-encoded is itself. */
function compileSegment(segment: string): (name: string) => boolean {
  const literal = segment.replace(/(?:%[0-9A-F]{2})+/gi, (encoded) => {
    return decodeURIComponent(encoded).replace(/[\\*?[\]{}()!+@|^$.,"]/g, "\\$&");
  });
  const glob = literal.replaceAll("[!", "[^");
  try {
    return picomatch(glob, { dot: true, nonegate: true, noextglob: true, noglobstar: true });
  } catch (cause) {
    throw storageError("invalid", { act: "match", uri: segment, because: "it is no pattern", cause });
  }
}

/** Write out braces that hold a slash, `{2023/12,2024/01}`, since segments are matched one by one. */
function expandSlashBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const due = [pattern];
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    const brace = /\{([^{}]*\/[^{}]*)\}/.exec(next);
    if (brace === null) {
      done.push(next);
      continue;
    }
    const [before, after] = [next.slice(0, brace.index), next.slice(brace.index + brace[0].length)];
    for (const choice of (brace[1] ?? "").split(",")) due.push(`${before}${choice}${after}`);
    if (due.length + done.length > alternativesMax)
      throw storageError("invalid", {
        act: "match",
        uri: pattern,
        because: `its braces make more than ${alternativesMax} names`,
      });
  }
  return done;
}
