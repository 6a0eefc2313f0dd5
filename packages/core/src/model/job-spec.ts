// What a submission says: plain data that the submitting command extracts from a job module.
// The coordinator never loads user code; all that it needs to plan, schedule and commit is here.

/** Plain JSON, for what the engine carries without reading. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** Describe a job, serialisable and complete: with the bundle's bytes it is all a cluster needs. */
export interface JobSpec {
  /** 1-128 printable characters, shown everywhere, never part of a path. */
  readonly name: string;
  /** The code that task hosts load, named by its content. */
  readonly bundle: BundleRef;
  /** Version of run files and aggregator states that the job was made for; a worker must speak it. */
  readonly dataVersion: number;
  /** Major version of Node that the job was bundled for; a worker must run it. */
  readonly nodeMajor: number;
  /** What is read, in declared order. At least one. */
  readonly inputs: readonly InputSpec[];
  /** In the order of the data's way; a reduce stage comes after the stage that it reads. */
  readonly stages: readonly StageSpec[];
  readonly output: OutputTarget;
  /** Job parameters in their text form, parsed by the task host with the types that the job declares. */
  readonly params: Readonly<Record<string, string>>;
  readonly options: JobOptions;
  /** Side files, which tasks read whole by name; absent when there are none. Names differ; see `limits.sideFile…`. */
  readonly files?: readonly SideFile[];
}

/** Name a side file by content, for the tasks that ask for it by `name`: `[A-Za-z0-9._-]{1,64}`. */
export interface SideFile {
  readonly name: string;
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Name a bundle by content. `sha256` is 64 lower-case hexadecimal digits. */
export interface BundleRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** Name one input of a job: what to list and how to read it. */
export interface InputSpec {
  /** What the author calls it, for messages; absent or "" for the only input. */
  readonly name?: string;
  /** URIs of files, directories or globs, absolute. */
  readonly patterns: readonly string[];
  readonly format: InputFormatSpec;
}

/** Say how an input format may be cut, as planning must know without running user code. */
export interface InputFormatSpec {
  readonly name: string;
  /**
   * `none`: a file is one split. `delimiter`: at any byte, and at blocks of a compression that has them: where records begin
   * is seen from a few bytes before. `plain`: at any byte, but of files that are not compressed: it takes the place in the
   * file, or much before. `sync-mark`: at any byte of files that are not compressed. `numbers`: there is no file.
   */
  readonly splitting: "none" | "delimiter" | "plain" | "sync-mark" | "numbers";
  /** With splitting `numbers`: how many, a safe integer of 0 or more. Then the input has no patterns: nothing is listed. */
  readonly numbers?: number;
}

/** A stage: a set of like tasks. It writes at most one shuffle and any number of outputs, a sample stage neither. */
export type StageSpec = MapStageSpec | ReduceStageSpec | SampleStageSpec;

/** Kinds of stages, and so of tasks and attempts. */
export type StageKind = StageSpec["kind"];

/** Read splits of the named inputs. */
export interface MapStageSpec {
  readonly kind: "map";
  /** Indexes into {@link JobSpec.inputs}. */
  readonly inputs: readonly number[];
  readonly shuffle?: ShuffleSpec;
  readonly outputs: readonly OutputSpec[];
}

/** Read the one shuffle that an earlier stage writes; its tasks are that shuffle's partitions. */
export interface ReduceStageSpec {
  readonly kind: "reduce";
  /** Index of the stage whose shuffle is read. */
  readonly reads: number;
  readonly shuffle?: ShuffleSpec;
  readonly outputs: readonly OutputSpec[];
}

/**
 * Look at keys of a later map stage before it runs: one task for each of its splits, which reads some records of it, runs
 * the map on them and reports keys. From these the coordinator makes the key ranges of that stage's shuffle.
 */
export interface SampleStageSpec {
  readonly kind: "sample";
  /** Index of the map stage, a later one, whose shuffle has `ranges` with the index of this stage. */
  readonly of: number;
}

/** Describe what a stage hands to the next. */
export interface ShuffleSpec {
  /** Number of reduce tasks, 1 to `limits.reducesMax`; "auto" is decided by the planner from input bytes. */
  readonly partitions: number | "auto";
  /** Whether pairs carry aggregator states (merged on the way) or values. */
  readonly pairs: "state" | "value";
  /** Whether pairs carry an order key (secondary sort). */
  readonly ordered: boolean;
  /**
   * For partitions that are key ranges, of a map stage alone: index of the sample stage, an earlier one, that they are
   * made from. Absent where the job chooses partitions by itself or by hash.
   */
  readonly ranges?: number;
}

/**
 * Describe one output of a stage. `name` is "" for the main output, which one stage writes, a file a task; else
 * `[a-z0-9-]{1,64}`: a folder below the output, to which several stages may write, each task only if it has records.
 */
export interface OutputSpec {
  readonly name: string;
  /** Without the dot, such as `txt` or `jsonl`. */
  readonly extension: string;
}

/** Say where the result goes. */
export interface OutputTarget {
  /** Absolute URI of the directory that the job makes. */
  readonly uri: string;
  /** Replace an earlier output, which must hold a Millrace manifest. */
  readonly overwrite: boolean;
}

/** How part files are made, where their storage has such things: HDFS does. Absent is the storage's default. */
export interface PartFileOptions {
  /** Copies of each block, 1 to 512. */
  readonly replication?: number;
  /** A multiple of 512. */
  readonly blockBytes?: number;
  /** Permission bits, 1 to 0o777. */
  readonly permission?: number;
}

/** What a submitter may tune. Every field has a default, see `defaultJobOptions`. */
export interface JobOptions {
  /** Higher goes first; -100 to 100. */
  readonly priority: number;
  /** Split target in bytes, or "auto" for the block-size rule of the planner. */
  readonly splitBytes: number | "auto";
  /** Share of unparsable records above which the job fails, 0 to 1. */
  readonly badRecordsMax: number;
  /** Time without progress after which an attempt is killed. */
  readonly taskTimeoutMs: number;
  /** Charged failures after which a task fails its job, 1 to 16. */
  readonly attemptsMax: number;
  /** Whether an input that grew after planning is read to its planned length instead of failing. */
  readonly inputGrowth: "refuse" | "prefix";
  readonly partFiles?: PartFileOptions;
}
