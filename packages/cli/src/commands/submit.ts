// `millrace submit`: run a job on a cluster and wait, unless told not to.

import { buildSpec } from "../job-module/build-spec.ts";
import { parseSubmission } from "../job-module/parse-submission.ts";
import { announceJob } from "../client/announce-job.ts";
import { followJob } from "../client/follow-job.ts";
import { submitOnce } from "../client/submit-once.ts";
import { withClient } from "../client/with-client.ts";
import { noteSlowListing } from "../output/listing-line.ts";
import { parseDuration } from "../output/units.ts";
import { dryRun } from "../plan/dry-run.ts";
import { terminalOf } from "../run-command.ts";

/** Submit a job. Ctrl-C while waiting detaches: the job goes on. */
export async function submitCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const submission = parseSubmission(positional, flags);
  const waitTimeout = flags["waitTimeout"] as string | undefined;
  const timeoutMs = waitTimeout === undefined ? undefined : parseDuration(waitTimeout, "--wait-timeout");
  const terminal = terminalOf(flags);
  const json = flags["output"] === "json";
  const built = await buildSpec(submission);
  const { spec, payload } = built;
  if (flags["dryRun"] === true) return dryRun(built, terminal, json);
  const key = flags["idempotencyKey"] as string | undefined;
  return withClient(flags, async (client) => {
    const submitted = submitOnce(client, { spec, payload, ...(key === undefined ? {} : { key }) });
    const { job, again } = await submitted.finally(noteSlowListing(terminal));
    const detach = flags["detach"] === true;
    await announceJob(client, { job, again }, terminal, { json, detach });
    if (detach) return 0;
    const interrupt = new AbortController();
    const onInterrupt = (): void => interrupt.abort();
    process.once("SIGINT", onInterrupt);
    try {
      return await followJob(client, job, terminal, {
        json,
        signal: interrupt.signal,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
    } catch (thrown) {
      if (!interrupt.signal.aborted) throw thrown;
      terminal.error(
        `Detached: ${job} goes on; watch it with \`millrace job watch ${job}\`, end it with \`millrace job kill ${job}\``,
      );
      return 130;
    } finally {
      process.off("SIGINT", onInterrupt);
    }
  });
}
