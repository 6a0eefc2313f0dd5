// A job as the engine runs it: stages of plain steps, whatever form it was written in (`defineJob`, `defineAggregation`,
// `defineJoin`, `chain`). Types of the author are `unknown` here: the codecs check. A stage of the program and the stage
// of the job spec with the same index are one: the spec is what the coordinator plans from, this is what hosts run.

import type { Aggregator, Codec, KeyCodec } from "@millrace/data";
import type { InputFormat, OutputFormat } from "../format/format.ts";
import type { SetupContext } from "../job/context.ts";
import type { Params } from "../param/param.ts";
import type { BatchMap } from "./batch-map.ts";
import type { BatchPlan } from "./batch-plan.ts";
import type { ReducePlan } from "./reduce-plan.ts";
import type { MapStep, ParamValues, ReduceRun } from "./user-functions.ts";

/** All that a host needs to run a job's tasks. */
export interface JobProgram {
  readonly name: string;
  /** Parameters of all parts. */
  readonly params: Params;
  /** Side files that must be shipped, by name: known before anything runs. `context.file` may ask for more. */
  readonly files: readonly string[];
  /** The jobs that this one is made of: one, or the several of a chain. */
  readonly parts: readonly PartProgram[];
  /** In declared order. At least one. */
  readonly inputs: readonly InputProgram[];
  /** In the order of the data's way, aligned with the stages of the job spec. */
  readonly stages: readonly StageProgram[];
  /** All outputs of the job; stages name them by index. */
  readonly outputs: readonly OutputProgram[];
}

/** One job of a chain: its functions share a `setup`, its state and its named outputs. */
export interface PartProgram {
  readonly name: string;
  /** Called once for each attempt of a stage that runs a function of the part, and awaited, before its first record. */
  readonly setup?: (context: SetupContext<ParamValues>) => unknown;
  /**
   * Called with the parsed parameters when the job is submitted, before anything runs.
   *
   * @throws {MillraceError} E_PARAMETER for a value with which the part cannot run.
   */
  readonly checkParams?: (params: ParamValues) => void;
  /** What the part calls its named outputs, and which outputs of the job they are: `context.outputs`. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** One input. */
export interface InputProgram {
  /** "" for the only input of a job, else what the author calls it: `--input users=PATH`. */
  readonly name: string;
  readonly format: InputFormat<unknown>;
}

/** One output. */
export interface OutputProgram {
  /** "" for the main output, else `[a-z0-9-]{1,64}`: a folder below the job's output. */
  readonly name: string;
  readonly format: OutputFormat<unknown>;
}

/** A stage: where its records come from, what is done with each, where it goes. */
export type StageProgram = MapStageProgram | ReduceStageProgram | SampleStageProgram;

/** Reads splits. */
export interface MapStageProgram {
  readonly kind: "map";
  /** For each input that the stage reads: the operators that its records go through, one or more. */
  readonly maps: readonly { readonly input: number; readonly operators: readonly Operator[] }[];
  readonly sink: Sink;
}

/** Reads the shuffle of an earlier stage, group by group. */
export interface ReduceStageProgram {
  readonly kind: "reduce";
  /** The stage whose shuffle is read: its {@link ShuffleProgram} says how pairs look. */
  readonly reads: number;
  readonly reduce: ReduceProgram;
  /** What the reduce's records go through after it; none or more. */
  readonly operators: readonly Operator[];
  readonly sink: Sink;
}

/**
 * Runs the operators of a map stage on records from seeded positions of its splits and keeps the keys alone, from which
 * the coordinator makes key ranges. Nothing else of it counts: no counters, no bad records, no named outputs.
 */
export interface SampleStageProgram {
  readonly kind: "sample";
  /** The map stage, a later one, whose shuffle is cut into ranges. */
  readonly of: number;
}

/**
 * A map function. It takes one record; the last of a stage emits what the {@link Sink} takes, (key, value, order) or a
 * record of the main output, the others a record for the next.
 */
export interface Operator {
  readonly part: number;
  readonly map: MapStep;
  /** The same said in data, for kernels. */
  readonly batch?: BatchPlan;
  /** The same of many records at once, where records are lines. */
  readonly mapBatch?: BatchMap;
}

/** Where the records of a stage go. Named outputs are written by `context.outputs`, beside it. */
export interface Sink {
  readonly shuffle?: ShuffleProgram;
  /** Index of the output that emitted records go to; absent with a shuffle, and when only named outputs are written. */
  readonly output?: number;
  /** Indexes of the named outputs that functions of this stage may write. */
  readonly named: readonly number[];
}

/** How pairs look on the way to the next stage. */
export interface ShuffleProgram {
  readonly key: KeyCodec<unknown>;
  /** Order key, for secondary sort; with values only, and without a combiner. */
  readonly orderBy?: KeyCodec<unknown>;
  readonly pairs:
    | { readonly kind: "state"; readonly aggregator: Aggregator<unknown, unknown> }
    | {
        readonly kind: "value";
        readonly value: Codec<unknown>;
        readonly combine?: { readonly part: number; readonly run: ReduceRun };
      };
  /** `hash` of the key, the author's function, or key ranges from a {@link SampleStageProgram}. */
  readonly partition:
    | { readonly kind: "hash" }
    | { readonly kind: "function"; readonly choose: (key: unknown, partitions: number) => number }
    | { readonly kind: "ranges" };
  /** A number that the job itself needs (1 for a final top list); else the submitter's, or the planner's. */
  readonly partitions?: number;
}

/** What is done with a group. */
export type ReduceProgram =
  /** States: emits `{ key, value }`, the value being the aggregator's result. */
  | { readonly kind: "present"; readonly part: number }
  /** Values: calls the function. */
  | {
      readonly kind: "function";
      readonly part: number;
      readonly run: ReduceRun;
      /** The same said in data, for kernels. */
      readonly plan?: ReducePlan;
    };
