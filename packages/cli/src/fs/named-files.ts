// What words of `millrace fs` name: URIs, patterns of files, and the names under which files are shown. Roots, and the
// directory one stands in, are never removed or renamed.

import { MillraceError, isGlob, isWithin, quote } from "@millrace/core";
import { storageReason } from "@millrace/ports";
import type { FileStatus, Storage } from "@millrace/ports";
import { expandPattern, inputUriOf, matchNames, outputUriOf, pathOfUri, uriOfPath } from "@millrace/storage";

/** Give the URI of a name as it stands: nothing in it is a wildcard. Files of this machine have one spelling, as listings give it. */
export function uriOf(text: string): string {
  const uri = outputUriOf(text, process.cwd());
  return uri.startsWith("file:") ? uriOfPath(pathOfUri(uri)) : uri;
}

/** Give the URI of a name in a directory; with "" the directory itself, without a final slash. */
export function childUri(directory: string, name: string): string {
  const base = directory.endsWith("/") ? directory.slice(0, -1) : directory;
  return name === "" ? base : `${base}/${name}`;
}

/** Give the name under which a URI is shown: a path for files of this machine. */
export function shownName(uri: string): string {
  try {
    return uri.startsWith("file:") ? pathOfUri(uri) : uri;
  } catch {
    return uri;
  }
}

/** What a word names. */
export interface Named {
  /** In the order of their names. */
  readonly found: readonly FileStatus[];
  /** They have the names that a pattern matches: a directory among them is meant itself, not what lies in it. */
  readonly byPattern: boolean;
}

/**
 * Find what a word names: one file or directory, or what has a name that a pattern matches.
 * @throws {MillraceError} E_INPUT_MISSING when there is nothing.
 */
export async function findNamed(storage: Storage, text: string): Promise<Named> {
  return find(storage, text, (pattern) => matchNames(storage, pattern));
}

/**
 * Find the files that a word names; a directory that a pattern matches stands for the files below it.
 * @throws {MillraceError} E_INPUT_MISSING; E_USAGE for a directory.
 */
export async function findFiles(storage: Storage, text: string): Promise<readonly FileStatus[]> {
  const { found } = await find(storage, text, async (pattern) => (await expandPattern(storage, pattern)).files);
  const other = found.find(({ kind }) => kind !== "file");
  if (other === undefined) return found;
  const what = other.kind === "directory" ? "a directory" : "no regular file";
  throw new MillraceError("E_USAGE", `Cannot read ${quote(text)}: it is ${what}; name a file`);
}

/** Find what each of several words names, in the order of the words. Exit codes are those of other commands. */
export async function findEach(
  words: readonly string[],
  found: (word: string) => Promise<readonly FileStatus[]>,
): Promise<readonly FileStatus[]> {
  const lists: (readonly FileStatus[])[] = [];
  for (const word of words) lists.push(await withExitCodes(() => found(word)));
  return lists.flat();
}

/**
 * Find what a listing of a word has: of a directory what `open` gives, which lies in it; a file, and what a pattern
 * matches, as itself.
 * @param open.matches - whether directories that a pattern matches are opened too
 */
export async function findOpened(
  storage: Storage,
  text: string,
  open: { readonly list: (uri: string) => Promise<readonly FileStatus[]>; readonly matches: boolean },
): Promise<readonly FileStatus[]> {
  const { found, byPattern } = await findNamed(storage, text);
  const lists: (readonly FileStatus[])[] = [];
  for (const status of found)
    lists.push(status.kind !== "directory" || (byPattern && !open.matches) ? [status] : await open.list(status.uri));
  return lists.flat();
}

async function find(
  storage: Storage,
  text: string,
  match: (pattern: string) => Promise<readonly FileStatus[]>,
): Promise<Named> {
  const uri = await inputUriOf(text, process.cwd());
  const status = await storage.status(uriOf(text));
  if (status !== undefined) return { found: [status], byPattern: false };
  const found = isGlob(uri) ? await match(uri) : [];
  if (found.length > 0) return { found: found.toSorted((a, b) => (a.uri < b.uri ? -1 : 1)), byPattern: true };
  const what = isGlob(uri) ? "nothing matches it" : "there is no such file or directory";
  throw new MillraceError("E_INPUT_MISSING", `Cannot find ${quote(text)}: ${what}; check the path`);
}

/**
 * Find the directory that a target is, if it is one: it takes in what is copied or moved. With a final slash it must be one
 * for a file, and so it must for several sources.
 * @param act - such as `copy "a.txt"`
 * @throws {MillraceError} E_INPUT_MISSING; E_USAGE when something else has the name.
 */
export async function findTarget(
  storage: Storage,
  word: string,
  { act, sources }: { readonly act: string; readonly sources: readonly FileStatus[] },
): Promise<{ readonly uri: string; readonly isDirectory: boolean }> {
  const uri = uriOf(word);
  const status = await storage.status(uri);
  if (status?.kind === "directory") return { uri, isDirectory: true };
  const wanted = sources.length > 1 || (word.endsWith("/") && sources.some(({ kind }) => kind !== "directory"));
  if (!wanted) return { uri, isDirectory: false };
  if (status !== undefined)
    throw new MillraceError("E_USAGE", `Cannot ${act} to ${quote(word)}: it is no directory; name one`);
  throw new MillraceError(
    "E_INPUT_MISSING",
    `Cannot ${act} to ${quote(word)}: there is no such directory; make it with \`millrace fs mkdir\``,
  );
}

/** Refuse to remove or rename a root, or what holds the working directory. @throws {MillraceError} E_USAGE. */
export function refuseRoots(act: string, given: string): void {
  const uri = given.startsWith("file:") ? uriOfPath(pathOfUri(given)) : given;
  if (/^[^:]+:\/\/[^/]*\/*$/u.test(uri))
    throw new MillraceError("E_USAGE", `Cannot ${act} ${quote(uri)}: it is a root; name what lies in it`);
  const here = uriOfPath(process.cwd());
  if (here === uri || isWithin(here, uri))
    throw new MillraceError(
      "E_USAGE",
      `Cannot ${act} ${quote(shownName(uri))}: the working directory lies in it; go elsewhere first`,
    );
}

/** Run one step; what storage says of a missing or existing name gets the exit code that other commands give it. */
export async function withExitCodes<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (thrown) {
    const reason = storageReason(thrown);
    const code = reason === "missing" ? "E_INPUT_MISSING" : reason === "exists" ? "E_OUTPUT_EXISTS" : undefined;
    if (code === undefined || !(thrown instanceof Error)) throw thrown;
    throw new MillraceError(code, thrown.message, { cause: thrown });
  }
}
