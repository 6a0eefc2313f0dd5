// The storage port and `millrace fs` on real HDFS.

import { randomUUID } from "node:crypto";
import { storageContract } from "@millrace/ports";
import { createDefaultStorages } from "@millrace/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tellFileStory } from "../file-commands.ts";
import { millrace, scratchDirectory } from "../harness.ts";
import { succeed } from "./remote-files.ts";

const base = `hdfs:///files-${randomUUID()}`;
const storage = createDefaultStorages(process.env);

beforeAll(async () => {
  await storage.makeDirectory(base);
});
afterAll(async () => {
  await storage.remove(base);
});

describe("storage on real HDFS", () => {
  it.each(storageContract.map((each, index) => ({ ...each, index })))("$name", async ({ run, index }) => {
    const directory = `${base}/case-${index}`;
    await storage.makeDirectory(directory);
    await run(storage, directory);
  });
});

describe("millrace fs on real HDFS", () => {
  it("puts, shows, moves, gets and removes", async () => {
    const scratch = scratchDirectory();
    try {
      await tellFileStory({ base: `${base}/story`, root: "hdfs:///", scratch: scratch.path, env: {} });
    } finally {
      scratch.remove();
    }
  });

  it("lists more names than a page holds, in order", async () => {
    const names = Array.from({ length: 12 }, (_, index) => `n${String(index).padStart(2, "0")}`);
    await Promise.all(
      names.map(async (name) => {
        const writer = await storage.create(`${base}/many/${name}`);
        await writer.write(new Uint8Array(1));
        await writer.close();
      }),
    );
    const listed = JSON.parse(await succeed(["fs", "ls", "-o", "json", `${base}/many`])) as readonly { uri: string }[];
    expect(listed.map(({ uri }) => uri.slice(uri.lastIndexOf("/") + 1))).toEqual(names);
  });

  it("says who refused what to a user without the right", async () => {
    const run = await millrace(["fs", "mkdir", `${base}/bob`], { env: { HADOOP_USER_NAME: "bob" } });
    expect([run.exit, run.stderr]).toEqual([1, expect.stringContaining("bob")]);
    const root = await millrace(["fs", "rm", "-r", base], { env: { HADOOP_USER_NAME: "bob" } });
    expect([root.exit, root.stderr]).toEqual([1, expect.stringMatching(/E_STORAGE/u)]);
  });
});
