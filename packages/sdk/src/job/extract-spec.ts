// The parts of a submission that a job module decides, as plain data: the coordinator plans from them without user code.

import type { InputFormatSpec, StageSpec } from "@millrace/core";
import { dataVersion } from "@millrace/data";
import type { ParamDescription } from "../param/param.ts";
import type { JobParts } from "./job-parts.ts";
import { jobParts } from "./job-parts.ts";

/** What a job module says about itself; the submitter adds bundle, paths, parameters and options to make a `JobSpec`. */
export interface ExtractedSpec {
  readonly name: string;
  readonly dataVersion: number;
  /** Format of the one input. */
  readonly inputFormat: InputFormatSpec;
  readonly stages: readonly StageSpec[];
  readonly params: Readonly<Record<string, ParamDescription>>;
}

/**
 * Extract the serialisable parts of a job.
 *
 * @param job - the default export of a job module.
 * @param options - `reduces`: number of reduce tasks, decided by the planner when absent.
 * @throws {MillraceError} E_JOB_MODULE when `job` is not a job.
 */
export function extractSpec(job: unknown, options: { readonly reduces?: number } = {}): ExtractedSpec {
  return specOfParts(jobParts(job), options);
}

/** As {@link extractSpec}, of parts that are at hand. */
export function specOfParts(parts: JobParts, options: { readonly reduces?: number } = {}): ExtractedSpec {
  const output = { name: "", extension: parts.output.extension };
  const shuffle = {
    partitions: options.reduces ?? ("auto" as const),
    pairs: parts.reduce.kind === "aggregator" ? ("state" as const) : ("value" as const),
    ordered: false,
  };
  const stages: readonly StageSpec[] =
    parts.reduce.kind === "none"
      ? [{ kind: "map", inputs: [0], outputs: [output] }]
      : [
          { kind: "map", inputs: [0], shuffle, outputs: [] },
          { kind: "reduce", reads: 0, outputs: [output] },
        ];
  return {
    name: parts.name,
    dataVersion,
    inputFormat: { name: parts.input.name, splitting: parts.input.splitting },
    stages,
    params: Object.fromEntries(Object.entries(parts.params).map(([name, param]) => [name, param.description])),
  };
}
