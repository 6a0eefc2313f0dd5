// How a step's records and effects read in a script: one short line each, without what only machines need.

import type {
  AttemptKey,
  AttemptRef,
  ClusterRecord,
  CoordinatorEffect,
  CoordinatorMessage,
  JobId,
  JobRecord,
  StorageCall,
} from "../../../src/index.ts";
import { attemptName } from "../../../src/index.ts";

/** Names that scripts use for jobs: `one`, `two`, … */
export type JobNames = ReadonlyMap<JobId, string>;

const inJob = (names: JobNames, ref: AttemptRef): string => `${names.get(ref.job) ?? ref.job}/${attemptName(ref)}`;
const key = (attempt: AttemptKey): string => attemptName(attempt);

/** Print a record of a job. */
export function printJobRecord(record: JobRecord): string {
  switch (record.kind) {
    case "splits":
      return `splits of stage ${record.stage} from ${record.first}: ${record.splits.length}`;
    case "planned":
      return `planned ${record.stages.map(({ kind, tasks, partitions }) => `${kind} ${tasks}${partitions > 0 ? ` into ${partitions}` : ""}`).join(", ")}`;
    case "launched":
    case "resumed":
      return `${record.kind} ${key(record.attempt)} on ${record.worker}#${record.incarnation}`;
    case "slotted":
      return `slotted ${key(record.attempt)}`;
    case "ended":
      return `ended ${key(record.attempt)}: ${record.outcome}${record.charged ? ", charged" : ""} (${record.failure.code}: ${record.failure.message})`;
    case "accepted":
    case "supplied":
      return `${record.kind} ${key(record.attempt)} from ${record.worker}`;
    case "ranges":
      return `ranges of stage ${record.stage}: ${record.cuts.join(" ")}`;
    case "segments-lost":
      return `segments-lost ${key(record.attempt)} on ${record.worker}: ${record.reason}`;
    case "reset":
      return `reset ${record.stage}-${record.task}: ${record.reason}`;
    case "avoided":
      return `avoided ${record.worker}: ${record.reason}`;
    case "kill-requested":
      return `kill-requested: ${record.reason}`;
    case "aside":
      return `aside ${record.uri}`;
    case "ended-job":
      return `ended-job ${record.outcome}${record.failure === undefined ? "" : ` (${record.failure.code}: ${record.failure.message})`}`;
    case "submitted":
    case "staged":
    case "committing":
    case "published":
    case "voiding":
    case "aside-removed":
    case "swept":
      return record.kind;
  }
}

/** Print a record of the cluster. */
export function printClusterRecord(names: JobNames, record: ClusterRecord): string {
  switch (record.kind) {
    case "reign":
      return `reign ${record.epoch}`;
    case "submitted":
      return `submitted ${names.get(record.job)}`;
    case "job-ended":
      return `job-ended ${names.get(record.job)} ${record.outcome}`;
    case "incarnation":
      return `incarnation ${record.worker}#${record.incarnation}`;
  }
}

/** Print a call of storage. */
export function printCall(call: StorageCall): string {
  switch (call.kind) {
    case "list-inputs":
      return "list-inputs";
    case "measure":
      return `measure ${call.uris.map((uri) => uri.slice(uri.indexOf("/attempts/") + 10)).join(" ")}`;
    case "place":
      return `place ${call.moves.map(({ to }) => to.slice(to.indexOf("/data/") + 6)).join(" ")}`;
    case "publish":
    case "rename":
      return `${call.kind} ${shortUri(call.from)} -> ${shortUri(call.to)}`;
    case "inspect-output":
    case "make-staging":
    case "list-files":
    case "write-file":
    case "remove":
      return `${call.kind} ${shortUri(call.uri)}`;
  }
}

function shortUri(uri: string): string {
  return uri.replace("mem://", "").replaceAll(/job-[0-9a-z]{26}/g, "JOB");
}

/** Print a message to a worker. */
export function printMessage(names: JobNames, message: CoordinatorMessage): string {
  switch (message.kind) {
    case "registered":
      return `registered epoch ${message.epoch}${verdicts("running", message.running)}${verdicts("gathering", message.gathering)}${verdicts("held", message.held)}`;
    case "refused":
      return `refused ${message.code}: ${message.message}`;
    case "launch-map":
      return `launch-map ${inJob(names, message.attempt)} of ${message.split.bytes} bytes`;
    case "launch-sample":
      return `launch-sample ${inJob(names, message.attempt)} of ${message.split.bytes} bytes, ${message.keysMax} keys`;
    case "ranges":
      return `ranges of ${names.get(message.job) ?? message.job}/${message.stage}: ${message.cuts.join(" ")}`;
    case "gather":
      return `gather ${inJob(names, message.attempt)} of ${message.maps}`;
    case "places-lost":
      return `places-lost ${inJob(names, message.attempt)}: ${message.tasks.join(" ")}`;
    case "kill":
      return `kill ${inJob(names, message.attempt)}: ${message.reason}`;
    case "launch-reduce":
    case "acknowledge":
    case "release":
      return `${message.kind} ${inJob(names, message.attempt)}`;
    case "verify":
      return `verify ${inJob(names, message.source)}`;
    case "forget-job":
      return `forget-job ${names.get(message.job) ?? message.job}`;
    case "brief":
    case "places":
      return message.kind;
  }
}

function verdicts(what: string, list: readonly string[]): string {
  return list.length === 0 ? "" : `, ${what} ${list.join(" ")}`;
}

/** Print an effect; undefined for those that no story is about. */
export function printEffect(
  names: JobNames,
  workers: ReadonlyMap<number, string>,
  effect: CoordinatorEffect,
): string | undefined {
  switch (effect.kind) {
    case "wake":
    case "job-changed":
      return undefined;
    case "send":
      return `${workers.get(effect.session) ?? `session ${effect.session}`} <- ${printMessage(names, effect.message)}`;
    case "send-brief":
      return `${workers.get(effect.session)} <- brief ${names.get(effect.job)}`;
    case "send-places":
      return `${workers.get(effect.session)} <- places ${inJob(names, effect.attempt)}: ${effect.places.map(({ task, attempt, worker }) => `${task}.${attempt}@${worker}`).join(" ")}`;
    case "close-session":
      return `close session of ${workers.get(effect.session) ?? effect.session}`;
    case "probe-worker":
      return `probe ${effect.worker}#${effect.incarnation}`;
    case "storage":
      return `storage ${names.get(effect.job)}: ${printCall(effect.request)}`;
    case "reply":
      return `reply ${effect.request}: ${effect.reply.kind === "refused" ? `${effect.reply.code} ${effect.reply.message}` : `${effect.reply.kind}${"again" in effect.reply && effect.reply.again ? " again" : ""} ${names.get(effect.reply.job)}`}`;
    case "discard-job":
      return `discard ${names.get(effect.job)}`;
  }
}
