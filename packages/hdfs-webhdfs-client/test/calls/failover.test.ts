import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";
import type { WebHdfsClient, WebHdfsClientOptions } from "../../src/index.ts";
import { type OnDelay, quickClient } from "../quick-client.ts";

/** A port on which nothing listens. */
async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

describe("calls to the name service", () => {
  let cluster: FakeCluster;
  const clients: WebHdfsClient[] = [];
  const client = (options: Partial<WebHdfsClientOptions> = {}, onDelay?: OnDelay) => {
    const made = quickClient({ nameNodes: cluster.nameNodes, ...options }, onDelay);
    clients.push(made.hdfs);
    return made;
  };
  const asked = (): readonly string[] => cluster.log.map(({ server, operation }) => `${server} ${operation}`);

  beforeEach(async () => {
    cluster = await startFakeCluster({ nameNodes: 2, dataNodes: 1, replication: 1 });
  });
  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    await cluster.stop();
  });

  it("a standby sends the call to the other, which stays the first to be asked", async () => {
    cluster.setState(0, "standby");
    cluster.setState(1, "active");
    const { hdfs, delays } = client();
    await hdfs.mkdirs("/a");
    await hdfs.mkdirs("/b");
    expect(asked()).toEqual(["nn1 MKDIRS", "nn2 MKDIRS", "nn2 MKDIRS"]);
    expect(delays).toEqual([0]); // the first failover is at once
  });

  it("a standby that hides in a SecurityException is one too", async () => {
    cluster.setState(0, "standby");
    cluster.setState(1, "active");
    cluster.traps.nestedStandby = true;
    expect(await client().hdfs.mkdirs("/a")).toBe(true);
  });

  it("a NameNode that is starting sends the call to the other", async () => {
    cluster.setState(0, "starting");
    cluster.setState(1, "active");
    expect(await client().hdfs.list("/")).toEqual([]);
  });

  it("a refused connection sends the call to the other", async () => {
    cluster.setState(1, "active");
    await cluster.killNameNode(0);
    expect(await client().hdfs.mkdirs("/a")).toBe(true);
  });

  it("an unknown host sends the call to the other", async () => {
    const { hdfs } = client({ nameNodes: ["http://no-such-host.invalid:9870", ...cluster.nameNodes] });
    expect(await hdfs.mkdirs("/a")).toBe(true);
  });

  it("without an active one it ends after Hadoop's 15 failovers, with growing delays", async () => {
    cluster.setState(0, "standby");
    const { hdfs, delays } = client();
    await expect(hdfs.list("/")).rejects.toMatchObject({
      kind: "unreachable",
      exception: "StandbyException",
      outcome: "not-done",
      message: expect.stringMatching(
        /no NameNode of the name service is active \(127.0.0.1:\d+ StandbyException, 127/u,
      ) as string,
    });
    expect(asked()).toHaveLength(16);
    expect(delays.map((ms) => Math.round(ms / 500))).toEqual([0, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30]);
  });

  it("where none answers it tells to check the addresses, not to make one active", async () => {
    await cluster.killNameNode(0);
    await cluster.killNameNode(1);
    const failed = client().hdfs.list("/");
    await expect(failed).rejects.toMatchObject({
      kind: "unreachable",
      message: expect.stringMatching(/ECONNREFUSED.*ECONNREFUSED.*check host and port/u) as string,
    });
    await expect(failed).rejects.not.toThrow(/haadmin/u);
  });

  it("a failover during the call is followed", async () => {
    cluster.setState(0, "standby");
    const { hdfs } = client({}, (count) => {
      if (count === 5) cluster.setState(1, "active");
    });
    expect(await hdfs.mkdirs("/a")).toBe(true);
    expect(asked().length).toBeGreaterThanOrEqual(6);
  });

  it("one NameNode that restarts is waited for", async () => {
    const { hdfs } = client({ nameNodes: cluster.nameNodes.slice(0, 1) }, async (count) => {
      if (count === 3) await cluster.restartNameNode(0);
      if (count === 5) cluster.setState(0, "safe-mode");
      if (count === 7) cluster.setState(0, "active");
    });
    await hdfs.mkdirs("/a");
    await cluster.killNameNode(0);
    cluster.setState(0, "starting");
    expect(await hdfs.mkdirs("/b")).toBe(true);
  });

  it("safe mode that does not end is a clear error after 10 repeats", async () => {
    cluster.setState(0, "safe-mode");
    const { hdfs, delays } = client({ nameNodes: cluster.nameNodes.slice(0, 1) });
    const made = hdfs.mkdirs("/b");
    await expect(made).rejects.toMatchObject({ exception: "SafeModeException", outcome: "not-done" });
    await expect(made).rejects.toThrow(/wait until the NameNode has left safe mode/u);
    expect(delays).toHaveLength(10);
  });

  it("an address that never answered is told soon", async () => {
    const port = await deadPort();
    const { hdfs, delays } = client({ nameNodes: [`http://127.0.0.1:${port}`] });
    const made = hdfs.mkdirs("/a");
    await expect(made).rejects.toMatchObject({ kind: "unreachable", outcome: "not-done", server: `127.0.0.1:${port}` });
    await expect(made).rejects.toThrow(/nothing listens there \(ECONNREFUSED\); check host and port/u);
    expect(delays).toHaveLength(2);
  });

  it("a server that speaks no WebHDFS is a clear error", async () => {
    const { hdfs } = client({ nameNodes: [`${cluster.nameNodes[0] ?? ""}/elsewhere`] });
    await expect(hdfs.list("/")).rejects.toMatchObject({ kind: "protocol", status: 404 });
  });

  it("refusals without an exception in them are told by their status", async () => {
    cluster.traps.errorBody = "html";
    const { hdfs } = client();
    await expect(hdfs.status("/missing")).rejects.toMatchObject({ kind: "protocol", status: 404 });
    cluster.traps.errorBody = "empty";
    await expect(hdfs.status("/missing")).rejects.toMatchObject({ kind: "protocol", status: 404 });
  });

  it("a lost reply is asked for again where that does no harm", async () => {
    const { hdfs } = client();
    cluster.traps.lostReply = { times: 1 };
    expect(await hdfs.mkdirs("/a")).toBe(true);
    expect(asked().filter((text) => text.endsWith("MKDIRS")).length).toBeGreaterThan(1);
  });

  it("a lost reply to RENAME is told, never asked for again", async () => {
    const { hdfs } = client();
    await hdfs.mkdirs("/a");
    cluster.traps.lostReply = { times: 1 };
    await expect(hdfs.rename("/a", "/b")).rejects.toMatchObject({
      kind: "unreachable",
      outcome: "unknown",
      operation: "RENAME",
    });
    expect(asked().filter((text) => text.endsWith("RENAME"))).toHaveLength(1);
    expect(await hdfs.maybeStatus("/b")).toBeDefined(); // it had happened
  });

  it("RENAME goes on where it certainly did not happen", async () => {
    const { hdfs } = client();
    await hdfs.mkdirs("/a");
    cluster.setState(0, "standby");
    cluster.setState(1, "active");
    expect(await hdfs.rename("/a", "/b")).toBe(true);
  });

  it("connections that the server closed silently are replaced", async () => {
    cluster.traps.silentClose = true;
    const { hdfs } = client();
    for (let index = 0; index < 20; index += 1) await hdfs.mkdirs(`/d${index}`);
    expect(await hdfs.list("/")).toHaveLength(20);
  });

  it("a call ends at its deadline, whatever it was doing", async () => {
    cluster.setState(0, "standby");
    const { hdfs } = client({ callTimeoutMs: 300, retry: { failoverCountMax: 1_000_000 } });
    const listed = hdfs.list("/");
    await expect(listed).rejects.toMatchObject({ kind: "timeout", outcome: "unknown" });
    await expect(listed).rejects.toThrow(/within 300 ms \(127.0.0.1:\d+ StandbyException/u);
  });

  it("a call ends with the reason of its signal", async () => {
    cluster.setState(0, "standby");
    const controller = new AbortController();
    const { hdfs } = client({ retry: { failoverCountMax: 1_000_000 } }, (count) => {
      if (count === 3) controller.abort(new Error("enough"));
    });
    await expect(hdfs.list("/", { signal: controller.signal })).rejects.toThrow("enough");
    await expect(hdfs.list("/", { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
  });

  it("each request carries the header against forgery, and PUT its empty body's length", async () => {
    cluster.traps.csrf = true;
    const { hdfs } = client({ headers: { "x-request-id": "7" } });
    expect(await hdfs.mkdirs("/a")).toBe(true);
    expect(cluster.log.at(-1)?.headers).toMatchObject({ "content-length": "0", "x-request-id": "7" });
  });

  it("mkdirs() and create() take the umask away", async () => {
    const { hdfs } = client({ umask: 0o077 });
    await hdfs.mkdirs("/d");
    await hdfs.create("/d/f", "x");
    expect((await hdfs.status("/d")).permission).toBe(0o700);
    expect((await hdfs.status("/d/f")).permission).toBe(0o600);
    expect(cluster.log.find(({ operation }) => operation === "CREATE")?.query).toMatchObject({
      permission: "600",
      unmaskedpermission: "666",
    });
  });

  it("operations that an older server does not know are replaced by others", async () => {
    const { hdfs } = client();
    await hdfs.create("/f", "hello", { replication: 1 });
    cluster.traps.unknownOperations.add("GETFILEBLOCKLOCATIONS").add("LISTSTATUS_BATCH").add("GETSNAPSHOTLIST");
    await hdfs.mkdirs("/f.d");
    await hdfs.allowSnapshot("/f.d");
    await hdfs.createSnapshot("/f.d", "s1");
    expect((await hdfs.snapshots("/f.d")).map(({ name, path }) => [name, path])).toEqual([["s1", "/f.d/.snapshot/s1"]]);
    await hdfs.deleteSnapshot("/f.d", "s1");
    await hdfs.delete("/f.d");
    expect((await hdfs.blockLocations("/f")).map(({ offset, bytes, hosts }) => [offset, bytes, hosts])).toEqual([
      [0, 5, ["127.0.0.1"]],
    ]);
    const names: string[] = [];
    for await (const page of hdfs.listPages("/")) names.push(...page.map((entry) => entry.pathSuffix));
    expect(names).toEqual(["f"]);
    cluster.traps.unknownOperations.add("GET_BLOCK_LOCATIONS");
    expect(await hdfs.blockLocations("/f")).toEqual([]);
    const before = cluster.log.length;
    await hdfs.blockLocations("/f");
    expect(cluster.log.length).toBe(before); // what it lacks is remembered
  });

  it("an operation that is answered with 400 and nothing else is replaced by another", async () => {
    const { hdfs } = client();
    await hdfs.create("/f", "hello", { replication: 1 });
    cluster.traps.unknownOperations.add("GETFILEBLOCKLOCATIONS");
    cluster.traps.errorBody = "empty";
    expect((await hdfs.blockLocations("/f")).map(({ bytes }) => bytes)).toEqual([5]);
  });

  it("listPages() loses no entry, whatever the server makes of where to begin", async () => {
    await cluster.stop();
    cluster = await startFakeCluster({ dataNodes: 1, listLimit: 10 });
    const { hdfs } = client();
    const names = Array.from({ length: 25 }, (_, index) => `d${String(index).padStart(2, "0")}`);
    for (const name of names) await hdfs.mkdirs(`/${name}`);
    const listed = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for await (const page of hdfs.listPages("/")) found.push(...page.map((entry) => entry.pathSuffix));
      return found;
    };
    expect(await listed()).toEqual(names);
    cluster.traps.caseSensitive = true;
    expect(await listed()).toEqual(names);
    cluster.traps.ignoreStartAfter = true;
    expect(await listed()).toEqual(names);
  });

  it("a JSON reply over the bound is refused", async () => {
    const { hdfs } = client({ replyBytesMax: 500 });
    for (let index = 0; index < 5; index += 1) await hdfs.mkdirs(`/d${index}`);
    await expect(hdfs.list("/")).rejects.toThrow(/more than 500 bytes; list in pages/u);
  });
});
