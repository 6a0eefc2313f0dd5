import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { replayJob } from "@millrace/core";
import type { ClusterRecord, Incarnation, JobId, JobSpec, JobView, WorkerId } from "@millrace/core";
import { armFailpoints } from "@millrace/ports";
import { createDefaultStorages, createJobTokens, createLocalStorage, createStorages } from "@millrace/storage";
import type { Coordinator } from "../src/coordinator.ts";
import { openCoordinator } from "../src/coordinator.ts";
import { createInProcessChannel } from "../src/in-process-channel.ts";
import { openJournal, readJournal } from "../src/journal/file-journal.ts";
import type { HistoryBounds } from "../src/state/history-keeper.ts";
import { countBundle, countJob } from "./count-job.ts";
import { FakeWorker } from "./fake-worker.ts";

let directory = "";
const open: Coordinator[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-coordinator-"));
  mkdirSync(join(directory, "in"));
  for (const name of ["a", "b", "c"]) writeFileSync(join(directory, "in", name), "word\n");
});
afterEach(async () => {
  armFailpoints(undefined);
  for (const coordinator of open.splice(0)) await coordinator.close();
  rmSync(directory, { recursive: true });
});

const bundle = countBundle;
const specOf = (output: string): JobSpec => countJob(directory, output);

async function begin(histories?: HistoryBounds): Promise<Coordinator> {
  const coordinator = await openCoordinator({
    stateDirectory: join(directory, "state"),
    ...(histories === undefined ? {} : { histories }),
    storage: createStorages([createLocalStorage()]),
    onFatal: (thrown) => {
      throw thrown;
    },
  });
  open.push(coordinator);
  return coordinator;
}

async function end(coordinator: Coordinator): Promise<void> {
  open.splice(open.indexOf(coordinator), 1);
  await coordinator.close();
}

/** Let a worker have begun 1,200 lives: so much of a cluster's journal that means nothing any more. */
async function appendLives(path: string): Promise<void> {
  const { journal } = await openJournal<ClusterRecord>(path);
  const lives = Array.from({ length: 1_200 }, (_, index) => (index + 1) as Incarnation);
  await journal.append(lives.map((incarnation) => ({ kind: "incarnation", worker: "w-old" as WorkerId, incarnation })));
  await journal.close();
}

async function ended(coordinator: Coordinator, job: JobId): Promise<JobView> {
  let last: JobView | undefined;
  for await (const view of coordinator.desk.watch(job, 0, AbortSignal.timeout(10_000))) last = view;
  expect(last?.endedMs, JSON.stringify(last)).toBeDefined();
  return last as JobView;
}

describe("a coordinator", () => {
  it("refuses what its storage cannot take for a URI of HDFS, with tokens too, and goes on", async () => {
    const coordinator = await openCoordinator({
      stateDirectory: join(directory, "state"),
      storage: createDefaultStorages({}),
      tokens: createJobTokens({ environment: {}, note: () => undefined }),
      onFatal: (thrown) => {
        throw thrown;
      },
    });
    open.push(coordinator);
    for (const pattern of ["hdfs://ns/%zz", "hdfs://ns/part-0?", "hdfs://ns:x:y/a"]) {
      const spec = { ...specOf("out"), inputs: [{ ...specOf("out").inputs[0]!, patterns: [pattern] }] };
      await expect(coordinator.desk.submit(spec, bundle)).rejects.toMatchObject({ name: "MillraceError" });
    }
  });

  it("runs a job to a published output, and its journal replays to the same end", async () => {
    const coordinator = await begin();
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(coordinator));
    const { job, again } = await coordinator.desk.submit(specOf("out"), bundle);
    expect(again).toBe(false);
    expect(await ended(coordinator, job)).toMatchObject({
      state: "succeeded",
      tasks: 4,
      tasksDone: 4,
      progress: 1,
      parts: 1,
      counters: { lines: 4 },
    });
    expect(readdirSync(join(directory, "out")).toSorted()).toEqual(["_SUCCESS", "part-r-00000.txt"]);
    expect(readFileSync(join(directory, "out", "part-r-00000.txt"), "utf8")).toBe("3\n");
    const records = await readJournal(join(directory, "state", "jobs", job, "journal"));
    expect(replayJob(records as Parameters<typeof replayJob>[0])).toMatchObject({
      outcome: "succeeded",
      phase: "ended",
    });
  });

  it("told to, has decisions on disk before storage is changed, and not before", async () => {
    const state = join(directory, "state");
    /** Kinds of the records that are in the files: the cluster's, then the job's. */
    const written = (): readonly (string | undefined)[] =>
      [
        join(state, "cluster.journal"),
        ...readdirSync(join(state, "jobs")).map((id) => join(state, "jobs", id, "journal")),
      ]
        .flatMap((path) => readFileSync(path, "utf8").split("\n").slice(0, -1))
        .map((line) => /\{"kind":"([a-z-]+)"/.exec(line)?.[1]);
    const seen: Record<string, ReturnType<typeof written>> = {};
    const watched = new Proxy(createLocalStorage(), {
      get: (target, name, receiver) => {
        const member: unknown = Reflect.get(target, name, receiver);
        if (typeof member !== "function") return member;
        return (...given: unknown[]): unknown => {
          seen[String(name)] ??= written();
          return Reflect.apply(member, target, given);
        };
      },
    });
    const coordinator = await openCoordinator({
      stateDirectory: state,
      storage: createStorages([watched]),
      durability: "before-changes",
      onFatal: (thrown) => {
        throw thrown;
      },
    });
    open.push(coordinator);
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(coordinator));
    const { job } = await coordinator.desk.submit(specOf("out"), bundle);
    expect(await ended(coordinator, job)).toMatchObject({ state: "succeeded" });
    await expect.poll(() => seen["remove"]).toBeDefined();
    const submitted = ["reign", "incarnation", "submitted"];
    expect(seen["status"]).toEqual([]);
    expect(seen["makeDirectory"]).toEqual([...submitted, "submitted", "splits", "planned"]);
    expect(seen["publish"]?.slice(0, 6)).toEqual([...submitted, "submitted", "splits", "planned"]);
    expect(seen["publish"]?.at(-1)).toBe("committing");
    expect(seen["remove"]?.slice(0, 4)).toEqual([...submitted, "job-ended"]);
    expect(seen["remove"]?.slice(-2)).toEqual(["published", "ended-job"]);
  });

  it("shows an end to nobody before it is in the journal", async () => {
    const coordinator = await begin();
    armFailpoints("coordinator.beforeJobEnd=delay:300");
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(coordinator));
    const { job } = await coordinator.desk.submit(specOf("out"), bundle);
    const path = join(directory, "state", "jobs", job, "journal");
    const seen = await vi.waitFor(
      async () => {
        const [view, { jobs }] = [
          await coordinator.desk.get(job),
          await coordinator.desk.list({ offset: 0, limit: 1 }),
        ];
        const journal = readFileSync(path, "utf8");
        for (const state of [view.state, jobs[0]?.state])
          if (state !== "running" && state !== "committing") return { state, durable: journal.includes("ended-job") };
        throw new Error("not yet");
      },
      { timeout: 10_000, interval: 5 },
    );
    expect(seen).toEqual({ state: "succeeded", durable: true });
  });

  it("keeps side files over a restart, and gives them by content", async () => {
    const stop = Buffer.from("the\na\n");
    const sha256 = createHash("sha256").update(stop).digest("hex");
    const spec = { ...specOf("out"), files: [{ name: "stop.txt", sha256, bytes: stop.length }] };
    const first = await begin();
    const { job } = await first.desk.submit(spec, Buffer.concat([bundle, stop]));
    await end(first);
    const second = await begin();
    const content = async (digest: string): Promise<Buffer> => buffer(second.desk.content(job, digest));
    expect(Buffer.compare(await content(sha256), stop)).toBe(0);
    expect(Buffer.compare(await content(spec.bundle.sha256), bundle)).toBe(0);
    await expect(content("0".repeat(64))).rejects.toMatchObject({ code: "E_UNKNOWN_JOB" });
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(second));
    expect(await ended(second, job)).toMatchObject({ state: "succeeded" });
  });

  it("refuses side files that are not those of the spec, and keeps nothing of them", async () => {
    const coordinator = await begin();
    const files = [{ name: "stop.txt", sha256: "0".repeat(64), bytes: 4 }];
    const spec = { ...specOf("out"), files };
    for (const more of ["the\n", "the", ""])
      await expect(coordinator.desk.submit(spec, Buffer.concat([bundle, Buffer.from(more)]))).rejects.toMatchObject({
        code: "E_JOB_INVALID",
      });
    expect(readdirSync(join(directory, "state", "jobs"))).toEqual([]);
  });

  it("goes on with a job after a restart that came before any worker", async () => {
    const first = await begin();
    const { job } = await first.desk.submit(specOf("out"), bundle, "key-1");
    await end(first);
    const second = await begin();
    expect(second.epoch).toBe(first.epoch + 1);
    const again = await second.desk.submit(specOf("out"), bundle, "key-1");
    expect(again).toEqual({ job, again: true });
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(second));
    expect(await ended(second, job)).toMatchObject({ state: "succeeded" });
  });

  it("answers for a finished job from its history after a restart", async () => {
    const first = await begin();
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(first));
    const { job } = await first.desk.submit(specOf("out"), bundle);
    const live = await ended(first, job);
    await end(first);
    const second = await begin();
    expect(await second.desk.get(job)).toEqual(live);
    expect(await second.desk.list({ offset: 0, limit: 10 })).toMatchObject({
      total: 1,
      jobs: [{ job, state: "succeeded" }],
    });
    expect((await second.desk.tasks(job, { offset: 0, limit: 10 })).tasks).toHaveLength(4);
    const events = second.desk.events(job, { from: 0, follow: true, signal: AbortSignal.timeout(10_000) });
    const kinds: string[] = [];
    for await (const batch of events) kinds.push(...batch.map(({ record }) => record.kind));
    expect(kinds[0]).toBe("submitted");
    expect(kinds).toContain("ended-job");
  });

  it("writes the cluster's journal anew when most of it means nothing any more, and knows all that it knew", async () => {
    const first = await begin();
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(first));
    const { job } = await first.desk.submit(specOf("out"), bundle);
    await ended(first, job);
    await end(first);
    const path = join(directory, "state", "cluster.journal");
    await appendLives(path);
    const before = readFileSync(path).length;
    const second = await begin();
    expect(second.epoch).toBe(first.epoch + 1);
    expect(readFileSync(path).length).toBeLessThan(before / 20);
    expect((await second.desk.list({ offset: 0, limit: 9 })).jobs).toMatchObject([{ job, state: "succeeded" }]);
    await end(second);
    const records = (await readJournal(path)) as readonly ClusterRecord[];
    expect(records.filter(({ kind }) => kind === "incarnation")).toHaveLength(2);
    expect((await begin()).epoch).toBe(first.epoch + 2);
  });

  it("begins on the cluster's journal as it is when no other can be written", async () => {
    const first = await begin();
    await end(first);
    const path = join(directory, "state", "cluster.journal");
    await appendLives(path);
    const before = readFileSync(path);
    // Stands where the new one would be written, as a full disk would.
    mkdirSync(`${path}.new`);
    expect((await begin()).epoch).toBe(first.epoch + 1);
    expect(readFileSync(path).subarray(0, before.length)).toEqual(before);
  });

  it("keeps as many histories as it is told, and forgets the oldest whole", async () => {
    const coordinator = await begin({ historiesMax: 1, bytesMax: 1e9 });
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(coordinator));
    const { job: old } = await coordinator.desk.submit(specOf("out-1"), bundle);
    await ended(coordinator, old);
    const { job } = await coordinator.desk.submit(specOf("out-2"), bundle);
    await ended(coordinator, job);
    const jobs = join(directory, "state", "jobs");
    await expect.poll(() => readdirSync(jobs)).toEqual([job]);
    expect(await coordinator.desk.get(job)).toMatchObject({ state: "succeeded", name: "count" });
    await expect(coordinator.desk.get(old)).rejects.toMatchObject({
      code: "E_UNKNOWN_JOB",
      message: `Cannot show the job "${old}": it has ended, and its history was removed to make room; \`millrace job list\` has its end`,
    });
    expect((await coordinator.desk.list({ offset: 0, limit: 9 })).jobs.map(({ name }) => name)).toEqual([
      "count",
      "(history removed)",
    ]);
  });

  it("refuses an output that exists and keeps nothing of the submission", async () => {
    mkdirSync(join(directory, "out"));
    writeFileSync(join(directory, "out", "precious"), "");
    const coordinator = await begin();
    await expect(coordinator.desk.submit(specOf("out"), bundle)).rejects.toMatchObject({ code: "E_OUTPUT_EXISTS" });
    await expect.poll(() => readdirSync(join(directory, "state", "jobs"))).toEqual([]);
    expect(readdirSync(directory).toSorted()).toEqual(["in", "out", "state"]);
  });

  it("refuses a bundle that is not the one that the job names", async () => {
    const coordinator = await begin();
    await expect(coordinator.desk.submit(specOf("out"), Buffer.from("other"))).rejects.toMatchObject({
      code: "E_JOB_INVALID",
    });
  });

  it("refuses a second coordinator on the same directory", async () => {
    await begin();
    await expect(begin()).rejects.toMatchObject({ code: "E_STATE_LOCKED" });
  });

  it("removes a job directory that the cluster's journal does not know", async () => {
    await end(await begin());
    const orphan = join(directory, "state", "jobs", "job-00000000000000000000000000");
    mkdirSync(orphan);
    writeFileSync(join(orphan, "bundle"), "");
    await begin();
    expect(existsSync(orphan)).toBe(false);
  });

  it("kills a job: nothing of its output is left", async () => {
    const coordinator = await begin();
    const { job } = await coordinator.desk.submit(specOf("out"), bundle);
    await coordinator.desk.kill(job, "enough");
    expect(await ended(coordinator, job)).toMatchObject({ state: "killed", failure: { code: "E_KILLED" } });
    await expect(coordinator.desk.kill("job-00000000000000000000000000" as JobId, "")).rejects.toMatchObject({
      code: "E_UNKNOWN_JOB",
    });
    await expect.poll(() => readdirSync(directory).toSorted()).toEqual(["in", "state"]);
  });
});

describe("history", () => {
  it("lists ended jobs without their journals, and is made again from a journal when a summary is damaged", async () => {
    const first = await begin();
    const worker = new FakeWorker("one");
    await worker.connect(createInProcessChannel(first));
    const jobs: JobId[] = [];
    for (const output of ["out1", "out2"]) {
      const { job } = await first.desk.submit(specOf(output), bundle);
      await ended(first, job);
      jobs.push(job);
    }
    const summaryOf = (job: JobId): string => join(directory, "state", "jobs", job, "summary.json");
    await expect.poll(() => jobs.filter((job) => existsSync(summaryOf(job)))).toHaveLength(2);
    const listed = await first.desk.list({ offset: 0, limit: 10 });
    await end(first);
    const [whole, damaged] = jobs as [JobId, JobId];
    writeFileSync(summaryOf(damaged), '{"job');
    // A list must not need this one.
    writeFileSync(join(directory, "state", "jobs", whole, "journal"), "damaged\ndamaged\n");
    const second = await begin();
    expect(await second.desk.list({ offset: 0, limit: 10 })).toEqual(listed);
    expect(await second.desk.get(damaged)).toMatchObject({ state: "succeeded", counters: { lines: 4 } });
  });

  /** Run jobs to their ends, until nothing of them changes any more. */
  async function runSwept(coordinator: Coordinator, count: number): Promise<readonly JobId[]> {
    await new FakeWorker("one").connect(createInProcessChannel(coordinator));
    const jobs: JobId[] = [];
    for (let index = 0; index < count; index += 1) {
      const { job } = await coordinator.desk.submit(specOf(`out${index}`), bundle);
      await ended(coordinator, job);
      jobs.push(job);
    }
    const summaries = jobs.map((job) => join(directory, "state", "jobs", job, "summary.json"));
    await expect.poll(() => summaries.filter((path) => !existsSync(path))).toEqual([]);
    return jobs;
  }

  it.each([
    ["before it was swept", /^.*"kind":"swept".*\n/mu],
    ["before its summary was written", /(?!)/u],
  ])(
    "of a job whose coordinator ended %s gets its summary from the next, and counts among those kept",
    async (_, gone) => {
      const first = await begin();
      const [old, job] = (await runSwept(first, 2)) as [JobId, JobId];
      await end(first);
      const path = join(directory, "state", "jobs", old);
      rmSync(join(path, "summary.json"));
      const journal = readFileSync(join(path, "journal"), "utf8");
      expect(journal).toContain('"kind":"swept"');
      writeFileSync(join(path, "journal"), journal.replace(gone, ""));
      const second = await begin();
      await expect.poll(() => existsSync(join(path, "summary.json"))).toBe(true);
      await end(second);
      await begin({ historiesMax: 1, bytesMax: 1e9 });
      await expect.poll(() => readdirSync(join(directory, "state", "jobs"))).toHaveLength(1);
      expect([old, job]).toContain(readdirSync(join(directory, "state", "jobs"))[0]);
    },
  );

  it("shows the partitions of a job that a restart knows from its directory alone", async () => {
    const first = await begin();
    const [job] = (await runSwept(first, 1)) as [JobId];
    const shown = await first.desk.partitions(job, 0);
    expect(shown).toEqual([{ partition: 0, pairs: 9, rawBytes: 90 }]);
    await end(first);
    const second = await begin();
    expect(await Promise.all([second.desk.partitions(job, 0), second.desk.partitions(job, 0)])).toEqual([shown, shown]);
    expect(await second.desk.partitions(job, 1)).toEqual([]);
    await end(second);
    rmSync(join(directory, "state", "jobs", job, "vectors"));
    const third = await begin();
    await expect(third.desk.partitions(job, 0)).rejects.toMatchObject({ code: "E_STATE_DAMAGED" });
  });

  it("has a row for each job, also where its history is gone or damaged", async () => {
    const first = await begin();
    const [whole, removed, damaged] = (await runSwept(first, 3)) as [JobId, JobId, JobId];
    await end(first);
    rmSync(join(directory, "state", "jobs", removed), { recursive: true });
    const second = await begin();
    // After the start, which would look at a journal without its summary.
    rmSync(join(directory, "state", "jobs", damaged, "summary.json"));
    damageJournal(join(directory, "state", "jobs", damaged, "journal"));
    const { jobs, total } = await second.desk.list({ offset: 0, limit: 10 });
    expect(jobs.map(({ job, name, state }) => ({ job, name, state }))).toEqual([
      { job: damaged, name: "(history damaged)", state: "succeeded" },
      { job: removed, name: "(history removed)", state: "succeeded" },
      { job: whole, name: "count", state: "succeeded" },
    ]);
    expect(total).toBe(3);
    const paged: string[] = [];
    for (let offset = 0; offset < total; offset = paged.length) {
      const page = await second.desk.list({ offset, limit: 1 });
      paged.push(...page.jobs.map(({ job }) => job));
    }
    expect(paged).toEqual([damaged, removed, whole]);
    await expect(second.desk.get(removed)).rejects.toMatchObject({ code: "E_UNKNOWN_JOB" });
  });
});

/** Break the first record, with whole ones of later batches behind it. */
function damageJournal(path: string): void {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, `x${text.slice(1)}`);
}

describe("a damaged journal", () => {
  it("of a live job stops the start, which names the way on; and the job's output is free after it", async () => {
    const first = await begin();
    const { job } = await first.desk.submit(specOf("out"), bundle);
    const path = join(directory, "state", "jobs", job);
    await expect.poll(() => readFileSync(join(path, "journal"), "utf8")).toContain(" 2.0 ");
    await end(first);
    damageJournal(join(path, "journal"));
    await expect(begin()).rejects.toMatchObject({
      code: "E_STATE_DAMAGED",
      message: `Cannot read the journal "${path}/journal": a record is damaged at offset 0, and later ones are whole; restore the directory from a copy, or move "${path}" away to go on without that one job: it is forgotten, and counts as failed`,
    });
    renameSync(path, join(directory, "away"));
    const second = await begin();
    await expect
      .poll(async () => (await second.desk.list({ offset: 0, limit: 10 })).jobs)
      .toMatchObject([{ job, name: "(history removed)", state: "failed" }]);
    await new FakeWorker("one").connect(createInProcessChannel(second));
    const next = await second.desk.submit(specOf("out"), bundle);
    expect(await ended(second, next.job)).toMatchObject({ state: "succeeded" });
    await end(second);
    expect((await begin()).desk.cluster()).toMatchObject({ jobsRunning: 0, jobsEnded: 2 });
  });

  it("of the cluster stops the start, and no job can be given up for it", async () => {
    await end(await begin());
    await end(await begin());
    const path = join(directory, "state", "cluster.journal");
    damageJournal(path);
    await expect(begin()).rejects.toMatchObject({
      code: "E_STATE_DAMAGED",
      message: `Cannot read the journal "${path}": a record is damaged at offset 0, and later ones are whole; restore the directory from a copy, or begin with an empty one, as without this journal no job is known`,
    });
  });
});
