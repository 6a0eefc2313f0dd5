// Runs a job in memory for a unit test: at least two maps and two reducers, small buffers, so that what a job wrongly
// assumes (one task, one call of combine, values in one piece) shows here and not on a cluster.

import { MillraceError, outputsOf, shuffleOf } from "@millrace/core";
import type { AttemptResult, JobBrief, JobId, SegmentVector, Split, StageBrief } from "@millrace/core";
import { KernelMemory, MemoryRunStore } from "@millrace/data";
import type { AttemptOrder, SegmentInput } from "@millrace/ports";
import type { Job } from "@millrace/sdk";
import { extractSpec, jobParts } from "@millrace/sdk/engine";
import type { JobParts } from "@millrace/sdk/engine";
import { createMeterCells } from "../attempt/attempt-meter.ts";
import { runAttempt } from "../attempt/run-attempt.ts";
import { createMemoryIo } from "./memory-io.ts";
import type { MemoryFiles } from "./memory-io.ts";

/** What a test gives to a job. */
export interface TestJobInput {
  /** Records in the text of the job's input format, such as lines; each is one record. */
  readonly input: readonly string[];
  /** Parameters as on the command line. */
  readonly params?: Readonly<Record<string, string>>;
  /** Map tasks, at least 2, the default. */
  readonly maps?: number;
  /** Reduce tasks, at least 2, the default. */
  readonly reduces?: number;
}

/** What came out. */
export interface TestJobResult<O> {
  /** Records as the job wrote them: partition by partition, in the order of their part file. */
  readonly records: readonly O[];
  /** Records of named outputs, by name. */
  readonly outputs: Readonly<Record<string, readonly unknown[]>>;
  /** The job's own counters and the engine's, which begin with `millrace.`. */
  readonly counters: Readonly<Record<string, number>>;
  /** Records of the input that could not be parsed, with the reason for each. */
  readonly badRecords: readonly { readonly text: string; readonly reason: string }[];
}

/**
 * Run `job` over `given.input` in memory.
 *
 * @throws {MillraceError} with the code and message that the failed task would have; E_PARAMETER, E_JOB_INVALID.
 */
export async function testJob<O>(job: Job<never, O>, given: TestJobInput): Promise<TestJobResult<O>> {
  const test = new JobTest(job, given);
  const maps = await test.runMaps();
  const ended = test.parts.reduce.kind === "none" ? maps : [...maps, ...(await test.runReduces(maps))];
  return {
    records: test.records as readonly O[],
    outputs: Object.create(null) as Record<string, readonly unknown[]>,
    counters: sumCounters(ended.map((each) => each.result)),
    badRecords: ended.flatMap((each) => each.result.badRecords),
  };
}

interface EndedTask {
  readonly result: AttemptResult;
  readonly vector: SegmentVector | undefined;
}

// Any text will do: nothing of a test leaves its memory.
const testJobId = "job-00000000000000000000000000" as JobId;
// A combiner that runs after a few pairs, and a table that spills after some thousand.
const testCombinePairs = 4;
const testSlotBytes = 64 * 1024;

class JobTest {
  readonly parts: JobParts;
  readonly records: unknown[] = [];
  readonly #given: TestJobInput;
  readonly #brief: JobBrief;
  readonly #files: MemoryFiles;
  readonly #maps: number;
  readonly #reduces: number;
  readonly #meter = createMeterCells();
  readonly #memory = new KernelMemory(testSlotBytes);

  constructor(job: unknown, given: TestJobInput) {
    this.parts = jobParts(job);
    this.#given = given;
    this.#maps = countOf("maps", given.maps);
    this.#reduces = this.parts.reduce.kind === "none" ? 0 : countOf("reduces", given.reduces);
    this.#brief = this.#makeBrief(job);
    this.#files = { input: joinRecords(given.input, this.parts), runs: new MemoryRunStore() };
  }

  async runMaps(): Promise<readonly EndedTask[]> {
    const ended: EndedTask[] = [];
    for (let task = 0; task < this.#maps; task += 1) {
      ended.push(await this.#run(0, task, { kind: "map", split: this.#split(task) }));
    }
    return ended;
  }

  async runReduces(maps: readonly EndedTask[]): Promise<readonly EndedTask[]> {
    const ended: EndedTask[] = [];
    for (let partition = 0; partition < this.#reduces; partition += 1) {
      const segments = maps.map((map, task) => segmentOf(map, task, partition));
      ended.push(await this.#run(1, partition, { kind: "reduce", partition, segments }));
    }
    return ended;
  }

  async #run(stage: number, task: number, work: AttemptOrder["work"]): Promise<EndedTask> {
    const order: AttemptOrder = {
      attempt: { job: testJobId, stage, task, attempt: 0 },
      brief: this.#brief,
      bundlePath: "",
      scratchPath: "",
      outputUri: "memory:/output",
      logPath: "",
      work,
    };
    const outcome = await runAttempt(
      {
        order,
        job: this.parts,
        io: createMemoryIo(this.#files, runName(stage, task)),
        meter: this.#meter,
        memory: this.#memory,
        tryName: "test",
        combinePairs: testCombinePairs,
        onRecord: (_output, record) => this.records.push(record),
      },
      () => ({ durationMs: 0, cpuMs: 0, peakRssBytes: 0 }),
    );
    if (outcome.kind === "finished") return outcome;
    throw new MillraceError(outcome.failure.code as MillraceError["code"], outcome.failure.message);
  }

  #makeBrief(job: unknown): JobBrief {
    const spec = extractSpec(job, { reduces: Math.max(1, this.#reduces) });
    const stages = spec.stages.map((stage): StageBrief => ({
      kind: stage.kind,
      tasks: stage.kind === "reduce" ? this.#reduces : this.#maps,
      partitions: shuffleOf(stage) === undefined ? 0 : this.#reduces,
      reads: stage.kind === "reduce" ? stage.reads : -1,
      outputs: outputsOf(stage),
    }));
    return {
      job: testJobId,
      name: spec.name,
      bundleSha256: "",
      params: this.#given.params ?? {},
      shuffleKey: "",
      taskTimeoutMs: 0,
      inputGrowth: "refuse",
      seed: "test",
      stages,
      stagingUri: "memory:/output",
    };
  }

  /** The input cut at even places, in the middle of records where they fall so. */
  #split(task: number): Split {
    const fileBytes = this.#files.input.length;
    const cut = (at: number): number => Math.floor((fileBytes * at) / this.#maps);
    const offset = cut(task);
    const bytes = cut(task + 1) - offset;
    const part = { uri: "memory:/input", offset, bytes, fileBytes, modifiedMs: 0, codec: "none" as const };
    return { input: 0, parts: [part], bytes, hosts: [] };
  }
}

function runName(stage: number, task: number): string {
  return `run-${stage}-${task}`;
}

function segmentOf(map: EndedTask, task: number, partition: number): SegmentInput {
  return {
    task,
    path: runName(0, task),
    form: "run",
    partition,
    pairs: map.vector?.pairs[partition] ?? 0,
    rawBytes: map.vector?.rawBytes[partition] ?? 0,
    digest: map.vector?.digests[partition] ?? "",
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

function joinRecords(records: readonly string[], parts: JobParts): Uint8Array {
  const encoder = new TextEncoder();
  const { framing } = parts.input;
  const delimiter =
    framing.kind === "delimited" && framing.delimiter !== "line" ? framing.delimiter : encoder.encode("\n");
  const pieces = records.flatMap((record) => [encoder.encode(record), delimiter]);
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function sumCounters(results: readonly AttemptResult[]): Readonly<Record<string, number>> {
  const sums: Record<string, number> = Object.create(null) as Record<string, number>;
  for (const { counters } of results) {
    for (const [name, value] of Object.entries(counters)) sums[name] = (sums[name] ?? 0) + value;
  }
  return sums;
}
