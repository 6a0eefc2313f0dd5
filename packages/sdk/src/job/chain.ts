// `chain`: jobs one after the other, the map of the next inside the reducers of the one before. And `outputOf`, which
// says what a chain goes on with.

import { MillraceError, quote } from "@millrace/core";
import { appendProgram } from "../program/append-program.ts";
import { selectOutput } from "../program/select-output.ts";
import type { Fixed, Plain } from "./infer.ts";
import { type Job, createJob, isJob, jobProgram } from "./job.ts";

/**
 * Run up to five jobs as one: each reads what the one before writes as its main output. Records between two jobs stay in
 * memory, nothing is written: the map of the later one runs where the earlier one's records are made, two map-only jobs
 * run in one pass. A chain may be chained again.
 *
 * A later job is best written with the input `records(codec)`. One that reads files fits too when its records have the
 * right type; its input format is then not used, and neither is the output format of the job before.
 *
 * The chain is called like its last job. Parameters are those of all jobs: one that two of them declare is one, and must
 * be declared alike. Named outputs of all jobs are written, below the one output of the chain.
 *
 * @throws {MillraceError} E_JOB_INVALID for two jobs that do not fit, naming both, as far as that is known here.
 * @example
 * ```ts
 * import { chain, defineJob, int, object, records, sum, text, textLines, textTable } from "millrace";
 *
 * const words = defineJob({
 *   name: "words",
 *   input: textLines(),
 *   map: (line, emit) => line.split(" ").forEach((word) => emit(word, 1)),
 *   reduce: sum(),
 *   output: textTable(),
 * });
 * const byCount = defineJob({
 *   name: "words-by-count",
 *   input: records(object({ key: text(), value: int() })),
 *   key: int(),
 *   value: text(),
 *   map: ({ key, value }, emit) => emit(-value, key),
 *   reduces: 1,
 *   reduce: (count, words, emit) => {
 *     for (const word of words) emit([-count, word]);
 *   },
 *   output: textTable(),
 * });
 *
 * export default chain(words, byCount);
 * ```
 */
// One a job, so that the message names the one that does not fit.
// eslint-disable-next-line max-params
export function chain<A, B, C, D = C, E = D, F = E, V = {}, W = {}, X = {}, Y = {}, Z = {}>(
  first: Job<A, B, V>,
  second: Job<Fixed<B>, C, W>,
  third?: Job<Fixed<C>, D, X>,
  fourth?: Job<Fixed<D>, E, Y>,
  fifth?: Job<Fixed<E>, F, Z>,
): Job<A, F, Plain<V & W & X & Y & Z>>;
export function chain(...jobs: readonly unknown[]): Job<never, unknown> {
  // A job left out is one that was not given; one in the middle is a mistake.
  const given = jobs.slice(0, jobs.findLastIndex((each) => each !== undefined) + 1);
  if (given.length < 2)
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot chain: ${given.length === 0 ? "no job was" : "only one job was"} given; give two or more`,
    );
  for (const [index, each] of given.entries()) checkJob(each, index);
  return createJob(given.map((each) => jobProgram(each)).reduce((before, after) => appendProgram(before, after)));
}

/**
 * Make a named output the main one: what a chain goes on with.
 *
 * The job must have no main output. What its last function writes to the output goes on; an earlier one, as the map of a
 * job with a reduce, must not write to it.
 *
 * @throws {MillraceError} E_JOB_INVALID for a name that the job does not have, with the nearest, and for a job with a main output.
 * @example
 * ```ts
 * import { chain, count, defineJob, outputOf, textLines, textTable } from "millrace";
 *
 * const split = defineJob({
 *   name: "split",
 *   input: textLines(),
 *   map: (line, _emit, { outputs }) => (line.startsWith("E") ? outputs.errors(line) : outputs.others(line)),
 *   outputs: { errors: textLines(), others: textLines() },
 * });
 * const codes = defineJob({
 *   name: "codes",
 *   input: textLines(),
 *   map: (line, emit) => emit(line.slice(0, 4)),
 *   reduce: count(),
 *   output: textTable(),
 * });
 *
 * export default chain(outputOf(split, "errors"), codes);
 * ```
 */
export function outputOf<R, X, const N extends keyof X>(
  of: Job<R, unknown, X>,
  name: N,
): Job<R, X[N], Plain<Omit<X, N>>> {
  if (!isJob(of))
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot take the output ${quote(String(name))}: what it is taken of is no job; give the result of defineJob`,
    );
  return createJob(selectOutput(jobProgram(of), String(name)));
}

const ordinals = ["first", "second", "third", "fourth", "fifth"];

function checkJob(value: unknown, index: number): void {
  if (isJob(value)) return;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot chain: the ${ordinals[index] ?? `${index + 1}th`} is ${value === undefined ? "missing" : "no job"}; give the result of defineJob`,
  );
}
