// Which programs are on this machine, asked of themselves.

import { spawnSync } from "node:child_process";

/** A version is told at once; a busy machine gets time. */
const askTimeoutMs = 30_000;

/** Run a program that tells its version. @returns the first line that it prints, or undefined when it does not run. */
export function askVersion(file: string, args: readonly string[], pattern = /.+/u): string | undefined {
  const run = spawnSync(file, [...args], { encoding: "utf8", timeout: askTimeoutMs });
  if (run.error !== undefined || run.status !== 0) return undefined;
  return pattern.exec(`${run.stdout}${run.stderr}`)?.[0];
}
