// Lets V8 keep what it has compiled of our modules, so that the next command, and the task hosts of a daemon, need not
// compile it again. Node keys each entry by the module's content and its own version, so that what is found there is
// never stale; that it was made of that content it believes, so only a directory that nobody else can write is used.

import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { enableCompileCache, getCompileCacheDir } from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** A release has about 100 files and 6 MB; what is more is of releases, Nodes and jobs that are gone. */
const filesMax = 512;
const bytesMax = 64 * 1024 * 1024;

/**
 * Turn the cache on for this process and its task hosts, unless its user has said how (`NODE_COMPILE_CACHE`,
 * `NODE_DISABLE_COMPILE_CACHE`). Never throws.
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function enableCodeCache(environment) {
  if (getCompileCacheDir() !== undefined || environment.NODE_DISABLE_COMPILE_CACHE) return;
  try {
    const directory = codeCacheDirectory(environment);
    clearWhenFull(directory);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    if (isOurs(directory) && isOurs(dirname(directory))) enableCompileCache(directory);
  } catch {
    // Without a home, or where another process clears it at the same time: everything works without.
  }
}

/** Whether no other user can put something in: as with `sudo` in somebody's home, or XDG_CACHE_HOME=/tmp. */
function isOurs(directory) {
  const { uid, mode } = statSync(directory);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o002) === 0);
}

/**
 * Give the directory, by the XDG base directory rules.
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @returns {string}
 */
export function codeCacheDirectory(environment) {
  const home = environment.XDG_CACHE_HOME;
  return join(home !== undefined && isAbsolute(home) ? home : join(homedir(), ".cache"), "millrace", "code");
}

/** All goes at once: what is in use is made again by the next command, in a few milliseconds. */
function clearWhenFull(directory) {
  let files = 0;
  let bytes = 0;
  for (const folder of namesIn(directory)) {
    for (const name of namesIn(join(directory, folder))) {
      files += 1;
      bytes += statSync(join(directory, folder, name), { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  if (files > filesMax || bytes > bytesMax) rmSync(directory, { recursive: true, force: true });
}

function namesIn(directory) {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
