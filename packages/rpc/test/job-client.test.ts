import { createHash } from "node:crypto";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { MillraceError, limits } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { JobBackend, RemoteJobClient } from "../src/index.ts";
import { createJobClient } from "../src/index.ts";
import type { Fixture } from "./fixture.ts";
import { jobA, spec, startFixture, tokens, viewOf } from "./fixture.ts";

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function start(
  backend: Partial<JobBackend> = {},
  token = tokens.client,
): Promise<{ fixture: Fixture; jobs: RemoteJobClient }> {
  const fixture = await startFixture(backend);
  const jobs = createJobClient({ address: fixture.server.address, token });
  open.push(fixture.server, jobs);
  return { fixture, jobs };
}

describe("submit()", () => {
  it("brings spec, key and bundle over whole", async () => {
    const bundle = Buffer.alloc(3_000_001, "code");
    const big: JobSpec = {
      ...spec,
      bundle: { sha256: createHash("sha256").update(bundle).digest("hex"), bytes: bundle.length },
    };
    const seen: unknown[] = [];
    const { jobs } = await start({
      submit: async (...args) => {
        seen.push(...args);
        return { job: jobA, again: true };
      },
    });
    expect(await jobs.submit(big, bundle, "key-1")).toEqual({ job: jobA, again: true });
    expect(seen[0]).toEqual(big);
    expect(Buffer.compare(seen[1] as Uint8Array, bundle)).toBe(0);
    expect(seen[2]).toBe("key-1");
  });

  it("brings side files over behind the bundle", async () => {
    const files = [{ name: "stop.txt", sha256: "0".repeat(64), bytes: 2_000_000 }];
    const withFiles = { ...spec, files };
    const payload = Buffer.alloc(spec.bundle.bytes + 2_000_000, "x");
    const seen: unknown[] = [];
    const { jobs } = await start({
      submit: async (...args) => {
        seen.push(...args);
        return { job: jobA, again: false };
      },
    });
    await jobs.submit(withFiles, payload);
    expect(seen[0]).toEqual(withFiles);
    expect(Buffer.compare(seen[1] as Uint8Array, payload)).toBe(0);
    await expect(jobs.submit(withFiles, payload.subarray(1))).rejects.toMatchObject({ code: "E_JOB_INVALID" });
  });

  it("refuses a bundle of another length than the spec says, and a spec over its limit", async () => {
    const { jobs } = await start();
    await expect(jobs.submit(spec, Buffer.alloc(2))).rejects.toMatchObject({ code: "E_JOB_INVALID" });
    await expect(jobs.submit(spec, Buffer.alloc(2_000_000))).rejects.toMatchObject({ code: "E_JOB_INVALID" });
    const patterns = Array.from(
      { length: 20_000 },
      (_, index) => `file:///a-rather-long-directory-name/${"d".repeat(20)}/${index}`,
    );
    const format = { name: "text", splitting: "delimiter" as const };
    const long = { ...spec, inputs: [{ format, patterns }] };
    expect(JSON.stringify(long).length).toBeGreaterThan(limits.specBytesMax);
    await expect(jobs.submit(long, Buffer.alloc(3))).rejects.toMatchObject({ code: "E_TOO_LARGE" });
  });

  it("carries the backend's error with code, text and details", async () => {
    const { jobs } = await start({
      submit: async () => {
        throw new MillraceError("E_OUTPUT_EXISTS", 'Cannot write "file:///ä\u{1f600}": it exists', {
          details: { uri: "file:///ä" },
        });
      },
    });
    const failure = jobs.submit(spec, Buffer.alloc(3));
    await expect(failure).rejects.toMatchObject({
      code: "E_OUTPUT_EXISTS",
      message: 'Cannot write "file:///ä\u{1f600}": it exists',
      details: { uri: "file:///ä" },
    });
  });
});

describe("createJobClient()", () => {
  it("asks for everything there is", async () => {
    const { jobs } = await start();
    expect((await jobs.get(jobA)).progress).toBe(0.5);
    expect(await jobs.counters(jobA)).toEqual({ ["__proto__"]: 7 });
    expect((await jobs.list()).map((each) => each.job)).toEqual([jobA]);
    expect(await jobs.tasks(jobA)).toEqual([]);
    expect(await jobs.workers()).toEqual([]);
    await jobs.kill(jobA, "enough");
    expect((await jobs.log(jobA, "0-1.2")).length).toBe(700_007);
    const events = await jobs.events(jobA, 1);
    expect(events.map((event) => [event.index, event.kind])).toEqual([
      [1, "splits"],
      [2, "ended-job"],
    ]);
    expect(JSON.parse(events[0]?.record ?? "")).toEqual({ kind: "splits", stage: 0, first: 0, count: 1 });
  });

  it("joins pages of tasks", async () => {
    const all = Array.from({ length: 2_345 }, (_, task) => ({ stage: 0, task, state: "done" as const, attempts: [] }));
    const { jobs } = await start({
      tasks: async (_job, { offset, limit }) => ({ tasks: all.slice(offset, offset + limit), total: all.length }),
    });
    expect((await jobs.tasks(jobA, "done")).length).toBe(all.length);
  });

  it("joins pages of fewer rows than it asked for, where these are more than a message", async () => {
    const failure = { code: "E_USER_CODE", message: "m".repeat(limits.errorTextBytesMax) };
    const jobRows = Array.from({ length: 1_234 }, (_, order) => ({
      ...viewOf(jobA, 1),
      priority: order % 100,
      failure,
    }));
    const ended = { state: "failed" as const, worker: "w", startedMs: 1, progress: 0, records: 0, bytes: 0, files: [] };
    const tasks = Array.from({ length: 1_234 }, (_, task) => {
      const attempts = [{ ...ended, attempt: `0-${task}.0`, failure }];
      return { stage: 0, task, state: "failed" as const, attempts };
    });
    const { jobs } = await start({
      list: async ({ offset, limit }) => ({ jobs: jobRows.slice(offset, offset + limit), total: jobRows.length }),
      tasks: async (_job, { offset, limit }) => ({ tasks: tasks.slice(offset, offset + limit), total: tasks.length }),
    });
    expect((await jobs.list()).map(({ priority }) => priority)).toEqual(jobRows.map(({ priority }) => priority));
    expect(await jobs.tasks(jobA)).toEqual(tasks);
  });

  it("gives E_INTERNAL without the text of a bug, and the server hears of it", async () => {
    const { fixture, jobs } = await start({
      get: async () => {
        throw new TypeError("secret detail");
      },
    });
    const failure = await jobs.get(jobA).catch((thrown: unknown) => thrown as MillraceError);
    expect(failure).toMatchObject({ code: "E_INTERNAL" });
    expect(JSON.stringify(failure)).not.toContain("secret detail");
    expect(String(fixture.faults[0])).toContain("secret detail");
  });

  it("gives E_AUTH for a wrong token and E_FORBIDDEN for one of another role", async () => {
    const { jobs } = await start({}, "wrong");
    await expect(jobs.get(jobA)).rejects.toMatchObject({ code: "E_AUTH" });
    const reader = await start({}, tokens.read);
    await expect(reader.jobs.submit(spec, Buffer.alloc(3))).rejects.toMatchObject({ code: "E_FORBIDDEN" });
  });

  it("gives E_UNREACHABLE at once when nothing listens", async () => {
    const listener = createServer();
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const { port } = listener.address() as AddressInfo;
    await new Promise((resolve) => listener.close(resolve));
    const jobs = createJobClient({ address: `127.0.0.1:${port}`, token: tokens.client });
    open.push(jobs);
    const failure = await jobs.get(jobA).catch((thrown: unknown) => thrown as MillraceError);
    expect(failure).toMatchObject({
      code: "E_UNREACHABLE",
      message: `Cannot reach the coordinator at "127.0.0.1:${port}": connect ECONNREFUSED 127.0.0.1:${port}; start one with \`millrace cluster up\`, or check the address`,
    });
  });
});

describe("watch()", () => {
  it("gives each state and ends with the job", async () => {
    const { jobs } = await start();
    const seen: number[] = [];
    const last = await jobs.watch(jobA, (view) => seen.push(view.progress), new AbortController().signal);
    expect(seen).toEqual([0.5, 1]);
    expect(last.state).toBe("succeeded");
  });

  it("goes on after the coordinator was away", async () => {
    const { fixture, jobs } = await start({
      watch: async function* (job, _interval, signal) {
        yield viewOf(job, 0.25);
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    });
    const seen: number[] = [];
    let saw: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (saw = resolve));
    const watching = jobs.watch(
      jobA,
      (view) => {
        seen.push(view.progress);
        saw();
      },
      new AbortController().signal,
    );
    await first;
    await fixture.server.close();
    const again = await startFixture({}, fixture.server.address);
    open.push(again.server);
    expect((await watching).state).toBe("succeeded");
    expect(seen).toEqual([0.25, 0.5, 1]);
  });

  it("goes on also when the job had said nothing for an hour before", async () => {
    const { fixture, jobs } = await start({
      watch: async function* (job, _interval, signal) {
        yield viewOf(job, 0.25);
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    });
    let saw: () => void = () => undefined;
    const first = new Promise<void>((resolve) => (saw = resolve));
    const watching = jobs.watch(jobA, () => saw(), new AbortController().signal);
    await first;
    const clock = performance.now.bind(performance);
    const later = vi.spyOn(performance, "now").mockImplementation(() => clock() + 3_600_000);
    try {
      await fixture.server.close();
      const again = await startFixture({}, fixture.server.address);
      open.push(again.server);
      expect((await watching).state).toBe("succeeded");
    } finally {
      later.mockRestore();
    }
  });

  it("rejects with the reason of an abort", async () => {
    const { jobs } = await start({
      watch: async function* (job, _interval, signal) {
        yield viewOf(job, 0.25);
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      },
    });
    const stop = new AbortController();
    const watching = jobs.watch(jobA, () => stop.abort(new Error("enough")), stop.signal);
    await expect(watching).rejects.toThrow("enough");
  });

  it("rejects before a call is made when the signal has aborted already, and leaves no error behind", async () => {
    const stray: unknown[] = [];
    const hear = (thrown: unknown): unknown => stray.push(thrown);
    process.on("uncaughtException", hear);
    const asked: string[] = [];
    const { jobs } = await start({
      watch: async function* (job) {
        asked.push(job);
        yield viewOf(job, 1);
      },
    });
    const watching = jobs.watch(jobA, () => undefined, AbortSignal.abort(new Error("too late")));
    await expect(watching).rejects.toThrow("too late");
    // A call behind it over the same connection: the server would have heard of the watch before.
    await jobs.get(jobA);
    process.off("uncaughtException", hear);
    expect({ stray, asked }).toEqual({ stray: [], asked: [] });
  });
});
