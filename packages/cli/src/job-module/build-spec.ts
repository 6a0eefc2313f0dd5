// From words on the command line to a job spec and its bundle: everything that a coordinator needs, checked as far as
// this side can.

import { validateSpec } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { MillraceError } from "@millrace/core";
import { parseParams, specOfParts } from "@millrace/sdk/engine";
import { inputUriOf, outputUriOf } from "@millrace/storage";
import type { Bundle } from "./bundle-job.ts";
import { bundleJob } from "./bundle-job.ts";
import { findJob } from "./find-job.ts";
import { loadJob } from "./load-job.ts";
import type { Submission } from "./parse-submission.ts";

/** A spec and the code that it names. */
export interface BuiltSpec {
  readonly spec: JobSpec;
  readonly bundle: Bundle;
}

/** Find, bundle and load the job, and say what it is. @throws {MillraceError} for whatever does not fit. */
export async function buildSpec(submission: Submission): Promise<BuiltSpec> {
  const found = findJob(submission.job);
  const bundle = await bundleJob(found);
  const job = await loadJob(found, bundle);
  const extracted = specOfParts(job, submission.reduces === undefined ? {} : { reduces: submission.reduces });
  parseParams(job.params, submission.params);
  const cwd = process.cwd();
  const spec: JobSpec = {
    name: submission.name ?? extracted.name,
    bundle: { sha256: bundle.sha256, bytes: bundle.bytes },
    dataVersion: extracted.dataVersion,
    nodeMajor: Number(process.versions.node.split(".")[0]),
    inputs: [
      {
        patterns: await Promise.all(submission.inputs.map(async (input) => inputUriOf(input, cwd))),
        format: extracted.inputFormat,
      },
    ],
    stages: extracted.stages,
    output: { uri: outputUriOf(submission.output, cwd), overwrite: submission.overwrite },
    params: submission.params,
    options: submission.options,
  };
  const problems = validateSpec(spec);
  const first = problems[0];
  if (first !== undefined) throw new MillraceError(first.code, first.message);
  return { spec, bundle };
}
