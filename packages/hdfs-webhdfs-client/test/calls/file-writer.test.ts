import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";
import type { WebHdfsClient, WebHdfsClientOptions } from "../../src/index.ts";
import { type OnDelay, quickClient } from "../quick-client.ts";

describe("writing through DataNodes", () => {
  let cluster: FakeCluster;
  const clients: WebHdfsClient[] = [];
  const client = (options: Partial<WebHdfsClientOptions> = {}, onDelay?: OnDelay): WebHdfsClient => {
    const { hdfs } = quickClient({ nameNodes: cluster.nameNodes, ...options }, onDelay);
    clients.push(hdfs);
    return hdfs;
  };
  const creates = () => cluster.log.filter(({ operation }) => operation === "CREATE");
  async function* stream(bytes: number, chunkBytes = 65_536): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes; at += chunkBytes) yield new Uint8Array(Math.min(chunkBytes, bytes - at));
  }

  beforeEach(async () => {
    cluster = await startFakeCluster({ nameNodes: 2, dataNodes: 2, replication: 1, blockBytes: 1024 * 1024 });
  });
  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    await cluster.stop();
  });

  it("the body goes to the DataNode only, the name service gets none", async () => {
    await client().create("/f", "hello");
    expect(creates().map(({ headers }) => headers["content-length"])).toEqual(["0"]);
  });

  it("a DataNode that refuses connections costs a try, not the write", async () => {
    await cluster.dataNodes[0]?.kill();
    const hdfs = client();
    for (let index = 0; index < 4; index += 1) await hdfs.create(`/f${index}`, stream(100_000));
    expect(await hdfs.list("/")).toHaveLength(4);
  });

  it("more files are open for writing than there may be connections to one server", async () => {
    await cluster.dataNodes[1]?.kill();
    const hdfs = client({ socketCountMax: 2, idleTimeoutMs: 2_000 });
    const writers = [];
    for (let index = 0; index < 5; index += 1) {
      const writer = await hdfs.createWriter(`/f${index}`);
      await writer.write(new Uint8Array(1_000));
      writers.push(writer);
    }
    // An upload holds none of the connections that others wait for.
    expect(await hdfs.maybeStatus("/f0")).toBeDefined();
    expect(await Promise.all(writers.map((writer) => writer.close()))).toEqual(Array(5).fill(1_000));
  });

  it("close() of the client ends a write that is under way", async () => {
    const hdfs = client();
    const writer = await hdfs.createWriter("/f");
    await writer.write(new Uint8Array(1_000));
    hdfs.close();
    await expect(writer.close()).rejects.toMatchObject({ kind: "incomplete", outcome: "unknown" });
  });

  it("a DataNode that was learnt from block locations is excluded by its transfer address", async () => {
    const hdfs = client();
    await hdfs.create("/known", new Uint8Array(3_000_000));
    await hdfs.locatedBlocks("/known");
    await cluster.dataNodes[0]?.kill();
    for (let index = 0; index < 4; index += 1) await hdfs.create(`/f${index}`, "x");
    expect(creates().some(({ query }) => query["excludedatanodes"] === "127.0.0.1:9866")).toBe(true);
  });

  it("a DataNode killed in the middle leaves the outcome unknown, and the file open", async () => {
    cluster.traps.cutWrite = { times: 1, afterBytes: 500_000 };
    const written = client().create("/f", stream(2_000_000));
    await expect(written).rejects.toMatchObject({ kind: "incomplete", outcome: "unknown", operation: "CREATE" });
    await expect(written).rejects.toThrow(/look what is there: a file from before, or a short one of this try/u);
    cluster.traps.cutWrite = { times: 1, afterBytes: 500_000 };
    await expect(client().create("/g", stream(2_000_000), { overwrite: true })).rejects.toThrow(
      /may be short though it looks complete; delete it and write again under a new name/u,
    );
    expect(creates()).toHaveLength(2); // never sent twice
  });

  it("bytes that were lost on the way are noticed by the length", async () => {
    cluster.traps.loseWrite = { times: 1, afterBytes: 1000 };
    const written = client().create("/f", new Uint8Array(5000));
    await expect(written).rejects.toMatchObject({ kind: "incomplete" });
    await expect(written).rejects.toThrow(/the file has 1000 bytes, not the 5000 that were written/u);
  });

  it("a full cluster is a clear error", async () => {
    cluster.traps.full = true;
    await expect(client().create("/f", "x")).rejects.toThrow(
      /IOException: File \/f could only be written to 0 of the 1/u,
    );
  });

  it("a redirect by a standby is as good as another", async () => {
    cluster.setState(0, "standby");
    cluster.setState(1, "active");
    const hdfs = client();
    expect(await hdfs.create("/f", "hello")).toBe(5);
    expect((await hdfs.status("/f")).bytes).toBe(5);
  });

  it("safe mode at the DataNode: bytes in memory are sent again, a stream is not", async () => {
    const one = cluster.nameNodes.slice(0, 1);
    cluster.setState(0, "safe-mode");
    await expect(client({ nameNodes: one }).create("/s", stream(1000))).rejects.toMatchObject({
      exception: "SafeModeException",
    });
    const hdfs = client({ nameNodes: one }, (count) => {
      if (count === 3) cluster.setState(0, "active");
    });
    expect(await hdfs.create("/f", "hello")).toBe(5);
  });

  it("a refusal in the middle of a large stream ends it early", async () => {
    const hdfs = client();
    await hdfs.create("/f", "there");
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        taken += 1;
        yield new Uint8Array(65_536);
      }
    }
    await expect(hdfs.create("/f", endless())).rejects.toMatchObject({ exception: "FileAlreadyExistsException" });
    expect(taken).toBeLessThan(1000);
  });

  it("a refusal is told although the connection is reset while bytes are still being sent", async () => {
    const hdfs = client();
    await hdfs.create("/f", "there");
    const bob = client({ auth: { kind: "simple", user: "bob" } });
    await hdfs.setPermission("/", 0o755);
    for (let round = 0; round < 10; round += 1) {
      const refused = hdfs.create("/f", new Uint8Array(5_000_000));
      await expect(refused).rejects.toMatchObject({ exception: "FileAlreadyExistsException", outcome: "not-done" });
      const denied = bob.create("/of-bob", new Uint8Array(5_000_000));
      await expect(denied).rejects.toMatchObject({ exception: "AccessControlException", outcome: "not-done" });
    }
  });

  it("a quota that is used up is told although the connection is reset while bytes are still being sent", async () => {
    const hdfs = client();
    await hdfs.mkdirs("/small/deep");
    await hdfs.setQuota("/small", { spaceQuota: 3_000_000 });
    for (let round = 0; round < 10; round += 1) {
      // Cut where the DataNode would refuse, so that its refusal is lost for certain.
      if (round % 2 === 1) cluster.traps.cutWrite = { times: 1, afterBytes: 2_500_000 };
      const over = hdfs.create(`/small/deep/${round}`, new Uint8Array(5_000_000));
      await expect(over).rejects.toMatchObject({ kind: "remote", exception: "DSQuotaExceededException" });
      await hdfs.delete(`/small/deep/${round}`);
    }
    cluster.traps.cutWrite = { times: 1, afterBytes: 2_500_000 };
    await expect(hdfs.create("/small/deep/f", new Uint8Array(5_000_000))).rejects.toThrow(
      /DSQuotaExceededException: of "\/small" the space quota is 3000000 bytes, \d+ are used, and a block needs 1048576; remove data/u,
    );
  });

  it("a dropped connection below quotas with room stays what it is, as it does where nobody knows of quotas", async () => {
    const hdfs = client();
    await hdfs.mkdirs("/small");
    await hdfs.setQuota("/small", { spaceQuota: 100_000_000 });
    for (const operation of ["", "GETQUOTAUSAGE"]) {
      if (operation !== "") cluster.traps.unknownOperations.add(operation);
      cluster.traps.cutWrite = { times: 1, afterBytes: 2_000_000 };
      const dropped = hdfs.create("/small/f", new Uint8Array(5_000_000), { overwrite: true });
      await expect(dropped).rejects.toMatchObject({ kind: "incomplete", outcome: "unknown" });
    }
  });

  it("a source that fails ends the write with its error", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(1000);
      throw new Error("disk on fire");
    }
    await expect(client().create("/f", broken())).rejects.toThrow("disk on fire");
  });

  it("the later of two writers wins, and the first is told", async () => {
    const hdfs = client();
    const first = await hdfs.createWriter("/f", { overwrite: true });
    await first.write(new Uint8Array(10));
    await expect.poll(async () => await hdfs.maybeStatus("/f")).toBeDefined();
    await hdfs.create("/f", "second", { overwrite: true });
    await expect(first.close()).rejects.toMatchObject({ exception: "FileNotFoundException" });
    expect((await hdfs.status("/f")).bytes).toBe(6);
  });

  it("append() checks the length before and after", async () => {
    const hdfs = client();
    await hdfs.create("/f", "one ");
    expect(await hdfs.append("/f", "two")).toBe(3);
    cluster.traps.loseWrite = { times: 1, afterBytes: 1 };
    await expect(hdfs.append("/f", "three")).rejects.toThrow(/has 8 bytes, not the 12/u);
  });

  it("a gateway that takes the first request for the file gets the content by a second", async () => {
    cluster.traps.noRedirect = true;
    const hdfs = client();
    expect(await hdfs.create("/f", "hello")).toBe(5);
    expect(Buffer.from(await hdfs.readFile("/f")).toString()).toBe("hello");
  });

  it("a name service that knows no DataNode yet is asked again, as after a restart of all", async () => {
    for (const node of cluster.dataNodes) node.declaredDead = true;
    const hdfs = client({}, (count) => {
      if (count === 3) for (const node of cluster.dataNodes) node.declaredDead = false;
    });
    expect(await hdfs.create("/f", "hello")).toBe(5);
    for (const node of cluster.dataNodes) node.declaredDead = true;
    const written = client().create("/g", "hello");
    await expect(written).rejects.toMatchObject({ kind: "remote", exception: "IOException", outcome: "not-done" });
    await expect(written).rejects.toThrow(/Failed to find datanode.*see that DataNodes run/u);
  });

  it("a paused DataNode is left after the idle time, and the outcome is unknown", async () => {
    for (const node of cluster.dataNodes) node.pause();
    const written = client({ idleTimeoutMs: 150 }).create("/f", "hello");
    await expect(written).rejects.toMatchObject({ kind: "timeout", outcome: "unknown" });
    for (const node of cluster.dataNodes) node.resume();
  });

  it("concat() refuses a source with a comma, at which the server would cut its name", async () => {
    await expect(client().concat("/f", ["/a,b"])).rejects.toMatchObject({ kind: "invalid", outcome: "not-done" });
  });

  it("truncate() within a block says that recovery is under way", async () => {
    const hdfs = client();
    await hdfs.create("/f", new Uint8Array(100));
    expect(await hdfs.truncate("/f", 50)).toBe(false);
    expect((await hdfs.status("/f")).bytes).not.toBe(50);
    cluster.finishRecovery();
    expect((await hdfs.status("/f")).bytes).toBe(50);
  });
});
