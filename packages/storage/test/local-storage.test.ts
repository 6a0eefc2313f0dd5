import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { userInfo } from "node:os";
import { join } from "node:path";
import { storageReason } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import { describe, expect, it, onTestFinished } from "vitest";
import { localError } from "../src/local-errors.ts";
import { createLocalStorage } from "../src/local-storage.ts";
import { uriOfPath } from "../src/file-uris.ts";
import { moveFile, writeAll } from "../src/local-writer.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const storage = createLocalStorage();

async function write(to: Storage, uri: string, content: string | Uint8Array): Promise<void> {
  const writer = await to.create(uri);
  await writer.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
  await writer.close();
}

describe("createLocalStorage()", () => {
  it.each([
    "with blank",
    "100%",
    "a#b",
    "q?x=1",
    "plus+",
    "colon:x",
    "new\nline",
    "-dash",
    "ä€🎉",
    "%20",
    "*",
    "[x]",
    "{a,b}",
    "\\",
    "'\"",
    "a".repeat(255),
  ])("writes, lists, reads and removes the name %j", async (name) => {
    const directory = temporaryDirectory();
    const uri = uriOfPath(join(directory, name));
    await write(storage, uri, "x");
    expect(readFileSync(join(directory, name), "utf8")).toBe("x");
    expect((await storage.list(uriOfPath(directory))).map((status) => status.uri)).toEqual([uri]);
    await storage.remove(uri);
    expect(readdirSync(directory)).toEqual([]);
  });

  it("shows a name that is no UTF-8 as other, and cannot be made to touch it", async () => {
    const directory = temporaryDirectory();
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0x61, 0xff])]), "x");
    const [status] = await storage.list(uriOfPath(directory));
    expect(status).toMatchObject({ uri: `${uriOfPath(directory)}/%61%FF`, kind: "other" });
    await expect(storage.open(status?.uri ?? "")).rejects.toMatchObject({ details: { reason: "invalid" } });
  });

  it("shows FIFOs, sockets and links to nothing as other, and opens none of them", async () => {
    const directory = temporaryDirectory();
    execFileSync("mkfifo", [join(directory, "fifo")]);
    symlinkSync("nowhere", join(directory, "broken"));
    symlinkSync("loop", join(directory, "loop"));
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(join(directory, "socket"), resolve));
    const listed = await storage.listBelow(uriOfPath(directory));
    expect(listed.map(({ kind }) => kind)).toEqual(["other", "other", "other", "other"]);
    for (const { uri } of listed) await expect(storage.open(uri)).rejects.toThrow(/^Cannot read/);
  });

  it("tells owner, group and permission of files and directories", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "f"), "x");
    chmodSync(join(directory, "f"), 0o640);
    mkdirSync(join(directory, "d"), { mode: 0o700 });
    const found = await storage.list(uriOfPath(directory));
    expect(found.map(({ permission }) => permission)).toEqual([0o700, 0o640]);
    expect(found.map(({ owner }) => owner)).toEqual([userInfo().username, userInfo().username]);
    expect(found[1]).toEqual(await storage.status(`${uriOfPath(directory)}/f`));
    expect(found[1]?.group).toMatch(/./u);
    expect(found[1]?.replication).toBeUndefined();
  });

  it("follows links to files, never to directories when listing below", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "real"));
    writeFileSync(join(directory, "real", "file"), "abc");
    symlinkSync("real/file", join(directory, "link"));
    symlinkSync(".", join(directory, "self"));
    const below = await storage.listBelow(uriOfPath(directory));
    expect(below.map(({ uri, bytes }) => [uri.split("/").at(-1), bytes])).toEqual([
      ["link", 3],
      ["file", 3],
    ]);
    expect((await storage.status(uriOfPath(join(directory, "self"))))?.kind).toBe("directory");
  });

  it.runIf(existsSync("/proc/self"))("makes nothing where a directory takes no names", async () => {
    for (const uri of ["file:///proc/none", "file:///proc/none/a/b"])
      await expect(storage.makeDirectory(uri)).rejects.toMatchObject({ details: { reason: "denied" } });
    await expect(storage.create("file:///proc/none/file")).rejects.toMatchObject({ code: "E_STORAGE" });
  });

  it("removes links and nothing behind them", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "work"));
    writeFileSync(join(directory, "precious"), "x");
    mkdirSync(join(directory, "outside"));
    writeFileSync(join(directory, "outside", "file"), "x");
    symlinkSync("../precious", join(directory, "work", "link"));
    symlinkSync("../outside", join(directory, "work", "directory"));
    symlinkSync("outside", join(directory, "top"));
    await storage.remove(uriOfPath(join(directory, "work")));
    await storage.remove(uriOfPath(join(directory, "top")));
    expect(readdirSync(directory).sort()).toEqual(["outside", "precious"]);
    expect(readdirSync(join(directory, "outside"))).toEqual(["file"]);
  });

  it("publishes over an empty directory, not over a link or a file", async () => {
    const base = uriOfPath(temporaryDirectory());
    await write(storage, `${base}/staged/part`, "x");
    await write(storage, `${base}/file`, "x");
    await storage.makeDirectory(`${base}/empty`);
    symlinkSync("nowhere", join(storage.localPath(base)!, "link"));
    await expect(storage.publish(`${base}/staged`, `${base}/file`)).rejects.toMatchObject({
      details: { reason: "exists" },
    });
    await expect(storage.publish(`${base}/staged`, `${base}/link`)).rejects.toMatchObject({
      details: { reason: "exists" },
    });
    await storage.publish(`${base}/staged`, `${base}/empty`);
    expect((await storage.listBelow(`${base}/empty`)).length).toBe(1);
  });

  it("leaves nothing of a writer that failed", async () => {
    const directory = temporaryDirectory();
    const uri = uriOfPath(join(directory, "file"));
    const [first, second] = [await storage.create(uri), await storage.create(uri)];
    await first.close();
    await expect(second.close()).rejects.toMatchObject({ details: { reason: "exists" } });
    await expect(second.close()).rejects.toMatchObject({ details: { reason: "invalid" } });
    expect(readdirSync(directory)).toEqual(["file"]);
  });

  it("ends a move that was interrupted between its two names", async () => {
    const directory = temporaryDirectory();
    const [from, to] = [join(directory, "from"), join(directory, "to")];
    writeFileSync(from, "x");
    execFileSync("ln", [from, to]);
    await storage.rename(uriOfPath(from), uriOfPath(to));
    expect(readdirSync(directory)).toEqual(["to"]);
  });

  it("refuses to remove the root", async () => {
    await expect(storage.remove("file:///")).rejects.toMatchObject({ details: { reason: "invalid" } });
  });

  it("says no-space for a disk that is full, and leaves no half file", async ({ skip }) => {
    const directory = temporaryDirectory();
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", directory]).status === 0;
    if (!mounted) skip("only a user who may mount can make a small disk");
    onTestFinished(() => void execFileSync("umount", [directory]));
    const uri = uriOfPath(join(directory, "file"));
    const writer = await storage.create(uri);
    const thrown: unknown = await writer.write(new Uint8Array(1024 * 1024)).catch((error: unknown) => error);
    await writer.abort();
    expect(storageReason(thrown)).toBe("no-space");
    expect(String(thrown)).toContain("no space left on the disk");
    expect(readdirSync(directory)).toEqual([]);
  });
});

describe("writeAll()", () => {
  it("goes on after short writes", async () => {
    const taken: number[] = [];
    const handle = {
      write: async (bytes: Uint8Array, offset: number, length: number) => {
        const bytesWritten = Math.min(2, length);
        taken.push(...bytes.subarray(offset, offset + bytesWritten));
        return { bytesWritten };
      },
    };
    await writeAll(handle, new Uint8Array([1, 2, 3, 4, 5]));
    expect(taken).toEqual([1, 2, 3, 4, 5]);
  });

  it("fails when a write takes nothing", async () => {
    const handle = { write: async () => ({ bytesWritten: 0 }) };
    await expect(writeAll(handle, new Uint8Array(3))).rejects.toThrow("took 0 of 3 bytes");
  });
});

describe("moveFile()", () => {
  it("fails with EXDEV between disks, which staging beside the output rules out", async () => {
    const thrown: unknown = await moveFile("/proc/self/status", join(temporaryDirectory(), "x")).catch(
      (error: unknown) => error,
    );
    expect(storageReason(localError("rename", "file:///x", thrown))).toMatch(/invalid|denied|missing/);
  });
});

describe("localError()", () => {
  it.each([
    ["ENOSPC", "no-space"],
    ["EDQUOT", "no-space"],
    ["EROFS", "denied"],
    ["EIO", "unknown"],
    ["EMFILE", "unknown"],
  ])("takes %s for %s", (code, reason) => {
    const thrown = Object.assign(new Error(code), { code });
    expect(storageReason(localError("write", "file:///x", thrown))).toBe(reason);
  });
});
