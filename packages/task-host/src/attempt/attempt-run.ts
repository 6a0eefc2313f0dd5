// What one running attempt consists of, shared by the map and the reduce runner: the order, the job's parts, where user
// code is, and what has been counted.

import { MillraceError } from "@millrace/core";
import type { AttemptFailure, OutputFile, OutputSpec } from "@millrace/core";
import type { KernelMemory } from "@millrace/data";
import type { AttemptOrder } from "@millrace/ports";
import { EmitGate, checkReturned, parseParams, seededRandom } from "@millrace/sdk/engine";
import type { JobParts, ParamValues } from "@millrace/sdk/engine";
import { attemptFailure } from "../failure/attempt-error.ts";
import type { FailurePlace } from "../failure/attempt-error.ts";
import type { StackMapper } from "../failure/map-stack.ts";
import { AttemptCounters } from "./attempt-counters.ts";
import type { AttemptIo } from "./attempt-io.ts";
import { BadRecords } from "./bad-records.ts";
import { FailureNote } from "./failure-note.ts";
import { OutputFileWriter } from "./output-file.ts";

/** What the runner is given for one attempt. */
export interface AttemptInput {
  readonly order: AttemptOrder;
  readonly job: JobParts;
  readonly io: AttemptIo;
  /** Cells of `createMeterCells`; the runner begins them anew. */
  readonly meter: Float64Array;
  /** Memory of the table or sort buffer: made once a host, lent to one attempt after the other. */
  readonly memory: KernelMemory;
  /** Distinguishes this try's output files from all others of the attempt: `[a-z0-9]{1,32}`. */
  readonly tryName: string;
  /** Maps stacks to the job's source; without it messages have no stack. */
  readonly stack?: StackMapper;
  /** Pairs between two runs of `combine`; the SDK's number unless a test wants to see more of them. */
  readonly combinePairs?: number;
  /** Called first, with what is to be told of errors that no call of the engine can catch. */
  readonly onStart?: (stray: (thrown: unknown) => void) => void;
  /** Sees each output record before the format writes it. */
  readonly onRecord?: (output: string, record: unknown) => void;
}

/** Where user code is. Fields are set on the hot path, so they are plain. */
export interface AttemptPlace {
  uri: string;
  offset: number;
  record: Uint8Array | undefined;
  key: (() => string) | undefined;
}

/** The state of one attempt, made by {@link AttemptRun.begin}. */
export class AttemptRun {
  readonly input: AttemptInput;
  readonly counters = new AttemptCounters();
  readonly badRecords = new BadRecords();
  readonly note = new FailureNote();
  readonly gate = new EmitGate();
  readonly place: AttemptPlace = { uri: "", offset: 0, record: undefined, key: undefined };
  readonly params: ParamValues;
  readonly random: () => number;
  /** What `setup` gave. */
  state: unknown = undefined;
  #running: string | undefined;
  readonly #files: OutputFileWriter[] = [];
  readonly #stray = Promise.withResolvers<never>();

  constructor(input: AttemptInput) {
    this.input = input;
    const { brief, attempt } = input.order;
    // Only a setup that waits looks at it.
    this.#stray.promise.catch(() => undefined);
    input.onStart?.((thrown) => {
      this.stray(thrown);
    });
    this.params = parseParams(input.job.params, brief.params);
    this.random = seededRandom(`${brief.seed}/${attempt.stage}/${attempt.task}`);
  }

  /** Run `setup`, which may be asynchronous. */
  async setup(): Promise<void> {
    const { setup } = this.input.job;
    if (setup === undefined) return;
    this.#running = "setup";
    const made = Promise.resolve(setup({ params: this.params, count: this.counters.count, random: this.random }));
    this.state = await Promise.race([made, this.#stray.promise]);
    this.#running = undefined;
  }

  /** Note an error of user code outside of a call by the engine: of a timer, or of a promise that nobody awaits. */
  stray(thrown: unknown): void {
    this.note.note(thrown, "what the job left behind");
    this.#stray.reject(thrown);
  }

  /**
   * Let what user code left behind run once: a promise or a timer that emits after its function returned is found while
   * the attempt can still fail for it.
   */
  async settle(): Promise<void> {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    this.note.check();
  }

  /** Refuse `emit` when no user function runs, also where user code catches the refusal. */
  refuseLateEmit(): void {
    try {
      this.gate.check();
    } catch (thrown) {
      throw this.note.note(thrown);
    }
  }

  /** Look at what a user function returned. Its text names the function. */
  checkReturned(returned: unknown, what: "map" | "reduce" | "combine"): void {
    this.#running = what;
    checkReturned(returned, what);
    this.#running = undefined;
  }

  /** Make the file of one output; discarded with the attempt unless it is finished. */
  createFile(output: OutputSpec): OutputFileWriter {
    const { io, job, tryName, onRecord } = this.input;
    const folder = output.name === "" ? "" : `${output.name}/`;
    const suffix = output.extension === "" ? "" : `.${output.extension}`;
    const path = `${folder}part-${tryName}${suffix}`;
    const writer = job.output.createWriter();
    const file = new OutputFileWriter({
      output: output.name,
      path,
      open: () => io.createOutput(path),
      writer:
        onRecord === undefined
          ? writer
          : {
              write: (record, sink) => {
                writer.write(record, sink);
                onRecord(output.name, record);
              },
            },
      crc32: io.tools.crc32,
    });
    this.#files.push(file);
    return file;
  }

  /** Finish all output files and count them. */
  finishFiles(): readonly OutputFile[] {
    const files = this.#files.map((file) => file.finish());
    for (const file of files) {
      this.counters.add("millrace.records.out", file.records);
      this.counters.add("millrace.bytes.out", file.bytes);
    }
    this.#files.length = 0;
    return files;
  }

  /** Remove what was not finished. Never throws; twice is fine. */
  discardFiles(): void {
    for (const file of this.#files) file.discard();
    this.#files.length = 0;
  }

  /** Describe a failure of this attempt at its place. */
  failure(thrown: unknown): AttemptFailure {
    const noted = this.note.find(thrown);
    const running = noted === undefined ? (this.#running ?? this.gate.running) : noted.running;
    const place: FailurePlace = {
      ...(running === undefined ? {} : { running }),
      ...(this.place.record === undefined ? {} : { input: { ...this.place, record: this.place.record } }),
      ...(this.place.key === undefined ? {} : { key: this.place.key() }),
    };
    return attemptFailure(thrown, place, this.input.stack);
  }

  /** The outputs that this attempt's stage writes. */
  outputs(): readonly OutputSpec[] {
    const { brief, attempt } = this.input.order;
    const stage = brief.stages[attempt.stage];
    if (stage === undefined)
      throw new MillraceError(
        "E_INTERNAL",
        `Cannot run the attempt: stage ${attempt.stage} is not in the brief, ${brief.stages.length} stages; report this bug of Millrace`,
      );
    return stage.outputs;
  }
}
