// Commands that must succeed, and what lies on HDFS, to be compared.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createDefaultStorages } from "@millrace/storage";
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

/** Give the digests of an output's parts, as `digestParts` of a local one. */
export async function digestRemoteParts(output: string): Promise<Readonly<Record<string, string>>> {
  const storage = createDefaultStorages(process.env);
  const files = (await storage.listBelow(output)).filter(({ uri }) => uri !== `${output}/_SUCCESS`);
  const digests = files.map(async (status) => {
    const reader = await storage.open(status.uri, { known: status });
    const content = new Uint8Array(status.bytes);
    await reader.read(0, content);
    await reader.close();
    return [status.uri.slice(output.length + 1), createHash("sha256").update(content).digest("hex")] as const;
  });
  return Object.fromEntries(await Promise.all(digests));
}

/** What is left in a directory beside what is expected there: staging directories, half-written files. */
export async function namesIn(uri: string): Promise<readonly string[]> {
  const listed = JSON.parse(await succeed(["fs", "ls", "-o", "json", uri])) as readonly { readonly uri: string }[];
  return listed.map((status) => status.uri.slice(status.uri.lastIndexOf("/") + 1));
}

/** Give the rows of all parts of an output, sorted, one character a byte: two engines may spread keys differently. */
export async function readRemoteRows(uri: string): Promise<readonly string[]> {
  const scratch = scratchDirectory();
  try {
    const copy = join(scratch.path, "copy");
    await succeed(["fs", "get", uri, copy]);
    return Object.keys(digestParts(copy))
      .flatMap((name) => readFileSync(join(copy, name), "latin1").split("\n"))
      .filter((row) => row !== "")
      .toSorted((a, b) => (a < b ? -1 : 1));
  } finally {
    scratch.remove();
  }
}
