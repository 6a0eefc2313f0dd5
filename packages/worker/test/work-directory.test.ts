// The work directory: lives, adoption, jobs and their end, odd contents, a full disk.

import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { open as openFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { JobBrief, JobId } from "@millrace/core";
import { RunWriter } from "@millrace/data";
import { nodeRunTools } from "@millrace/shuffle/files";
import { WorkDirectory } from "../src/work-directory.ts";

const jobOf = (letter: string): JobId => `job-${letter.repeat(26)}` as JobId;
const jobA = jobOf("a");
const attempt = { job: jobA, stage: 0, task: 3, attempt: 1 };
const brief: JobBrief = {
  job: jobA,
  name: "kept",
  bundleSha256: "0",
  params: {},
  shuffleKey: "5e".repeat(32),
  taskTimeoutMs: 1,
  inputGrowth: "refuse",
  seed: "0",
  stages: [],
  stagingUri: "file:///staging",
};
const bundle = (): Promise<Uint8Array> => Promise.resolve(Buffer.from("export default 1;"));

let directory: string;
const open: WorkDirectory[] = [];
function openWork(path = join(directory, "work")): WorkDirectory {
  const made = WorkDirectory.open(path);
  open.push(made);
  return made;
}
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "millrace-work-"))));
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  rmSync(directory, { recursive: true, force: true });
});

describe("WorkDirectory", () => {
  it.each([true, false])("waits for the disk only where another life may follow (%s)", async (isTakenOver) => {
    const handle = await openFile(directory);
    const synced = vi.spyOn(Object.getPrototypeOf(handle) as typeof handle, "sync");
    await handle.close();
    const work = WorkDirectory.open(join(directory, "work"), { isTakenOver });
    open.push(work);
    await work.adopt();
    await work.prepareJob(brief, bundle);
    expect(synced).toHaveBeenCalledTimes(isTakenOver ? 1 : 0);
    synced.mockRestore();
    expect(readFileSync(join(directory, "work", "jobs", brief.job, "shuffle.key"), "utf8")).toBe(
      `${brief.shuffleKey}\n`,
    );
  });

  it("keeps its name and counts its lives", () => {
    const first = openWork();
    expect(first.worker).toMatch(/^w-[0-9a-f]{12}$/);
    expect(first.incarnation).toBe(1);
    first.close();
    const second = openWork();
    expect(second.worker).toBe(first.worker);
    expect(second.incarnation).toBe(2);
  });

  it("gives absolute paths, however it was named: hosts run in directories of their own", () => {
    const work = openWork(relative(process.cwd(), join(directory, "work")));
    expect(work.path).toBe(join(directory, "work"));
    expect(work.bundlePath(jobA)).toBe(join(directory, "work/jobs", jobA, "bundle.mjs"));
  });

  it("refuses a second holder, a damaged count and a directory that cannot be made", () => {
    openWork();
    expect(() => openWork()).toThrow(/another process holds it/);
    const other = join(directory, "other");
    mkdirSync(other);
    for (const damaged of ['{"worker":"../../x","incarnation":1}', '{"worker":"w-0123456789ab"}', "null", "{", ""]) {
      writeFileSync(join(other, "worker.json"), damaged);
      expect(() => openWork(other)).toThrow(/its content is damaged; delete this file while the worker is stopped/);
    }
    writeFileSync(join(directory, "file"), "");
    expect(() => openWork(join(directory, "file"))).toThrow(/Cannot use the directory/);
  });

  it("makes a job's directory for its user alone, and its files once", async () => {
    const work = openWork();
    await work.adopt();
    let fetched = 0;
    const fetch = (): Promise<Uint8Array> => {
      fetched += 1;
      return bundle();
    };
    await work.prepareJob(brief, fetch);
    await work.prepareJob(brief, fetch);
    expect(fetched).toBe(1);
    const path = join(work.path, "jobs", jobA);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(join(path, "shuffle.key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(work.bundlePath(jobA), "utf8")).toBe("export default 1;");
    await expect(
      work.prepareJob({ ...brief, job: jobOf("b") }, () => Promise.reject(new Error("no coordinator"))),
    ).rejects.toThrow("no coordinator");
  });

  it("fetches each side file once, by content, and anew in another life", async () => {
    const work = openWork();
    await work.adopt();
    const [the, geo] = ["ab".repeat(32), "cd".repeat(32)];
    const files = [
      { name: "stop.txt", sha256: the, bytes: 3 },
      { name: "same.txt", sha256: the, bytes: 3 },
      { name: "geo", sha256: geo, bytes: 3 },
    ];
    const asked: string[] = [];
    const fetch = async (sha256: string): Promise<Uint8Array> => {
      asked.push(sha256);
      return Buffer.from(sha256.slice(0, 3));
    };
    await work.prepareJob({ ...brief, files }, fetch);
    await work.prepareJob({ ...brief, files }, fetch);
    expect(asked).toEqual([brief.bundleSha256, the, geo]);
    expect(readFileSync(work.sideFilePath(jobA, the), "utf8")).toBe("aba");
    expect(statSync(work.sideFilePath(jobA, geo)).mode & 0o777).toBe(0o600);
    writeFileSync(work.logPath(attempt), "said");
    work.close();
    const next = openWork();
    await next.adopt();
    expect(existsSync(next.sideFilePath(jobA, the))).toBe(false);
    await next.prepareJob({ ...brief, files }, fetch);
    expect(asked.slice(3)).toEqual([brief.bundleSha256, the, geo]);
    rmSync(next.logPath(attempt), { force: true });
    await next.deleteJob(jobA);
    expect(readdirSync(join(next.path, "jobs"))).toEqual([]);
  });

  it("deletes a job but for logs that have something in them; the oldest of a hundred make room", async () => {
    const work = openWork();
    await work.adopt();
    await work.prepareJob(brief, bundle);
    writeFileSync(work.logPath(attempt), "");
    // Forgotten by nobody yet: its log is known to be empty.
    expect(await work.deleteJob(jobA)).toEqual([]);
    expect(readdirSync(join(work.path, "jobs"))).toEqual([]);
    const letters = "0123456789abcdefghjkmnpqrstvwxyz".split("");
    const jobs = letters
      .slice(0, 4)
      .flatMap((high) => letters.slice(0, 26).map((low) => `job-${high}${low.repeat(25)}` as JobId));
    const gone: JobId[] = [];
    for (const job of jobs) {
      await work.prepareJob({ ...brief, job }, bundle);
      writeFileSync(work.logPath({ ...attempt, job }), "said");
      gone.push(...(await work.deleteJob(job)));
    }
    expect(gone).toEqual(jobs.slice(0, 4));
    expect(readdirSync(join(work.path, "jobs", jobs[50] ?? "")).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      "logs",
      "shuffle.key",
    ]);
    work.close();
    const { keys, held } = await openWork().adopt();
    expect(held).toEqual([]);
    expect(keys.map(({ job }) => job).sort((a, b) => (a < b ? -1 : 1))).toEqual(
      jobs.slice(4).sort((a, b) => (a < b ? -1 : 1)),
    );
  });

  it("adopts nothing that is not its own: foreign names, no key, temporary files; links are removed, not followed", async () => {
    const work = openWork();
    await work.adopt();
    await work.prepareJob(brief, bundle);
    const jobs = join(work.path, "jobs");
    const precious = join(directory, "precious");
    mkdirSync(precious);
    writeFileSync(join(precious, "file"), "keep me");
    symlinkSync(precious, join(jobs, jobOf("c")));
    symlinkSync(precious, join(jobs, jobA, "gathers"));
    mkdirSync(join(jobs, "not-a-job"));
    mkdirSync(join(jobs, jobOf("d")));
    for (const name of ["0-0.0.run", "0-0.0.run.part", "../x", "0-00.0.run", "x"].filter((name) => !name.includes("/")))
      writeFileSync(join(jobs, jobA, "runs", name), "no run file");
    work.close();
    expect(await openWork().adopt()).toEqual({ held: [], keys: [] });
    expect(readdirSync(jobs)).toEqual([]);
    expect(readFileSync(join(precious, "file"), "utf8")).toBe("keep me");
  });

  it("adopts runs and fetches the bundle anew, which a power failure may have left half-written", async () => {
    const work = openWork();
    await work.adopt();
    await work.prepareJob(brief, bundle);
    const target = {
      write: (bytes: Uint8Array) => writeFileSync(work.runPath(attempt), bytes, { flag: "a" }),
      finish: () => undefined,
      discard: () => undefined,
    };
    const { crc32 } = nodeRunTools;
    new RunWriter({ target, crc32, partitions: 1, kind: "values", sources: "single" }).finish();
    writeFileSync(work.bundlePath(jobA), "export def");
    work.close();
    const next = openWork();
    expect((await next.adopt()).held).toMatchObject([{ attempt }]);
    await next.prepareJob(brief, bundle);
    expect(readFileSync(next.bundlePath(jobA), "utf8")).toBe("export default 1;");
  });

  it("deletes the run file of one attempt, whole or begun, and of no other", async () => {
    const work = openWork();
    await work.adopt();
    await work.prepareJob(brief, bundle);
    const other = { ...attempt, attempt: attempt.attempt + 1 };
    const filesOf = (ref: typeof attempt): string[] => [work.runPath(ref), `${work.runPath(ref)}.part`];
    for (const path of [...filesOf(attempt), ...filesOf(other)]) writeFileSync(path, "pairs");
    await work.deleteRun(attempt);
    expect(filesOf(attempt).filter((path) => existsSync(path))).toEqual([]);
    expect(filesOf(other).filter((path) => existsSync(path))).toHaveLength(2);
  });

  it("says that an empty segment is the empty file, a gathered one its own, one of this worker its run file", async () => {
    const work = openWork();
    await work.adopt();
    const reader = { job: jobA, stage: 1, task: 7, attempt: 0 };
    const segment = { task: 3, attempt: 1, where: "gathered", pairs: 5, rawBytes: 50, digest: "d" } as const;
    expect(work.segmentInput(reader, segment, 0)).toMatchObject({
      form: "segment",
      partition: 7,
      path: join(work.path, "jobs", jobA, "gathers", "1-7.0", "3.1.segment"),
    });
    expect(work.segmentInput(reader, { ...segment, where: "own-run" }, 0)).toMatchObject({
      form: "run",
      partition: 7,
      path: work.runPath(attempt),
    });
    const empty = work.segmentInput(reader, { ...segment, pairs: 0 }, 0);
    expect(statSync(empty.path).size).toBe(0);
  });

  it("remembers a thousand jobs that printed nothing, and takes none for one of them whose logs went", async () => {
    const work = openWork();
    await work.adopt();
    expect(await work.deleteJob(jobA)).toEqual([jobA]);
    const jobs = Array.from({ length: 1_001 }, (_, index) => `job-${String(index).padStart(26, "0")}` as JobId);
    for (const job of jobs.slice(0, -1)) {
      mkdirSync(join(work.path, "jobs", job));
      expect(await work.deleteJob(job)).toEqual([]);
    }
    expect(await work.deleteJob(jobs[5] as JobId)).toEqual([]);
    mkdirSync(join(work.path, "jobs", jobs[1_000] as JobId));
    expect(await work.deleteJob(jobs[1_000] as JobId)).toEqual([jobs[0]]);
    expect(readdirSync(join(work.path, "jobs"))).toEqual([]);
  });

  it("tells no more free bytes than a message carries", { skip: process.getuid?.() !== 0 }, async () => {
    const huge = join(directory, "huge");
    mkdirSync(huge);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=8191P", "tmpfs", huge]);
    try {
      const work = openWork(join(huge, "work"));
      const free = await work.freeBytes();
      work.close();
      expect(free).toBe(Number.MAX_SAFE_INTEGER);
    } finally {
      execFileSync("umount", [huge]);
    }
  });

  it("calls a full disk E_NO_SPACE", { skip: process.getuid?.() !== 0 }, async () => {
    const small = join(directory, "small");
    mkdirSync(small);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", small]);
    try {
      const work = openWork(join(small, "work"));
      await work.adopt();
      await work.prepareJob(brief, bundle);
      expect(await work.freeBytes()).toBeLessThan(300_000);
      await expect(
        work.prepareJob({ ...brief, job: jobOf("b") }, () => Promise.resolve(Buffer.alloc(1_000_000))),
      ).rejects.toMatchObject({ code: "E_NO_SPACE" });
      await work.deleteJob(jobOf("b"));
      expect(existsSync(join(work.path, "jobs", jobOf("b")))).toBe(false);
      work.close();
    } finally {
      execFileSync("umount", [small]);
    }
  });
});
