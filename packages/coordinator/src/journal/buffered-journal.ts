// Records on their way to a journal: taken in order, and written as one batch when they must be durable.

import type { Journal } from "@millrace/ports";

/** Holds records of a journal that are not durable yet. */
export class BufferedJournal<Record> {
  readonly #journal: Journal<Record>;
  #waiting: Record[] = [];

  constructor(journal: Journal<Record>) {
    this.#journal = journal;
  }

  /** Take records: they wait for {@link sync}. */
  take(records: readonly Record[]): void {
    for (const record of records) this.#waiting.push(record);
  }

  /** Make all records that wait durable. @returns how many these are. @throws as the journal, and that is final. */
  async sync(): Promise<number> {
    const records = this.#waiting;
    this.#waiting = [];
    await this.#journal.append(records);
    return records.length;
  }

  /** Close the journal. What still waits is lost, as when the process is killed. */
  async close(): Promise<void> {
    this.#waiting = [];
    await this.#journal.close();
  }
}
