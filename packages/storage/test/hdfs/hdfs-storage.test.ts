import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { limits } from "@millrace/core";
import { storageContract, storageReason } from "@millrace/ports";
import type { FileWriter, Storage } from "@millrace/ports";
import { describe, expect, it, onTestFinished } from "vitest";
import { clientOf, fakeHdfs, loseReplies } from "./fake-hdfs.ts";
import type { FakeHdfs } from "./fake-hdfs.ts";

async function write(storage: Storage, uri: string, content: Uint8Array | string): Promise<void> {
  const writer = await storage.create(uri);
  await writer.write(typeof content === "string" ? new TextEncoder().encode(content) : content);
  await writer.close();
}

async function read(storage: Storage, uri: string, stepBytes = 1_000): Promise<Uint8Array> {
  const reader = await storage.open(uri);
  const into = new Uint8Array(reader.status.bytes);
  for (let at = 0; at < into.length;) {
    const count = await reader.read(at, into.subarray(at, at + stepBytes));
    if (count === 0) break;
    at += count;
  }
  await reader.close();
  return into;
}

async function reasonOf(step: Promise<unknown>): Promise<string | undefined> {
  return step.then(
    () => "nothing was thrown",
    (thrown: unknown) => storageReason(thrown),
  );
}

/** Stand between a client and the NameNode for what is asked with GET. @returns the URI of the base by way of it. */
async function startProxy({ cluster }: FakeHdfs, onGet: (path: string) => Promise<void>): Promise<string> {
  const proxy = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const url = new URL(request.url ?? "", cluster.nameNodes[0]);
      await onGet(url.pathname);
      const got = await fetch(url);
      response.writeHead(got.status, { "content-type": "application/json" });
      response.end(await got.text());
    };
    void answer();
  });
  onTestFinished(() => void proxy.close());
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  return `webhdfs://127.0.0.1:${(proxy.address() as AddressInfo).port}/base`;
}

function someBytes(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => (index * 7 + (index >> 8)) % 256);
}

describe("createHdfsStorage()", () => {
  it.each(storageContract)("$name", async ({ run }) => {
    const { storage, base } = await fakeHdfs({ dataNodes: 1 });
    await run(storage, base);
  });

  it.each(storageContract)("of two NameNodes, the second active: $name", async ({ run }) => {
    const { cluster, storage, base } = await fakeHdfs({ nameNodes: 2, dataNodes: 1, listLimit: 2 });
    cluster.setState(0, "standby");
    cluster.setState(1, "active");
    await run(storage, base);
  });
});

describe("listBelow()", () => {
  it("tells how many files it has found, page by page", async () => {
    const { storage, base } = await fakeHdfs({ dataNodes: 1, listLimit: 2 });
    for (const name of ["a", "b", "c", "d/a", "d/b", "d/c"]) await write(storage, `${base}/${name}`, name);
    const told: number[] = [];
    const files = await storage.listBelow(base, { onFound: (count) => void told.push(count) });
    expect(files.length).toBe(6);
    expect(told).toEqual([2, 3, 5, 6]);
  });

  it("leaves out a directory that vanishes before it is entered, not one that was asked for", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 1 });
    for (const name of ["in/a/1", "in/b/1", "in/b/c/1"]) await write(hdfs.storage, `${hdfs.base}/${name}`, name);
    const client = clientOf(hdfs);
    const base = await startProxy(hdfs, async (path) => {
      if (path.endsWith("/in/b")) await client.delete("/base/in/b", { recursive: true });
    });
    const files = await hdfs.storage.listBelow(`${base}/in`);
    expect(files.map(({ uri }) => uri)).toEqual([`${base}/in/a/1`]);
    expect(await reasonOf(hdfs.storage.listBelow(`${base}/in/b`))).toBe("missing");
  });

  it("refuses more files than a job may have, and never counts what it is not to keep", async () => {
    const bounds: { inputFilesMax: number } = limits;
    const before = bounds.inputFilesMax;
    bounds.inputFilesMax = 2;
    onTestFinished(() => {
      bounds.inputFilesMax = before;
    });
    const { storage, base } = await fakeHdfs({ dataNodes: 1, listLimit: 2 });
    for (const name of ["_a/1", "_a/2", "_a/3", "b/1", "b/2", "c/3"]) await write(storage, `${base}/${name}`, name);
    const keep = (uri: string): boolean => !uri.includes("/_") && !uri.endsWith("/c");
    expect((await storage.listBelow(base, { keep })).length).toBe(2);
    await expect(storage.listBelow(`${base}/_a`)).rejects.toMatchObject({ code: "E_TOO_LARGE" });
    await expect(storage.list(`${base}/_a`)).rejects.toMatchObject({ code: "E_TOO_LARGE" });
    expect(await storage.list(`${base}/_a`, { keep: (uri) => uri.endsWith("3") })).toMatchObject([{ bytes: 4 }]);
  });
});

describe("create()", () => {
  it("sends a small file again when a DataNode dies while it is written, and leaves nothing else", async () => {
    const hdfs = await fakeHdfs();
    hdfs.cluster.traps.cutWrite = { times: 1, afterBytes: 10 };
    await write(hdfs.storage, `${hdfs.base}/file`, "a text of more than ten bytes");
    expect(new TextDecoder().decode(await read(hdfs.storage, `${hdfs.base}/file`))).toBe(
      "a text of more than ten bytes",
    );
    expect((await hdfs.storage.list(hdfs.base)).map(({ uri }) => uri)).toEqual([`${hdfs.base}/file`]);
  });

  it("fails for a large file that a DataNode lost, and leaves nothing", async () => {
    const hdfs = await fakeHdfs();
    hdfs.cluster.traps.cutWrite = { times: 1, afterBytes: 5_000_000 };
    const writer = await hdfs.storage.create(`${hdfs.base}/file`);
    const writing = (async () => {
      for (let count = 0; count < 10; count += 1) await writer.write(new Uint8Array(1_000_000));
      await writer.close();
    })();
    expect(await reasonOf(writing)).toBe("unknown");
    expect(await hdfs.storage.list(hdfs.base)).toEqual([]);
  });

  it.each([100, 6_000_000])("never counts a short file of %i bytes that the DataNode confirmed", async (bytes) => {
    const hdfs = await fakeHdfs();
    hdfs.cluster.traps.loseWrite = { times: Number.POSITIVE_INFINITY, afterBytes: 50 };
    expect(await reasonOf(write(hdfs.storage, `${hdfs.base}/file`, new Uint8Array(bytes)))).toBe("unknown");
    expect(await hdfs.storage.status(`${hdfs.base}/file`)).toBeUndefined();
    expect(await hdfs.storage.list(hdfs.base)).toEqual([]);
  });

  it("keeps of many large files together no more than a share in memory, and sends small ones whole all the same", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 1 });
    const sent = (): number => hdfs.cluster.log.filter(({ operation }) => operation === "CREATE").length;
    const open = async (count: number, bytes: number): Promise<FileWriter[]> => {
      const writers: FileWriter[] = [];
      for (let index = 0; index < count; index += 1) {
        const writer = await hdfs.storage.create(`${hdfs.base}/${sent()}-${index}-${bytes}`);
        await writer.write(new Uint8Array(bytes));
        writers.push(writer);
      }
      return writers;
    };
    // Beside 128 KiB of each, 32 MiB: eight files of 4 MiB less 1 KiB. The ninth and tenth begin to be sent.
    const large = await open(10, 4 * 1024 * 1024 - 1024);
    expect(sent()).toBe(2);
    const [small] = await open(1, 128 * 1024);
    expect(sent()).toBe(2);
    expect(await small?.close()).toBe(128 * 1024);
    await large[0]?.abort();
    for (const writer of large.slice(1)) expect(await writer.close()).toBe(4 * 1024 * 1024 - 1024);
    // Each that was open has given its share back, closed or given up: the same begins anew.
    const before = sent();
    const again = await open(8, 4 * 1024 * 1024 - 1024);
    expect(sent()).toBe(before);
    for (const writer of again) await writer.abort();
  });

  it("tells of a full cluster, and leaves nothing", async () => {
    const hdfs = await fakeHdfs();
    hdfs.cluster.traps.full = true;
    expect(await reasonOf(write(hdfs.storage, `${hdfs.base}/file`, "x"))).toBe("no-space");
    expect(await hdfs.storage.list(hdfs.base)).toEqual([]);
  });

  it("makes no directory again that was swept while it wrote", async () => {
    const hdfs = await fakeHdfs();
    const writer = await hdfs.storage.create(`${hdfs.base}/staging/file`);
    await hdfs.storage.remove(`${hdfs.base}/staging`);
    await writer.write(new Uint8Array(10));
    expect(await reasonOf(writer.close())).toBe("missing");
    expect(await hdfs.storage.list(hdfs.base)).toEqual([]);
  });

  it("tells owner, group and permission, and of files how many copies there are", async () => {
    const { storage, base } = await fakeHdfs({ dataNodes: 1 }, { "dfs.replication": "2" });
    await write(storage, `${base}/f`, "x");
    await storage.makeDirectory(`${base}/d`);
    const found = await storage.list(base);
    expect(found.map(({ owner, permission, replication }) => [owner, permission, replication])).toEqual([
      ["root", 0o755, undefined],
      ["root", 0o644, 2],
    ]);
    expect(found.every(({ group }) => group !== undefined)).toBe(true);
  });

  it("gives files the configured block size, replication and umask", async () => {
    const properties = { "dfs.blocksize": "1m", "dfs.replication": "2", "fs.permissions.umask-mode": "077" };
    const hdfs = await fakeHdfs({}, properties);
    await write(hdfs.storage, `${hdfs.base}/file`, "x");
    const found = await clientOf(hdfs).status("/base/file");
    expect([found.blockBytes, found.replication, found.permission]).toEqual([1_048_576, 2, 0o600]);
    const asked = await hdfs.storage.create(`${hdfs.base}/asked`, { replication: 1, permission: 0o640 });
    await asked.close();
    const other = await clientOf(hdfs).status("/base/asked");
    expect([other.blockBytes, other.replication, other.permission]).toEqual([1_048_576, 1, 0o640]);
  });
});

describe("open()", () => {
  const blocks = { blockBytes: 1_024, dataNodes: 3, replication: 2, hosts: ["dn1", "dn2", "dn3"] };

  it.each(["cutRead", "shortRead", "longRead"] as const)("goes on after %s at another DataNode", async (trap) => {
    const hdfs = await fakeHdfs({ dataNodes: 3 });
    const content = someBytes(300_000);
    await write(hdfs.storage, `${hdfs.base}/file`, content);
    hdfs.cluster.traps[trap] = { times: 2, afterBytes: 20_000 };
    expect(Buffer.compare(await read(hdfs.storage, `${hdfs.base}/file`, 130_000), content)).toBe(0);
  });

  it("goes on when the DataNode that it reads from is killed", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 2, replication: 2 });
    const content = someBytes(3_000_000);
    await write(hdfs.storage, `${hdfs.base}/file`, content);
    const served: number[] = [];
    const reader = await hdfs.storage.open(`${hdfs.base}/file`, { onServed: ({ bytes }) => served.push(bytes) });
    const into = new Uint8Array(content.length);
    let at = await reader.read(0, into.subarray(0, 200_000));
    await hdfs.cluster.dataNodes[0]?.kill();
    while (at < into.length) at += await reader.read(at, into.subarray(at, at + 200_000));
    await reader.close();
    expect(Buffer.compare(into, content)).toBe(0);
    expect(served.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThanOrEqual(content.length);
  });

  it("asks for each block by itself, and for no more of it than a small first read wants", async () => {
    const hdfs = await fakeHdfs({ ...blocks, hosts: ["127.0.0.1", "127.0.0.1", "127.0.0.1"] });
    const content = someBytes(3_000);
    await write(hdfs.storage, `${hdfs.base}/file`, content);
    expect(Buffer.compare(await read(hdfs.storage, `${hdfs.base}/file`, 500), content)).toBe(0);
    const asked = hdfs.cluster.log.filter(({ operation }) => operation === "OPEN").map(({ query }) => query);
    expect(asked.map(({ offset, length }) => `${offset ?? 0}+${length ?? ""}`)).toEqual([
      "0+500",
      "500+524",
      "1024+476",
      "1500+548",
      "2048+452",
      "2500+500",
    ]);
  });

  it("refuses to splice two files that had the name one after the other", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 1 });
    await write(hdfs.storage, `${hdfs.base}/file`, someBytes(400_000));
    const reader = await hdfs.storage.open(`${hdfs.base}/file`);
    await hdfs.storage.remove(`${hdfs.base}/file`);
    await write(hdfs.storage, `${hdfs.base}/file`, someBytes(400_000));
    hdfs.cluster.traps.cutRead = { times: 1, afterBytes: 10_000 };
    expect(await reasonOf(reader.read(0, new Uint8Array(200_000)))).toBe("missing");
    await reader.close();
  });

  it("tells at the end that another file of the same length took the name between two blocks", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 1, blockBytes: 102_400 });
    await write(hdfs.storage, `${hdfs.base}/file`, someBytes(400_000));
    const reader = await hdfs.storage.open(`${hdfs.base}/file`);
    await reader.read(0, new Uint8Array(102_400));
    const all = await hdfs.storage.open(`${hdfs.base}/file`);
    expect(await all.read(0, new Uint8Array(400_000))).toBe(400_000);
    await hdfs.storage.remove(`${hdfs.base}/file`);
    await write(hdfs.storage, `${hdfs.base}/file`, someBytes(400_000));
    expect(await reasonOf(reader.read(102_400, new Uint8Array(297_600)))).toBe("missing");
    await reader.close();
    await all.close();
  });

  it("needs no look-up for a file that was just listed", async () => {
    const hdfs = await fakeHdfs();
    await write(hdfs.storage, `${hdfs.base}/file`, "content");
    const [known] = await hdfs.storage.list(hdfs.base);
    if (known === undefined) throw new Error("nothing was listed");
    const before = hdfs.cluster.log.length;
    const reader = await hdfs.storage.open(known.uri, { known });
    await reader.read(0, new Uint8Array(4));
    expect(hdfs.cluster.log.slice(before).map(({ operation }) => operation)).toEqual(["OPEN"]);
  });

  it("locate() names hosts and racks of each block", async () => {
    const hdfs = await fakeHdfs({ ...blocks, racks: ["/r1", "/r1", "/r2"], hosts: ["dn1", "dn2", "dn3"] });
    await clientOf(hdfs).mkdirs("/base");
    const host = { ...hdfs.cluster.traps };
    hdfs.cluster.traps.redirectHost = "127.0.0.1";
    await write(hdfs.storage, `${hdfs.base}/file`, someBytes(1_500));
    hdfs.cluster.traps.redirectHost = host.redirectHost;
    const found = await hdfs.storage.locate(`${hdfs.base}/file`, 0, 1_500);
    expect(found.map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 1_024],
      [1_024, 476],
    ]);
    const rackOf: Readonly<Record<string, string>> = { dn1: "/r1", dn2: "/r1", dn3: "/r2" };
    for (const { hosts, racks } of found) expect(racks).toEqual(hosts.map((name) => rackOf[name]));
  });
});

describe("rename() and publish()", () => {
  it.each([1, 2])("know a rename that was done though %i replies were lost", async (times) => {
    const hdfs = await fakeHdfs();
    await write(hdfs.storage, `${hdfs.base}/from/file`, "x");
    loseReplies(hdfs, "RENAME", times);
    await hdfs.storage.publish(`${hdfs.base}/from`, `${hdfs.base}/to`);
    expect((await hdfs.storage.listBelow(hdfs.base)).map(({ uri }) => uri)).toEqual([`${hdfs.base}/to/file`]);
  });

  it("publish() replaces an empty directory, and refuses a file, a directory with content, and to move inside", async () => {
    const { storage, base } = await fakeHdfs();
    await write(storage, `${base}/staged/part`, "x");
    await write(storage, `${base}/file`, "y");
    await write(storage, `${base}/full/file`, "z");
    expect(await reasonOf(storage.publish(`${base}/staged`, `${base}/file`))).toBe("exists");
    expect(await reasonOf(storage.publish(`${base}/staged`, `${base}/full`))).toBe("exists");
    await storage.makeDirectory(`${base}/empty`);
    await storage.publish(`${base}/staged`, `${base}/empty`);
    const names = (await storage.listBelow(base)).map(({ uri }) => uri.slice(base.length));
    expect(names).toEqual(["/empty/part", "/file", "/full/file"]);
  });

  it("refuse another file system", async () => {
    const { cluster, storage, base } = await fakeHdfs();
    await write(storage, `${base}/file`, "x");
    const other = `webhdfs://${new URL(cluster.nameNodes[0] ?? "").host}/base/to`;
    expect(await reasonOf(storage.rename(`${base}/file`, other))).toBe("invalid");
  });
});

describe("a storage whose cluster is away", () => {
  it("tells the addresses that it tried and where they come from", async () => {
    const hdfs = await fakeHdfs();
    await hdfs.cluster.stop();
    const thrown: unknown = await hdfs.storage.status("hdfs://ns/x").catch((error: unknown) => error);
    expect(storageReason(thrown)).toBe("unknown");
    expect((thrown as Error).message).toContain(hdfs.cluster.nameNodes[0]);
    expect((thrown as Error).message).toContain('the configuration "/conf"');
  });

  it("says by which property of the configuration a DataNode is found whose name means nothing here", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 1 });
    hdfs.cluster.traps.redirectHost = "3f2a9c.invalid";
    const thrown: unknown = await write(hdfs.storage, `${hdfs.base}/file`, "x").catch((error: unknown) => error);
    expect((thrown as Error).message).toMatch(
      /DataNode 3f2a9c\.invalid:\d+ .*millrace\.hdfs\.host-map \("3f2a9c\.invalid:\d+=ADDRESS:PORT"\)/u,
    );
    expect(await hdfs.storage.listBelow(hdfs.base)).toEqual([]);
  });

  it("waits for a NameNode in safe mode, and goes on when it has left it", async () => {
    const hdfs = await fakeHdfs();
    hdfs.cluster.setState(0, "safe-mode");
    const writing = write(hdfs.storage, `${hdfs.base}/file`, "x");
    const { log } = hdfs.cluster;
    const before = log.length;
    while (log.length < before + 3) await new Promise((resolve) => setImmediate(resolve));
    hdfs.cluster.setState(0, "active");
    await writing;
    expect((await hdfs.storage.status(`${hdfs.base}/file`))?.bytes).toBe(1);
  });
});
