// Where the programs of a host are: as sources in development, compiled, or joined into a few files (which
// scripts/bundle-hosts.mjs makes after a build). Joined files are used only when nothing was compiled after them.

import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** URLs of the two programs. */
export interface HostModules {
  /** Of the compute thread. */
  readonly compute: string;
  /** Of the host process. */
  readonly process: string;
}

/** Packages whose code is in the joined files. */
const joinedPackages = [
  "core",
  "data",
  "hdfs-webhdfs-client",
  "ports",
  "sdk",
  "formats",
  "storage",
  "task-host",
] as const;

/** Find the programs. By the package's name: this module may itself have been joined into the command's files. */
export function hostModules(): HostModules {
  const entry = import.meta.resolve("@millrace/task-host");
  const dist = new URL("./", entry);
  if (entry.endsWith(".ts")) return modulesBelow(dist, "ts");
  const joined = modulesBelow(new URL("hosts/", dist), "js");
  return isFresh(joined, dist) ? joined : modulesBelow(dist, "js");
}

/** Flags of Node that a module's own imports need. */
export function moduleFlags(module: string): readonly string[] {
  return module.endsWith(".ts") ? ["--conditions=millrace-source"] : [];
}

function modulesBelow(directory: URL, extension: string): HostModules {
  return {
    compute: new URL(`compute/compute-thread.${extension}`, directory).href,
    process: new URL(`process/host-main.${extension}`, directory).href,
  };
}

/** Tell whether the joined files are there and no build has run since. An installed package has no build to compare with. */
function isFresh(joined: HostModules, dist: URL): boolean {
  const made = modifiedMs(joined.process);
  if (made === undefined) return false;
  return joinedPackages.every(
    (name) => (modifiedMs(new URL(`../../${name}/dist/.tsbuildinfo`, dist).href) ?? 0) <= made,
  );
}

function modifiedMs(url: string): number | undefined {
  return statSync(fileURLToPath(url), { throwIfNoEntry: false })?.mtimeMs;
}
