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
import { describePlaceError } from "../output/place-error.ts";
import type { Bundle } from "./bundle-job.ts";
import type { FoundJob } from "./find-job.ts";
import { ExitRefusal, guardImport } from "./guard-import.ts";

/**
 * Import a bundled job.
 * @throws {MillraceError} E_JOB_MODULE with what the module threw, and where; E_CONFIGURATION, E_NO_SPACE of `TMPDIR`.
 */
export async function loadJob(job: FoundJob, bundle: Bundle): Promise<JobProgram> {
  if (job.shipped) return jobProgram(await importShipped(job.path));
  const directory = writeBundle(bundle);
  const { sha256 } = bundle;
  const path = join(directory, sha256);
  try {
    return await guardImport(job.path, async () => jobProgram(await importBundle({ path, sha256 })));
  } catch (cause) {
    throw loadFailure(cause, job, { path, sha256 });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Write a bundle, under its name, to a directory of its own. @returns the directory, which the caller removes. */
function writeBundle({ sha256, source }: Bundle): string {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), "millrace-job-"));
    writeFileSync(join(directory, sha256), source, { mode: 0o600 });
    return directory;
  } catch (thrown) {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    const use = { act: "write the bundled job in", path: tmpdir(), elsewhere: "set TMPDIR to a directory" };
    throw describePlaceError({ ...use, code: "E_CONFIGURATION" }, thrown);
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
