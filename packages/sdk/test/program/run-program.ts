// Runs a job's program in memory, plainly: no splits, no spills, no merges. What the engine does with a program must come
// out equal to this. For tests of programs, of this package and of others.

import { ByteReader, compareBytes, foldValues, partitionOf, presentState } from "@millrace/data";
import { jobProgram, seededRandom } from "@millrace/sdk/engine";
import type {
  JobProgram,
  Operator,
  ReduceStageProgram,
  ShuffleProgram,
  Sink,
  StepContext,
  StepEmit,
  StepMapContext,
} from "@millrace/sdk/engine";

/** What a program is run on. */
export interface ProgramInput {
  /** Records of each input by its name, for each map task. */
  readonly inputs: Readonly<Record<string, readonly (readonly unknown[])[]>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, Uint8Array>>;
  readonly partitions?: number;
}

/** What came out: records of each output by name, partition by partition. */
export type ProgramOutput = Readonly<Record<string, readonly unknown[]>>;

interface PairBytes {
  readonly key: Uint8Array;
  readonly order: Uint8Array;
  readonly value: unknown;
  readonly encoded: Uint8Array;
}

/** Run a job of any form. */
export async function runProgram(job: unknown, given: ProgramInput): Promise<ProgramOutput> {
  const run = new ProgramRun(jobProgram(job), given);
  await run.run();
  return run.outputs;
}

class ProgramRun {
  readonly outputs: Record<string, unknown[]> = {};
  readonly #program: JobProgram;
  readonly #given: ProgramInput;
  /** For each stage the pairs of each partition, in the order of tasks and emissions. */
  readonly #pairs: PairBytes[][][] = [];
  #states: unknown[] = [];

  constructor(program: JobProgram, given: ProgramInput) {
    this.#program = program;
    this.#given = given;
    for (const { name } of program.outputs) this.outputs[name] = [];
  }

  async run(): Promise<void> {
    for (const [index, stage] of this.#program.stages.entries()) {
      if (stage.kind === "sample") continue;
      const partitions = stage.sink.shuffle?.partitions ?? this.#given.partitions ?? 2;
      this.#pairs[index] = Array.from({ length: partitions }, () => []);
      if (stage.kind === "reduce") {
        for (const pairs of this.#pairs[stage.reads] ?? []) await this.#reduceTask(index, stage, pairs);
        continue;
      }
      for (const { input, operators } of stage.maps) {
        const name = this.#program.inputs[input]?.name ?? "";
        for (const records of this.#given.inputs[name] ?? []) {
          await this.#setUp();
          const push = this.#through(operators, this.#sink(index, stage.sink));
          for (const record of records) push(record);
        }
      }
    }
  }

  async #reduceTask(index: number, stage: ReduceStageProgram, pairs: readonly PairBytes[]): Promise<void> {
    await this.#setUp();
    const read = this.#program.stages[stage.reads];
    const shuffle = read === undefined || read.kind === "sample" ? undefined : read.sink.shuffle;
    if (shuffle === undefined) throw new Error(`stage ${stage.reads} has no shuffle`);
    const push = this.#through(stage.operators, this.#sink(index, stage.sink));
    const sorted = pairs.toSorted((a, b) => compareBytes(a.key, b.key) || compareBytes(a.order, b.order));
    for (const group of groupsOf(sorted)) this.#reduceGroup(stage, shuffle, group, push);
  }

  #reduceGroup(
    stage: ReduceStageProgram,
    shuffle: ShuffleProgram,
    group: readonly PairBytes[],
    push: (record: unknown) => void,
  ): void {
    const key = shuffle.key.decode(group[0]?.key ?? new Uint8Array());
    const { reduce } = stage;
    if (shuffle.pairs.kind === "state") {
      const { aggregator } = shuffle.pairs;
      const state = foldValues(
        aggregator,
        group.map(({ value }) => value),
      );
      push({ key, value: presentState(aggregator, state) });
      return;
    }
    if (reduce.kind !== "function") throw new Error("values are reduced by a function");
    const { value } = shuffle.pairs;
    const values = group.values().map(({ encoded }) => value.decodeFrom(new ByteReader(encoded)));
    reduce.run(key, values, push, this.#context(reduce.part));
  }

  async #setUp(): Promise<void> {
    this.#states = [];
    for (const [part, { setup }] of this.#program.parts.entries())
      this.#states[part] = await setup?.(this.#context(part));
  }

  #through(operators: readonly Operator[], last: StepEmit): StepEmit {
    return operators.reduceRight<StepEmit>((emit, { part, map }) => {
      const context = this.#context(part);
      return (record) => {
        map(record, emit, context);
      };
    }, last);
  }

  #sink(index: number, { shuffle, output }: Sink): StepEmit {
    if (shuffle !== undefined) return (key, value, order) => this.#emit(index, shuffle, { key, value, order });
    if (output === undefined)
      return () => {
        throw new Error("no main output");
      };
    const name = this.#program.outputs[output]?.name ?? "";
    return (record) => {
      this.outputs[name]?.push(record);
    };
  }

  #emit(
    index: number,
    shuffle: ShuffleProgram,
    pair: { readonly key: unknown; readonly value: unknown; readonly order: unknown },
  ): void {
    const key = shuffle.key.encode(pair.key);
    const partitions = this.#pairs[index] ?? [];
    const { partition } = shuffle;
    const at =
      partition.kind === "function"
        ? partition.choose(pair.key, partitions.length)
        : partition.kind === "ranges"
          ? 0
          : partitionOf(key, partitions.length);
    partitions[at]?.push({
      key,
      order: shuffle.orderBy?.encode(pair.order) ?? new Uint8Array(),
      value: pair.value,
      encoded: shuffle.pairs.kind === "value" ? shuffle.pairs.value.encode(pair.value) : new Uint8Array(),
    });
  }

  #context(part: number): StepMapContext {
    const outputs: Record<string, (record: unknown) => void> = {};
    for (const [name, index] of Object.entries(this.#program.parts[part]?.outputs ?? {})) {
      outputs[name] = (record) => {
        this.outputs[this.#program.outputs[index]?.name ?? ""]?.push(record);
      };
    }
    const context: StepContext = {
      params: this.#given.params ?? {},
      count: () => undefined,
      file: (name) => this.#given.files?.[name] ?? new Uint8Array(),
      random: seededRandom("test"),
      state: this.#states[part],
      outputs,
    };
    return { ...context, split: { uri: "memory:/input", offset: 0 } };
  }
}

function* groupsOf(sorted: readonly PairBytes[]): Generator<readonly PairBytes[]> {
  let begin = 0;
  for (let at = 1; at <= sorted.length; at += 1) {
    const [first, next] = [sorted[begin], sorted[at]];
    if (first !== undefined && next !== undefined && compareBytes(first.key, next.key) === 0) continue;
    yield sorted.slice(begin, at);
    begin = at;
  }
}
