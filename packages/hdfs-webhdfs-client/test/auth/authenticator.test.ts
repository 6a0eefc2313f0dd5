import { afterEach, describe, expect, it } from "vitest";
import { createWebHdfsClient, type WebHdfsAuth, type WebHdfsClient } from "../../src/index.ts";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";

describe("credentials", () => {
  const clusters: FakeCluster[] = [];
  const clients: WebHdfsClient[] = [];
  const start = async (auth: "simple" | "kerberos", gateway = false): Promise<FakeCluster> => {
    const cluster = await startFakeCluster({ auth, dataNodes: 1, replication: 1, gateway });
    clusters.push(cluster);
    return cluster;
  };
  const client = (cluster: FakeCluster, auth?: WebHdfsAuth): WebHdfsClient => {
    const nameNodes = cluster.gateway === undefined ? cluster.nameNodes : [cluster.gateway];
    const made = createWebHdfsClient({ nameNodes, ...(auth === undefined ? {} : { auth }) });
    clients.push(made);
    return made;
  };
  /** SPNEGO as the fake cluster understands it: the user's name in base64. */
  const spnego = (user: string, asked: string[] = []): WebHdfsAuth => ({
    kind: "kerberos",
    negotiate: async (service) => {
      asked.push(service);
      return Buffer.from(user).toString("base64");
    },
  });

  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    for (const cluster of clusters.splice(0)) await cluster.stop();
  });

  it("a simple user is named in each request, and may act for another", async () => {
    const cluster = await start("simple");
    expect(await client(cluster, { kind: "simple", user: "alice" }).homeDirectory()).toBe("/user/alice");
    expect(await client(cluster, { kind: "simple", user: "root", doAs: "bob" }).homeDirectory()).toBe("/user/bob");
    expect(await client(cluster).homeDirectory()).toBe("/user/root"); // the server's static user
    await expect(client(cluster, { kind: "simple", user: "b ob" }).homeDirectory()).rejects.toMatchObject({
      exception: "IllegalArgumentException",
    });
  });

  it("a server that wants credentials is a clear error without them", async () => {
    const cluster = await start("kerberos");
    const home = client(cluster, { kind: "simple", user: "alice" }).homeDirectory();
    await expect(home).rejects.toMatchObject({ kind: "unauthenticated", status: 401, outcome: "not-done" });
    await expect(home).rejects.toThrow(/use Kerberos or a delegation token/u);
  });

  it("SPNEGO answers 401 once, then the cookie serves", async () => {
    const cluster = await start("kerberos");
    const asked: string[] = [];
    const hdfs = client(cluster, spnego("alice", asked));
    await hdfs.homeDirectory();
    await hdfs.homeDirectory();
    expect(asked).toEqual(["HTTP@127.0.0.1"]);
    cluster.credentials.expireCookies();
    expect(await hdfs.homeDirectory()).toBe("/user/alice");
    expect(asked).toHaveLength(2);
  });

  it("SPNEGO reads and writes files: the redirect carries what the DataNode needs, and no credentials go there", async () => {
    const cluster = await start("kerberos");
    const hdfs = client(cluster, spnego("root"));
    await hdfs.create("/f", "hello");
    expect(Buffer.from(await hdfs.readFile("/f")).toString()).toBe("hello");
  });

  it("HttpFS gets the cookie in its second step as well", async () => {
    const cluster = await start("kerberos", true);
    const hdfs = client(cluster, spnego("root"));
    await hdfs.create("/f", "hello");
    expect(Buffer.from(await hdfs.readFile("/f")).toString()).toBe("hello");
  });

  it("a failing SPNEGO says what to do", async () => {
    const cluster = await start("kerberos");
    const negotiate = async (): Promise<string> => {
      throw new Error("No Kerberos credentials available");
    };
    const home = client(cluster, { kind: "kerberos", negotiate }).homeDirectory();
    await expect(home).rejects.toMatchObject({ kind: "unauthenticated" });
    await expect(home).rejects.toThrow(/No Kerberos credentials available; see that there is a ticket/u);
  });

  it("without the package kerberos the error names it", async () => {
    const cluster = await start("kerberos");
    const home = client(cluster, { kind: "kerberos" }).homeDirectory();
    await expect(home).rejects.toMatchObject({ kind: "unauthenticated" });
    await expect(home).rejects.toThrow(/npm install kerberos/u);
  });

  it("credentials that never come end with the call's deadline", async () => {
    const cluster = await start("kerberos");
    const never = (): Promise<string> => Promise.withResolvers<string>().promise;
    for (const auth of [
      { kind: "kerberos", negotiate: never },
      { kind: "token", token: never },
    ] as const) {
      const hdfs = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth, callTimeoutMs: 100 });
      clients.push(hdfs);
      await expect(hdfs.homeDirectory()).rejects.toMatchObject({ kind: "timeout" });
      await expect(hdfs.homeDirectory({ signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow("enough");
    }
  });

  it("delegation tokens are got and renewed by SPNEGO, used by others, and cancelled", async () => {
    const cluster = await start("kerberos");
    const owner = client(cluster, spnego("root"));
    const token = (await owner.getDelegationToken("root")) ?? "";
    const worker = client(cluster, { kind: "token", token });
    await worker.create("/f", "hello");
    expect((await worker.status("/f")).owner).toBe("root");
    expect(cluster.log.some(({ query }) => "user.name" in query)).toBe(false);
    await expect(worker.getDelegationToken("root")).rejects.toMatchObject({ exception: "IllegalArgumentException" });
    expect(await owner.renewDelegationToken(token)).toBeGreaterThan(0);
    await owner.cancelDelegationToken(token);
    const refused = worker.status("/f");
    await expect(refused).rejects.toMatchObject({ exception: "SecurityException" });
    await expect(refused).rejects.toThrow(/get a new delegation token/u);
  });

  it("a token that became invalid is fetched anew, once in a call", async () => {
    const cluster = await start("kerberos");
    const owner = client(cluster, spnego("root"));
    let fetched = 0;
    const worker = client(cluster, {
      kind: "token",
      token: async () => {
        fetched += 1;
        return fetched === 2 ? ((await owner.getDelegationToken("root")) ?? "") : "cancelled-long-ago";
      },
    });
    expect(await worker.homeDirectory()).toBe("/user/root");
    expect(fetched).toBe(2);
    const always = client(cluster, { kind: "token", token: async () => "never-good" });
    await expect(always.homeDirectory()).rejects.toMatchObject({ exception: "SecurityException" });
  });
});
