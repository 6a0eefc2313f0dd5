// Workers and the cluster as people see them.

import type { Reign } from "../schedule/turn.ts";
import type { WorkerRow } from "../schedule/worker-table.ts";
import { sortedWorkers } from "../schedule/worker-table.ts";
import type { ClusterView, WorkerView } from "./view-model.ts";

/** List workers by id: those that were seen in this reign, and those that are expected back. */
export function workerViews(reign: Reign, atMs: number): readonly WorkerView[] {
  return sortedWorkers(reign.workers).map((row) => workerView(row, atMs));
}

/** Sum up the cluster. */
export function clusterView(reign: Reign): ClusterView {
  const rows = [...reign.workers.values()];
  const count = (state: WorkerView["state"]): number => rows.filter((row) => standingOf(row) === state).length;
  const alive = rows.filter((row) => row.standing === "alive");
  const jobs = [...reign.cluster.jobs.values()];
  return {
    epoch: reign.cluster.epoch,
    workersAlive: count("alive"),
    workersSuspect: count("suspect"),
    workersLost: count("lost"),
    slots: alive.reduce((sum, row) => sum + (row.description?.slots ?? 0), 0),
    slotsUsed: alive.reduce((sum, row) => sum + row.slotsUsed, 0),
    jobsRunning: jobs.filter((job) => job.outcome === undefined).length,
    jobsEnded: jobs.filter((job) => job.outcome !== undefined).length,
    staleEvents: reign.stale,
  };
}

function workerView(row: WorkerRow, atMs: number): WorkerView {
  const { description } = row;
  return {
    worker: row.worker,
    incarnation: row.incarnation,
    state: standingOf(row),
    host: description?.host ?? "",
    rack: description?.rack ?? "",
    slots: description?.slots ?? 0,
    slotsUsed: row.slotsUsed,
    gathering: row.placesUsed,
    shuffleAddress: description?.shuffleAddress ?? "",
    freeDiskBytes: row.freeDiskBytes,
    silentMs: row.lastHeardMs === undefined ? 0 : Math.max(0, Math.round(atMs - row.lastHeardMs)),
    leaseInMs: row.standing === "lost" ? 0 : Math.max(0, Math.round(row.leaseUntilMs - atMs)),
  };
}

/** A worker that is expected back after a restart is one whose stream is broken. */
function standingOf(row: WorkerRow): WorkerView["state"] {
  return row.standing === "expected" ? "suspect" : row.standing;
}
