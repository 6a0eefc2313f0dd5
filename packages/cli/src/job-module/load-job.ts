// Import a bundle in this process, to ask the job what it is. This is the submitter's machine and the submitter's code;
// the coordinator never does it.

import { MillraceError, quote } from "@millrace/core";
import { importBundle } from "@millrace/task-host";
import type { Bundle } from "./bundle-job.ts";
import type { FoundJob } from "./find-job.ts";

/** Import the default export of a bundled job. @throws {MillraceError} E_JOB_MODULE with what the module threw. */
export async function loadJob(job: FoundJob, bundle: Bundle): Promise<unknown> {
  let module: { readonly default?: unknown };
  try {
    module = await importBundle(bundle.source, bundle.sha256);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError(
      "E_JOB_MODULE",
      `Cannot load the job file ${quote(job.path)}: it threw at import: ${quote(reason)}; mend the file`,
      { cause },
    );
  }
  if (!("default" in module)) {
    throw new MillraceError(
      "E_JOB_MODULE",
      `Cannot load the job file ${quote(job.path)}: it has no default export; write "export default defineJob({ … })"`,
    );
  }
  return module.default;
}
