// From something thrown to the failure of an attempt: which code, and a text that names the place in the job's source,
// the input, the byte and the record. What the engine threw keeps its code; all else out of user code is E_USER_CODE,
// whatever it calls itself, so that no job can choose who is charged.

import { InvariantError, MillraceError, limits, quote } from "@millrace/core";
import type { AttemptFailure } from "@millrace/core";
import { DataError, DataInvariantError } from "@millrace/data";
import { hostLimits } from "../host-limits.ts";
import { showBytes } from "../attempt/show-bytes.ts";
import { cut, describeThrown } from "./describe-thrown.ts";
import type { StackMapper } from "./map-stack.ts";

/** Where an attempt was when it failed. */
export interface FailurePlace {
  /** The user function that threw, or undefined when it was the engine, also below user code. */
  readonly running?: string;
  /** The job of a chain whose function it was; absent in a job of one part. */
  readonly job?: string;
  /** Set when it was outside of a call by the engine: who left the promise or timer, such as `this attempt`. */
  readonly strayOf?: string;
  readonly input?: { readonly uri: string; readonly offset: number; readonly record: Uint8Array };
  /** The group of a reduce, as text for people. */
  readonly key?: string;
}

/** Codes that the engine throws into user code without noting them: they say what the user did. */
const userCodes: ReadonlySet<string> = new Set([
  "E_ASYNC_USER_CODE",
  "E_EMIT_AFTER_END",
  "E_USER_CODE",
  // Of what `emits` or `linesWith` gave: it is looked at when a task begins.
  "E_JOB_INVALID",
  // Of a join: thrown below its reduce, for what the inputs hold.
  "E_JOIN_MEMORY",
  // Of a side file that was not shipped: no other attempt finds it.
  "E_PARAMETER",
  // Of a side table that is not as the job says: it is read below map, and its text names the line.
  "E_INPUT_FORMAT",
]);

/** Faults of storage and of disks: their text names the file, and neither the job's code nor the record has a part in them. */
const storageCodes: ReadonlySet<string> = new Set([
  "E_INPUT_READ",
  "E_OUTPUT_WRITE",
  "E_STORAGE",
  "E_WORK_DISK",
  "E_NO_SPACE",
]);

/** Describe how an attempt failed. Never throws. */
export function attemptFailure(thrown: unknown, place: FailurePlace, stack: StackMapper | undefined): AttemptFailure {
  const code = failureCode(thrown, place);
  if (storageCodes.has(code))
    return { code, message: cutMessage([headline(thrown, code, { ...place, hasLines: false })]).toWellFormed() };
  const frames = stack === undefined ? [] : mapped(thrown, stack);
  const lines = [headline(thrown, code, { ...place, hasLines: frames.length > 0 })];
  if (place.job !== undefined && !lines[0]?.includes(quote(place.job))) lines.push(inJob(place, place.job));
  lines.push(...frames);
  if (place.key !== undefined) lines.push(`key ${place.key}`);
  // A side table is the same whichever record asks for it first.
  const isOfRecord = code !== "E_INPUT_FORMAT" || place.running === undefined;
  const record = place.input === undefined || !isOfRecord ? undefined : shownRecord(place.input);
  if (record !== undefined)
    lines.push(`input ${quote(record.uri, 1_024)}, byte ${record.offset}`, `record "${record.text}"`);
  // Half of a pair of surrogates, as a cut in the middle of an emoji leaves it, cannot leave this process as text.
  const message = cutMessage(lines).toWellFormed();
  return record === undefined ? { code, message } : { code, message, record };
}

/**
 * Describe that user code ended its thread.
 *
 * @param at - made where it did.
 */
export function exitFailure(code: number | string, at?: Error, stack?: StackMapper): AttemptFailure {
  const frames = at === undefined || stack === undefined ? [] : mapped(at, stack);
  const head = `Cannot go on: the attempt called process.exit(${code}); do not end the process from user code`;
  return { code: "E_TASK_EXITED", message: [head, ...frames].join("\n") };
}

function failureCode(thrown: unknown, place: FailurePlace): string {
  const own = ownError(thrown);
  if (place.running === undefined && place.strayOf === undefined) return own?.code ?? "E_INTERNAL";
  if (isBug(thrown)) return "E_INTERNAL";
  return own !== undefined && userCodes.has(own.code) ? own.code : "E_USER_CODE";
}

/** @returns `thrown` when it is an error of the engine. A Proxy answers `instanceof` with code of its own, which may throw. */
function ownError(thrown: unknown): MillraceError | DataError | undefined {
  try {
    return thrown instanceof MillraceError || thrown instanceof DataError ? thrown : undefined;
  } catch {
    return undefined;
  }
}

/** Tell whether the engine threw it, and not user code or a format of the author's. */
export function isOwnError(thrown: unknown): boolean {
  return ownError(thrown) !== undefined || isBug(thrown);
}

function inJob({ running }: FailurePlace, job: string): string {
  return running === undefined ? `in job ${quote(job)}` : `in ${running} of job ${quote(job)}`;
}

function isBug(thrown: unknown): boolean {
  try {
    return thrown instanceof InvariantError || thrown instanceof DataInvariantError;
  } catch {
    return false;
  }
}

function headline(thrown: unknown, code: string, place: FailurePlace & { readonly hasLines: boolean }): string {
  const own = ownError(thrown);
  if (own !== undefined && own.code === code) return own.message;
  const { message } = describeThrown(thrown);
  if (code === "E_INTERNAL") return `Cannot run the attempt: ${message}; report this bug of Millrace`;
  const of = place.job === undefined ? "" : ` of job ${quote(place.job)}`;
  const mend = place.hasLines ? "mend the job where the lines below point" : "mend the job's code";
  if (place.strayOf !== undefined)
    return `Cannot go on: a promise or timer that ${place.strayOf} left behind failed, ${message}; leave none behind, wait in setup, and ${mend}`;
  return `Cannot run "${place.running ?? "the job"}"${of}: ${message}; ${mend}`;
}

function mapped(thrown: unknown, stack: StackMapper): readonly string[] {
  try {
    return stack.map(describeThrown(thrown).frames).map((line) => `    ${cut(line, 300)}`);
  } catch {
    return [];
  }
}

function shownRecord(input: NonNullable<FailurePlace["input"]>): NonNullable<AttemptFailure["record"]> {
  return { uri: input.uri, offset: input.offset, text: showBytes(input.record, hostLimits.recordTextBytesMax) };
}

/** Keep the lines after the first whole: it is the headline that can be long. */
function cutMessage(lines: readonly string[]): string {
  const rest = lines.slice(1).join("\n");
  const head = lines[0] ?? "";
  // UTF-8 has at most 3 bytes a UTF-16 unit; the bound is in bytes.
  const roomUnits = Math.max(256, Math.floor((limits.errorTextBytesMax - Buffer.byteLength(rest)) / 3));
  const headCut =
    Buffer.byteLength(head) + Buffer.byteLength(rest) < limits.errorTextBytesMax ? head : cut(head, roomUnits);
  const message = rest === "" ? headCut : `${headCut}\n${rest}`;
  return Buffer.byteLength(message) <= limits.errorTextBytesMax
    ? message
    : cutToBytes(message, limits.errorTextBytesMax);
}

function cutToBytes(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text).subarray(0, bytesMax - 3);
  return `${new TextDecoder().decode(bytes).replace(/\uFFFD$/u, "")}…`;
}
