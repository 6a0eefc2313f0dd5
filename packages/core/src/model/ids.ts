// Names of things: branded so that a worker's id is never passed where a job's belongs.
// An attempt is named by four numbers-and-ids; its text forms are for people and for paths.

declare const brand: unique symbol;
type Branded<T, Name extends string> = T & { readonly [brand]: Name };

/** Name one submitted job: `job-` and 26 characters of Crockford base32 (128 random bits), never reused. */
export type JobId = Branded<string, "JobId">;
/** Name one worker's work directory, kept over restarts: `w-` and 1-64 characters of `[a-z0-9-]`. */
export type WorkerId = Branded<string, "WorkerId">;
/** Count the lives of one worker: 1 for the first process in a work directory, then one more for each start. */
export type Incarnation = Branded<number, "Incarnation">;
/** Count the reigns over one state directory: written before the coordinator speaks to anyone, never goes back. */
export type Epoch = Branded<number, "Epoch">;
/** Number one stream between a worker and this reign's coordinator; a message from a closed session is stale. */
export type SessionId = Branded<number, "SessionId">;

/** Name one unit of a stage. `stage` and `task` are indexes from 0. */
export interface TaskRef {
  readonly job: JobId;
  readonly stage: number;
  readonly task: number;
}

/** Name one try of a task; `attempt` counts from 0 and never changes its meaning, whoever reigns. */
export interface AttemptRef extends TaskRef {
  readonly attempt: number;
}

const jobIdPattern = /^job-[0-9a-hjkmnp-tv-z]{26}$/;
const workerIdPattern = /^w-[a-z0-9-]{1,64}$/;
const attemptPattern = /^(0|[1-9]\d{0,3})-(0|[1-9]\d{0,6})\.(0|[1-9]\d{0,3})$/;

/** Parse the text of a job id. @returns undefined when it is none. */
export function parseJobId(text: string): JobId | undefined {
  return jobIdPattern.test(text) ? (text as JobId) : undefined;
}

/** Parse the text of a worker id. @returns undefined when it is none. */
export function parseWorkerId(text: string): WorkerId | undefined {
  return workerIdPattern.test(text) ? (text as WorkerId) : undefined;
}

/** Print a task as `<stage>-<task>`, unique within its job. */
export function taskName(ref: Pick<TaskRef, "stage" | "task">): string {
  return `${ref.stage}-${ref.task}`;
}

/** Print an attempt as `<stage>-<task>.<attempt>`, unique within its job; also the name of its directory. */
export function attemptName(ref: Pick<AttemptRef, "stage" | "task" | "attempt">): string {
  return `${ref.stage}-${ref.task}.${ref.attempt}`;
}

/** Print an attempt as `<job>/<stage>-<task>.<attempt>`, unique in a cluster. */
export function attemptKey(ref: AttemptRef): string {
  return `${ref.job}/${attemptName(ref)}`;
}

/** Parse what {@link attemptName} prints. @returns undefined when it is none. */
export function parseAttemptName(job: JobId, text: string): AttemptRef | undefined {
  const match = attemptPattern.exec(text);
  if (match === null) return undefined;
  return { job, stage: Number(match[1]), task: Number(match[2]), attempt: Number(match[3]) };
}

/** Tell whether two attempts are the same one. */
export function sameAttempt(a: AttemptRef, b: AttemptRef): boolean {
  return a.job === b.job && a.stage === b.stage && a.task === b.task && a.attempt === b.attempt;
}
