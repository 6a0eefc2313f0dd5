// Plans a job as a coordinator would, and does nothing else: inputs are listed, nothing is written.

import { MillraceError, outputDenialText, planJob, splitUri, wholeBelowBytes } from "@millrace/core";
import type { InputFile, JobSpec, ListedInput, Plan } from "@millrace/core";
import type { Storage } from "@millrace/ports";
import { listInputs } from "@millrace/storage";

/** A plan with what it was made from. */
export interface MadePlan {
  readonly plan: Plan;
  /** What was listed for each input of the spec; nothing for one that reads numbers. */
  readonly listed: readonly ListedInput[];
  /** Whether there is something at the output's place by now. */
  readonly outputExists: boolean;
}

/**
 * List and plan.
 * @param onFound Told now and then how many files are found so far.
 * @throws {MillraceError} for what would be refused when the job is submitted.
 */
export async function makePlan(storage: Storage, spec: JobSpec, onFound?: (files: number) => void): Promise<MadePlan> {
  const listed: ListedInput[] = [];
  const whole = wholeBelowBytes(spec.options.splitBytes);
  for (const { patterns } of spec.inputs) {
    const before = listed.reduce((sum, { files }) => sum + files.length, 0);
    const onMore = (files: number): void => onFound?.(before + files);
    listed.push(await listInputs(storage, patterns, { wholeBelowBytes: whole, onFound: onMore }));
  }
  const outcome = planJob(spec, listed);
  if (outcome.kind === "refused") throw new MillraceError(outcome.code, outcome.message);
  const denial = await storage.writeDenial(splitUri(spec.output.uri).parent);
  if (denial !== undefined) throw new MillraceError("E_OUTPUT_DENIED", outputDenialText(spec.output.uri, denial));
  return { plan: outcome.plan, listed, outputExists: (await storage.status(spec.output.uri)) !== undefined };
}

/** Add up the bytes of files. */
export function bytesOf(files: readonly Pick<InputFile, "bytes">[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
