import { afterEach, describe, expect, it } from "vitest";
import { createWebHdfsClient, type Negotiation, type WebHdfsAuth, type WebHdfsClient } from "../../src/index.ts";
import { type FakeCluster, type FakeClusterOptions, startFakeCluster } from "../../src/testing/index.ts";

describe("SPNEGO", () => {
  const clusters: FakeCluster[] = [];
  const clients: WebHdfsClient[] = [];
  const start = async (options: FakeClusterOptions = {}): Promise<FakeCluster> => {
    const cluster = await startFakeCluster({ auth: "kerberos", dataNodes: 1, replication: 1, ...options });
    clusters.push(cluster);
    return cluster;
  };
  const client = (cluster: FakeCluster, auth: WebHdfsAuth): WebHdfsClient => {
    const made = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth });
    clients.push(made);
    return made;
  };
  /** Both sides as the fake cluster has them: a user's name, and `server:` with it. */
  const negotiating = (user: string, asked: string[] = []): WebHdfsAuth & { kind: "kerberos" } => ({
    kind: "kerberos",
    negotiate: async (service): Promise<Negotiation> => {
      asked.push(service);
      return {
        token: Buffer.from(user).toString("base64"),
        verify: async (answer) => {
          if (Buffer.from(answer, "base64").toString() !== `server:${user}`) throw new Error("A token was invalid");
        },
      };
    },
  });

  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    for (const cluster of clusters.splice(0)) await cluster.stop();
  });

  it("a server that proves itself is let in, and its session serves until it ends", async () => {
    let nowMs = 1_000_000;
    const cluster = await start({ nowMs: () => nowMs });
    const asked: string[] = [];
    const hdfs = client(cluster, { ...negotiating("alice", asked), requireServerProof: true });
    for (let call = 0; call < 3; call += 1) expect(await hdfs.homeDirectory()).toBe("/user/alice");
    expect(asked).toHaveLength(1);
    nowMs += cluster.credentials.sessionMs + 1;
    expect(await hdfs.homeDirectory()).toBe("/user/alice");
    expect(await hdfs.homeDirectory()).toBe("/user/alice");
    expect(asked).toHaveLength(2);
  });

  it("the cookie goes back as it came, quotes and all, and without the ticket", async () => {
    const cluster = await start();
    const hdfs = client(cluster, negotiating("alice"));
    await hdfs.homeDirectory();
    await hdfs.homeDirectory();
    const [challenged, negotiated, later] = cluster.log.map(({ headers }) => headers);
    expect(challenged).not.toHaveProperty("authorization");
    expect(negotiated?.authorization).toMatch(/^Negotiate [A-Za-z0-9+/=]+$/u);
    expect(later?.cookie).toMatch(/^hadoop\.auth="u=alice&p=alice@EXAMPLE\.COM&t=kerberos&e=\d+&s=\d+"$/u);
    expect(later).not.toHaveProperty("authorization");
  });

  it("each server of a name service is negotiated with by its own name", async () => {
    const cluster = await start({ nameNodes: 2 });
    const asked: string[] = [];
    const hdfs = client(cluster, { ...negotiating("root", asked), service: (host) => `HTTP@nn.${host}` });
    await hdfs.homeDirectory();
    cluster.setState(0, "standby");
    cluster.setState(1, "active");
    await hdfs.homeDirectory();
    expect(asked).toEqual(["HTTP@nn.127.0.0.1", "HTTP@nn.127.0.0.1"]);
  });

  it("a server whose proof is wrong is refused, and its session with it", async () => {
    const cluster = await start();
    cluster.credentials.proof = "wrong";
    const hdfs = client(cluster, negotiating("alice"));
    for (const _ of ["first", "again"]) {
      const home = hdfs.homeDirectory();
      await expect(home).rejects.toMatchObject({ kind: "unauthenticated", outcome: "unknown" });
      await expect(home).rejects.toThrow(/not who it should be: its proof that it is HTTP@127\.0\.0\.1 is wrong/u);
    }
    cluster.credentials.proof = "right";
    expect(await hdfs.homeDirectory()).toBe("/user/alice");
  });

  it("a server without a proof is taken, unless one is required", async () => {
    const cluster = await start();
    cluster.credentials.proof = "none";
    expect(await client(cluster, negotiating("alice")).homeDirectory()).toBe("/user/alice");
    const strict = client(cluster, { ...negotiating("alice"), requireServerProof: true });
    await expect(strict.homeDirectory()).rejects.toThrow(/gives no proof that it is HTTP@127\.0\.0\.1/u);
  });

  it("a 401 that offers no Negotiate is no reason to send a ticket", async () => {
    const cluster = await start();
    const asked: string[] = [];
    for (const [challenge, said] of [
      ['Basic realm="knox"', /does not offer Negotiate but "Basic realm=/u],
      [undefined, /does not offer Negotiate but "nothing"/u],
    ] as const) {
      cluster.credentials.challenge = challenge;
      const home = client(cluster, negotiating("alice", asked)).homeDirectory();
      await expect(home).rejects.toMatchObject({ kind: "unauthenticated", status: 401, outcome: "not-done" });
      await expect(home).rejects.toThrow(said);
    }
    expect(asked).toEqual([]);
  });

  it("Negotiate is found among other schemes", async () => {
    const cluster = await start();
    cluster.credentials.challenge = 'Basic realm="a, b", Negotiate';
    expect(await client(cluster, negotiating("alice")).homeDirectory()).toBe("/user/alice");
  });

  it("who has no Kerberos credentials is told what they take", async () => {
    const cluster = await start();
    const home = client(cluster, { kind: "simple", user: "alice" }).homeDirectory();
    await expect(home).rejects.toThrow(/wants credentials by "Negotiate".*"kinit".*npm install kerberos/u);
  });

  it("a ticket that is not taken says what may be wrong with it", async () => {
    const cluster = await start();
    for (const [status, said] of [
      [401, /does not take the Kerberos ticket, HTTP 401; check principal, realm, host name \(HTTP\/host\) and clock/u],
      [403, /refuses the credentials, HTTP 403 .*; check principal, realm and clock/u],
    ] as const) {
      cluster.credentials.refuseTickets = status;
      const home = client(cluster, negotiating("alice")).homeDirectory();
      await expect(home).rejects.toMatchObject({ kind: "unauthenticated", outcome: "not-done" });
      await expect(home).rejects.toThrow(said);
    }
  });

  it("the ticket is in no error", async () => {
    const cluster = await start();
    cluster.credentials.refuseTickets = 401;
    const thrown: unknown = await client(cluster, negotiating("alice"))
      .homeDirectory()
      .catch((error: unknown) => error);
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toContain(
      Buffer.from("alice").toString("base64"),
    );
  });
});

describe("delegation tokens of a secure cluster", () => {
  it("end unless they are renewed, and at their longest life whatever is done", async () => {
    let nowMs = 0;
    const cluster = await startFakeCluster({ auth: "kerberos", dataNodes: 1, replication: 1, nowMs: () => nowMs });
    cluster.credentials.tokens.lives.renewMs = 1_000;
    cluster.credentials.tokens.lives.longestMs = 2_500;
    const negotiate = async (): Promise<string> => Buffer.from("root").toString("base64");
    const owner = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth: { kind: "kerberos", negotiate } });
    const token = (await owner.getDelegationToken()) ?? "";
    const user = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth: { kind: "token", token } });
    nowMs = 900;
    expect(await owner.renewDelegationToken(token)).toBe(1_900);
    nowMs = 1_800;
    expect(await user.homeDirectory()).toBe("/user/root");
    expect(await owner.renewDelegationToken(token)).toBe(2_500);
    nowMs = 2_501;
    await expect(user.homeDirectory()).rejects.toThrow(/InvalidToken: Token is expired.*get a new delegation token/u);
    await expect(owner.renewDelegationToken(token)).rejects.toMatchObject({ exception: "InvalidToken" });
    const others = (await owner.getDelegationToken("bob")) ?? "";
    await expect(owner.renewDelegationToken(others)).rejects.toThrow(/non-matching renewer bob/u);
    for (const client of [owner, user]) client.close();
    await cluster.stop();
  });
});
