// A worker registers, for the first time, after a broken stream, after its own restart or after the coordinator's.
// The loss of its old life and the inventory of the new one are one step: run files that it adopted keep their places.

import type { CoordinatorMessage, WorkerDescription, WorkerMessage } from "../model/session-messages.ts";
import type { Incarnation, SessionId } from "../model/ids.ts";
import { quote } from "../errors/millrace-error.ts";
import { clearStopping, maybeForgetJob } from "./attempt-places.ts";
import { verifyAgain } from "./hear-complaint.ts";
import type { Judgement } from "./judge-inventory.ts";
import { judgeInventory } from "./judge-inventory.ts";
import { protocolVersion } from "./settings.ts";
import { announcePlaces } from "./segment-places.ts";
import { noteAtRest, noteGone } from "./sweep-job.ts";
import type { Turn } from "./turn.ts";
import { extendLease, jobsInOrder, loseAttempts } from "./worker-liveness.ts";
import type { WorkerRow } from "./worker-table.ts";
import { createWorkerRow } from "./worker-table.ts";

type Register = Extract<WorkerMessage, { kind: "register" }>;
type Refusal = Omit<Extract<CoordinatorMessage, { kind: "refused" }>, "kind">;

/** Take a registration in. */
export function registerWorker(turn: Turn, session: SessionId, { description, inventory }: Register): void {
  const { worker, incarnation } = description;
  const registered = turn.reign.workers.get(worker);
  const remembered = turn.reign.cluster.incarnations.get(worker) ?? 0;
  // Of one that lives among very many the journal may have forgotten the life, and the table has not.
  const known = registered !== undefined && registered.incarnation > remembered ? registered.incarnation : remembered;
  const refusal = refuse(description, known) ?? refuseCopy(description, session, registered);
  if (refusal !== undefined) {
    turn.stale();
    turn.effect({ kind: "send", session, message: { kind: "refused", ...refusal } });
    turn.effect({ kind: "close-session", session });
    return;
  }
  // Said again since the answer took long: it is on its way in this very session, and so is all that was ordered since,
  // of which this inventory knows nothing.
  if (registered?.session === session && registered.incarnation === incarnation) {
    turn.stale();
    return extendLease(turn, registered);
  }
  if (incarnation > remembered) turn.recordCluster({ kind: "incarnation", worker, incarnation });
  const row = rowOf(turn, description);
  detach(turn, row, session);
  if (incarnation > row.incarnation) {
    loseAttempts(turn, row, "its process was restarted");
    row.incarnation = incarnation;
    // What it failed by may have been mended; where not, it rests again soon.
    for (const job of turn.reign.jobs.values()) job.resting.delete(worker);
  }
  const servesAnew = row.standing === "lost" || row.description?.shuffleAddress !== description.shuffleAddress;
  row.description = description;
  row.freeDiskBytes = description.freeDiskBytes;
  row.standing = "alive";
  row.gone = false;
  row.probeAtMs = undefined;
  const judgement = judgeInventory(turn, row, inventory);
  attach(turn, row, session);
  answer(turn, row, judgement);
  if (servesAnew) announceHomes(turn, row);
  verifyAgain(turn, row);
  noteAtRest(turn, worker);
  turn.assignDue = true;
}

function refuse({ worker, incarnation, protocols }: WorkerDescription, known: Incarnation | 0): Refusal | undefined {
  if (!protocols.includes(protocolVersion))
    return {
      code: "E_VERSION_MISMATCH",
      message: `Cannot register worker "${worker}": it speaks protocol ${protocols.join(", ")}, this coordinator ${protocolVersion}; use the same release of Millrace`,
    };
  if (incarnation < known)
    return {
      code: "E_STATE_LOCKED",
      message: `Cannot register worker "${worker}": its work directory has been taken over by a newer process, incarnation ${known} after ${incarnation}; stop this process`,
    };
  return undefined;
}

/**
 * Refuse a second process that is the same life of a worker: each start of one is a new life, and serves at one address to
 * its end. Taken in, the two would close each other's sessions for ever.
 */
function refuseCopy(
  { worker, incarnation, shuffleAddress }: WorkerDescription,
  session: SessionId,
  row: WorkerRow | undefined,
): Refusal | undefined {
  const address = row?.description?.shuffleAddress;
  if (row?.session === undefined || row.session === session) return undefined;
  if (row.incarnation !== incarnation || address === undefined || address === shuffleAddress) return undefined;
  return {
    code: "E_STATE_LOCKED",
    message: `Cannot register worker "${worker}": a process of that name and life serves on ${quote(address)}, this one on ${quote(shuffleAddress)}, so one has a copy of the other's work directory; delete "worker.json" in the copy while its worker is stopped`,
  };
}

function rowOf(turn: Turn, { worker, incarnation }: WorkerDescription): WorkerRow {
  const found = turn.reign.workers.get(worker);
  if (found !== undefined) return found;
  const row = createWorkerRow(worker, incarnation, turn.atMs);
  turn.reign.workers.set(worker, row);
  return row;
}

/** While the inventory is judged the worker has no session: what it must do is told after the verdicts. */
function detach(turn: Turn, row: WorkerRow, session: SessionId): void {
  const spokenBefore = turn.reign.sessions.get(session);
  const other = spokenBefore === undefined ? undefined : turn.reign.workers.get(spokenBefore);
  if (other !== undefined && other !== row && other.session === session) {
    other.session = undefined;
    other.standing = "suspect";
  }
  if (row.session !== undefined && row.session !== session) {
    turn.effect({ kind: "close-session", session: row.session });
    turn.reign.sessions.delete(row.session);
  }
  row.session = undefined;
  row.briefed.clear();
  noteGone(turn, row.worker);
  clearStopping(turn, row);
}

function attach(turn: Turn, row: WorkerRow, session: SessionId): void {
  row.session = session;
  turn.reign.sessions.set(session, row.worker);
  extendLease(turn, row);
}

function answer(turn: Turn, row: WorkerRow, { running, gathering, held, followUps, overJobs }: Judgement): void {
  const { heartbeatMs, leaseMs } = turn.reign.settings;
  turn.send(row, {
    kind: "registered",
    epoch: turn.reign.cluster.epoch,
    leaseMs,
    heartbeatMs,
    running,
    gathering,
    held,
  });
  for (const followUp of followUps) followUp();
  for (const job of overJobs) maybeForgetJob(turn, row, job);
}

/** Readers elsewhere learn where the segments of this worker are served now. */
function announceHomes(turn: Turn, row: WorkerRow): void {
  for (const job of jobsInOrder(turn)) {
    if (job.state.outcome !== undefined) continue;
    job.state.stages.forEach((stage, index) => {
      if (stage.homedTasks === 0) return;
      announcePlaces(
        turn,
        job,
        index,
        stage.tasks.flatMap((task, number) => (task.home?.worker === row.worker ? [number] : [])),
      );
    });
  }
}
