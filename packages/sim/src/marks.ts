// "Sometimes" assertions: rare places say that they were reached, and a long run fails when one never was. They show
// that the simulator still gets to where the hard cases are.

/** Every rare place, with what being there means. */
export const markTable = {
  "stale-message": "a message of a closed session arrived and changed nothing",
  "stale-result-refused": "a result of an attempt that no longer counts was acknowledged without being accepted",
  supplied: "a later attempt gave lost segments a new place",
  reset: "a map that is not deterministic was reset before anyone consumed it",
  nondeterministic: "a job failed since a consumed map gave other pairs",
  "torn-tail": "a restart found a journal cut in the middle of a record",
  "tail-lost": "a crash took unsynced records along",
  "commit-reply-lost": "the reply of a publish was lost",
  "commit-found": "a publish whose reply was lost was found to have happened",
  "publish-late": "a publish whose reply was lost ran later",
  "published-before-crash": "a restarted coordinator found its output published already",
  "attempt-lost": "an attempt was given up with its worker",
  "attempt-resumed": "an attempt that was given up came back with its worker",
  "returned-with-inventory": "a worker came back with run files that the coordinator kept",
  "complaint-good": "a source found whole what a reader complained of",
  "complaint-bad": "a source found damaged what a reader complained of",
  "segments-lost": "accepted segments were lost and their map ran again",
  "late-tick": "a tick came more than a lease late",
  "worker-paused": "a worker was frozen for longer than a lease",
  "coordinator-restart": "a coordinator replayed journals with a live job",
  "restart-in-commit": "a coordinator died between committing and the end",
  "one-slot": "a run with one slot in all ended",
  "chained-job": "a plan of three stages succeeded",
  "key-ranges": "a job with key ranges succeeded",
  "ranges-kept": "a coordinator found key ranges in a journal, with maps yet to run",
  "ranges-lost": "a crash took key ranges along that nobody had acted on, and they were made again",
  "sample-failed": "a sample attempt failed",
  numbers: "a job over numbers succeeded",
  "two-inputs": "a job over files and numbers succeeded",
  "shared-output": "a job with an output that several stages write succeeded",
  "map-only": "a job without reduce succeeded",
  "zero-inputs": "a job over nothing but empty files or none succeeded",
  overwrite: "a job replaced an older output",
  "overwrite-failed": "a job that was to replace an output failed and the old one stayed",
  "killed-job": "a job was killed before its commit",
  "kill-refused": "a kill came after the commit had begun",
  "duplicate-submit": "a second submission with one key got the first one's job",
  "user-code-failed": "a job failed since its code threw each time",
  "user-code-retried": "a job succeeded although its code threw sometimes",
  "task-crash": "a task process died",
  "segment-skipped": "a reduce attempt passed over a segment",
  "verify-hang": "a worker did not say whether a run file is good",
  "host-start-failed": "a worker could not start a task process",
  "worker-avoided": "a worker that had failed a job too often got no more of it",
  "task-hang": "a task process went on without reading or writing",
  "disk-full": "a worker's disk was full while it gathered or ran",
  "bad-records": "a job failed since too many of its records could not be parsed",
  "input-changed": "a job failed since an input changed after it was planned",
  partitioned: "a worker was cut off for longer than a lease",
  "one-way": "a link was cut in one direction alone",
  "storage-refused": "a job failed since storage refused a step",
  "all-workers-dead": "no worker was alive while a job was",
  "worker-gone-for-good": "a job succeeded although workers never came back",
  "own-run": "a reducer read a segment in place from its own worker's run file",
  "run-adopted": "a restarted worker adopted run files",
  "run-rejected": "a restarted worker found a torn run file",
  succeeded: "a job succeeded",
} as const;

/** A rare place. */
export type MarkName = keyof typeof markTable;

/** Count the rare places that a run reached. */
export class Marks {
  private readonly hits = new Map<MarkName, number>();

  hit(name: MarkName): void {
    this.hits.set(name, (this.hits.get(name) ?? 0) + 1);
  }

  count(name: MarkName): number {
    return this.hits.get(name) ?? 0;
  }

  /** Counts by name, of those that were hit. The caller owns the object. */
  toRecord(): Partial<Record<MarkName, number>> {
    return Object.fromEntries(this.hits);
  }
}
