// The durable side of all live jobs: open journals, vectors and keys, by job. The driver writes through it.

import type { ClusterRecord, JobId, JobRecord, SegmentVector } from "@millrace/core";
import type { Journal } from "@millrace/ports";
import { BufferedJournal } from "./journal/buffered-journal.ts";
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

/** When what is written here becomes durable: with each batch of the driver, or before one that changes storage. */
export type BookDurability = "each-batch" | "before-changes";

/** Records that wait for a change of storage at most, of all journals together. */
const waitingMax = 4_096;

interface OpenJob {
  journal: Promise<BufferedJournal<JobRecord>> | undefined;
  vectors: JobVectors | undefined;
  shuffleKey: string | undefined;
  /** Records of the journal that are durable. */
  durableRecords: number;
  /** Whether it takes no more records. */
  swept: boolean;
}

const newlyOpen: Readonly<OpenJob> = {
  journal: undefined,
  vectors: undefined,
  shuffleKey: undefined,
  durableRecords: 0,
  swept: false,
};

/** Durable files of live jobs. A job that is not open has no vectors and takes no records. */
export class JobBook {
  readonly #state: StateDirectory;
  readonly #cluster: BufferedJournal<ClusterRecord>;
  readonly #durability: BookDurability;
  readonly #jobs = new Map<JobId, OpenJob>();
  readonly #unsynced = new Set<JobVectors>();
  /** Records taken since all were made durable. */
  #taken = 0;

  constructor(state: StateDirectory, cluster: Journal<ClusterRecord>, durability: BookDurability) {
    this.#state = state;
    this.#durability = durability;
    this.#cluster = new BufferedJournal(cluster);
  }

  /** Make the files of a new job. */
  async create(job: JobId, contents: JobContents, shuffleKey: string): Promise<void> {
    await this.#state.createJob(job, contents, shuffleKey, this.#durability === "each-batch" ? "all" : "names");
    this.#jobs.set(job, { ...newlyOpen, shuffleKey });
  }

  /** Take a job that a recovery found, with its journal open. */
  adopt(job: JobId, journal: Journal<JobRecord>, durableRecords: number): void {
    this.#jobs.set(job, { ...newlyOpen, journal: Promise.resolve(new BufferedJournal(journal)), durableRecords });
  }

  /** Take the records of a job's part of a batch. */
  async append(job: JobId, records: readonly JobRecord[]): Promise<void> {
    const open = this.#jobs.get(job) ?? this.#reopen(job);
    open.journal ??= this.#openJournal(job, open);
    (await open.journal).take(records);
    open.swept ||= records.some((record) => record.kind === "swept");
    this.#taken += records.length;
    if (this.#durability === "each-batch") await this.#syncJob(job, open);
  }

  /** Number of records of a job that are durable: all of its journal when it is not open. */
  durableRecords(job: JobId): number {
    return this.#jobs.get(job)?.durableRecords ?? Number.POSITIVE_INFINITY;
  }

  /** Take the records that end a batch. */
  async appendCluster(records: readonly ClusterRecord[]): Promise<void> {
    this.#cluster.take(records);
    this.#taken += records.length;
    if (this.#durability === "each-batch") await this.#cluster.sync();
    else if (this.#taken > waitingMax) await this.#syncAll();
  }

  /** A batch is about to change storage: what clears up after this process must know of it. */
  async beforeChanges(): Promise<void> {
    if (this.#durability === "before-changes") await this.#syncAll();
  }

  /** In the order of a batch: what a job's record or the cluster's means rests on those before it. */
  async #syncAll(): Promise<void> {
    this.#taken = 0;
    await this.#syncVectors();
    await Promise.all([...this.#jobs].map(async ([job, open]) => this.#syncJob(job, open)));
    await this.#cluster.sync();
  }

  async #syncJob(job: JobId, open: OpenJob): Promise<void> {
    const durable = (await (await open.journal)?.sync()) ?? 0;
    open.durableRecords += durable;
    if (open.swept) await this.close(job);
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

  /** Make all vectors that were appended durable, where each batch is. */
  async syncVectors(): Promise<void> {
    if (this.#durability === "each-batch") await this.#syncVectors();
  }

  async #syncVectors(): Promise<void> {
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

  async #openJournal(job: JobId, open: OpenJob): Promise<BufferedJournal<JobRecord>> {
    const { journal, records } = await this.#state.openJobJournal(job);
    open.durableRecords = records.length;
    return new BufferedJournal(journal);
  }

  #reopen(job: JobId): OpenJob {
    const open: OpenJob = { ...newlyOpen };
    this.#jobs.set(job, open);
    return open;
  }
}
