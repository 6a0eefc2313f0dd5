// Another revision of this repository, in a worktree of its own in the cache, installed and built as a clone would be.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { benchCache } from "../data/cache-directory.ts";

const installTimeoutMs = 900_000;
/** Written when it is built. */
const mark = ".bench-is-built";

/** Where it lies. */
export interface OtherRevision {
  readonly directory: string;
  /** Short hash. */
  readonly revision: string;
}

/** Check it out and build it, or find it built. @throws {Error} when git, npm or its build fails. */
export function otherRevision(repository: string, name: string): OtherRevision {
  const revision = git(repository, ["rev-parse", "--verify", "--short=12", `${name}^{commit}`]);
  const directory = join(benchCache("revisions"), revision);
  if (existsSync(join(directory, mark))) return { directory, revision };
  console.log(`building ${name} (${revision}) in ${directory}`);
  // A worktree whose folder was removed by hand is still known to git.
  git(repository, ["worktree", "prune"]);
  if (!existsSync(directory)) git(repository, ["worktree", "add", "--detach", directory, revision]);
  // `prepare` builds it.
  const install = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: directory,
    encoding: "utf8",
    timeout: installTimeoutMs,
  });
  if (install.status !== 0)
    throw new Error(`Cannot build revision "${name}": npm ended with ${install.status}, ${install.stderr.slice(-600)}`);
  writeFileSync(join(directory, mark), "");
  return { directory, revision };
}

/** Make git forget the worktrees that are about to be removed. */
export function removeRevisions(repository: string): void {
  rmSync(benchCache("revisions"), { recursive: true, force: true });
  git(repository, ["worktree", "prune"]);
}

function git(repository: string, args: readonly string[]): string {
  const run = spawnSync("git", ["-C", repository, ...args], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`Cannot run git ${args.join(" ")}: ${run.stderr.trim()}`);
  return run.stdout.trim();
}
