// `millrace fs` on files of this machine; e2e/hdfs tells the same story on HDFS.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tellFileStory } from "./file-commands.ts";
import type { ScratchDirectory } from "./harness.ts";
import { millrace, scratchDirectory } from "./harness.ts";

let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
});
afterEach(() => directory.remove());

describe("millrace fs", () => {
  it("puts, shows, moves, gets and removes files of this machine", async () => {
    await tellFileStory({ base: join(directory.path, "storage"), root: "/", scratch: directory.path, env: {} });
  });

  it("refuses to copy a directory into itself, and to remove where one stands", async () => {
    mkdirSync(join(directory.path, "a/b"), { recursive: true });
    const inside = await millrace(["fs", "put", "a", "a/b"], { cwd: directory.path });
    expect([inside.exit, inside.stderr]).toEqual([2, expect.stringContaining("would lie inside it")]);
    const here = await millrace(["fs", "rm", "-r", directory.path], { cwd: join(directory.path, "a/b") });
    expect([here.exit, here.stderr]).toEqual([2, expect.stringContaining("the working directory lies in it")]);
  });

  it("names the schemes there are for one that nothing serves", async () => {
    const run = await millrace(["fs", "ls", "s3://bucket/key"]);
    expect([run.exit, run.stderr]).toEqual([1, expect.stringContaining("there are file:, hdfs:, webhdfs:, swebhdfs:")]);
  });
});
