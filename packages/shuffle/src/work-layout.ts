// Where a worker keeps things in its work directory. Every name is made of ids and integers, never of request text.
//
//   jobs/<job>/shuffle.key  bundle.mjs  files/<sha256>
//   jobs/<job>/runs/<stage>-<task>.<attempt>.run
//   jobs/<job>/gathers/<reader>/<map task>.<attempt>.segment
//   jobs/<job>/scratch/<attempt>/
//   jobs/<job>/logs/<attempt>.log

import { join } from "node:path";
import { attemptName, type AttemptRef, type JobId } from "@millrace/core";

/** Directory of all jobs. @param root the work directory. */
export function jobsPath(root: string): string {
  return join(root, "jobs");
}

/** Directory of a job. */
export function jobPath(root: string, job: JobId): string {
  return join(root, "jobs", job);
}

/** File of the job's shuffle key, hexadecimal, mode 0600. */
export function keyPath(root: string, job: JobId): string {
  return join(jobPath(root, job), "shuffle.key");
}

/** File of the job's bundle. */
export function bundlePath(root: string, job: JobId): string {
  return join(jobPath(root, job), "bundle.mjs");
}

/** Directory of a job's side files. */
export function sideFilesPath(root: string, job: JobId): string {
  return join(jobPath(root, job), "files");
}

/** A side file of a job. @param sha256 64 hexadecimal digits, checked by the caller. */
export function sideFilePath(root: string, job: JobId, sha256: string): string {
  return join(sideFilesPath(root, job), sha256);
}

/** Directory of a job's run files. */
export function runsPath(root: string, job: JobId): string {
  return join(jobPath(root, job), "runs");
}

/** Run file of an attempt. */
export function runPath(root: string, attempt: AttemptRef): string {
  return join(runsPath(root, attempt.job), `${attemptName(attempt)}.run`);
}

/** Directory of what a reduce attempt has gathered. */
export function gatherPath(root: string, reader: AttemptRef): string {
  return join(jobPath(root, reader.job), "gathers", attemptName(reader));
}

/** File of one gathered segment. */
export function segmentPath(
  root: string,
  reader: AttemptRef,
  source: { readonly task: number; readonly attempt: number },
): string {
  return join(gatherPath(root, reader), `${source.task}.${source.attempt}.segment`);
}

/** Private directory of an attempt for spills. */
export function scratchPath(root: string, attempt: AttemptRef): string {
  return join(jobPath(root, attempt.job), "scratch", attemptName(attempt));
}

/** Directory of a job's logs. */
export function logsPath(root: string, job: JobId): string {
  return join(jobPath(root, job), "logs");
}

/** Log of an attempt: what user code printed. */
export function logPath(root: string, attempt: AttemptRef): string {
  return join(logsPath(root, attempt.job), `${attemptName(attempt)}.log`);
}
