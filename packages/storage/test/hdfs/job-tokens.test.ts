import { createWebHdfsClient } from "hdfs-webhdfs-client";
import { startFakeCluster } from "hdfs-webhdfs-client/testing";
import type { FakeCluster } from "hdfs-webhdfs-client/testing";
import type { Clock } from "@millrace/ports";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createHdfsClusters } from "../../src/hdfs/hdfs-clusters.ts";
import { HdfsJobTokens } from "../../src/hdfs/job-tokens.ts";
import { createHdfsStorage } from "../../src/hdfs/hdfs-storage.ts";
import type { TokenNote } from "../../src/index.ts";

/** Time that a test moves. */
class HandClock implements Clock {
  nowMs = 1_000_000;
  readonly #calls = new Set<{ readonly atMs: number; readonly act: () => void }>();

  monotonicMs(): number {
    return this.nowMs;
  }
  wallMs(): number {
    return this.nowMs;
  }
  callAt(atMs: number, act: () => void): { cancel(): void } {
    const call = { atMs, act };
    this.#calls.add(call);
    return { cancel: () => void this.#calls.delete(call) };
  }
  get pending(): number {
    return this.#calls.size;
  }
  advanceTo(atMs: number): void {
    this.nowMs = atMs;
    for (const call of this.#calls) {
      if (call.atMs > atMs) continue;
      this.#calls.delete(call);
      call.act();
    }
  }
}

interface Guarded {
  readonly cluster: FakeCluster;
  readonly clock: HandClock;
  readonly tokens: HdfsJobTokens;
  readonly notes: TokenNote[];
  readonly uri: string;
}

const negotiate = async (): Promise<string> => Buffer.from("root").toString("base64");

async function guarded(security = "kerberos"): Promise<Guarded> {
  const clock = new HandClock();
  const cluster = await startFakeCluster({
    auth: security === "kerberos" ? "kerberos" : "simple",
    dataNodes: 1,
    replication: 1,
    nowMs: () => clock.nowMs,
  });
  const configuration = {
    directory: "/conf",
    names: [],
    get: (name: string) => (name === "hadoop.security.authentication" ? security : undefined),
  };
  const client = security === "kerberos" ? { auth: { kind: "kerberos", negotiate } as const } : {};
  const notes: TokenNote[] = [];
  const tokens = new HdfsJobTokens({
    clock,
    clusters: createHdfsClusters({ environment: {}, configuration, client }),
    note: (note) => notes.push(note),
  });
  onTestFinished(async () => {
    tokens.close();
    await cluster.stop();
  });
  return { cluster, clock, tokens, notes, uri: (cluster.nameNodes[0] ?? "").replace("http:", "webhdfs:") };
}

const issued = ({ cluster }: Guarded): number => cluster.credentials.tokens.issued.length;

describe("HdfsJobTokens", () => {
  it("gets the token of a pattern's cluster, and none for what is no URI of HDFS", async () => {
    const guard = await guarded();
    await guard.tokens.obtain("job", [`${guard.uri}/logs/2026-0?-*`, "hdfs:x", "hdfs://ns/%zz", "file:///in"]);
    expect(Object.keys(guard.tokens.tokensOf("job") ?? {})).toEqual([guard.uri]);
    expect(guard.notes).toEqual([]);
  });

  it("gets one token for each cluster of a job, once, and tasks work with it and without a ticket", async () => {
    const all = await guarded();
    const { tokens, uri } = all;
    await Promise.all([tokens.obtain("j-1", [`${uri}/in`, `${uri}/out`]), tokens.obtain("j-1", [`${uri}/in`])]);
    await tokens.obtain("j-1", [`${uri}/in`, "file:///data"]);
    expect(issued(all)).toBe(1);
    const given = tokens.tokensOf("j-1") ?? {};
    expect(Object.keys(given)).toEqual([uri]);
    const storage = createHdfsStorage({
      environment: {},
      configuration: { directory: "/conf", names: [], get: () => undefined },
      tokens: new Map(Object.entries(given)),
    });
    await storage.makeDirectory(`${uri}/base`);
    expect(await storage.list(`${uri}/`)).toHaveLength(1);
    expect(tokens.tokensOf("j-2")).toBeUndefined();
  });

  it("renews before a token ends, and once it is at the end of its life says so", async () => {
    const all = await guarded();
    const { tokens, clock, cluster, notes, uri } = all;
    cluster.credentials.tokens.lives.renewMs = 1_000_000;
    cluster.credentials.tokens.lives.longestMs = 2_200_000;
    await tokens.obtain("j-1", [`${uri}/in`]);
    const ends = (): number | undefined => cluster.credentials.tokens.issued[0]?.endsMs;
    expect(ends()).toBe(2_000_000);
    clock.advanceTo(1_750_000);
    await vi.waitFor(() => expect([ends(), clock.pending]).toEqual([2_750_000, 1]));
    clock.advanceTo(2_500_000);
    await vi.waitFor(() => expect(notes).toHaveLength(1));
    expect([ends(), clock.pending]).toEqual([3_200_000, 0]);
    expect(notes[0]).toMatchObject({ job: "j-1", what: expect.stringContaining("ends at 1970-01-01T00:53:20.000Z") });
  });

  it("cancels when the job is over, also one that is only being got", async () => {
    const all = await guarded();
    const { tokens, clock, uri } = all;
    await tokens.obtain("j-1", [`${uri}/in`]);
    const getting = tokens.obtain("j-2", [`${uri}/in`]);
    tokens.release("j-1");
    tokens.release("j-2");
    tokens.release("j-3");
    await getting;
    await vi.waitFor(() => expect([issued(all), clock.pending]).toEqual([0, 0]));
    expect([tokens.tokensOf("j-1"), tokens.tokensOf("j-2")]).toEqual([undefined, undefined]);
  });

  it("leaves tokens alone when it is closed: jobs go on", async () => {
    const all = await guarded();
    await all.tokens.obtain("j-1", [`${all.uri}/in`]);
    all.tokens.close();
    expect([issued(all), all.clock.pending]).toEqual([1, 0]);
  });

  it("notes what cannot be had, without a token in it, and asks again", async () => {
    const all = await guarded();
    const { tokens, cluster, notes, uri } = all;
    cluster.credentials.refuseTickets = 401;
    await tokens.obtain("j-1", [`${uri}/in`]);
    expect(tokens.tokensOf("j-1")).toBeUndefined();
    expect(notes).toEqual([
      { job: "j-1", cluster: uri, what: "no delegation token could be had", reason: expect.stringContaining("ticket") },
    ]);
    cluster.credentials.refuseTickets = undefined;
    await tokens.obtain("j-1", [`${uri}/in`]);
    expect(tokens.tokensOf("j-1")).toBeDefined();
    cluster.credentials.tokens.forget();
    tokens.release("j-1");
    await vi.waitFor(() => expect(notes).toHaveLength(2));
    expect(JSON.stringify(notes)).not.toContain("token-root-");
  });

  it("asks for none where security is off", async () => {
    const all = await guarded("simple");
    await all.tokens.obtain("j-1", [`${all.uri}/in`]);
    expect([all.tokens.tokensOf("j-1"), all.cluster.log]).toEqual([undefined, []]);
  });
});

describe("storage by tokens", () => {
  it("looks for a newer token when the one that it has is refused", async () => {
    const { cluster, uri } = await guarded();
    const owner = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth: { kind: "kerberos", negotiate } });
    onTestFinished(() => owner.close());
    const first = (await owner.getDelegationToken()) ?? "";
    const tokens = new Map([[uri, first]]);
    const configuration = { directory: "/conf", names: [], get: () => undefined };
    const storage = createHdfsStorage({ environment: {}, configuration, tokens });
    await storage.makeDirectory(`${uri}/base`);
    await owner.cancelDelegationToken(first);
    await expect(storage.list(`${uri}/base`)).rejects.toThrow(/get a new delegation token/u);
    tokens.set(uri, (await owner.getDelegationToken()) ?? "");
    expect(await storage.list(`${uri}/base`)).toEqual([]);
  });
});
