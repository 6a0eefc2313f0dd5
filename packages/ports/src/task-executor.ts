// Running attempts of user code: in child processes (worker daemon) or in threads (embedded mode).

import type {
  AttemptFailure,
  AttemptProgress,
  AttemptRef,
  AttemptResult,
  JobBrief,
  SegmentVector,
  Split,
} from "@millrace/core";

/** One segment that a reduce attempt reads, on this machine's disk. */
export interface SegmentInput {
  /** Map task that it came from: the order of equal keys depends on it. */
  readonly task: number;
  /** A run file, read at `partition`, or a gathered segment file of one segment. */
  readonly path: string;
  readonly form: "run" | "segment";
  readonly partition: number;
  readonly pairs: number;
  readonly rawBytes: number;
  readonly digest: string;
}

/** All that a host needs for one attempt. Paths are on this machine, made from ids alone. */
export interface AttemptOrder {
  readonly attempt: AttemptRef;
  readonly brief: JobBrief;
  /** The bundle's file. */
  readonly bundlePath: string;
  /** Files of the job's side files, by name; absent when it has none. They are read, never changed. */
  readonly filePaths?: Readonly<Record<string, string>>;
  /** Private directory of the attempt for spills; removed with the attempt. */
  readonly scratchPath: string;
  /**
   * For a map stage whose shuffle has key ranges: ascending beginnings of encoded keys, one fewer than it has partitions.
   * Key k goes to the first partition i with k < cuts[i], by bytes, else to the last. Shared by attempts; not to be changed.
   */
  readonly cuts?: readonly Uint8Array[];
  /** Where the run file must be when the attempt has finished; absent when the stage writes no shuffle. */
  readonly runPath?: string;
  /** URI of the attempt's directory in storage, for output files. */
  readonly outputUri: string;
  /** Where user stdout and stderr go. */
  readonly logPath: string;
  readonly work:
    | { readonly kind: "map"; readonly split: Split }
    /** Run the map of the stage that it is for on some records of the split; report at most so many keys. */
    | { readonly kind: "sample"; readonly split: Split; readonly keysMax: number }
    | { readonly kind: "reduce"; readonly partition: number; readonly segments: readonly SegmentInput[] };
}

/** What a running attempt tells. Exactly one of the last three ends it. */
export interface AttemptHandler {
  onProgress(progress: AttemptProgress): void;
  onFinished(result: AttemptResult, vector: SegmentVector | undefined): void;
  onFailed(failure: AttemptFailure): void;
  /** The attempt was stopped by `stop`, and nothing of it runs any more. */
  onStopped(): void;
}

/** Run attempts. `slots` of them at a time; a further one is a bug of the caller. */
export interface TaskExecutor {
  start(order: AttemptOrder, handler: AttemptHandler): void;
  /** End an attempt at once, whatever it does. Unknown attempts are ignored. */
  stop(attempt: AttemptRef): void;
  /** Drop hosts and caches of a job. */
  forgetJob(job: string): void;
  /** End all, and resolve when no process or thread is left. */
  close(): Promise<void>;
}
