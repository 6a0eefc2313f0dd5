// Commands that must succeed, and outputs on HDFS brought here to be compared.

import { join } from "node:path";
import { expect } from "vitest";
import { digestParts, millrace, scratchDirectory } from "../harness.ts";

/** Run a command of which the test needs that it succeeds. @returns its stdout. */
export async function succeed(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  timeoutMs = 90_000,
): Promise<string> {
  const run = await millrace(args, { env, timeoutMs });
  expect(run.exit, run.stderr).toBe(0);
  return run.stdout;
}

/** Bring an output to this machine and give the digests of its parts, as of a local one. */
export async function digestRemoteParts(uri: string): Promise<Readonly<Record<string, string>>> {
  const scratch = scratchDirectory();
  try {
    const copy = join(scratch.path, "copy");
    await succeed(["fs", "get", uri, copy]);
    return digestParts(copy);
  } finally {
    scratch.remove();
  }
}

/** What is left in a directory beside what is expected there: staging directories, half-written files. */
export async function namesIn(uri: string): Promise<readonly string[]> {
  const listed = JSON.parse(await succeed(["fs", "ls", "-o", "json", uri])) as readonly { readonly uri: string }[];
  return listed.map((status) => status.uri.slice(status.uri.lastIndexOf("/") + 1));
}
