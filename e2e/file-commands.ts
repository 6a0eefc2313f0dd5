// What `millrace fs` does in any storage, as one story in a directory of its own.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { CommandResult } from "./harness.ts";
import { millrace } from "./harness.ts";

/** A storage to tell it in. */
export interface FileStory {
  /** URI or path of a directory that nothing has the name of. */
  readonly base: string;
  /** A root that must never be removed. */
  readonly root: string;
  /** Directory of this machine. */
  readonly scratch: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Put, look, read, move, get and remove, with what is refused on the way. */
export async function tellFileStory({ base, root, scratch, env }: FileStory): Promise<void> {
  const fs = async (...args: readonly string[]): Promise<CommandResult> =>
    millrace(["fs", ...args], { env, cwd: scratch });
  const ok = async (...args: readonly string[]): Promise<string> => {
    const run = await fs(...args);
    expect(run.exit, run.stderr).toBe(0);
    return run.stdout;
  };
  const names = (listing: string): readonly string[] =>
    (JSON.parse(listing) as readonly { readonly uri: string }[]).map(({ uri }) => uri.slice(uri.lastIndexOf("/") + 1));
  mkdirSync(join(scratch, "in/deep"), { recursive: true });
  writeFileSync(join(scratch, "in/lines.txt"), "one\ntwo\nthree\nfour");
  writeFileSync(join(scratch, "in/deep/a b%.txt"), "odd");
  writeFileSync(join(scratch, "in/empty"), "");

  await ok("mkdir", `${base}/sub`);
  await ok("put", "in", "in/lines.txt", `${base}/sub`);
  expect(names(await ok("ls", "-o", "json", `${base}/sub`))).toEqual(["in", "lines.txt"]);
  expect(names(await ok("ls", "-R", "-o", "json", base))).toEqual(["a%20b%25.txt", "empty", "lines.txt", "lines.txt"]);
  expect(JSON.parse(await ok("du", "-s", "-o", "json", base))).toMatchObject([{ files: 4, bytes: 18 + 18 + 3 }]);
  expect(JSON.parse(await ok("stat", "-o", "json", `${base}/sub/lines.txt`))).toMatchObject([
    {
      kind: "file",
      bytes: 18,
      owner: expect.any(String) as string,
      permission: expect.stringMatching(/^6\d\d$/u) as string,
    },
  ]);
  expect(await ok("ls", "-l", `${base}/sub`)).toMatch(/^KIND +PERMISSION +COPIES +OWNER +GROUP .*\n.*rwx.*\n.*rw-/u);

  expect(names(await ok("ls", "-o", "json", `${base}/sub/*`))).toEqual(["in", "lines.txt"]);
  expect(JSON.parse(await ok("du", "-o", "json", `${base}/sub/*`))).toMatchObject([{ files: 3 }, { files: 1 }]);
  mkdirSync(join(scratch, "got"));
  await ok("get", `${base}/sub/*`, "got");
  expect(readFileSync(join(scratch, "got/in/deep/a b%.txt"), "utf8")).toBe("odd");
  const twice = await fs("get", "--overwrite", `${base}/sub/lines.txt`, `${base}/sub/in/lines.txt`, "got");
  expect([twice.exit, twice.stderr]).toEqual([2, expect.stringContaining("both would be")]);

  expect(await ok("cat", `${base}/sub/lines.txt`, `${base}/sub/in/empty`)).toBe("one\ntwo\nthree\nfour");
  expect(await ok("cat", `${base}/sub/in/deep/*.txt`)).toBe("odd");
  expect(await ok("head", "-n", "2", `${base}/sub/lines.txt`)).toBe("one\ntwo\n");
  expect(await ok("head", "-c", "5", `${base}/sub/lines.txt`)).toBe("one\nt");
  expect(await ok("tail", "-n", "2", `${base}/sub/lines.txt`)).toBe("three\nfour");
  expect(await ok("tail", "-c", "3", `${base}/sub/lines.txt`)).toBe("our");

  const again = await fs("put", "in/lines.txt", `${base}/sub`);
  expect([again.exit, again.stderr]).toEqual([6, expect.stringContaining("E_OUTPUT_EXISTS")]);
  await ok("put", "--overwrite", "in/empty", `${base}/sub/lines.txt`);
  expect(await ok("cat", `${base}/sub/lines.txt`)).toBe("");

  await ok("mv", `${base}/sub/lines.txt`, `${base}/sub/in/deep`);
  const taken = await fs("mv", `${base}/sub/in/empty`, `${base}/sub/in/lines.txt`);
  expect(taken.exit, taken.stderr).toBe(6);
  await ok("get", `${base}/sub/in`, "back");
  expect(readFileSync(join(scratch, "back/deep/a b%.txt"), "utf8")).toBe("odd");
  expect(existsSync(join(scratch, "back/deep/lines.txt"))).toBe(true);

  for (const [args, exit] of [
    [["rm", `${base}/sub`], 2],
    [["rm", "-r", root], 2],
    [["mv", root, `${base}/root`], 2],
    [["rm", `${base}/none`], 7],
    [["cat", `${base}/none`], 7],
    [["cat", base], 2],
    [["put", "in", "in/lines.txt", `${base}/none`], 7],
    [["put", "in"], 2],
  ] as const) {
    const refused = await fs(...args);
    expect([args, refused.exit, refused.stderr]).toEqual([args, exit, expect.stringMatching(/^error Cannot /u)]);
  }
  await ok("rm", "-f", `${base}/none`);
  await ok("rm", "-r", base);
  expect((await fs("ls", base)).exit).toBe(7);
}
