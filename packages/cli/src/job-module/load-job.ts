// Import a bundle in this process, to ask the job what it is. This is the submitter's machine and the submitter's code;
// the coordinator never does it.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { jobProgram } from "@millrace/sdk/engine";
import type { JobProgram } from "@millrace/sdk/engine";
import { bundleStack, importBundle, importShipped } from "@millrace/task-host/bundle";
import type { BundleFile } from "@millrace/task-host/bundle";
import type { Bundle } from "./bundle-job.ts";
import type { FoundJob } from "./find-job.ts";
import { ExitRefusal, guardImport } from "./guard-import.ts";

/** Import a bundled job. @throws {MillraceError} E_JOB_MODULE with what the module threw, and where. */
export async function loadJob(job: FoundJob, bundle: Bundle): Promise<JobProgram> {
  if (job.shipped) return jobProgram(await importShipped(job.path));
  const directory = mkdtempSync(join(tmpdir(), "millrace-job-"));
  const { sha256, source } = bundle;
  const path = join(directory, sha256);
  writeFileSync(path, source, { mode: 0o600 });
  try {
    return await guardImport(job.path, async () => jobProgram(await importBundle({ path, sha256 })));
  } catch (cause) {
    throw loadFailure(cause, job, { path, sha256 });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function loadFailure(cause: unknown, job: FoundJob, bundle: BundleFile): MillraceError {
  const place = cause instanceof Error ? firstPlace(bundleStack(bundle).map(framesOf(cause))) : "";
  const act = `Cannot load the job file ${quote(job.path)}`;
  const text = (): string => {
    if (cause instanceof ExitRefusal)
      return `${act}: it ends the process at import by ${cause.message}${place}; remove the call`;
    if (isMillraceError(cause)) {
      if (cause.message.startsWith(act)) return cause.message;
      return `${act}: ${cause.message}${place === "" ? "" : `;${place}`}`;
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    return `${act}: it threw at import: ${quote(reason)}${place}; mend the file`;
  };
  return new MillraceError("E_JOB_MODULE", text(), { cause });
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
