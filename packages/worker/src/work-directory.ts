// A worker's work directory: held by one process, named once, its lives counted, its run files taken over by the next
// life. Everything in it belongs to the worker and is deleted without asking.

import { mkdir, open, readdir, readFile, rename, rm, stat, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  parseAttemptName,
  parseJobId,
  type AttemptRef,
  type HeldSegments,
  type Incarnation,
  type JobBrief,
  type JobId,
  type LocalSegment,
  type WorkerId,
} from "@millrace/core";
import type { SegmentInput } from "@millrace/ports";
import {
  bundlePath,
  gatherPath,
  jobPath,
  jobsPath,
  keyPath,
  logPath,
  logsPath,
  nodeRunTools,
  readVectorDigest,
  runPath,
  runsPath,
  scratchPath,
  segmentPath,
  sideFilePath,
  sideFilesPath,
} from "@millrace/shuffle/files";
import { lockDirectory, type DirectoryLock } from "@millrace/storage";
import { describeDiskError } from "./describe-disk-error.ts";
import type { AdoptedFiles, WorkerDisk } from "./worker-disk.ts";
import { countLife } from "./worker-life.ts";

/** Jobs whose logs stay after their end: at most 10 MiB an attempt, a few KiB as a rule. */
const loggedJobsMax = 100;
/** Jobs of which nothing was printed, known as such after their end: two short texts each. */
const silentJobsMax = 1_000;

/** Directories of a job that mean nothing to another life of the worker. */
const unadopted = ["gathers", "scratch", "files"] as const;

/** A work directory that this process holds. */
export class WorkDirectory implements WorkerDisk {
  readonly path: string;
  readonly worker: WorkerId;
  readonly incarnation: Incarnation;
  readonly #lock: DirectoryLock;
  /** Ended jobs whose logs are kept, oldest first. */
  readonly #logged = new Set<JobId>();
  /** Ended jobs without a log, oldest first: nothing of them is on disk, but that nothing was printed is still told. */
  readonly #silent = new Set<JobId>();

  readonly #isTakenOver: boolean;

  private constructor(path: string, lock: DirectoryLock, isTakenOver: boolean) {
    this.path = path;
    this.#isTakenOver = isTakenOver;
    this.#lock = lock;
    const { worker, incarnation } = countLife(path, isTakenOver);
    this.worker = worker;
    this.incarnation = incarnation;
  }

  /**
   * Hold a directory, made when it is not there.
   *
   * @param given.isTakenOver whether another life may follow, which finds whole what this one promises: true unless given.
   * @throws {MillraceError} E_STATE_LOCKED, E_CONFIGURATION, E_NO_SPACE.
   */
  static open(given: string, { isTakenOver = true }: { readonly isTakenOver?: boolean } = {}): WorkDirectory {
    // Hosts get paths below it, and run in directories of their own.
    const path = resolve(given);
    const lock = lockDirectory(path);
    try {
      return new WorkDirectory(path, lock, isTakenOver);
    } catch (thrown) {
      lock.release();
      throw thrown;
    }
  }

  /** Take over what earlier lives left: run files that are whole, logs; delete the rest. */
  async adopt(): Promise<AdoptedFiles> {
    await mkdir(jobsPath(this.path), { recursive: true, mode: 0o700 });
    // Segments without pairs are read from here: one empty file for all.
    await (await open(this.#emptyPath, "w", 0o600)).close();
    const held: HeldSegments[] = [];
    const keys: { job: JobId; key: string }[] = [];
    for (const { name, job } of await this.#listJobs()) {
      const key = job === undefined ? undefined : await readKey(this.path, job);
      if (job === undefined || key === undefined) {
        await remove(join(jobsPath(this.path), name));
        continue;
      }
      // Bundle and side files were not synced: after a power failure a name may stand for less than its bytes.
      const bundle = bundlePath(this.path, job);
      for (const part of [...unadopted.map((name) => join(jobPath(this.path, job), name)), bundle]) await remove(part);
      const runs = await this.#adoptRuns(job);
      held.push(...runs);
      if (runs.length === 0) await this.deleteJob(job);
      if (runs.length > 0 || this.#logged.has(job)) keys.push({ job, key });
    }
    return { held, keys };
  }

  /** Give the directory back. */
  close(): void {
    this.#lock.release();
  }

  async prepareJob(brief: JobBrief, fetchContent: (sha256: string) => Promise<Uint8Array>): Promise<void> {
    const { job } = brief;
    this.#logged.delete(job);
    this.#silent.delete(job);
    await onDisk("files", job, async () => {
      for (const path of [
        runsPath(this.path, job),
        logsPath(this.path, job),
        join(jobPath(this.path, job), "scratch"),
      ]) {
        await mkdir(path, { recursive: true, mode: 0o700 });
      }
    });
    // The key is durable before the first launch: the next life serves this job's runs with it.
    if ((await readKey(this.path, job)) !== brief.shuffleKey) {
      const how = this.#isTakenOver ? "sync" : "cache";
      await onDisk("files", job, () => writeWhole(keyPath(this.path, job), Buffer.from(`${brief.shuffleKey}\n`), how));
    }
    await this.#bring(job, bundlePath(this.path, job), () => fetchContent(brief.bundleSha256));
    if (brief.files === undefined) return;
    await onDisk("files", job, async () => {
      await mkdir(sideFilesPath(this.path, job), { recursive: true, mode: 0o700 });
    });
    for (const { sha256 } of brief.files)
      await this.#bring(job, sideFilePath(this.path, job, sha256), () => fetchContent(sha256));
  }

  /** Fetch a file of a job that is not here yet. */
  async #bring(job: JobId, path: string, fetch: () => Promise<Uint8Array>): Promise<void> {
    if (await exists(path)) return;
    const bytes = await fetch();
    await onDisk("files", job, () => writeWhole(path, bytes, "cache"));
  }

  async prepareGather(reader: AttemptRef): Promise<void> {
    await onDisk(
      "gather",
      reader.job,
      async () => void (await mkdir(gatherPath(this.path, reader), { recursive: true, mode: 0o700 })),
    );
  }

  async deleteRun(attempt: AttemptRef): Promise<void> {
    const path = runPath(this.path, attempt);
    for (const file of [path, `${path}.part`]) await remove(file);
  }

  deleteGathered(reader: AttemptRef): Promise<void> {
    return remove(gatherPath(this.path, reader));
  }

  async deleteJob(job: JobId): Promise<readonly JobId[]> {
    const directory = jobPath(this.path, job);
    // Asked for a second time: its logs may have gone since.
    if (!(await exists(directory))) return this.#silent.has(job) ? [] : [job];
    const logs = await keepLogs(logsPath(this.path, job));
    if (logs === 0) {
      await remove(directory);
      this.#silent.add(job);
      return dropOldest(this.#silent, silentJobsMax);
    }
    for (const name of await readdir(directory).catch(() => []))
      if (name !== "logs" && name !== "shuffle.key") await remove(join(directory, name));
    this.#logged.add(job);
    const gone = dropOldest(this.#logged, loggedJobsMax);
    for (const old of gone) await remove(jobPath(this.path, old));
    return gone;
  }

  /** Free bytes of its disk, or the most that a message carries where the file system tells more, as EFS tells 8 EiB. */
  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.path);
    return Math.min(bavail * bsize, Number.MAX_SAFE_INTEGER);
  }

  bundlePath(job: JobId): string {
    return bundlePath(this.path, job);
  }

  sideFilePath(job: JobId, sha256: string): string {
    return sideFilePath(this.path, job, sha256);
  }

  runPath(attempt: AttemptRef): string {
    return runPath(this.path, attempt);
  }

  scratchPath(attempt: AttemptRef): string {
    return scratchPath(this.path, attempt);
  }

  logPath(attempt: AttemptRef): string {
    return logPath(this.path, attempt);
  }

  segmentPath(reader: AttemptRef, source: Pick<LocalSegment, "task" | "attempt">): string {
    return segmentPath(this.path, reader, source);
  }

  segmentInput(reader: AttemptRef, segment: LocalSegment, stage: number): SegmentInput {
    const { task, attempt, where, pairs, rawBytes, digest } = segment;
    const shared = { task, partition: reader.task, pairs, rawBytes, digest };
    if (pairs === 0) return { ...shared, path: this.#emptyPath, form: "segment" };
    if (where === "gathered") return { ...shared, path: segmentPath(this.path, reader, segment), form: "segment" };
    return { ...shared, path: runPath(this.path, { job: reader.job, stage, task, attempt }), form: "run" };
  }

  get #emptyPath(): string {
    return join(this.path, "empty.segment");
  }

  /** Jobs in order of their last change, so that the oldest logs go first. */
  async #listJobs(): Promise<readonly { readonly name: string; readonly job: JobId | undefined }[]> {
    const names = await readdir(jobsPath(this.path));
    const dated = await Promise.all(
      names.map(async (name) => ({ name, changedMs: (await stat(join(jobsPath(this.path), name))).mtimeMs })),
    );
    dated.sort((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
    return dated.map(({ name }) => ({ name, job: parseJobId(name) }));
  }

  async #adoptRuns(job: JobId): Promise<readonly HeldSegments[]> {
    const held: HeldSegments[] = [];
    for (const name of await readdir(runsPath(this.path, job)).catch(() => [])) {
      const path = join(runsPath(this.path, job), name);
      const attempt = name.endsWith(".run") ? parseAttemptName(job, name.slice(0, -".run".length)) : undefined;
      const vectorDigest = attempt === undefined ? undefined : readVectorDigest(path, nodeRunTools);
      if (attempt !== undefined && vectorDigest !== undefined) held.push({ attempt, vectorDigest });
      else await remove(path);
    }
    return held;
  }
}

async function readKey(root: string, job: JobId): Promise<string | undefined> {
  const text = await readFile(keyPath(root, job), "utf8").catch(() => "");
  return /^[0-9a-f]{2,256}\n$/.test(text) ? text.trimEnd() : undefined;
}

/** Write a file under a temporary name and give it its own when it is whole. */
async function writeWhole(path: string, bytes: Uint8Array, how: "sync" | "cache"): Promise<void> {
  const file = await open(`${path}.part`, "w", 0o600);
  try {
    await file.writeFile(bytes);
    if (how === "sync") await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

/** Drop what is more than a set may hold. @returns what went, oldest first. */
function dropOldest(jobs: Set<JobId>, countMax: number): readonly JobId[] {
  const gone = [...jobs].slice(0, Math.max(0, jobs.size - countMax));
  for (const job of gone) jobs.delete(job);
  return gone;
}

/** Remove logs that nobody wrote to. @returns how many are left. */
async function keepLogs(directory: string): Promise<number> {
  let kept = 0;
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    if (((await stat(path).catch(() => undefined))?.size ?? 0) > 0) kept += 1;
    else await remove(path);
  }
  return kept;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** Delete a file or directory; links are removed, never followed. What cannot be deleted is met again at the next start. */
async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

async function onDisk(what: string, job: JobId, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    throw describeDiskError(`prepare the ${what} of job`, job, thrown);
  }
}
