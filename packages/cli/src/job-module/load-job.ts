// Import a bundle in this process, to ask the job what it is. This is the submitter's machine and the submitter's code;
// the coordinator never does it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { jobProgram } from "@millrace/sdk/engine";
import type { JobProgram } from "@millrace/sdk/engine";
import { bundleStack, importBundle } from "@millrace/task-host/bundle";
import type { Bundle } from "./bundle-job.ts";
import type { FoundJob } from "./find-job.ts";

/** Import a bundled job. @throws {MillraceError} E_JOB_MODULE with what the module threw, and where. */
export async function loadJob(job: FoundJob, bundle: Bundle): Promise<JobProgram> {
  if (job.shipped) return jobProgram(await importBundle(job.path));
  const directory = mkdtempSync(join(tmpdir(), "millrace-job-"));
  const path = join(directory, bundle.sha256);
  writeFileSync(path, bundle.source, { mode: 0o600 });
  try {
    return jobProgram(await importBundle(path));
  } catch (cause) {
    if (isMillraceError(cause))
      throw new MillraceError("E_JOB_MODULE", `Cannot load the job file ${quote(job.path)}: ${cause.message}`, {
        cause,
      });
    const reason = cause instanceof Error ? cause.message : String(cause);
    const place = cause instanceof Error ? firstPlace(bundleStack(path).map(framesOf(cause))) : "";
    throw new MillraceError(
      "E_JOB_MODULE",
      `Cannot load the job file ${quote(job.path)}: it threw at import: ${quote(reason)}${place}; mend the file`,
      { cause },
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function framesOf(thrown: Error): readonly string[] {
  return (thrown.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
}

/** Give the first place of a stack in the job's own source, as ` at file:line:column`. */
function firstPlace(frames: readonly string[]): string {
  const first = frames.find((frame) => /:\d+:\d+\)?$/.test(frame) && !frame.includes("node:"));
  return first === undefined ? "" : ` ${first}`;
}
