// Which files below a package's dist are of its last build. `tsc -b` leaves what it made of sources that are gone, and
// joining leaves chunks that daemons which run may yet load: neither is to be packed.
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Directories of dist that hold joined files. No package has sources in one of these names. */
const joinedDirectories = ["command", "hosts"];
/** In such a directory: names of the files that were joined last. */
const listName = "joined.json";
/** Old chunks stay for a day: daemons that run may yet load some. */
const keepMs = 86_400_000;
/** What the compiler makes of a source: code, declarations, their maps. */
const compiled = /^(.*?)(?:\.js|\.d\.ts)(?:\.map)?$/;

/**
 * Note which files were joined into a directory, and remove what earlier builds left there over a day ago.
 * @param {string} directory
 * @param {readonly string[]} paths absolute
 */
export function noteJoined(directory, paths) {
  const made = new Set(paths.map((path) => slashed(relative(directory, path))));
  for (const name of filesBelow(directory)) {
    const path = join(directory, name);
    const changed = statSync(path, { throwIfNoEntry: false });
    if (!made.has(name) && changed !== undefined && Date.now() - changed.mtimeMs > keepMs)
      rmSync(path, { force: true });
  }
  writeFileSync(join(directory, listName), `${JSON.stringify([...made].toSorted(byName))}\n`);
}

/**
 * Tell whether the joined files of a package can be told from older ones.
 * @param {string} folder of the package
 * @param {string} directory name below its dist
 */
export function isNoted(folder, directory) {
  return existsSync(join(folder, "dist", directory, listName));
}

/**
 * Give the files of the last build below `dist`, sorted: joined ones by their list, compiled ones that have a source.
 * @param {string} folder of the package
 * @returns {string[]} relative to the folder
 */
export function builtFiles(folder) {
  const dist = join(folder, "dist");
  const joined = joinedDirectories
    .filter((directory) => existsSync(join(dist, directory)))
    .flatMap((directory) => {
      const names = JSON.parse(readFileSync(join(dist, directory, listName), "utf8"));
      return names.map((name) => `${directory}/${name}`);
    });
  const others = filesBelow(dist).filter((name) => !isJoined(name) && !isOrphan(folder, name));
  return [...joined, ...others].toSorted(byName).map((name) => `dist/${name}`);
}

/**
 * Remove what the compiler made of sources that are gone.
 * @param {string} folder of the package
 */
export function removeOrphans(folder) {
  for (const name of filesBelow(join(folder, "dist")))
    if (!isJoined(name) && isOrphan(folder, name)) rmSync(join(folder, "dist", name), { force: true });
}

function isJoined(name) {
  return joinedDirectories.some((directory) => name.startsWith(`${directory}/`));
}

function isOrphan(folder, name) {
  const stem = compiled.exec(name)?.[1];
  return stem !== undefined && !existsSync(join(folder, "src", `${stem}.ts`));
}

function filesBelow(directory) {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => slashed(relative(directory, join(entry.parentPath, entry.name))))
    .toSorted(byName);
}

function slashed(path) {
  return path.split(sep).join("/");
}

function byName(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
