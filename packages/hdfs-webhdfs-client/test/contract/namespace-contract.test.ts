import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWebHdfsError } from "../../src/index.ts";
import { contractTargets, type ContractTarget } from "./contract-target.ts";

/** What a server gives, or undefined if it does not know the operation. */
async function orUndefined<T>(given: Promise<T>): Promise<T | undefined> {
  try {
    return await given;
  } catch (error) {
    if (isWebHdfsError(error) && /No enum constant|is not a valid/u.test(error.message)) return undefined;
    throw error;
  }
}

describe.each(contractTargets())("names and attributes on $name", ({ start, gateway }) => {
  let target: ContractTarget;
  let serial = 0;
  const fresh = (): string => `${target.root}/name-${serial++}`;

  beforeAll(async () => {
    target = await start();
  });
  afterAll(async () => {
    await target.stop();
  });

  it("names with every awkward character survive the round trip", async () => {
    const directory = fresh();
    const names = [
      "a b",
      "a%b",
      "a%20b",
      "a+b",
      "ü-漢-🙂",
      "a#b",
      "a?b",
      "a;b=c&d",
      "[x]{y}",
      "it's",
      "back\\slash",
      "~t",
      ".hidden",
      "..x",
      "é",
      '"q"',
      "a|b<c>^`d",
      "@$!*()",
    ];
    for (const name of names) await target.hdfs.create(`${directory}/${name}`, name);
    const listed = (await target.hdfs.list(directory)).map((entry) => entry.pathSuffix);
    expect(new Set(listed)).toEqual(new Set(names));
    for (const name of names) {
      expect(Buffer.from(await target.hdfs.readFile(`${directory}/${name}`)).toString("utf8"), name).toBe(name);
      const moved = `${directory}/${name}.moved`;
      expect(await target.hdfs.rename(`${directory}/${name}`, moved), name).toBe(true);
      expect(await target.hdfs.delete(moved), name).toBe(true);
    }
    expect(await target.hdfs.list(directory)).toEqual([]);
  });

  it("a name with a colon is refused by the server", async () => {
    const made = target.hdfs.create(`${target.root}/a:b`, "x");
    // 3.4: InvalidPathException; 3.3 hides it in a RemoteException, HttpFS in others.
    await expect(made).rejects.toMatchObject({ kind: "remote" });
    await expect(made).rejects.toThrow(/Invalid (?:path|file) name|not a valid DFS filename/iu);
  });

  it("mkdirs() makes parents and is happy with what is there", async () => {
    const path = `${fresh()}/b/c`;
    expect(await target.hdfs.mkdirs(path)).toBe(true);
    expect(await target.hdfs.mkdirs(path)).toBe(true);
    expect(await target.hdfs.status(path)).toMatchObject({ kind: "directory", permission: 0o755, bytes: 0 });
    const secret = fresh();
    await target.hdfs.mkdirs(secret, { permission: 0o1770 });
    expect((await target.hdfs.status(secret)).permission).toBe(0o1770);
  });

  it("mkdirs() on a file fails", async () => {
    const path = fresh();
    await target.hdfs.create(path, "x");
    await expect(target.hdfs.mkdirs(path)).rejects.toMatchObject({ exception: "FileAlreadyExistsException" });
  });

  it("maybeStatus() of nothing is undefined", async () => {
    expect(await target.hdfs.maybeStatus(`${target.root}/missing`)).toBeUndefined();
    await expect(target.hdfs.status(`${target.root}/missing`)).rejects.toMatchObject({
      exception: "FileNotFoundException",
      status: 404,
    });
  });

  it("list() of a file is the file, of a directory its children in order", async () => {
    const directory = fresh();
    for (const name of ["b", "a", "B"]) await target.hdfs.create(`${directory}/${name}`, name);
    expect((await target.hdfs.list(directory)).map((entry) => entry.pathSuffix)).toEqual(["B", "a", "b"]);
    expect((await target.hdfs.list(`${directory}/a`)).map(({ pathSuffix, kind }) => [pathSuffix, kind])).toEqual([
      ["", "file"],
    ]);
    await expect(target.hdfs.list(`${directory}/none`)).rejects.toMatchObject({ exception: "FileNotFoundException" });
  });

  it("listPages() gives every child once, and goes on after a name", async () => {
    const directory = fresh();
    const names = Array.from({ length: 25 }, (_, index) => String(index).padStart(2, "0"));
    for (const name of names) await target.hdfs.mkdirs(`${directory}/${name}`);
    const all: string[] = [];
    for await (const page of target.hdfs.listPages(directory)) all.push(...page.map((entry) => entry.pathSuffix));
    expect(all).toEqual(names);
    const rest: string[] = [];
    for await (const page of target.hdfs.listPages(directory, { startAfter: "19" }))
      rest.push(...page.map((entry) => entry.pathSuffix));
    expect(rest).toEqual(names.slice(20));
  });

  it("rename() without options: false where it does nothing, inside where a directory is", async () => {
    const directory = fresh();
    await target.hdfs.create(`${directory}/a`, "a");
    await target.hdfs.create(`${directory}/b`, "b");
    await target.hdfs.mkdirs(`${directory}/d`);
    if (!gateway) {
      expect(await target.hdfs.rename(`${directory}/a`, `${directory}/b`)).toBe(false);
      expect(await target.hdfs.rename(`${directory}/none`, `${directory}/z`)).toBe(false);
      expect(await target.hdfs.rename(`${directory}/a`, `${directory}/q/z`)).toBe(false);
    }
    expect(await target.hdfs.rename(`${directory}/a`, `${directory}/d`)).toBe(true);
    expect((await target.hdfs.list(`${directory}/d`)).map((entry) => entry.pathSuffix)).toEqual(["a"]);
  });

  it("rename() with NONE refuses what is there, with OVERWRITE replaces it", async () => {
    const directory = fresh();
    const [a, b, d] = [`${directory}/a`, `${directory}/b`, `${directory}/d`];
    await target.hdfs.create(a, "a");
    await target.hdfs.create(b, "b");
    await target.hdfs.mkdirs(`${d}/full`);
    const none = target.hdfs.rename(a, b, { renameOptions: ["NONE"] });
    if (gateway) {
      // HttpFS would ignore the options; the client refuses before anything happens.
      await expect(none).rejects.toMatchObject({ kind: "protocol", outcome: "not-done" });
      expect(Buffer.from(await target.hdfs.readFile(b)).toString()).toBe("b");
      return;
    }
    await expect(none).rejects.toMatchObject({ exception: "FileAlreadyExistsException", outcome: "not-done" });
    await expect(target.hdfs.rename(a, d, { renameOptions: ["NONE"] })).rejects.toMatchObject({
      exception: "IOException",
    });
    expect(await target.hdfs.list(d)).toHaveLength(1);
    expect(await target.hdfs.rename(a, b, { renameOptions: ["OVERWRITE"] })).toBe(true);
    expect(Buffer.from(await target.hdfs.readFile(b)).toString()).toBe("a");
    await expect(target.hdfs.rename(a, b, { renameOptions: ["NONE"] })).rejects.toMatchObject({
      exception: "FileNotFoundException",
    });
    await expect(target.hdfs.rename(b, d, { renameOptions: ["OVERWRITE"] })).rejects.toMatchObject({
      kind: "remote",
      exception: "IOException",
    });
    await target.hdfs.mkdirs(`${directory}/e`);
    await expect(target.hdfs.rename(`${directory}/e`, d, { renameOptions: ["OVERWRITE"] })).rejects.toMatchObject({
      exception: "IOException",
    });
    expect(await target.hdfs.rename(d, `${directory}/e`, { renameOptions: ["OVERWRITE"] })).toBe(true);
    await expect(target.hdfs.rename(b, `${directory}/no/parent`, { renameOptions: ["NONE"] })).rejects.toMatchObject({
      exception: "FileNotFoundException",
    });
  });

  it("delete() of nothing is false, of a full directory wants recursive", async () => {
    const directory = fresh();
    await target.hdfs.mkdirs(`${directory}/x`);
    expect(await target.hdfs.delete(`${directory}/none`)).toBe(false);
    await expect(target.hdfs.delete(directory)).rejects.toMatchObject({
      exception: "PathIsNotEmptyDirectoryException",
    });
    expect(await target.hdfs.delete(directory, { recursive: true })).toBe(true);
    expect(await target.hdfs.maybeStatus(directory)).toBeUndefined();
  });

  it("contentSummary() and quotaUsage() count", async () => {
    const directory = fresh();
    await target.hdfs.create(`${directory}/a`, "12345", { replication: 2 });
    await target.hdfs.mkdirs(`${directory}/d`);
    expect(await target.hdfs.contentSummary(directory)).toMatchObject({
      directoryCount: 2,
      fileCount: 1,
      bytes: 5,
      spaceConsumed: 10,
      nameQuota: -1,
      spaceQuota: -1,
    });
    expect(await target.hdfs.quotaUsage(directory)).toMatchObject({
      fileAndDirectoryCount: 3,
      spaceConsumed: 10,
      nameQuota: -1,
    });
  });

  it("setQuota() is kept, and what exceeds it is refused", async () => {
    const directory = fresh();
    await target.hdfs.mkdirs(directory);
    if (gateway) {
      // HttpFS has no such operation, and says so before anything happens.
      const refused = target.hdfs.setQuota(directory, { nameQuota: 2 });
      await expect(refused).rejects.toMatchObject({ kind: "remote", operation: "SETQUOTA", outcome: "not-done" });
      expect((await target.hdfs.quotaUsage(directory)).nameQuota).toBe(-1);
      return;
    }
    await target.hdfs.setQuota(directory, { nameQuota: 2 });
    expect((await target.hdfs.quotaUsage(directory)).nameQuota).toBe(2);
    await target.hdfs.create(`${directory}/one`, "1");
    await expect(target.hdfs.create(`${directory}/two`, "2")).rejects.toMatchObject({
      exception: "NSQuotaExceededException",
    });
    const space = fresh();
    await target.hdfs.mkdirs(space);
    await target.hdfs.setQuota(space, { spaceQuota: 1000 });
    const over = target.hdfs.create(`${space}/big`, new Uint8Array(5000), { blockBytes: 1024 });
    await expect(over).rejects.toMatchObject({ exception: "DSQuotaExceededException" });
    expect(await target.hdfs.maybeStatus(`${space}/big`)).toBeDefined(); // the trap: the file stays
  });

  it("setPermission(), setOwner(), setTimes(), setReplication() are kept", async () => {
    const path = fresh();
    await target.hdfs.create(path, "x", { replication: 1 });
    await target.hdfs.setPermission(path, 0o640);
    await target.hdfs.setOwner(path, { owner: "alice", group: "people" });
    await target.hdfs.setTimes(path, { modifiedMs: 1_700_000_000_123, accessedMs: 1_600_000_000_000 });
    expect(await target.hdfs.setReplication(path, 2)).toBe(true);
    expect(await target.hdfs.status(path)).toMatchObject({
      permission: 0o640,
      owner: "alice",
      group: "people",
      modifiedMs: 1_700_000_000_123,
      replication: 2,
    });
  });

  it("checkAccess() is true or false", async () => {
    const path = fresh();
    await target.hdfs.mkdirs(path, { permission: 0o700 });
    expect(await target.hdfs.checkAccess(path, "rwx")).toBe(true);
    expect(await target.asBob.checkAccess(path, "r-x")).toBe(false);
  });

  it("extended attributes are bytes under names", async () => {
    const path = fresh();
    await target.hdfs.create(path, "x");
    await target.hdfs.setXAttr(path, "user.job", "j-1");
    await target.hdfs.setXAttr(path, "user.raw", new Uint8Array([0, 255, 1]));
    expect(await target.hdfs.getXAttrs(path)).toEqual({
      "user.job": new Uint8Array(Buffer.from("j-1")),
      "user.raw": new Uint8Array([0, 255, 1]),
    });
    expect(Object.keys(await target.hdfs.getXAttrs(path, ["user.job"]))).toEqual(["user.job"]);
    expect([...(await target.hdfs.listXAttrs(path))].sort()).toEqual(["user.job", "user.raw"]);
    await target.hdfs.removeXAttr(path, "user.raw");
    expect(await target.hdfs.listXAttrs(path)).toEqual(["user.job"]);
    await expect(target.hdfs.setXAttr(path, "user.job", "j-2", { flag: "CREATE" })).rejects.toMatchObject({
      name: "WebHdfsError",
    });
  });

  it("snapshots keep what was there, and tell what changed", async () => {
    const directory = fresh();
    await target.hdfs.create(`${directory}/a`, "one");
    await expect(target.hdfs.createSnapshot(directory, "s0")).rejects.toMatchObject({ exception: "SnapshotException" });
    await target.hdfs.allowSnapshot(directory);
    expect(await target.hdfs.createSnapshot(directory, "s1")).toBe(`${directory}/.snapshot/s1`);
    await target.hdfs.create(`${directory}/a`, "two", { overwrite: true });
    await target.hdfs.create(`${directory}/b`, "new");
    await target.hdfs.createSnapshot(directory, "s2");
    expect(Buffer.from(await target.hdfs.readFile(`${directory}/.snapshot/s1/a`)).toString()).toBe("one");
    const diff = await target.hdfs.snapshotDiff(directory, { from: "s1", to: "s2" });
    expect(diff).toMatchObject({ root: directory, from: "s1", to: "s2" });
    expect(diff.changes).toContainEqual({ kind: "created", path: "b", targetPath: undefined });
    await target.hdfs.renameSnapshot(directory, { from: "s2", to: "s3" });
    expect((await target.hdfs.snapshots(directory)).map(({ name, path }) => [name, path])).toEqual([
      ["s1", `${directory}/.snapshot/s1`],
      ["s3", `${directory}/.snapshot/s3`],
    ]);
    await expect(target.hdfs.create(`${directory}/.snapshot/s1/x`, "x")).rejects.toMatchObject({
      exception: "SnapshotAccessControlException",
    });
    const removed = target.hdfs.delete(directory, { recursive: true });
    await expect(removed).rejects.toMatchObject(gateway ? { kind: "remote" } : { exception: "SnapshotException" });
    for (const name of ["s1", "s3"]) await target.hdfs.deleteSnapshot(directory, name);
    await target.hdfs.disallowSnapshot(directory);
  });

  it("the server tells of itself", async () => {
    expect(await target.hdfs.homeDirectory()).toBe("/user/root");
    expect(await target.hdfs.trashRoot(target.root)).toBe("/user/root/.Trash");
    expect(await target.hdfs.serverDefaults()).toMatchObject({ bytesPerChecksum: 512 });
    if (!gateway) expect(await target.hdfs.getDelegationToken("root")).toBeUndefined(); // security is off
  });

  it("fileSystemStatus() tells capacity and use; servers before 3.4 say that they do not know it", async () => {
    const status = await orUndefined(target.hdfs.fileSystemStatus());
    if (status !== undefined) expect(status.capacity).toBeGreaterThan(status.used);
  });

  it("createSymlink() is refused where links are off", async () => {
    const made = target.hdfs.createSymlink(`${target.root}/link`, `${target.root}/x`);
    await expect(made).rejects.toMatchObject({ kind: "remote", operation: "CREATESYMLINK" });
  });
});
