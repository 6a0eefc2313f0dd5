// The coordinator's state directory: the cluster's journal, and one directory a job with its journal, vectors, bundle
// and shuffle key. A finished job's directory is its history. Names are made of ids alone.
//
//   cluster.journal
//   jobs/<job>/journal  vectors  bundle  files/<sha256>  shuffle.key  logs/<attempt>  summary.json (once it is over for good)

import { createReadStream, existsSync } from "node:fs";
import { mkdir, open, readFile, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MillraceError, formatBytes, isMillraceError, parseJobId, quote } from "@millrace/core";
import type { ClusterRecord, JobId, JobRecord, JobSummaryView, PartitionView } from "@millrace/core";
import type { ReplayedJournal } from "@millrace/ports";
import { openJournal, readJournal, syncDirectory } from "../journal/file-journal.ts";
import { formatBatch } from "../journal/journal-lines.ts";
import type { FollowOptions } from "../journal/journal-follower.ts";
import { JournalFollower } from "../journal/journal-follower.ts";
import { stateDiskError } from "./state-disk-error.ts";
import type { VectorOrder } from "../vectors/sum-vectors.ts";
import { sumVectors } from "../vectors/sum-vectors.ts";
import { VectorFile } from "../vectors/vector-file.ts";

/** File of a job that is over for good. */
const summaryName = "summary.json";
/** Before the name of a job's directory that is being deleted. */
const removedPrefix = ".removed-";
/** Read of a side file at a time: a few messages of a worker's fetch. */
const pieceBytes = 256 * 1024;
/** Kept free for the journals of running jobs: a job of 100,000 tasks writes about 100 MB. */
const reservedBytes = 128 * 1024 * 1024;

/** What a job brings along. */
export interface JobContents {
  readonly bundle: Uint8Array;
  /** Side files by SHA-256, 64 hexadecimal digits. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Files of the state directory. Not locked by itself: its owner holds the lock. */
export class StateDirectory {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Open the directory, made with access for its user alone. */
  static async open(path: string): Promise<StateDirectory> {
    await mkdir(join(path, "jobs"), { recursive: true, mode: 0o700 });
    return new StateDirectory(path);
  }

  /** Open the cluster's journal. */
  async openClusterJournal(): Promise<ReplayedJournal<ClusterRecord>> {
    const opened = await openJournal<ClusterRecord>(join(this.path, "cluster.journal"));
    // Also when it was there: an earlier life may have made it and ended before this.
    await syncDirectory(this.path);
    return opened;
  }

  /**
   * Write the cluster's journal anew, whole or not at all: where that cannot be, the one that is there says the same at
   * greater length. No journal of it may be open.
   */
  async replaceClusterJournal(records: readonly ClusterRecord[]): Promise<ReplayedJournal<ClusterRecord>> {
    const path = join(this.path, "cluster.journal");
    const removeTry = (): Promise<void> => rm(`${path}.new`, { force: true });
    // What an earlier try has left is in the way of this one.
    await removeTry()
      .then(() => writeWhole(path, formatBatch(records, 1), "all"))
      .catch(() => removeTry())
      .catch(() => undefined);
    return this.openClusterJournal();
  }

  /**
   * Make the directory of a new job, with its bundle, side files, shuffle key, and neither records nor vectors; nothing
   * is left of one that failed.
   * @param durable - `names` where no other life runs the job: what that needs, bundle and key, may be lost.
   * @throws {MillraceError} E_NO_SPACE, E_STORAGE.
   */
  async createJob(
    job: JobId,
    { bundle, files }: JobContents,
    shuffleKey: string,
    durable: "all" | "names" = "all",
  ): Promise<void> {
    const directory = this.jobPath(job);
    try {
      await this.#requireRoom([...files.values()].reduce((sum, { length }) => sum + length, bundle.length));
      await mkdir(directory, { mode: 0o700 });
      if (files.size > 0) await this.#createFiles(job, files, durable);
      const key = Buffer.from(`${shuffleKey}\n`);
      await Promise.all([
        writeWhole(join(directory, "bundle"), bundle, durable),
        writeWhole(join(directory, "shuffle.key"), key, durable),
        // Empty yet: their names are durable from here on, so that a sync of what is appended is enough.
        writeFile(join(directory, "vectors"), "", { flag: "wx", mode: 0o600 }),
        writeFile(join(directory, "journal"), "", { flag: "wx", mode: 0o600 }),
      ]);
      await Promise.all([syncDirectory(directory), syncDirectory(join(this.path, "jobs"))]);
    } catch (cause) {
      await rm(directory, { recursive: true, force: true });
      throw isMillraceError(cause) ? cause : stateDiskError("store the submission in", this.path, cause);
    }
  }

  async #createFiles(job: JobId, files: JobContents["files"], durable: "all" | "names"): Promise<void> {
    const directory = join(this.jobPath(job), "files");
    await mkdir(directory, { mode: 0o700 });
    for (const [sha256, bytes] of files) await writeWhole(join(directory, sha256), bytes, durable);
    if (durable === "all") await syncDirectory(directory);
  }

  /** A journal that meets a full disk ends the coordinator, so that submissions are refused before it comes to that. */
  async #requireRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.path);
    const free = bavail * bsize;
    if (free >= bytes + reservedBytes) return;
    throw new MillraceError(
      "E_NO_SPACE",
      `Cannot store the submission in ${quote(this.path)}: the coordinator's disk has ${formatBytes(free)} free, and needs ${formatBytes(bytes)} for it beside the ${formatBytes(reservedBytes)} that are kept for journals; free space on it`,
      { details: { free } },
    );
  }

  /** Open a job's journal for writing. */
  async openJobJournal(job: JobId): Promise<ReplayedJournal<JobRecord>> {
    return openJournal<JobRecord>(join(this.jobPath(job), "journal"));
  }

  /** Read the history of a job. @returns undefined when there is none of that id. */
  async readHistory(job: JobId): Promise<readonly JobRecord[] | undefined> {
    const path = join(this.jobPath(job), "journal");
    return existsSync(path) ? readJournal<JobRecord>(path) : undefined;
  }

  /** Tell whether a job is over for good: its staging directory is gone, and its journal grows no more. */
  isSwept(job: JobId): boolean {
    return existsSync(join(this.jobPath(job), summaryName));
  }

  /** Write the line that lists show of a job that is over for good. */
  async writeSummary(job: JobId, summary: JobSummaryView): Promise<void> {
    const path = join(this.jobPath(job), summaryName);
    await writeFile(`${path}.new`, `${JSON.stringify(summary)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }

  /** Read what {@link writeSummary} wrote. @returns undefined when it is not there or not whole: the journal knows all. */
  async readSummary(job: JobId): Promise<JobSummaryView | undefined> {
    try {
      const parsed: unknown = JSON.parse(await readFile(join(this.jobPath(job), summaryName), "utf8"));
      const summary = parsed as JobSummaryView | null;
      return summary?.job === job ? summary : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keep the end of an attempt's log. @param attempt as `<stage>-<task>.<attempt>`, checked by the caller. */
  async writeLog(job: JobId, attempt: string, bytes: Uint8Array): Promise<void> {
    const directory = join(this.jobPath(job), "logs");
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(join(directory, attempt), bytes, { mode: 0o600 });
  }

  /** Read what {@link writeLog} kept. @returns undefined when nothing was. */
  async readLog(job: JobId, attempt: string): Promise<Uint8Array | undefined> {
    try {
      return await readFile(join(this.jobPath(job), "logs", attempt));
    } catch {
      return undefined;
    }
  }

  /** Follow the journal of a job, live or ended. @returns undefined when there is none of that id. */
  followJournal(job: JobId, options: FollowOptions): JournalFollower<JobRecord> | undefined {
    const path = join(this.jobPath(job), "journal");
    return existsSync(path) ? new JournalFollower<JobRecord>(path, options) : undefined;
  }

  /** Open a job's vectors. */
  openVectors(job: JobId): VectorFile {
    return VectorFile.open(join(this.jobPath(job), "vectors"));
  }

  /**
   * Add up vectors of a job that is over, for people.
   * @throws {MillraceError} E_STATE_DAMAGED when they are not all there, E_TOO_LARGE.
   */
  async sumVectors(job: JobId, order: VectorOrder): Promise<readonly PartitionView[]> {
    return sumVectors(join(this.jobPath(job), "vectors"), order);
  }

  /** @throws {MillraceError} E_UNKNOWN_JOB when the job has no bundle here. The caller owns the bytes. */
  async readBundle(job: JobId): Promise<Uint8Array> {
    try {
      return await readFile(join(this.jobPath(job), "bundle"));
    } catch (cause) {
      throw new MillraceError(
        "E_UNKNOWN_JOB",
        `Cannot read the bundle of "${job}": no such job here; ask with \`millrace job list\``,
        { cause },
      );
    }
  }

  /**
   * Read a side file of a job as its pieces are taken. Whoever takes them all knows by the digest whether they are whole.
   * @param sha256 64 hexadecimal digits. @returns undefined when there is none of that content.
   */
  readSideFile(job: JobId, sha256: string): AsyncIterable<Uint8Array> | undefined {
    const path = join(this.jobPath(job), "files", sha256);
    return existsSync(path) ? createReadStream(path, { highWaterMark: pieceBytes }) : undefined;
  }

  /** Read the secret of a job's shuffle: 64 hexadecimal digits. */
  async readShuffleKey(job: JobId): Promise<string> {
    return (await readFile(join(this.jobPath(job), "shuffle.key"), "utf8")).trim();
  }

  /** Delete all of a job: it was refused, or a crash came before the cluster's journal knew it. */
  async removeJob(job: JobId): Promise<void> {
    await rm(this.jobPath(job), { recursive: true, force: true });
  }

  /** Measure the history of a job. @returns undefined for a job that is not over for good. */
  async measureHistory(job: JobId): Promise<{ readonly bytes: number; readonly sweptMs: number } | undefined> {
    const path = this.jobPath(job);
    try {
      const { mtimeMs } = await stat(join(path, summaryName));
      const entries = await readdir(path, { recursive: true, withFileTypes: true });
      let bytes = 0;
      for (const entry of entries) if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
      return { bytes, sweptMs: mtimeMs };
    } catch {
      return undefined;
    }
  }

  /** Delete a job that is over for good: its name goes first, so that half of it is never taken for a job. */
  async removeHistory(job: JobId): Promise<void> {
    const removed = join(this.path, "jobs", `${removedPrefix}${job}`);
    await rename(this.jobPath(job), removed);
    await rm(removed, { recursive: true, force: true });
  }

  /** Delete what {@link removeHistory} began and did not end. */
  async clearRemoved(): Promise<void> {
    const jobs = join(this.path, "jobs");
    for (const name of await readdir(jobs))
      if (name.startsWith(removedPrefix)) await rm(join(jobs, name), { recursive: true, force: true });
  }

  /** Ids of all jobs that have a directory, sorted. */
  async listJobs(): Promise<readonly JobId[]> {
    const names = await readdir(join(this.path, "jobs"));
    return names.flatMap((name) => parseJobId(name) ?? []).toSorted((a, b) => (a < b ? -1 : 1));
  }

  /** Where all of a job lies. */
  jobPath(job: JobId): string {
    return join(this.path, "jobs", job);
  }
}

async function writeWhole(path: string, bytes: Uint8Array, durable: "all" | "names"): Promise<void> {
  const temporary = `${path}.new`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(bytes);
    if (durable === "all") await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
