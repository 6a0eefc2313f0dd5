import type { Storage } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import { copyPlanned } from "../../src/fs/copy-files.ts";
import { findNamed } from "../../src/fs/named-files.ts";
import { planCopies } from "../../src/fs/plan-copies.ts";
import type { CopyPlan, TreeCopy } from "../../src/fs/plan-copies.ts";
import { memoryFiles, pathsIn, statusAt } from "./memory-files.ts";

const into = async (storage: Storage, directory: string, ...paths: readonly string[]): Promise<readonly TreeCopy[]> =>
  Promise.all(
    paths.map(async (path) => ({
      from: await statusAt(storage, path),
      to: `mem://${directory}/${path.slice(path.lastIndexOf("/") + 1)}`,
    })),
  );

const plan = async (storage: Storage, copies: readonly TreeCopy[], overwrite = false): Promise<CopyPlan> =>
  planCopies(storage, copies, { overwrite });

/** A storage with some steps of its own. */
function proxyOf(storage: Storage, own: Partial<Storage>): Storage {
  return new Proxy(storage, {
    get: (target, name) => {
      const step: unknown = Reflect.get(own, name) ?? Reflect.get(target, name);
      return typeof step === "function" ? step.bind(target) : step;
    },
  });
}

describe("planCopies()", () => {
  it("keeps the directories of what a pattern matches", async () => {
    const storage = await memoryFiles({ "/g/a": "1", "/g/sub/b": "22", "/g/sub/deep/c": "333" });
    const { found, byPattern } = await findNamed(storage, "mem:///g/*");
    expect([byPattern, found.map(({ uri, kind }) => [uri, kind])]).toEqual([
      true,
      [
        ["mem:///g/a", "file"],
        ["mem:///g/sub", "directory"],
      ],
    ]);
    const planned = await plan(storage, await into(storage, "/got", "/g/a", "/g/sub"));
    expect(planned.bytes).toBe(6);
    await copyPlanned(storage, planned, { overwrite: false });
    expect((await pathsIn(storage)).filter((path) => path.startsWith("/got"))).toEqual([
      "/got/a",
      "/got/sub/b",
      "/got/sub/deep/c",
    ]);
  });

  it("names both of two sources that would have one name", async () => {
    const storage = await memoryFiles({ "/x/same": "1", "/y/same": "2", "/x/other": "3" });
    const copies = await into(storage, "/got", "/x/other", "/x/same", "/y/same");
    await expect(plan(storage, copies, true)).rejects.toThrow(
      'Cannot copy "mem:///x/same" and "mem:///y/same": both would be "mem:///got/same"; copy them to different directories',
    );
  });

  it("copies once what is named twice", async () => {
    const storage = await memoryFiles({ "/x/a": "1" });
    const { files } = await plan(storage, await into(storage, "/got", "/x/a", "/x/a"));
    expect(files).toHaveLength(1);
  });

  it("refuses files that are there, below directories too, unless they may be replaced", async () => {
    const storage = await memoryFiles({ "/x/a": "1", "/x/d/b": "2", "/got/x/d/b": "old" });
    const copies = await into(storage, "/got", "/x");
    await expect(plan(storage, copies)).rejects.toMatchObject({
      code: "E_OUTPUT_EXISTS",
      message: expect.stringContaining('"mem:///got/x/d/b" exists; pass --overwrite') as string,
    });
    expect((await plan(storage, copies, true)).files).toHaveLength(2);
  });

  it("never replaces a directory by a file, nor a file by a directory", async () => {
    const storage = await memoryFiles({ "/x/a": "1", "/x/d/b": "2", "/got/a/b": "", "/got/d": "" });
    await expect(plan(storage, await into(storage, "/got", "/x/a"), true)).rejects.toThrow(
      "is there and is a directory",
    );
    await expect(plan(storage, await into(storage, "/got", "/x/d"), true)).rejects.toThrow("is there and is a file");
  });

  it("refuses names below that are taken by another kind, though nothing lies in them", async () => {
    const storage = await memoryFiles({ "/x/d/b": "1", "/x/e/f/g": "2", "/got/x/e/other": "" });
    const copies = await into(storage, "/got", "/x");
    await storage.makeDirectory("mem:///got/x/d/b");
    for (const overwrite of [false, true])
      await expect(plan(storage, copies, overwrite)).rejects.toMatchObject({
        code: "E_OUTPUT_EXISTS",
        message: 'Cannot copy "mem:///x/d/b": "mem:///got/x/d/b" is there and is a directory; choose another name',
      });
    await storage.remove("mem:///got/x/d/b");
    expect((await plan(storage, copies)).files).toHaveLength(2);
  });

  it("refuses a file where a directory of the copy would be", async () => {
    const storage = await memoryFiles({ "/x/a": "1", "/x/e/f/g": "2", "/got/x/e/f": "old" });
    const copies = await into(storage, "/got", "/x");
    for (const overwrite of [false, true])
      await expect(plan(storage, copies, overwrite)).rejects.toMatchObject({
        code: "E_OUTPUT_EXISTS",
        message: 'Cannot copy "mem:///x/e/f/g": "mem:///got/x/e/f" is there and is a file; choose another name',
      });
  });

  it("looks at no directory of the target that the copy has not", async () => {
    const storage = await memoryFiles({ "/x/d/b": "1", "/got/x/d/old": "", "/got/x/large/old": "" });
    const listed: string[] = [];
    const watched = proxyOf(storage, {
      list: async (uri) => {
        listed.push(uri);
        return storage.list(uri);
      },
    });
    expect((await plan(watched, await into(storage, "/got", "/x"))).files).toHaveLength(1);
    expect(listed).toEqual(["mem:///got/x", "mem:///got/x/d"]);
  });

  it("refuses a copy inside its own source", async () => {
    const storage = await memoryFiles({ "/x/d/b": "2" });
    await expect(plan(storage, await into(storage, "/x/d", "/x"))).rejects.toThrow("would lie inside it");
  });
});

describe("copyPlanned()", () => {
  const failing = "mem:///got/in/sub/b";

  it.each([
    ["no new directory when nothing could be copied", { "/in/sub/b": "x" }, []],
    ["what it copied before", { "/in/a": "x", "/in/sub/b": "x" }, ["/got/in/a"]],
  ])("leaves %s", async (_, files, left) => {
    const storage = await memoryFiles(files);
    await storage.makeDirectory("mem:///got");
    const full = proxyOf(storage, {
      create: async (uri, options) => {
        const writer = await storage.create(uri, options);
        // The parents are made, and then the disk is full.
        if (uri === failing) await storage.makeDirectory("mem:///got/in/sub");
        const write = async (bytes: Uint8Array): Promise<void> =>
          uri === failing ? Promise.reject(new Error("full")) : writer.write(bytes);
        return { write, abort: () => writer.abort(), close: () => writer.close() };
      },
    });
    const planned = await plan(storage, await into(storage, "/got", "/in"));
    await expect(copyPlanned(full, planned, { overwrite: false })).rejects.toThrow("full");
    expect((await pathsIn(storage)).filter((path) => path.startsWith("/got"))).toEqual(left);
    expect((await storage.status("mem:///got/in"))?.kind).toBe(left.length === 0 ? undefined : "directory");
  });

  it("makes nothing for a file that cannot be read", async () => {
    const storage = await memoryFiles({ "/in/a": "x" });
    const denied = proxyOf(storage, { open: async () => Promise.reject(new Error("denied")) });
    const copies = [{ from: await statusAt(storage, "/in/a"), to: "mem:///got/deep/a" }];
    await expect(copyPlanned(denied, await plan(storage, copies), { overwrite: false })).rejects.toThrow("denied");
    expect(await storage.status("mem:///got")).toBeUndefined();
  });

  it("copies many small files side by side", async () => {
    const names = Array.from({ length: 40 }, (_, index) => [`/in/${index}`, "x"] as const);
    const storage = await memoryFiles(Object.fromEntries(names));
    let [open, most] = [0, 0];
    const counting = proxyOf(storage, {
      create: async (uri, options) => {
        open += 1;
        most = Math.max(most, open);
        const writer = await storage.create(uri, options);
        const close = async (): Promise<number> => {
          open -= 1;
          return writer.close();
        };
        return { write: (bytes) => writer.write(bytes), abort: () => writer.abort(), close };
      },
    });
    await copyPlanned(counting, await plan(storage, await into(storage, "/got", "/in")), { overwrite: false });
    expect([most, (await pathsIn(storage)).length]).toEqual([16, 80]);
  });
});
