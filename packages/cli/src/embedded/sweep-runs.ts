// What runs left whose process was killed: their directories, and what their jobs left beside their outputs. Such a job is
// wound up by its own journal, as after any crash of a coordinator: a commit that was under way goes on or is undone, an
// output that was moved aside comes back, and its staging directory goes.

import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openCoordinator } from "@millrace/coordinator";
import type { Coordinator } from "@millrace/coordinator";
import { isMillraceError } from "@millrace/core";
import type { JobId } from "@millrace/core";
import type { Storage } from "@millrace/ports";
import { identifyProcess } from "../cluster/process-identity.ts";
import { waitFor } from "../cluster/wait-for.ts";

/** Longest that the left jobs of one run are waited for: what is not done by then is tried again by the next run. */
const windUpMs = 10_000;

/** Wind up and remove the runs below a directory whose process is gone. One that cannot be is left for a later try. */
export async function sweepRuns(root: string, storage: Storage): Promise<void> {
  for (const name of readdirSync(root)) {
    // A run that has just begun may not hold its lock yet.
    if (identifyProcess(Number(name.split("-")[1])) !== undefined) continue;
    const directory = join(root, name);
    try {
      await windUp(join(directory, "coordinator"), storage);
    } catch (thrown) {
      // Held by another sweep, damaged, or a storage that does not answer.
      if (!isMillraceError(thrown)) throw thrown;
      continue;
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

async function windUp(stateDirectory: string, storage: Storage): Promise<void> {
  // No worker will come back to it, so that nothing is waited for before the last removal.
  const settings = { sweepAfterMs: 0 };
  const coordinator = await openCoordinator({ stateDirectory, storage, settings, onFatal: () => undefined });
  try {
    const jobs = await coordinator.state.listJobs();
    // One that has ended is not killed again, and one that is being published can be no more: its end comes by itself.
    for (const job of jobs) await coordinator.desk.kill(job, "its process ended").catch(() => undefined);
    for (const job of jobs) {
      await waitFor(async () => ((await isSwept(coordinator.state, job)) ? true : undefined), {
        what: "what a killed run left to be removed",
        timeoutMs: windUpMs,
      });
    }
  } finally {
    await coordinator.close();
  }
}

/** Its journal says so: the file of its summary may be missing where the process ended between the two. */
async function isSwept(state: Coordinator["state"], job: JobId): Promise<boolean> {
  if (state.isSwept(job)) return true;
  const records = await state.readHistory(job);
  return records?.some((record) => record.kind === "swept") ?? false;
}
