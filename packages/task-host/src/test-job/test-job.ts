// Runs a job in memory for a unit test: at least two maps and two reducers, small buffers, so that what a job wrongly
// assumes (one task, one call of combine, values in one piece) shows here and not on a cluster.

import { MillraceError } from "@millrace/core";
import type { AttemptResult } from "@millrace/core";
import type { Job } from "@millrace/sdk";
import { jobProgram } from "@millrace/sdk/engine";
import type { TestRecord } from "./test-inputs.ts";
import { TestRun } from "./test-run.ts";

/** What a test gives to a job. */
export interface TestJobInput {
  /**
   * Records of the only input in the text (or bytes) of its format, such as lines; each is one record, or for a format
   * that takes a file as one record the content of a file. Left out by jobs that count numbers.
   */
  readonly input?: readonly TestRecord[];
  /** Records of each input of a job that has several, by name. */
  readonly inputs?: Readonly<Record<string, readonly TestRecord[]>>;
  /** Side files that `context.file` finds, by name. */
  readonly files?: Readonly<Record<string, TestRecord>>;
  /** Parameters as on the command line. */
  readonly params?: Readonly<Record<string, string>>;
  /** Map tasks of each input, at least 2, the default. */
  readonly maps?: number;
  /** Reduce tasks of each stage that does not fix their number, at least 2, the default. */
  readonly reduces?: number;
}

/** What came out. */
export interface TestJobResult<O, X = unknown> {
  /** Records of the main output as the job wrote them: partition by partition, in the order of their part file. */
  readonly records: readonly O[];
  /** Records of named outputs, by name; a list for each, empty where the job wrote none. */
  readonly outputs: { readonly [N in keyof X]: readonly X[N][] };
  /** The job's own counters and the engine's, which begin with `millrace.`. */
  readonly counters: Readonly<Record<string, number>>;
  /** Records of the input that could not be parsed, with the reason for each. */
  readonly badRecords: readonly {
    readonly uri: string;
    readonly offset: number;
    readonly text: string;
    readonly reason: string;
  }[];
}

/**
 * Run `job` over `given` in memory: every stage of it, in two tasks or more.
 *
 * @throws {MillraceError} with the code and message that the failed task would have; E_PARAMETER, E_JOB_INVALID.
 * @example
 * ```ts
 * import { defineJob, sum, testJob, textLines, textTable } from "millrace";
 *
 * const words = defineJob({
 *   name: "words",
 *   input: textLines(),
 *   map: (line, emit) => line.split(" ").forEach((word) => emit(word, 1)),
 *   reduce: sum(),
 *   output: textTable(),
 * });
 *
 * const { records } = await testJob(words, { input: ["a b", "b"] });
 * // records holds { key: "a", value: 1 } and { key: "b", value: 2 }
 * ```
 */
export async function testJob<O, X>(job: Job<never, O, X>, given: TestJobInput): Promise<TestJobResult<O, X>> {
  const program = jobProgram(job);
  const run = new TestRun(program, {
    ...given,
    maps: countOf("maps", given.maps),
    reduces: countOf("reduces", given.reduces),
  });
  const results = await run.runStages();
  const outputs: Record<string, readonly unknown[]> = Object.create(null);
  for (const { name } of program.outputs) if (name !== "") outputs[name] = run.written.get(name) ?? [];
  return {
    records: (run.written.get("") ?? []) as readonly O[],
    outputs: outputs as TestJobResult<O, X>["outputs"],
    counters: sumCounters(results),
    badRecords: results.flatMap((each) => each.badRecords),
  };
}

function countOf(name: string, given: number | undefined): number {
  const count = given ?? 2;
  if (Number.isSafeInteger(count) && count >= 2 && count <= 1_000) return count;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot test the job: ${name} is ${count}, not 2 to 1000; leave it out for 2`,
  );
}

function sumCounters(results: readonly AttemptResult[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const { counters } of results) {
    for (const [name, value] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
