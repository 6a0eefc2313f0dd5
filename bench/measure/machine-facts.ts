// What a figure depends on beside the program: told with every table.

import { spawnSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";

/** The machine and the state of the source. */
export interface MachineFacts {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  readonly node: string;
  /** Of the checkout, with `+` behind it when files are changed; absent outside of one. */
  readonly revision?: string;
  /** Of one minute, before the first run: above a few tenths others use the machine, and figures are noise. */
  readonly loadBefore: number;
}

/** Ask for them. @param repository its root. */
export function machineFacts(repository: string): MachineFacts {
  const git = (...args: readonly string[]): string =>
    spawnSync("git", ["-C", repository, ...args], { encoding: "utf8" }).stdout.trim();
  const revision = git("rev-parse", "--short", "HEAD");
  const isChanged = git("status", "--porcelain") !== "";
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryBytes: totalmem(),
    kernel: release(),
    node: process.versions.node,
    ...(revision === "" ? {} : { revision: `${revision}${isChanged ? "+" : ""}` }),
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
