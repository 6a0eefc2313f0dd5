// When every job has ended and everyone has had time to tidy up, nothing may be left: no slot counted as taken, no run
// file, no staging directory, no attempt in anyone's memory (I22, I23).

import type { JobId } from "@millrace/core";
import type { Cluster } from "../cluster.ts";
import { sweepAfterMs } from "../processes/settings.ts";
import { demand } from "../violation.ts";

/** Demand that nothing is left. */
export function checkLeaks(cluster: Cluster): void {
  checkCoordinator(cluster);
  for (const worker of cluster.workers) {
    if (!worker.up) continue;
    const summary = worker.summary();
    const left =
      summary === undefined
        ? 0
        : summary.attempts + summary.slotsTaken + summary.gathers + summary.held + summary.jobs + summary.fetches;
    demand(left === 0, "I22", () => `${worker.place} still has ${JSON.stringify(summary)}`);
    const files = worker.disk.names();
    demand(files.length === 0, "I23", () => `${worker.place} still has files: ${files.slice(0, 3).join(" ")}`);
  }
  checkStorage(cluster);
}

function checkCoordinator({ coordinator }: Cluster): void {
  const reign = coordinator.reigning?.reign;
  if (reign === undefined) return;
  const jobs = [...reign.jobs.keys()];
  demand(jobs.length === 0, "I23", () => `the coordinator has not swept ${jobs.join()}`);
  demand(
    reign.submissions.size === 0,
    "I23",
    () => `the coordinator still looks at ${reign.submissions.size} submissions`,
  );
  for (const row of reign.workers.values()) {
    const used = row.slotsUsed + row.placesUsed + row.attempts.size + row.stopping.size;
    demand(
      used === 0,
      "I22",
      () =>
        `${row.worker} (${row.standing}) counts slots=${row.slotsUsed} places=${row.placesUsed} attempts=${row.attempts.size} stopping=${row.stopping.size}`,
    );
  }
}

/**
 * Beside outputs only an aside may be left, of a job whose failure names it, and what was made after the last sweep: by a
 * storage step that was under way so long, or by an attempt of a worker that nobody has heard of for `sweepAfterMs`.
 */
function checkStorage({ storage, checker }: Cluster): void {
  const outputs = storage.tree.find("sim://store/out");
  const names = outputs?.kind === "directory" ? [...outputs.children.keys()] : [];
  for (const name of names.filter((candidate) => candidate.startsWith("."))) {
    const job = name.slice(name.lastIndexOf("job-"));
    const ledger = [...checker.ledgers.values()].find((candidate) => candidate.job === job);
    const text = ledger?.outcome?.failure?.message ?? "";
    const removedMs = storage.removals.get(job) ?? 0;
    const overdue = (checker.sweptMs.get(job as JobId) ?? 0) - (ledger?.outcome?.wallMs ?? 0) >= sweepAfterMs;
    const byCoordinator = (storage.coordinatorWrites.get(job) ?? 0) >= removedMs;
    const byAttempt = overdue && (storage.attemptWrites.get(job) ?? 0) >= removedMs;
    const madeLater = byCoordinator || byAttempt;
    demand(text.includes(name) || madeLater, "I23", () => `sim://store/out/${name} is left behind`);
  }
}
