// A job of `defineJob` as hosts of before saw it: one map, one reduce, one output. Derived from its program.

import type { Aggregator, Codec, KeyCodec } from "@millrace/data";
import { MillraceError } from "@millrace/core";
import type { InputFormat, OutputFormat } from "../format/format.ts";
import type { Params } from "../param/param.ts";
import type { JobProgram, ReduceStageProgram, ShuffleProgram } from "../program/job-program.ts";
import type { ParamValues, ReduceRun, StepContext, StepEmit, StepMapContext } from "../program/user-functions.ts";
import type { SetupContext } from "./context.ts";
import { jobProgram } from "./job.ts";

type Older<C extends StepContext> = Omit<C, "file" | "outputs">;

/** All that a host needs to run a job's tasks. */
export interface JobParts {
  readonly name: string;
  readonly params: Params;
  /** Called once for each attempt, and awaited, before its first record. */
  readonly setup?: (context: Omit<SetupContext<ParamValues>, "file">) => unknown;
  readonly input: InputFormat<unknown>;
  readonly map: (record: unknown, emit: StepEmit, context: Older<StepMapContext>) => unknown;
  readonly reduce: ReduceStep;
  readonly output: OutputFormat<unknown>;
}

type OlderRun = (
  key: unknown,
  values: Iterable<unknown>,
  emit: (record: unknown) => void,
  context: Older<StepContext>,
) => unknown;

/** What happens between map and output. */
export type ReduceStep =
  | { readonly kind: "none" }
  | { readonly kind: "aggregator"; readonly key: KeyCodec<unknown>; readonly aggregator: Aggregator<unknown, unknown> }
  | {
      readonly kind: "function";
      readonly key: KeyCodec<unknown>;
      readonly value: Codec<unknown>;
      readonly run: OlderRun;
      readonly combine?: OlderRun;
    };

/** Take the parts of a job. @throws {MillraceError} E_JOB_MODULE when `value` is no job, E_JOB_INVALID when it is more than map and reduce. */
export function jobParts(value: unknown): JobParts {
  const program = jobProgram(value);
  const [part] = program.parts;
  const [input] = program.inputs;
  const [output] = program.outputs;
  const [first, second] = program.stages;
  const operator = first?.kind === "map" ? first.maps[0]?.operators[0] : undefined;
  if (part === undefined || input === undefined || output === undefined || operator === undefined)
    throw tooMuch(program);
  if (second !== undefined && second.kind !== "reduce") throw tooMuch(program);
  return {
    name: program.name,
    params: program.params,
    ...(part.setup === undefined ? {} : { setup: part.setup as NonNullable<JobParts["setup"]> }),
    input: input.format,
    map: operator.map as JobParts["map"],
    reduce: first?.kind === "map" ? reduceStep(first.sink.shuffle, second) : { kind: "none" },
    output: output.format,
  };
}

function reduceStep(shuffle: ShuffleProgram | undefined, stage: ReduceStageProgram | undefined): ReduceStep {
  if (shuffle === undefined || stage === undefined) return { kind: "none" };
  const { key, pairs } = shuffle;
  if (pairs.kind === "state") return { kind: "aggregator", key, aggregator: pairs.aggregator };
  return {
    kind: "function",
    key,
    value: pairs.value,
    run: (stage.reduce as Extract<typeof stage.reduce, { kind: "function" }>).run as ReduceRun as OlderRun,
    ...(pairs.combine === undefined ? {} : { combine: pairs.combine.run as OlderRun }),
  };
}

function tooMuch(program: JobProgram): MillraceError {
  return new MillraceError(
    "E_JOB_INVALID",
    `Cannot use job "${program.name}": it is more than one map and one reduce; use a host that runs programs`,
  );
}
