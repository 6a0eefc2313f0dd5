// A job on HDFS that Kerberos guards: the coordinator has a ticket, and workers have none.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createWebHdfsClient } from "hdfs-webhdfs-client";
import type { WebHdfsClient } from "hdfs-webhdfs-client";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { whenAnswered } from "../ask-coordinator.ts";
import { millrace } from "../harness.ts";
import { RestartableCluster } from "../restartable-cluster.ts";
import { missingForKerberos, startGuardedHdfs } from "./guarded-hdfs.ts";
import type { GuardedHdfs } from "./guarded-hdfs.ts";

const missing = missingForKerberos();
const tokenOperation = /op=(?<operation>\w+DELEGATIONTOKEN)\S* HTTP\/1\.1" 200/gu;

describe.skipIf(missing !== undefined)(`jobs on a guarded HDFS${missing === undefined ? "" : ` (${missing})`}`, () => {
  let hdfs: GuardedHdfs;
  let client: WebHdfsClient;
  const cluster = new RestartableCluster();
  const input = "/user/alice/in";

  beforeAll(async () => {
    hdfs = await startGuardedHdfs();
    Object.assign(process.env, hdfs.asAlice);
    client = createWebHdfsClient({ nameNodes: hdfs.webHdfs, auth: { kind: "kerberos" } });
    for (let index = 0; index < 4; index += 1) await client.create(`${input}/${index}.txt`, "a b\n".repeat(50_000));
    await cluster.startCoordinator();
    const ticket = process.env["KRB5_CLIENT_KTNAME"];
    Object.assign(process.env, { KRB5_CLIENT_KTNAME: "FILE:/nonexistent", KRB5CCNAME: "FILE:/nonexistent" });
    await cluster.startWorkers(2);
    Object.assign(process.env, hdfs.asAlice, { KRB5_CLIENT_KTNAME: ticket });
  });
  afterAll(async () => {
    client.close();
    await cluster.stop();
    await hdfs.stop();
  });

  const log = (): string => readFileSync(hdfs.nameNodes[0]?.logPath ?? "", "utf8");
  const operations = (): readonly string[] =>
    [...log().matchAll(tokenOperation)].map(({ groups }) => groups?.["operation"] ?? "");

  const partsOf = async (directory: string): Promise<readonly (readonly [string, number])[]> => {
    const listed = (await client.list(directory)).filter(({ pathSuffix }) => pathSuffix.startsWith("part-"));
    return listed.map(({ pathSuffix, bytes }) => [pathSuffix, bytes]);
  };

  it("tasks read and write by the job's token, which is cancelled when the job is over", async () => {
    const shape = ["--reduces", "2", "--split-bytes", "128KiB"];
    const args = ["submit", "word-count", `hdfs://${input}`, "hdfs:///user/alice/out", ...shape];
    const run = await millrace(args, { env: cluster.env, timeoutMs: 150_000 });
    expect([run.exit, run.stderr]).toEqual([0, expect.any(String)]);
    const parts = await partsOf("/user/alice/out");
    const texts = await Promise.all(
      parts.map(async ([name]) => Buffer.from(await client.readFile(`/user/alice/out/${name}`)).toString()),
    );
    expect(texts.join("").split("\n").filter(Boolean).sort()).toEqual(["a\t200000", "b\t200000"]);
    expect((await client.status("/user/alice/out/_SUCCESS")).owner).toBe("alice");
    // The log of requests names each token in full: WebHDFS has them in the query.
    await vi.waitFor(
      () => {
        expect(operations()).toEqual(["GETDELEGATIONTOKEN", "RENEWDELEGATIONTOKEN", "CANCELDELEGATIONTOKEN"]);
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  it("an output in the input is refused, also where it has another name", async () => {
    const args = ["submit", "word-count", `hdfs://${input}`, `${hdfs.uri}${input}/counts`];
    const refused = await millrace(args, { env: cluster.env });
    expect([refused.exit, refused.stderr]).toEqual([6, expect.stringContaining("E_OUTPUT_OVERLAPS")]);
  });

  it("a coordinator that is killed in the middle gets a new token, and the job goes on", async () => {
    const before = operations().length;
    await cluster.stopCoordinator();
    await cluster.startCoordinator("commit.beforeManifest=kill");
    await cluster.whenAlive(2);
    const args = ["submit", "word-count", `hdfs://${input}`, "hdfs:///user/alice/again", "--reduces", "2", "--detach"];
    const submitted = await millrace(args, { env: cluster.env, timeoutMs: 60_000 });
    expect([submitted.exit, submitted.stderr]).toEqual([0, expect.any(String)]);
    await cluster.coordinator?.ended;
    await cluster.startCoordinator();
    const job = /job-[a-z0-9]+/u.exec(submitted.stdout)?.[0] ?? "";
    const waited = await millrace(["job", "wait", job], { env: cluster.env, timeoutMs: 90_000 });
    expect([waited.exit, waited.stderr]).toEqual([0, expect.any(String)]);
    expect(await partsOf("/user/alice/again")).toEqual(await partsOf("/user/alice/out"));
    await vi.waitFor(
      () => {
        const [get, renew, cancel] = ["GET", "RENEW", "CANCEL"].map((verb) => `${verb}DELEGATIONTOKEN`);
        expect(operations().slice(before)).toEqual([get, renew, get, renew, cancel]);
      },
      { timeout: 20_000, interval: 200 },
    );
  });

  it("the token is in no file, log or answer of the cluster", async () => {
    const token = /op=CANCELDELEGATIONTOKEN&token=(?<token>[\w-]+)/u.exec(log())?.groups?.["token"] ?? "";
    expect(token.length).toBeGreaterThan(50);
    const files = readdirSync(cluster.scratch.path, { recursive: true, encoding: "utf8" })
      .map((name) => join(cluster.scratch.path, name))
      .filter((path) => statSync(path).isFile());
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter((path) => readFileSync(path, "latin1").includes(token))).toEqual([]);
    const said = [cluster.coordinator, ...cluster.workers].map((each) => `${each?.stdout()}${each?.stderr()}`).join("");
    expect(said).not.toContain(token);
    const job = await whenAnswered(
      cluster.env,
      "jobs",
      (answer) => (answer as { readonly jobs: readonly { readonly job: string }[] }).jobs[0]?.job,
    );
    for (const path of [`jobs/${job}`, `jobs/${job}/tasks`, "workers", "cluster"])
      expect(await whenAnswered(cluster.env, path, (answer) => JSON.stringify(answer))).not.toContain(token);
  });
});
