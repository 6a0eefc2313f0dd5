// Where a job's files lie in storage, from ids alone: staging, attempts, data, the aside of an old output, part names.
// URIs are cut at their last slash as text; validation has made sure that they are absolute and end in a name.

import { attemptName } from "../model/ids.ts";
import type { AttemptRef, JobId } from "../model/ids.ts";
import type { StageKind } from "../model/job-spec.ts";

/** Name of the manifest in a published output. */
export const manifestName = "_SUCCESS";

/** Name of the file in a staging directory that says whose it is. */
export const ownerName = "owner";

/** Cut a URI into the directory that holds it (without a final slash) and its last name. */
export function splitUri(uri: string): { readonly parent: string; readonly name: string } {
  const at = uri.lastIndexOf("/");
  return { parent: uri.slice(0, at), name: uri.slice(at + 1) };
}

/** Name a job's staging directory: `<parent>/.<name>.millrace-<job>`, beside the output so that a rename publishes. */
export function stagingUriOf(outputUri: string, job: JobId): string {
  const { parent, name } = splitUri(outputUri);
  return `${parent}/.${name}.millrace-${job}`;
}

/** Name the place of an output that is replaced: `<parent>/.<name>.millrace-old-<job>`. */
export function asideUriOf(outputUri: string, job: JobId): string {
  const { parent, name } = splitUri(outputUri);
  return `${parent}/.${name}.millrace-old-${job}`;
}

/** Name an attempt's own directory: the only place where it writes. */
export function attemptUriOf(stagingUri: string, attempt: Pick<AttemptRef, "stage" | "task" | "attempt">): string {
  return `${stagingUri}/attempts/${attemptName(attempt)}`;
}

/** Name the directory that becomes the output. */
export function dataUriOf(stagingUri: string): string {
  return `${stagingUri}/data`;
}

/** Name where the data goes when the job fails, so that a delayed rename finds nothing: `data.void`, `data.void-1`, … */
export function voidUriOf(stagingUri: string, index: number): string {
  return index === 0 ? `${stagingUri}/data.void` : `${stagingUri}/data.void-${index}`;
}

/** Say which file of an output is named. */
export interface PartName {
  readonly stageKind: StageKind;
  readonly task: number;
  /** "" for the main output, else the folder. */
  readonly output: string;
  /** Without the dot; "" for none. */
  readonly extension: string;
  /** Index of the stage, given when several write the output: two of them may have a task of the same kind and index. */
  readonly stage?: number;
}

/**
 * Print the final name of a part below the output: `part-r-00007.txt`, `errors/part-m-00000.jsonl`. In a folder that
 * several stages write, the stage comes first, so that files sort in the order of the data's way:
 * `errors/part-02-r-00000.jsonl`.
 */
export function partNameOf({ stageKind, task, output, extension, stage }: PartName): string {
  const folder = output === "" ? "" : `${output}/`;
  const suffix = extension === "" ? "" : `.${extension}`;
  const writer = stage === undefined ? "" : `${String(stage).padStart(2, "0")}-`;
  return `${folder}part-${writer}${stageKind === "map" ? "m" : "r"}-${String(task).padStart(5, "0")}${suffix}`;
}
