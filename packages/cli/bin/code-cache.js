// Lets V8 keep what it has compiled of our modules, so that the next command, and the task hosts of a daemon, need not
// compile it again. Node keys each entry by the module's content and its own version, so that what is found there is
// never stale; that it was made of that content it believes, so only a directory that nobody else can write is used.

import { mkdirSync, readdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { enableCompileCache, getCompileCacheDir } from "node:module";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

/** A release has about 100 files and 6 MB, a checkout 600 until its files are joined; what is more is of releases, Nodes and jobs that are gone. */
const filesMax = 1_024;
const bytesMax = 64 * 1024 * 1024;
/** Of the bounds, what is left when they are passed: else each new entry would remove one. */
const keptPart = 0.75;

/**
 * Turn the cache on for this process and its task hosts, unless its user has said how (`NODE_COMPILE_CACHE`,
 * `NODE_DISABLE_COMPILE_CACHE`). Never throws.
 * @param {Readonly<Record<string, string | undefined>>} environment
 */
export function enableCodeCache(environment) {
  if (getCompileCacheDir() !== undefined || environment.NODE_DISABLE_COMPILE_CACHE) return;
  try {
    const directory = codeCacheDirectory(environment);
    if (directory === undefined) return;
    makeDirectory(directory);
    if (!isOurs(directory) || !isOurs(dirname(directory))) return;
    removeOldest(directory);
    enableCompileCache(directory);
  } catch {
    // Without a home, or where another process clears it at the same time: everything works without.
  }
}

/**
 * One by one, and nothing above the cache's home: in file systems of the kernel's, making all that is missing tries for
 * minutes.
 */
function makeDirectory(path) {
  for (const each of [dirname(dirname(path)), dirname(path), path]) {
    try {
      mkdirSync(each, { mode: 0o700 });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
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
 * @returns {string | undefined} undefined without a home that is an absolute path.
 */
export function codeCacheDirectory(environment) {
  const said = environment.XDG_CACHE_HOME;
  const home = said !== undefined && isAbsolute(said) ? said : join(homedir(), ".cache");
  return isAbsolute(home) ? join(home, "millrace", "code") : undefined;
}

/**
 * Keep to the bounds by removing what was not used for longest. Entries are looked at only when some were added since
 * the last look, whose time the directory has.
 */
function removeOldest(directory) {
  const looked = statSync(directory).mtimeMs;
  const folders = readdirSync(directory).map((name) => join(directory, name));
  if (folders.every((folder) => statSync(folder).mtimeMs < looked)) return;
  const entries = folders.flatMap((folder) => readdirSync(folder).map((name) => entryAt(join(folder, name))));
  let files = entries.length;
  let bytes = entries.reduce((sum, { size }) => sum + size, 0);
  if (files > filesMax || bytes > bytesMax) {
    for (const { path, size } of entries.toSorted((one, other) => one.usedMs - other.usedMs)) {
      if (files <= filesMax * keptPart && bytes <= bytesMax * keptPart) break;
      rmSync(path, { recursive: true, force: true });
      files -= 1;
      bytes -= size;
    }
  }
  const now = new Date();
  utimesSync(directory, now, now);
}

/** When a file was read last is told at least once a day, where it is told; else it is when it was written. */
function entryAt(path) {
  const { size, atimeMs, mtimeMs } = statSync(path);
  return { path, size, usedMs: Math.max(atimeMs, mtimeMs) };
}
