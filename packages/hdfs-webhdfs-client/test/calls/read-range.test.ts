import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";
import type { WebHdfsClient, WebHdfsClientOptions } from "../../src/index.ts";
import { type OnDelay, quickClient } from "../quick-client.ts";

const data = Uint8Array.from({ length: 400_000 }, (_, index) => (index * 7 + (index >> 8)) & 255);

describe("reading from DataNodes", () => {
  let cluster: FakeCluster;
  const clients: WebHdfsClient[] = [];
  const client = (options: Partial<WebHdfsClientOptions> = {}, onDelay?: OnDelay): WebHdfsClient => {
    const { hdfs } = quickClient({ nameNodes: cluster.nameNodes, ...options }, onDelay);
    clients.push(hdfs);
    return hdfs;
  };
  const opens = () => cluster.log.filter(({ operation }) => operation === "OPEN");
  const sameAsData = async (hdfs: WebHdfsClient): Promise<void> => {
    expect(Buffer.compare(await hdfs.readFile("/f"), data)).toBe(0);
  };

  beforeEach(async () => {
    cluster = await startFakeCluster({ dataNodes: 3, replication: 2, blockBytes: 102_400 });
    await client().create("/f", data);
  });
  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    await cluster.stop();
  });

  it("a body that is cut goes on from where it was, at another DataNode", async () => {
    cluster.traps.cutRead = { times: 2, afterBytes: 150_000 };
    await sameAsData(client());
    const offsets = opens().map(({ query }) => Number(query["offset"]));
    expect(offsets).toHaveLength(3);
    expect(offsets).toEqual([...offsets].sort((left, right) => left - right));
    expect(opens()[1]?.query["excludedatanodes"]).toMatch(/^127\.0\.0\.1:986\d$/u);
  });

  it("a body that always stops at once is an error after the bound", async () => {
    cluster.traps.cutRead = { times: Number.POSITIVE_INFINITY, afterBytes: 0 };
    const read = client().readFile("/f");
    await expect(read).rejects.toMatchObject({ name: "WebHdfsError", operation: "OPEN", path: "/f" });
    expect(opens()).toHaveLength(6);
  });

  it("a body shorter than asked for is never taken for whole", async () => {
    cluster.traps.shortRead = { times: 1, afterBytes: 1000 };
    await sameAsData(client());
    cluster.traps.shortRead = { times: Number.POSITIVE_INFINITY, afterBytes: 0 };
    await expect(client().readFile("/f")).rejects.toMatchObject({ kind: "incomplete" });
  });

  it("a length that lies is an error", async () => {
    cluster.traps.longRead = { times: Number.POSITIVE_INFINITY };
    const read = client().readFile("/f");
    await expect(read).rejects.toMatchObject({ kind: "incomplete" });
    await expect(read).rejects.toThrow(/announcement of 400010 bytes for the 400000 asked for/u);
  });

  it("bodies in chunks are counted too", async () => {
    cluster.traps.chunkedReads = true;
    await sameAsData(client());
    cluster.traps.shortRead = { times: 1, afterBytes: 5 };
    await sameAsData(client());
  });

  it("a DataNode that goes silent is left after the idle time", async () => {
    cluster.traps.stallRead = { times: 1, afterBytes: 1000 };
    await sameAsData(client({ idleTimeoutMs: 150 }));
    expect(opens()).toHaveLength(2);
  });

  it("a slow reader is not silence of the server", async () => {
    const hdfs = client({ idleTimeoutMs: 100 });
    let bytes = 0;
    for await (const chunk of hdfs.open("/f")) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 250));
      bytes += chunk.length;
    }
    expect(bytes).toBe(400_000);
    expect(opens()).toHaveLength(1);
  });

  it("a gateway that gives the file itself may take longer for it than a call may take", async () => {
    await cluster.stop();
    cluster = await startFakeCluster({ dataNodes: 1, replication: 1, gateway: true });
    await client().create("/f", data);
    const hdfs = client({ nameNodes: [cluster.gateway ?? ""], callTimeoutMs: 200 });
    const chunks = hdfs.open("/f")[Symbol.asyncIterator]();
    let bytes = (await chunks.next()).value?.length ?? 0;
    await new Promise((resolve) => setTimeout(resolve, 400));
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) bytes += next.value.length;
    expect(bytes).toBe(400_000);
  });

  it("a dead DataNode costs one try, then it is kept out of later reads", async () => {
    const hdfs = client();
    await cluster.dataNodes[0]?.kill();
    for (let index = 0; index < 8; index += 1) await sameAsData(hdfs);
    const tried = opens().length;
    expect(tried).toBeLessThanOrEqual(9);
    const excluding = opens().filter(({ query }) => query["excludedatanodes"] === "127.0.0.1:9866");
    expect(excluding.length).toBeGreaterThan(0);
  });

  it("a paused DataNode connects and never answers: another is asked", async () => {
    const hdfs = client({ idleTimeoutMs: 150 });
    cluster.dataNodes[1]?.pause();
    for (let index = 0; index < 4; index += 1) await sameAsData(hdfs);
    cluster.dataNodes[1]?.resume();
  });

  it("when all holders were suspected they are forgiven, and a restart is waited for", async () => {
    const hdfs = client({}, async (count) => {
      if (count === 3) await Promise.all(cluster.dataNodes.map((node) => node.start()));
    });
    await Promise.all(cluster.dataNodes.map((node) => node.kill()));
    await sameAsData(hdfs);
  });

  it("a block without a live DataNode is a clear error", async () => {
    const hdfs = client();
    for (const node of cluster.dataNodes) {
      await node.kill();
      node.declaredDead = true;
    }
    const read = hdfs.readFile("/f");
    await expect(read).rejects.toMatchObject({ kind: "remote", exception: "IOException" });
    await expect(read).rejects.toThrow(/No active nodes contain this block/u);
  });

  it("another file under the name ends the read", async () => {
    const hdfs = client();
    const chunks = hdfs.open("/f")[Symbol.asyncIterator]();
    cluster.traps.cutRead = { times: 1, afterBytes: 200_000 };
    await chunks.next();
    await client().create(
      "/f",
      data.map((byte) => byte ^ 1),
      { overwrite: true },
    );
    const rest = async (): Promise<void> => {
      while ((await chunks.next()).done !== true);
    };
    await expect(rest()).rejects.toMatchObject({ kind: "changed" });
  });

  it("another file of the same length, met at the border of a block, ends the read too", async () => {
    const chunks = client().open("/f", { perBlock: true })[Symbol.asyncIterator]();
    await chunks.next();
    const other = data.map((byte) => byte ^ 1);
    await client().create("/f", other, { overwrite: true });
    const rest = async (): Promise<void> => {
      while ((await chunks.next()).done !== true);
    };
    await expect(rest()).rejects.toMatchObject({ kind: "changed" });
  });

  it("a DataNode with an IPv6 address is left for another, though it cannot be excluded", async () => {
    cluster.traps.redirectHost = "[::1]";
    const read = client().readFile("/f");
    await expect(read).rejects.toMatchObject({ kind: "unreachable" });
    await expect(read).rejects.toThrow(/DataNode \[::1\]:\d+ of the redirect.*see that the DataNode runs/u);
    expect(opens().every(({ query }) => query["excludedatanodes"] === undefined)).toBe(true);
  });

  it("a status that is handed in spares the look-up, and is held to", async () => {
    const hdfs = client();
    const status = await hdfs.status("/f");
    const before = cluster.log.length;
    expect(await hdfs.readInto("/f", 399_990, new Uint8Array(100), { status })).toBe(10);
    expect(cluster.log.slice(before).map(({ operation }) => operation)).toEqual(["OPEN"]);
    await hdfs.create("/f", "short", { overwrite: true });
    await expect(hdfs.readFile("/f", { status })).rejects.toMatchObject({ kind: "changed" });
  });

  it("perBlock asks anew at each border", async () => {
    const hdfs = client();
    await hdfs.readInto("/f", 100_000, new Uint8Array(200_000), { perBlock: true });
    expect(opens().map(({ query }) => [Number(query["offset"]), Number(query["length"])])).toEqual([
      [100_000, 2400],
      [102_400, 102_400],
      [204_800, 95_200],
    ]);
  });

  it("a redirect to an unknown name is an error that names the host and the option", async () => {
    cluster.traps.redirectHost = "3f2a9c.invalid";
    const read = client().readFile("/f");
    await expect(read).rejects.toMatchObject({ kind: "unreachable", outcome: "not-done" });
    await expect(read).rejects.toThrow(
      /DataNode 3f2a9c\.invalid:\d+ of the redirect.*"hostMap" \(\{ "3f2a9c\.invalid": "address" \}\)/u,
    );
  });

  it("a host map leads to where the DataNode is", async () => {
    cluster.traps.redirectHost = "3f2a9c.invalid";
    await sameAsData(client({ hostMap: { "3f2a9c.invalid": "127.0.0.1" } }));
    await sameAsData(
      client({ hostMap: (host, port) => (host === "3f2a9c.invalid" ? `127.0.0.1:${port}` : undefined) }),
    );
  });

  it("a read ends with the reason of its signal, also between chunks", async () => {
    const controller = new AbortController();
    const read = async (): Promise<void> => {
      for await (const chunk of client().open("/f", { signal: controller.signal })) {
        expect(chunk.length).toBeGreaterThan(0);
        controller.abort(new Error("enough"));
      }
    };
    await expect(read()).rejects.toThrow("enough");
  });

  it("readFile() refuses what is too large for memory", async () => {
    await expect(client().readFile("/f", { bytesMax: 1000 })).rejects.toThrow(
      /has 400000 bytes, more than the 1000 allowed/u,
    );
  });

  it("offsets and lengths that are none are refused", async () => {
    await expect(client().readInto("/f", -1, new Uint8Array(1))).rejects.toMatchObject({ kind: "invalid" });
    await expect(client().readInto("/f", 0.5, new Uint8Array(1))).rejects.toMatchObject({ kind: "invalid" });
  });

  it("checksum() goes to another DataNode too", async () => {
    const hdfs = client();
    await cluster.dataNodes[0]?.kill();
    for (let index = 0; index < 4; index += 1) expect((await hdfs.checksum("/f")).length).toBe(28);
  });
});
