// From words on the command line to a job spec and what travels with it: everything that a coordinator needs, checked as
// far as this side can.

import { MillraceError, validateSpec } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { parseParams, specOf } from "@millrace/sdk/engine";
import type { ExtractedSpec, JobProgram } from "@millrace/sdk/engine";
import { inputUriOf, outputUriOf } from "@millrace/storage";
import { assignPaths } from "./assign-paths.ts";
import { bundleJob } from "./bundle-job.ts";
import { findJob } from "./find-job.ts";
import { loadJob } from "./load-job.ts";
import type { Submission } from "./parse-submission.ts";
import { readSideFiles } from "./read-side-files.ts";

/** A spec, what travels with it, and the program that both came from. */
export interface BuiltSpec {
  readonly spec: JobSpec;
  /** The bundle, then each side file: see `payloadParts`. */
  readonly payload: Uint8Array;
  readonly program: JobProgram;
}

/** Find, bundle and load the job, and say what it is. @throws {MillraceError} for whatever does not fit. */
export async function buildSpec(submission: Submission): Promise<BuiltSpec> {
  const found = findJob(submission.job);
  const bundle = await bundleJob(found);
  const program = await loadJob(found, bundle);
  const { reduces } = submission;
  const params = parseParams(program.params, submission.params);
  const extracted = specOf(program, { params, ...(reduces === undefined ? {} : { reduces }) });
  const { files, contents } = readSideFiles(submission.job, extracted.files, submission.files);
  const spec: JobSpec = {
    name: submission.name ?? extracted.name,
    bundle: { sha256: bundle.sha256, bytes: bundle.bytes },
    dataVersion: extracted.dataVersion,
    nodeMajor: Number(process.versions.node.split(".")[0]),
    ...(await placesOf(extracted, submission)),
    stages: extracted.stages,
    params: submission.params,
    options: submission.options,
    ...(files.length === 0 ? {} : { files }),
  };
  const problems = validateSpec(spec);
  const first = problems[0];
  if (first !== undefined) throw new MillraceError(first.code, first.message);
  return { spec, payload: Buffer.concat([bundle.source, ...contents]), program };
}

/** Say where the job reads and writes. */
async function placesOf(extracted: ExtractedSpec, submission: Submission): Promise<Pick<JobSpec, "inputs" | "output">> {
  const cwd = process.cwd();
  const declared = extracted.inputs.map(({ name, format }) => ({ name, readsFiles: format.splitting !== "numbers" }));
  const paths = assignPaths(declared, submission);
  const inputs = extracted.inputs.map(async ({ name, format }, index) => ({
    ...(name === "" ? {} : { name }),
    patterns: await Promise.all((paths.inputs[index] ?? []).map(async (input) => inputUriOf(input, cwd))),
    format,
  }));
  return {
    inputs: await Promise.all(inputs),
    output: { uri: outputUriOf(paths.output, cwd), overwrite: submission.overwrite },
  };
}
