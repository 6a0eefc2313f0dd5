// From a submit to a job: the spec is checked, inputs are listed and the output looked at, the plan is made; then the
// records, and only when they are durable the answer. Until then nothing of the submission lasts.

import { quote, unquoted } from "../errors/millrace-error.ts";
import { urisOverlap } from "../job/uri-shape.ts";
import { validateSpec } from "../job/validate-spec.ts";
import { createJobState } from "../journal/apply-job-record.ts";
import { stagingUriOf } from "../commit/commit-names.ts";
import { limits } from "../limits.ts";
import type { RequestReply } from "../model/coordinator-effects.ts";
import type { CoordinatorEvent, RequestId } from "../model/coordinator-events.ts";
import type { JobId } from "../model/ids.ts";
import type { JobSpec } from "../model/job-spec.ts";
import type { Plan } from "../model/plan.ts";
import type { ListedInput, StorageReply } from "../model/storage-call.ts";
import { outputDenialText } from "../plan/output-denial.ts";
import { planJob } from "../plan/plan-job.ts";
import { wholeBelowBytes } from "../plan/plan-splits.ts";
import { splitRecords } from "../plan/split-records.ts";
import { askStorage } from "./ask-storage.ts";
import { createJobRun, openStages } from "./job-run.ts";
import { makeStaging } from "./job-stages.ts";
import type { StorageDesk } from "./storage-desk.ts";
import { createStorageDesk } from "./storage-desk.ts";
import type { Turn } from "./turn.ts";

/** A submission that is being looked at. */
export interface Submission {
  readonly job: JobId;
  readonly spec: JobSpec;
  readonly specDigest: string;
  readonly idempotencyKey: string | undefined;
  /** Who waits for the answer; the same key may be submitted again meanwhile. */
  readonly requests: { readonly request: RequestId; readonly again: boolean }[];
  readonly desk: StorageDesk;
  listed: readonly ListedInput[] | undefined;
  inspected: boolean;
}

type Submit = Extract<CoordinatorEvent, { kind: "submit" }>;
type Refusal = Omit<Extract<RequestReply, { kind: "refused" }>, "kind">;

/** Take a submission in. */
export function submit(turn: Turn, event: Submit): void {
  if (answerKnownKey(turn, event)) return;
  const refusal = turn.reign.begun
    ? refuseAtOnce(turn, event)
    : {
        code: "E_BUSY",
        message: `Cannot submit ${quote(event.spec.name)}: the coordinator is starting; try again in a moment`,
      };
  if (refusal !== undefined) {
    refuse(turn, event.request, refusal);
    turn.effect({ kind: "discard-job", job: event.job });
    return;
  }
  const { job, spec, specDigest, idempotencyKey, request } = event;
  const submission: Submission = {
    job,
    spec,
    specDigest,
    idempotencyKey,
    requests: [{ request, again: false }],
    desk: createStorageDesk(),
    listed: withoutFiles(spec),
    inspected: false,
  };
  turn.reign.submissions.set(job, submission);
  if (submission.listed === undefined)
    askStorage(
      turn,
      submission,
      { kind: "list-inputs" },
      {
        kind: "list-inputs",
        inputs: spec.inputs.map(({ patterns }) => patterns),
        wholeBelowBytes: wholeBelowBytes(spec.options.splitBytes),
      },
    );
  askStorage(turn, submission, { kind: "inspect-output" }, { kind: "inspect-output", uri: spec.output.uri });
}

/** The listing of a job that reads no files, but numbers alone: there is nothing to ask. */
function withoutFiles({ inputs }: JobSpec): readonly ListedInput[] | undefined {
  if (inputs.some(({ patterns }) => patterns.length > 0)) return undefined;
  return inputs.map(() => ({ files: [], skipped: 0, unmatched: [], refused: [] }));
}

/** A key that was used before gives the job that it made, whatever else was sent; with another spec it is refused. */
function answerKnownKey(turn: Turn, event: Submit): boolean {
  const { idempotencyKey, specDigest, request } = event;
  if (idempotencyKey === undefined) return false;
  const known = turn.reign.cluster.keys.get(idempotencyKey);
  const made = known === undefined ? undefined : turn.reign.cluster.jobs.get(known);
  const waiting = [...turn.reign.submissions.values()].find((other) => other.idempotencyKey === idempotencyKey);
  const other = made ?? waiting;
  if (other === undefined) return false;
  turn.effect({ kind: "discard-job", job: event.job });
  if (other.specDigest !== specDigest)
    refuse(turn, request, {
      code: "E_JOB_INVALID",
      message: `Cannot submit ${quote(event.spec.name)}: the idempotency key ${quote(idempotencyKey)} was used for another job, ${quote(other.job)}; use a new key`,
    });
  else if (made !== undefined) reply(turn, request, { kind: "submitted", job: made.job, again: true });
  else waiting?.requests.push({ request, again: true });
  return true;
}

function refuseAtOnce(turn: Turn, { job, spec }: Submit): Refusal | undefined {
  const { reign } = turn;
  if (reign.jobs.has(job) || reign.submissions.has(job) || reign.cluster.jobs.has(job))
    return {
      code: "E_JOB_INVALID",
      message: `Cannot submit ${quote(spec.name)}: the job id ${quote(job)} is taken; submit again`,
    };
  const problems = validateSpec(spec);
  if (problems[0] !== undefined)
    return { code: problems[0].code, message: problems.map(({ message }) => message).join("\n") };
  const living =
    [...reign.cluster.jobs.values()].filter(({ outcome }) => outcome === undefined).length + reign.submissions.size;
  if (living >= reign.settings.jobsQueuedMax)
    return {
      code: "E_BUSY",
      message: `Cannot submit ${quote(spec.name)}: ${living} jobs are queued; wait for one to end`,
    };
  return refuseBusyOutput(turn, spec);
}

/** No two live jobs may write into each other's output. */
function refuseBusyOutput(turn: Turn, spec: JobSpec): Refusal | undefined {
  const reserved = [
    ...[...turn.reign.cluster.jobs.values()]
      .filter(({ outcome }) => outcome === undefined)
      .map(({ job, outputUri }) => ({ job, outputUri })),
    ...[...turn.reign.submissions.values()].map(({ job, spec: other }) => ({ job, outputUri: other.output.uri })),
  ];
  const busy = reserved.find(({ outputUri }) => urisOverlap(outputUri, spec.output.uri));
  if (busy === undefined) return undefined;
  return {
    code: "E_OUTPUT_BUSY",
    message: `Cannot write ${quote(spec.output.uri)}: the live job ${quote(busy.job)} writes to ${quote(busy.outputUri)}; wait for it, or choose another output`,
  };
}

/** Storage speaks in a sentence of its own, which mostly ends with what to do. */
function storageText({ name }: JobSpec, message: string): string {
  const said = unquoted(message.startsWith("Cannot ") ? `c${message.slice(1)}` : message);
  return `Cannot submit ${quote(name)}: ${said}${said.includes("; ") ? ", then" : "; check the storage, then"} submit again`;
}

/** Take in what storage says about a submission. */
export function hearForSubmission(turn: Turn, submission: Submission, storage: StorageReply): void {
  const { spec } = submission;
  if (storage.kind === "listed-inputs") submission.listed = storage.inputs;
  else if (storage.kind === "inspected") {
    const refusal = refuseOutput(spec, storage);
    if (refusal !== undefined) return refuseSubmission(turn, submission, refusal);
    submission.inspected = true;
  } else if (storage.kind === "refused" || storage.kind === "unknown") {
    return refuseSubmission(turn, submission, {
      code: "E_STORAGE",
      message: storageText(spec, storage.message),
    });
  } else {
    return refuseSubmission(turn, submission, {
      code: "E_INTERNAL",
      message: `Cannot submit ${quote(spec.name)}: storage answered with ${storage.kind}; report this`,
    });
  }
  if (submission.listed === undefined || !submission.inspected) return;
  const outcome = planJob(spec, submission.listed, { ...limits, tasksMax: turn.reign.settings.tasksMax });
  if (outcome.kind === "refused") refuseSubmission(turn, submission, outcome);
  else becomeJob(turn, submission, outcome.plan);
}

function refuseOutput(spec: JobSpec, found: Extract<StorageReply, { kind: "inspected" }>): Refusal | undefined {
  const uri = quote(spec.output.uri);
  if (!found.parentWritable)
    return {
      code: "E_OUTPUT_DENIED",
      message: outputDenialText(spec.output.uri, found.parentDenial),
    };
  if (!found.exists || (found.empty && !spec.output.overwrite)) return undefined;
  if (!spec.output.overwrite)
    return {
      code: "E_OUTPUT_EXISTS",
      message: `Cannot write ${uri}: it exists; choose another output, or pass --overwrite`,
    };
  if (found.manifestJob === undefined && !found.empty)
    return {
      code: "E_OUTPUT_EXISTS",
      message: `Cannot write ${uri}: it exists and holds no Millrace manifest, so --overwrite does not replace it; choose another output`,
    };
  if (found.foreign !== undefined)
    return {
      code: "E_OUTPUT_EXISTS",
      message: `Cannot write ${uri}: it holds ${quote(found.foreign)}, which its manifest does not name, so --overwrite does not replace it; move what is not of the job away, or choose another output`,
    };
  return undefined;
}

function becomeJob(turn: Turn, { job, spec, specDigest, idempotencyKey, requests }: Submission, plan: Plan): void {
  turn.reign.submissions.delete(job);
  const first = {
    kind: "submitted",
    job,
    spec,
    stagingUri: stagingUriOf(spec.output.uri, job),
    wallMs: turn.wallMs,
  } as const;
  const run = createJobRun(createJobState(first), turn.reign.cluster.submissions);
  turn.recordFirst(job, first);
  for (const record of splitRecords(plan)) turn.recordJob(run, record);
  const { stages, inputFiles, inputBytes, skippedFiles, hash } = plan;
  turn.recordJob(run, { kind: "planned", stages, totals: { inputFiles, inputBytes, skippedFiles, hash } });
  openStages(run);
  turn.reign.jobs.set(job, run);
  const key = idempotencyKey === undefined ? {} : { idempotencyKey };
  turn.recordCluster({
    kind: "submitted",
    job,
    ...key,
    specDigest,
    outputUri: spec.output.uri,
    priority: spec.options.priority,
    wallMs: turn.wallMs,
  });
  for (const { request, again } of requests) reply(turn, request, { kind: "submitted", job, again });
  makeStaging(turn, run);
}

/** End a submission without a job. */
export function refuseSubmission(turn: Turn, submission: Submission, refusal: Refusal): void {
  turn.reign.submissions.delete(submission.job);
  for (const { request } of submission.requests) refuse(turn, request, refusal);
  turn.effect({ kind: "discard-job", job: submission.job });
}

function refuse(turn: Turn, request: RequestId, { code, message }: Refusal): void {
  reply(turn, request, { kind: "refused", code, message });
}

function reply(turn: Turn, request: RequestId, answer: RequestReply): void {
  turn.effect({ kind: "reply", request, reply: answer });
}
