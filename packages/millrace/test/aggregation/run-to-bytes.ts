// Runs a program of states through the data plane with one partition, and gives the bytes of each output: what one part
// file would hold.

import {
  type Aggregator,
  ByteSink,
  type KeyCodec,
  MemoryRunStore,
  type ReduceSegment,
  type RunTools,
  crc32,
  createMapOutput,
  createReduceInput,
  memorySource,
} from "@millrace/data";
import {
  type JobProgram,
  type Operator,
  type RecordWriter,
  type ShuffleProgram,
  type StepEmit,
  type StepMapContext,
  badRecord,
  jobProgram,
  noRecord,
} from "@millrace/sdk/engine";

const tools: RunTools = { crc32, codecs: [] };

/** Run a job on the lines of each map task. @returns the text of each output by name. */
export function runToBytes(job: unknown, tasks: readonly (readonly string[])[]): Readonly<Record<string, string>> {
  const run = new BytesRun(jobProgram(job));
  let segments: readonly ReduceSegment[] = [];
  for (const [index, stage] of run.program.stages.entries()) {
    if (stage.kind === "sample") throw new Error("no stage of this runner samples");
    const { shuffle } = stage.sink;
    const reads = stage.kind === "reduce" ? run.program.stages[stage.reads] : undefined;
    const input = reads === undefined || reads.kind === "sample" ? undefined : reads.sink.shuffle;
    const attempts =
      stage.kind === "map"
        ? tasks.map((lines) => (emit: StepEmit) => run.map(lines, stage.maps[0]?.operators ?? [], emit))
        : [(emit: StepEmit) => run.reduce(segments, input, run.through(stage.operators, emit))];
    const written = attempts.map((attempt) => {
      const output = stage.sink.output;
      return shuffle === undefined ? run.write(attempt, output) : writePairs(attempt, shuffle, `run-${index}`);
    });
    segments = written.flatMap((segment, task) => (segment === undefined ? [] : [{ ...segment, task }]));
  }
  return run.texts();
}

type Attempt = (emit: StepEmit) => void;

class BytesRun {
  readonly program: JobProgram;
  readonly #files: readonly {
    readonly name: string;
    readonly sink: ByteSink;
    readonly writer: RecordWriter<unknown>;
  }[];

  constructor(program: JobProgram) {
    this.program = program;
    this.#files = program.outputs.map(({ name, format }) => {
      const file = { name, sink: new ByteSink(), writer: format.createWriter() };
      file.writer.begin?.(file.sink);
      return file;
    });
  }

  map(lines: readonly string[], operators: readonly Operator[], emit: StepEmit): void {
    const reader = this.program.inputs[0]!.format.createReader({ count: () => undefined });
    const push = this.through(operators, emit);
    for (const line of lines) {
      const bytes = new TextEncoder().encode(line);
      const record = reader.read(bytes, 0, bytes.length);
      if (record !== badRecord && record !== noRecord) push(record);
    }
  }

  reduce(segments: readonly ReduceSegment[], shuffle: ShuffleProgram | undefined, push: StepEmit): void {
    if (shuffle?.pairs.kind !== "state") throw new Error("this runner reads states");
    const store = new MemoryRunStore();
    const { aggregator } = shuffle.pairs;
    const groups = createReduceInput({ key: shuffle.key, aggregator, segments, store, tools, runName: "merge" });
    while (groups.nextGroup()) push({ key: groups.key(), value: groups.result() });
    groups.finish();
  }

  write(attempt: Attempt, output: number | undefined): undefined {
    attempt((record) => this.#write(output, record));
  }

  through(operators: readonly Operator[], last: StepEmit): StepEmit {
    const states = this.program.parts.map(({ setup }, part) => setup?.(this.#context(part, undefined)));
    return operators.reduceRight<StepEmit>((emit, { part, map }) => {
      const context = this.#context(part, states[part]);
      return (record) => {
        map(record, emit, context);
      };
    }, last);
  }

  texts(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#files.map(({ name, sink, writer }) => {
        writer.finish?.(sink);
        return [name, new TextDecoder().decode(sink.view())];
      }),
    );
  }

  #write(output: number | undefined, record: unknown): void {
    const file = this.#files[output ?? -1];
    if (file === undefined) throw new Error("no such output");
    file.writer.write(record, file.sink);
  }

  #context(part: number, state: unknown): StepMapContext {
    const outputs = Object.entries(this.program.parts[part]?.outputs ?? {});
    return {
      params: {},
      count: () => undefined,
      file: () => new Uint8Array(),
      random: () => 0,
      state,
      outputs: Object.fromEntries(outputs.map(([name, at]) => [name, (record: unknown) => this.#write(at, record)])),
      split: { uri: "memory:/input", offset: 0 },
    };
  }
}

function writePairs(attempt: Attempt, shuffle: ShuffleProgram, runName: string): Omit<ReduceSegment, "task"> {
  if (shuffle.pairs.kind !== "state") throw new Error("this runner writes states");
  const store = new MemoryRunStore();
  const output = createMapOutput<unknown, unknown>({
    key: shuffle.key as KeyCodec<unknown>,
    aggregator: shuffle.pairs.aggregator as Aggregator<unknown, unknown>,
    partitions: 1,
    // A few thousand groups and it spills.
    memoryBytes: 256 * 1024,
    store,
    tools,
    runName,
  });
  attempt((key, value) => output.emit(key, value));
  const { vector } = output.finish();
  const bytes = store.files.get(runName)!;
  return {
    open: () => memorySource(bytes),
    form: "run",
    partition: 0,
    expected: { pairs: vector.pairs[0]!, rawBytes: vector.rawBytes[0]!, digest: vector.digests[0]! },
  };
}
