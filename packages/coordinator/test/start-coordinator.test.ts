import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobSpec, JobView } from "@millrace/core";
import { createControlChannel, createJobClient } from "@millrace/rpc";
import { readEndpointFile } from "@millrace/rpc/endpoint";
import { logMac } from "@millrace/shuffle";
import type { RunningCoordinator, StartOptions } from "../src/start-coordinator.ts";
import { startCoordinator } from "../src/start-coordinator.ts";
import { countBundle, countJob } from "./count-job.ts";
import { FakeWorker } from "./fake-worker.ts";

let directory = "";
let lines: string[] = [];
const open: { close(): unknown }[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-start-"));
  mkdirSync(join(directory, "in"));
  for (const name of ["a", "b", "c"]) writeFileSync(join(directory, "in", name), "word\n");
  lines = [];
});
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
  rmSync(directory, { recursive: true });
});

const bundle = countBundle;
const specOf = (output: string, name = "count"): JobSpec => ({ ...countJob(directory, output), name });

async function start(options: Partial<StartOptions> = {}): Promise<RunningCoordinator> {
  const coordinator = await startCoordinator({
    listen: "127.0.0.1:0",
    http: "127.0.0.1:0",
    stateDirectory: join(directory, "state"),
    endpointFile: join(directory, "run", "endpoint.json"),
    logLevel: "debug",
    logSink: { write: (line) => lines.push(line) },
    onFatal: (thrown) => {
      throw thrown;
    },
    ...options,
  });
  open.push(coordinator);
  return coordinator;
}

/** A client and a worker that reach the coordinator over gRPC, by its endpoint file. */
async function connect(
  prepare: (worker: FakeWorker) => void = () => undefined,
): Promise<{ readonly jobs: ReturnType<typeof createJobClient>; readonly worker: FakeWorker }> {
  const endpoint = readEndpointFile(join(directory, "run", "endpoint.json"));
  const jobs = createJobClient({ address: endpoint.address, token: endpoint.token });
  const channel = createControlChannel({ address: endpoint.address, token: endpoint.workerToken });
  const worker = new FakeWorker("one");
  prepare(worker);
  open.push(jobs, channel);
  await worker.connect(channel);
  return { jobs, worker };
}

async function get(
  coordinator: RunningCoordinator,
  path: string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization = `Bearer ${coordinator.endpoint.readToken}`;
  return fetch(`http://${coordinator.httpAddress}${path}`, { headers: { authorization, ...headers } });
}

describe("startCoordinator()", () => {
  it("runs a job for a client over gRPC, and shows it over HTTP", async () => {
    const coordinator = await start();
    const { jobs } = await connect();
    const { job } = await jobs.submit(specOf("out"), bundle);
    const view = await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
    expect(view).toMatchObject({ state: "succeeded", tasksDone: 4, counters: { lines: 4 } });
    expect(readdirSync(join(directory, "out")).toSorted()).toEqual(["_SUCCESS", "part-r-00000.txt"]);
    expect(((await (await get(coordinator, `/api/v1/jobs/${job}`)).json()) as JobView).state).toBe("succeeded");
    expect((await jobs.tasks(job)).map((task) => task.state)).toEqual(["done", "done", "done", "done"]);
    expect((await jobs.events(job)).map((event) => event.kind)).toContain("published");
    expect(await (await get(coordinator, "/metrics")).text()).toContain("millrace_jobs_ended 1");
    const events = await (await get(coordinator, `/api/v1/jobs/${job}/events`, { "last-event-id": "1" })).text();
    expect(events).not.toContain("event: submitted");
    expect(events).toContain("event: ended-job");
  });

  it("writes an endpoint file for its user alone, and takes it away at the end", async () => {
    const coordinator = await start();
    const path = join(directory, "run", "endpoint.json");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, "state", "tokens.json")).mode & 0o777).toBe(0o600);
    expect(readEndpointFile(path)).toEqual(coordinator.endpoint);
    await coordinator.close();
    expect(existsSync(path)).toBe(false);
    await coordinator.close();
  });

  it("keeps its tokens over a restart, so that workers come back", async () => {
    const first = await start();
    await first.close();
    const second = await start();
    expect(second.token).toBe(first.token);
    expect(new Set([second.endpoint.token, second.endpoint.workerToken, second.endpoint.readToken]).size).toBe(3);
  });

  it("logs the end of a job also when it was submitted in an earlier reign", async () => {
    const first = await start();
    const { jobs, worker } = await connect();
    const { job: ended } = await jobs.submit(specOf("out1"), bundle);
    await jobs.watch(ended, () => undefined, AbortSignal.timeout(10_000));
    worker.close();
    await worker.closed;
    const { job } = await jobs.submit(specOf("out2"), bundle);
    await first.close();
    lines = [];
    await start();
    await connect();
    await expect.poll(() => lines.filter((line) => line.includes("job ended")), { timeout: 10_000 }).toHaveLength(1);
    expect(lines.find((line) => line.includes("job ended"))).toContain(job);
    expect(lines.find((line) => line.includes("reigning"))).toContain('"recovered":1');
  });

  it("refuses another address than loopback before anything is touched", async () => {
    for (const wrong of [
      { listen: "0.0.0.0:0" },
      { http: "0.0.0.0:0" },
      { listen: "[::]:0" },
      { http: "10.1.2.3:80" },
    ]) {
      await expect(start(wrong), JSON.stringify(wrong)).rejects.toMatchObject({ code: "E_UNSAFE_LISTEN" });
    }
    expect(readdirSync(directory)).toEqual(["in"]);
  });

  it("refuses a log level that there is not before anything is touched, and names the nearest", async () => {
    await expect(start({ logLevel: "loud" })).rejects.toMatchObject({
      code: "E_CONFIGURATION",
      message:
        'Cannot log at the level "loud": there is none of that name; set logLevel to one of trace, debug, info, warn, error, fatal, silent',
    });
    await expect(start({ logLevel: "warm" })).rejects.toThrow('(did you mean "warn"?)');
    expect(readdirSync(directory)).toEqual(["in"]);
  });

  it("gives a client every job once, though a history is gone", async () => {
    const first = await start();
    const { jobs } = await connect();
    const submitted: string[] = [];
    for (const output of ["out0", "out1", "out2"]) {
      const { job } = await jobs.submit(specOf(output), bundle);
      await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
      submitted.unshift(job);
    }
    const stateOf = (job = ""): string => join(directory, "state", "jobs", job);
    await expect.poll(() => submitted.filter((job) => !existsSync(join(stateOf(job), "summary.json")))).toEqual([]);
    await first.close();
    rmSync(stateOf(submitted[1]), { recursive: true });
    await start();
    const again = await connect();
    const listed = await again.jobs.list();
    expect(listed.map(({ job }) => job)).toEqual(submitted);
    expect(listed[1]).toMatchObject({ name: "(history removed)", state: "succeeded" });
  });

  it("a port in use leaves nothing running: the same directory starts at once on another", async () => {
    const other = createTcpServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    open.push({ close: () => new Promise((resolve) => other.close(resolve)) });
    const taken = `127.0.0.1:${(other.address() as AddressInfo).port}`;
    await expect(start({ listen: taken })).rejects.toMatchObject({ code: "E_PORT_IN_USE" });
    await expect(start({ http: taken })).rejects.toMatchObject({ code: "E_PORT_IN_USE" });
    expect(existsSync(join(directory, "run", "endpoint.json"))).toBe(false);
    await start();
  });

  it("refuses a second coordinator, whose failure leaves the first one's endpoint file", async () => {
    const first = await start();
    await expect(start()).rejects.toMatchObject({ code: "E_STATE_LOCKED" });
    expect(readEndpointFile(join(directory, "run", "endpoint.json")).address).toBe(first.address);
  });

  it("logs JSON lines in which nothing acts and no token stands", async () => {
    const coordinator = await start();
    const { jobs } = await connect();
    const odd = "a\u001b[31m\u202eb\u2066\n\u009b";
    await jobs.submit(specOf("out", odd), bundle).catch(() => undefined);
    const { job } = await jobs.submit(specOf("out2"), bundle);
    await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
    await coordinator.close();
    const text = lines.join("");
    expect(text).toContain("reigning");
    expect(text).toContain("worker registers");
    for (const line of lines) expect(() => JSON.parse(line) as unknown, line).not.toThrow();
    expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    const { token, workerToken, readToken } = coordinator.endpoint;
    for (const secret of [token, workerToken, readToken]) expect(text).not.toContain(secret);
  });
});

describe("logs of attempts", () => {
  /** A server of logs in place of a worker's. */
  async function serveLogs(printed = "x".repeat(100_000)): Promise<{
    readonly address: string;
    readonly asked: { url: string; mac: unknown }[];
    stop(): void;
  }> {
    const asked: { url: string; mac: unknown }[] = [];
    const server = createServer((request, response) => {
      asked.push({ url: request.url ?? "", mac: request.headers["x-millrace-mac"] });
      response.end(printed === "" ? "" : `${printed} printed by ${request.url?.split("/").at(-1)}\n`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const stop = (): unknown => server.close();
    open.push({ close: stop });
    return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked, stop };
  }

  it("are read from the worker that has them with the job's key, and their ends are kept for later", async () => {
    const logs = await serveLogs();
    const coordinator = await start();
    const { jobs } = await connect((worker) => {
      worker.shuffleAddress = logs.address;
    });
    const { job } = await jobs.submit(specOf("out"), bundle);
    await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
    expect(Buffer.from(await jobs.log(job, "0-0.0")).toString()).toContain("x printed by 0-0.0\n");
    expect((await jobs.log(job, "0-0.0")).length).toBeGreaterThan(100_000);
    const key = readFileSync(join(directory, "state", "jobs", job, "shuffle.key"), "utf8").trim();
    const mac = logMac(key, { job, stage: 0, task: 0, attempt: 0 });
    expect(logs.asked).toContainEqual({ url: `/logs/${job}/0-0.0`, mac });
    logs.stop();
    const kept = Buffer.from(await jobs.log(job, "0-0.0"));
    expect(kept.length).toBe(64 * 1024);
    expect(kept.toString()).toContain("x printed by 0-0.0\n");
    const page = await get(coordinator, `/api/v1/jobs/${job}/attempts/0-0.0/log`);
    expect(page.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await page.text()).toBe(kept.toString());
    await expect(jobs.log(job, "0-7.0")).rejects.toMatchObject({ code: "E_UNKNOWN_JOB" });
  });

  it("of a failure that ends its job are kept, though the worker forgets the job at once", async () => {
    const logs = await serveLogs();
    await start();
    const { jobs } = await connect((worker) => {
      worker.shuffleAddress = logs.address;
      worker.failure = { code: "E_ASYNC_USER_CODE", message: "map returned a promise" };
    });
    const { job } = await jobs.submit(specOf("out"), bundle);
    const view = await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
    expect(view).toMatchObject({ state: "failed", failure: { code: "E_ASYNC_USER_CODE" } });
    logs.stop();
    expect(Buffer.from(await jobs.log(job, "0-0.0")).toString()).toContain("x printed by 0-0.0\n");
  });

  it("of attempts that printed nothing are empty, also when the worker is gone", async () => {
    const logs = await serveLogs("");
    await start();
    const { jobs } = await connect((worker) => {
      worker.shuffleAddress = logs.address;
    });
    const { job } = await jobs.submit(specOf("out"), bundle);
    await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
    const kept = join(directory, "state", "jobs", job, "logs");
    await expect.poll(() => readdirSync(kept)).toHaveLength(4);
    logs.stop();
    for (const { attempt } of await jobs.tasks(job).then((tasks) => tasks.flatMap(({ attempts }) => attempts)))
      expect((await jobs.log(job, attempt)).length, attempt).toBe(0);
  });

  it("of a worker that is gone are refused by name", async () => {
    await start();
    const { jobs } = await connect();
    const { job } = await jobs.submit(specOf("out"), bundle);
    await jobs.watch(job, () => undefined, AbortSignal.timeout(10_000));
    await expect(jobs.log(job, "0-0.0")).rejects.toMatchObject({ code: "E_UNREACHABLE" });
  });
});
