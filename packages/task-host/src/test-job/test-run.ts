// The stages of a job, task by task, in memory, as a cluster runs them: samples, maps, reduces, each with its order.

import { MillraceError, cutKeyRanges, outputsOf, sampleKeysMaxOf } from "@millrace/core";
import type { AttemptResult, JobBrief, JobId, SegmentVector, Split, StageBrief, StageSpec } from "@millrace/core";
import { createKernelMemory, MemoryRunStore } from "@millrace/data";
import type { AttemptOrder, SegmentInput } from "@millrace/ports";
import { parseParams, specOf } from "@millrace/sdk/engine";
import type { ExtractedSpec, JobProgram } from "@millrace/sdk/engine";
import { createMeterCells } from "../attempt/attempt-meter.ts";
import { runAttempt } from "../attempt/run-attempt.ts";
import { createMemoryIo } from "./memory-io.ts";
import type { MemoryFiles } from "./memory-io.ts";
import { makeTestInputs } from "./test-inputs.ts";
import type { GivenInputs, TestRecord } from "./test-inputs.ts";

/** What a run is made of. */
export interface TestRunOptions extends GivenInputs {
  readonly files?: Readonly<Record<string, TestRecord>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly maps: number;
  readonly reduces: number;
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

/** One run of a job over the inputs of a test. */
export class TestRun {
  /** Records by output; "" is the main one. */
  readonly written = new Map<string, unknown[]>();
  readonly #program: JobProgram;
  readonly #spec: ExtractedSpec;
  readonly #brief: JobBrief;
  readonly #files: MemoryFiles;
  readonly #filePaths: Readonly<Record<string, string>>;
  /** Splits by input. */
  readonly #splits: readonly (readonly Split[])[];
  /** Ended tasks by stage. */
  readonly #ended: EndedTask[][] = [];
  readonly #meter = createMeterCells();
  readonly #memory = createKernelMemory(testSlotBytes);

  /** @throws {MillraceError} E_PARAMETER, E_JOB_INVALID. */
  constructor(program: JobProgram, options: TestRunOptions) {
    this.#program = program;
    const params = parseParams(program.params, options.params ?? {});
    this.#spec = specOf(program, { reduces: options.reduces, params });
    const inputs = makeTestInputs(program, options, {
      maps: options.maps,
      numbers: this.#spec.inputs.map(({ format }) => format.numbers),
    });
    this.#splits = inputs.map(({ splits }) => splits);
    const side = Object.entries(options.files ?? {}).map(([name, content]) => ({
      name,
      path: `memory:/file/${name}`,
      content,
    }));
    this.#filePaths = Object.fromEntries(side.map(({ name, path }) => [name, path]));
    this.#files = {
      files: new Map([
        ...inputs.flatMap(({ files }) => [...files]),
        ...side.map(({ path, content }) => [path, bytesOf(content)] as const),
      ]),
      runs: new MemoryRunStore(),
    };
    this.#brief = this.#makeBrief(options);
  }

  /** Run all stages in their order. @returns the results of all tasks. @throws {MillraceError} what the first failed task says. */
  async runStages(): Promise<readonly AttemptResult[]> {
    for (const [index, stage] of this.#spec.stages.entries()) {
      const tasks: EndedTask[] = [];
      for (const work of this.#worksOf(stage, index)) tasks.push(await this.#run(index, tasks.length, work));
      this.#ended.push(tasks);
    }
    return this.#ended.flat().map(({ result }) => result);
  }

  #worksOf(stage: StageSpec, index: number): readonly AttemptOrder["work"][] {
    if (stage.kind === "map") return this.#splitsOf(index).map((split) => ({ kind: "map", split }));
    if (stage.kind === "sample") {
      const splits = this.#splitsOf(stage.of);
      return splits.map((split) => ({ kind: "sample", split, keysMax: sampleKeysMaxOf(splits.length) }));
    }
    const { tasks } = this.#brief.stages[index] ?? { tasks: 0 };
    return Array.from({ length: tasks }, (_, partition) => ({
      kind: "reduce",
      partition,
      segments: (this.#ended[stage.reads] ?? []).map((ended, task) =>
        segmentOf(ended, { stage: stage.reads, task, partition }),
      ),
    }));
  }

  #splitsOf(stage: number): readonly Split[] {
    const spec = this.#spec.stages[stage];
    return spec?.kind === "map" ? spec.inputs.flatMap((input) => this.#splits[input] ?? []) : [];
  }

  async #run(stage: number, task: number, work: AttemptOrder["work"]): Promise<EndedTask> {
    const cuts = this.#cutsOf(stage);
    const order: AttemptOrder = {
      attempt: { job: testJobId, stage, task, attempt: 0 },
      brief: this.#brief,
      bundlePath: "",
      scratchPath: "",
      outputUri: "memory:/output",
      logPath: "",
      work,
      filePaths: this.#filePaths,
      ...(cuts === undefined ? {} : { cuts }),
    };
    const outcome = await runAttempt(
      {
        order,
        program: this.#program,
        io: createMemoryIo(this.#files, runName(stage, task)),
        meter: this.#meter,
        memory: this.#memory,
        tryName: "test",
        combinePairs: testCombinePairs,
        onRecord: (output, record) => {
          const records = this.written.get(output);
          if (records === undefined) this.written.set(output, [record]);
          else records.push(record);
        },
      },
      () => ({ durationMs: 0, cpuMs: 0, peakRssBytes: 0 }),
    );
    if (outcome.kind === "finished") return outcome;
    throw new MillraceError(outcome.failure.code as MillraceError["code"], outcome.failure.message);
  }

  /** Key ranges of a stage's shuffle, from what its sample stage has found, as the coordinator makes them. */
  #cutsOf(stage: number): readonly Uint8Array[] | undefined {
    const spec = this.#spec.stages[stage];
    const sample = spec?.kind === "map" ? spec.shuffle?.ranges : undefined;
    if (sample === undefined) return undefined;
    const keys = (this.#ended[sample] ?? []).flatMap(({ result }) => result.sample ?? []);
    const partitions = this.#brief.stages[stage]?.partitions ?? 1;
    return cutKeyRanges(keys, partitions).map((cut) => new Uint8Array(Buffer.from(cut, "hex")));
  }

  #makeBrief(options: TestRunOptions): JobBrief {
    const stages: StageBrief[] = [];
    for (const [index, spec] of this.#spec.stages.entries()) stages.push(this.#stageBrief(spec, index, stages));
    return {
      job: testJobId,
      name: this.#spec.name,
      bundleSha256: "",
      params: options.params ?? {},
      shuffleKey: "",
      taskTimeoutMs: 0,
      inputGrowth: "refuse",
      seed: "test",
      stages,
      stagingUri: "memory:/output",
    };
  }

  #stageBrief(spec: StageSpec, index: number, before: readonly StageBrief[]): StageBrief {
    const partitions = spec.kind === "sample" ? 0 : Number(spec.shuffle?.partitions ?? 0);
    const reads = spec.kind === "reduce" ? spec.reads : -1;
    const splits = this.#splitsOf(spec.kind === "sample" ? spec.of : index);
    const tasks = spec.kind === "reduce" ? (before[reads]?.partitions ?? 0) : splits.length;
    return { kind: spec.kind, tasks, partitions, reads, outputs: outputsOf(spec) };
  }
}

function runName(stage: number, task: number): string {
  return `run-${stage}-${task}`;
}

function segmentOf(
  { vector }: EndedTask,
  { stage, task, partition }: { readonly stage: number; readonly task: number; readonly partition: number },
): SegmentInput {
  return {
    task,
    path: runName(stage, task),
    form: "run",
    partition,
    pairs: vector?.pairs[partition] ?? 0,
    rawBytes: vector?.rawBytes[partition] ?? 0,
    digest: vector?.digests[partition] ?? "",
  };
}

function bytesOf(content: TestRecord): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content.slice();
}
