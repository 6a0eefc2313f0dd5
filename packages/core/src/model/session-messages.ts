// What a worker and a coordinator say to each other on one session stream.
// Durations, never timestamps, cross the wire; every message names attempts in full; lists are paged by the driver.

import type { AttemptFailure, AttemptProgress, AttemptResult, SegmentVector } from "./attempt-result.ts";
import type { AttemptRef, Epoch, Incarnation, JobId, WorkerId } from "./ids.ts";
import type { OutputSpec, PartFileOptions, SideFile, StageKind } from "./job-spec.ts";
import type { Split } from "./plan.ts";

/** What a worker is, told when it registers. */
export interface WorkerDescription {
  readonly worker: WorkerId;
  readonly incarnation: Incarnation;
  /** Name for locality, as storage names hosts. */
  readonly host: string;
  /** Rack path such as `/default-rack`. */
  readonly rack: string;
  readonly slots: number;
  /** `host:port` where its segments are served. */
  readonly shuffleAddress: string;
  readonly freeDiskBytes: number;
  /** Versions of the run format that it reads and writes. */
  readonly dataVersions: readonly number[];
  readonly nodeMajor: number;
  /** Versions of this protocol that it speaks, newest first. */
  readonly protocols: readonly number[];
}

/** A run file on a worker's disk whose footer is valid. */
export interface HeldSegments {
  readonly attempt: AttemptRef;
  readonly vectorDigest: string;
}

/** What a worker has, told after it registers, so that both sides agree again. */
export interface Inventory {
  readonly running: readonly AttemptRef[];
  /** Reduce attempts that gather, or have gathered and wait for a slot. */
  readonly gathering: readonly AttemptRef[];
  /** Ended attempts whose result or failure the coordinator has not acknowledged; they are sent again on their own. */
  readonly unacknowledged: readonly AttemptRef[];
  readonly held: readonly HeldSegments[];
}

/** Coordinator's answer to one item of an inventory. */
export type InventoryVerdict = "keep" | "kill" | "delete";

/** From worker to coordinator. */
export type WorkerMessage =
  | { readonly kind: "register"; readonly description: WorkerDescription; readonly inventory: Inventory }
  | { readonly kind: "heartbeat"; readonly progress: readonly AttemptProgress[]; readonly freeDiskBytes: number }
  /** A result; sent again until acknowledged. `vector` is present exactly when `result.run` is. */
  | { readonly kind: "finished"; readonly result: AttemptResult; readonly vector?: SegmentVector }
  /** A failure, or the end of a killed attempt (code `E_KILLED`); sent again until acknowledged. */
  | { readonly kind: "failed"; readonly attempt: AttemptRef; readonly failure: AttemptFailure }
  /** Every segment of a reduce attempt is local: it can take a slot. */
  | { readonly kind: "gathered"; readonly attempt: AttemptRef; readonly bytes: number }
  /** A segment could not be had from its source, after the gatherer's own retries. */
  | {
      readonly kind: "complaint";
      readonly reader: AttemptRef;
      readonly source: AttemptRef;
      readonly sourceWorker: WorkerId;
      readonly reason: ComplaintReason;
    }
  /** Answer to `verify`: whether the run file's footer, index and blocks are whole. */
  | { readonly kind: "verified"; readonly source: AttemptRef; readonly intact: boolean };

/** What was wrong with a segment: it was not there, was cut, did not match, or its source did not answer. */
export type ComplaintReason = "missing" | "cut" | "corrupt" | "unreachable";

/** Where one segment lies and what it must hold, for one partition. */
export interface SegmentPlace {
  /** Map task (index in the producing stage): together with pinned digests it names the content. */
  readonly task: number;
  /** The attempt whose run file has it; the content is that of the accepted attempt, whichever attempt supplies it. */
  readonly attempt: number;
  readonly worker: WorkerId;
  readonly address: string;
  readonly pairs: number;
  readonly rawBytes: number;
  readonly digest: string;
}

/** What a worker needs to run attempts of a job; sent once a session before the job's first attempt. */
export interface JobBrief {
  readonly job: JobId;
  readonly name: string;
  readonly bundleSha256: string;
  /** Side files; absent when there are none. */
  readonly files?: readonly SideFile[];
  readonly params: Readonly<Record<string, string>>;
  /** Secret of the job's shuffle, hexadecimal; never logged or journalled. */
  readonly shuffleKey: string;
  /** Delegation tokens of secure storages, by cluster (`hdfs://nameservice`); never logged, journalled or written to disk. */
  readonly storageTokens?: Readonly<Record<string, string>>;
  readonly taskTimeoutMs: number;
  readonly inputGrowth: "refuse" | "prefix";
  readonly partFiles?: PartFileOptions;
  /** Seed of the job's random numbers: the plan's hash. */
  readonly seed: string;
  /** Kinds of pairs by producing stage. */
  readonly stages: readonly StageBrief[];
  /** URI of the staging directory; attempts write below `attempts/`. */
  readonly stagingUri: string;
}

/** What a task host must know of a stage. */
export interface StageBrief {
  readonly kind: StageKind;
  readonly tasks: number;
  readonly partitions: number;
  readonly reads: number;
  readonly outputs: readonly OutputSpec[];
}

/** From coordinator to worker. */
export type CoordinatorMessage =
  | {
      readonly kind: "registered";
      readonly epoch: Epoch;
      readonly leaseMs: number;
      readonly heartbeatMs: number;
      /** One verdict for each item, in the order of the inventory: running, gathering, held. */
      readonly running: readonly InventoryVerdict[];
      readonly gathering: readonly InventoryVerdict[];
      readonly held: readonly InventoryVerdict[];
    }
  /** Registration refused for good: the worker prints the reason and ends. */
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "brief"; readonly brief: JobBrief }
  /** Run a map attempt now: it takes a slot. */
  | { readonly kind: "launch-map"; readonly attempt: AttemptRef; readonly split: Split }
  /** Run a sample attempt now, which reports at most so many keys: it takes a slot. */
  | {
      readonly kind: "launch-sample";
      readonly attempt: AttemptRef;
      readonly split: Split;
      /** 1 to `limits.sampleKeysTaskMax`. */
      readonly keysMax: number;
    }
  /**
   * Key ranges of a map stage's shuffle, once a session and before the stage's first attempt: one cut fewer than it has
   * partitions, ascending (equal ones leave partitions empty), beginnings of encoded keys in hexadecimal.
   */
  | { readonly kind: "ranges"; readonly job: JobId; readonly stage: number; readonly cuts: readonly string[] }
  /** Begin to gather for a reduce attempt: it takes a gathering place, no slot. `maps` segments are needed in all. */
  | { readonly kind: "gather"; readonly attempt: AttemptRef; readonly maps: number }
  /** More, or newer, places of segments for a gathering attempt. A newer place for a map replaces the older one. */
  | { readonly kind: "places"; readonly attempt: AttemptRef; readonly places: readonly SegmentPlace[] }
  /** Segments whose place is gone: drop what is not yet local, wait for a newer place. */
  | { readonly kind: "places-lost"; readonly attempt: AttemptRef; readonly tasks: readonly number[] }
  /** Run a gathered reduce attempt now: it takes a slot. */
  | { readonly kind: "launch-reduce"; readonly attempt: AttemptRef }
  /** End an attempt in any phase and drop what it has; answered by `failed` with `E_KILLED` unless it is unknown. */
  | { readonly kind: "kill"; readonly attempt: AttemptRef; readonly reason: string }
  /** The result or failure is durable: forget it. Run files stay until released. */
  | { readonly kind: "acknowledge"; readonly attempt: AttemptRef }
  /** Check a run file that a reader complained of; answered by `verified`. */
  | { readonly kind: "verify"; readonly source: AttemptRef }
  /** Delete the run file of an attempt: no consumer needs it any more. */
  | { readonly kind: "release"; readonly attempt: AttemptRef }
  /** The job is over: delete all that belongs to it, its task hosts included. */
  | { readonly kind: "forget-job"; readonly job: JobId };
