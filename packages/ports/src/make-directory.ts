// Directories of this machine, with the parents that are missing. Node's own `recursive` asks again for ever where a
// directory takes no names though it is there and may be written: root's `mkdir("/proc/x")` ends with ENOENT each time.
// It is here since storages and the endpoint file both need it.

import { mkdirSync, statSync } from "node:fs";
import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Make a directory and its parents, each at most twice.
 * @returns the topmost that was made; undefined when all were there. @throws as `mkdir`; ENOTSUP where nothing can be made.
 */
export async function makeDirectoryTree(path: string): Promise<string | undefined> {
  const parent = dirname(path);
  try {
    await mkdir(path);
    return path;
  } catch (thrown) {
    if (await isDirectory(path)) return undefined;
    if (!lacksParent(thrown, path)) throw thrown;
  }
  const first = await makeDirectoryTree(parent);
  try {
    await mkdir(path);
    return first ?? path;
  } catch (thrown) {
    // Somebody else may have made it meanwhile.
    if (await isDirectory(path)) return first;
    throw isMissing(thrown) && (await isDirectory(parent)) ? takesNoNames(parent, thrown) : thrown;
  }
}

/** As {@link makeDirectoryTree}, at once. @param mode Of each directory that is made. */
export function makeDirectoryTreeSync(path: string, mode = 0o777): string | undefined {
  const parent = dirname(path);
  try {
    mkdirSync(path, { mode });
    return path;
  } catch (thrown) {
    if (isDirectorySync(path)) return undefined;
    if (!lacksParent(thrown, path)) throw thrown;
  }
  const first = makeDirectoryTreeSync(parent, mode);
  try {
    mkdirSync(path, { mode });
    return first ?? path;
  } catch (thrown) {
    if (isDirectorySync(path)) return first;
    throw isMissing(thrown) && isDirectorySync(parent) ? takesNoNames(parent, thrown) : thrown;
  }
}

function lacksParent(thrown: unknown, path: string): boolean {
  return isMissing(thrown) && dirname(path) !== path;
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
}

/** "It is not there", said of a name that was to be made beside others, is no reason. */
function takesNoNames(parent: string, cause: unknown): Error {
  return Object.assign(new Error(`ENOTSUP: nothing can be made in ${parent}`, { cause }), {
    code: "ENOTSUP",
    syscall: "mkdir",
  });
}

async function isDirectory(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

function isDirectorySync(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
