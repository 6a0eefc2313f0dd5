// Durable lists of decisions. One journal for the cluster and one for each job, in the coordinator's state directory.

/** Append records durably and read them back. */
export interface Journal<Record> {
  /** Append in order; resolves when all are durable. A failure is final: the coordinator stops. */
  append(records: readonly Record[]): Promise<void>;
  close(): Promise<void>;
}

/** What was found when a journal was opened. */
export interface ReplayedJournal<Record> {
  readonly journal: Journal<Record>;
  readonly records: readonly Record[];
  /** Bytes of a torn tail that were cut off; 0 for a clean end. */
  readonly cutBytes: number;
}
