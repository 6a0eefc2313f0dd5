// The durable side of all live jobs: open journals, vectors and keys, by job. The driver writes through it.

import type { ClusterRecord, JobId, JobRecord, SegmentVector } from "@millrace/core";
import type { Journal } from "@millrace/ports";
import type { SegmentEntry } from "./vectors/vector-file.ts";
import type { JobContents, StateDirectory } from "./state/state-directory.ts";

/** Vectors of one job, as the driver uses them. */
export interface JobVectors {
  append(vector: SegmentVector): number;
  read(position: number): SegmentVector;
  readEntry(position: number, partition: number): SegmentEntry;
  sync(): Promise<void>;
  close(): void;
}

interface OpenJob {
  journal: Promise<Journal<JobRecord>> | undefined;
  vectors: JobVectors | undefined;
  shuffleKey: string | undefined;
  /** Records of the journal that are durable. */
  durableRecords: number;
}

/** Durable files of live jobs. A job that is not open has no vectors and takes no records. */
export class JobBook {
  readonly #state: StateDirectory;
  readonly #cluster: Journal<ClusterRecord>;
  readonly #jobs = new Map<JobId, OpenJob>();
  readonly #unsynced = new Set<JobVectors>();

  constructor(state: StateDirectory, cluster: Journal<ClusterRecord>) {
    this.#state = state;
    this.#cluster = cluster;
  }

  /** Make the files of a new job. */
  async create(job: JobId, contents: JobContents, shuffleKey: string): Promise<void> {
    await this.#state.createJob(job, contents, shuffleKey);
    this.#jobs.set(job, { journal: undefined, vectors: undefined, shuffleKey, durableRecords: 0 });
  }

  /** Take a job that a recovery found, with its journal open. */
  adopt(job: JobId, journal: Journal<JobRecord>, durableRecords: number): void {
    const opened = Promise.resolve(journal);
    this.#jobs.set(job, { journal: opened, vectors: undefined, shuffleKey: undefined, durableRecords });
  }

  async append(job: JobId, records: readonly JobRecord[]): Promise<void> {
    const open = this.#jobs.get(job) ?? this.#reopen(job);
    open.journal ??= this.#openJournal(job, open);
    await (await open.journal).append(records);
    open.durableRecords += records.length;
    if (records.some((record) => record.kind === "swept")) await this.close(job);
  }

  /** Number of records of a job that are durable: all of its journal when it is not open. */
  durableRecords(job: JobId): number {
    return this.#jobs.get(job)?.durableRecords ?? Number.POSITIVE_INFINITY;
  }

  async appendCluster(records: readonly ClusterRecord[]): Promise<void> {
    await this.#cluster.append(records);
  }

  /** @returns undefined for a job that is not open: nobody needs its vectors. */
  vectors(job: JobId): JobVectors | undefined {
    const open = this.#jobs.get(job);
    if (open === undefined) return undefined;
    const vectors = open.vectors ?? this.#state.openVectors(job);
    open.vectors = vectors;
    this.#unsynced.add(vectors);
    return vectors;
  }

  /** Make all vectors that were appended durable. */
  async syncVectors(): Promise<void> {
    const touched = [...this.#unsynced];
    this.#unsynced.clear();
    await Promise.all(touched.map(async (vectors) => vectors.sync()));
  }

  async shuffleKey(job: JobId): Promise<string> {
    const open = this.#jobs.get(job);
    const key = open?.shuffleKey ?? (await this.#state.readShuffleKey(job));
    if (open !== undefined) open.shuffleKey = key;
    return key;
  }

  /** Close the files of a job that takes no more records. Its directory stays: it is the history. */
  async close(job: JobId): Promise<void> {
    const open = this.#jobs.get(job);
    this.#jobs.delete(job);
    if (open?.vectors !== undefined) this.#unsynced.delete(open.vectors);
    open?.vectors?.close();
    await (await open?.journal)?.close();
  }

  /** Close and delete a job that was refused. */
  async discard(job: JobId): Promise<void> {
    await this.close(job);
    await this.#state.removeJob(job);
  }

  async closeAll(): Promise<void> {
    for (const job of this.#jobs.keys()) await this.close(job);
    await this.#cluster.close();
  }

  async #openJournal(job: JobId, open: OpenJob): Promise<Journal<JobRecord>> {
    const { journal, records } = await this.#state.openJobJournal(job);
    open.durableRecords = records.length;
    return journal;
  }

  #reopen(job: JobId): OpenJob {
    const open: OpenJob = { journal: undefined, vectors: undefined, shuffleKey: undefined, durableRecords: 0 };
    this.#jobs.set(job, open);
    return open;
  }
}
