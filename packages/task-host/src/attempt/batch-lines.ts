// Hands whole batches of lines to a `mapBatch`. Keys that it gives as bytes of a batch go to the shuffle from where they
// lie, when the batch is in kernel memory.

import {
  type KernelMemory,
  type MapOutput,
  type RecordBatch,
  type TextKernels,
  recordAt,
  textKernels,
} from "@millrace/data";
import { BatchCaller } from "@millrace/sdk/engine";
import type { BatchMap, StepEmit } from "@millrace/sdk/engine";
import { meterCells } from "./attempt-meter.ts";
import type { AttemptRun, Caller } from "./attempt-run.ts";

/** What it is made of. */
export interface BatchLinesOptions {
  readonly mapBatch: BatchMap;
  readonly emit: StepEmit;
  readonly caller: Caller;
  /** Where `emit` leads, when it leads straight into a shuffle. */
  readonly shuffle?: MapOutput<unknown, unknown, unknown> | undefined;
}

/** Calls the function. One for each attempt. */
export class BatchLines {
  readonly #run: AttemptRun;
  readonly #options: BatchLinesOptions;
  readonly #memory: KernelMemory;
  readonly #kernels: TextKernels | undefined;
  readonly #caller: BatchCaller;
  /** Address of the batch that is mapped; NaN when its bytes cannot be taken from where they lie. */
  #base = Number.NaN;
  /** Whether all bytes of it may be in keys: those of ASCII, and all where keys are bytes. */
  #isPlain = true;

  constructor(run: AttemptRun, options: BatchLinesOptions) {
    this.#run = run;
    this.#options = options;
    this.#memory = run.input.memory;
    const { emit, mapBatch, shuffle } = options;
    const isTaken = shuffle?.slices !== undefined && mapBatch.encoded !== "never";
    this.#kernels = isTaken ? this.#memory.open(textKernels) : undefined;
    this.#caller = new BatchCaller(mapBatch, {
      emit,
      decode: createDecoder(),
      ...(this.#kernels === undefined ? {} : { takeSlice: this.#takeSlice }),
    });
  }

  /** Map all records of a batch. */
  map(batch: RecordBatch): void {
    const { gate, note, input, place } = this.#run;
    const { caller, shuffle } = this.#options;
    const { bytes, offsets, count } = batch;
    this.#enter(batch);
    input.meter[meterCells.offset] = batch.place?.begin ?? batch.fileOffset + (offsets[0] ?? 0);
    gate.running = "map";
    try {
      const returned = this.#caller.call({ bytes, offsets, count }, this.#run.scope(caller.part).context);
      if (returned !== undefined) this.#run.checkReturned(returned, "map");
      gate.running = undefined;
      if (note.failed) note.check();
      shuffle?.slices?.settle();
    } catch (thrown) {
      const index = recordAt(offsets, this.#caller.at, 0, count);
      const begin = offsets[2 * index] ?? 0;
      place.offset = batch.place?.begin ?? batch.fileOffset + begin;
      place.record = bytes.subarray(begin, offsets[2 * index + 1]);
      throw thrown;
    }
  }

  #enter(batch: RecordBatch): void {
    if (this.#kernels === undefined) return;
    this.#base = this.#memory.baseOf(batch) ?? Number.NaN;
    if (this.#options.mapBatch.encoded === "always") return;
    const { offsets, count } = batch;
    const end = this.#base + (offsets[2 * count - 1] ?? 0);
    this.#isPlain = this.#kernels.findNonAscii(this.#base + (offsets[0] ?? 0), end) === end;
  }

  readonly #takeSlice = (begin: number, end: number, value: unknown): boolean => {
    const run = this.#run;
    const { caller, shuffle } = this.#options;
    if (run.gate.running !== caller.name) run.refuseEmit(caller);
    const base = this.#base;
    if (Number.isNaN(base) || !(this.#isPlain || this.#isAscii(base + begin, base + end))) return false;
    try {
      if (shuffle?.slices?.take(base + begin, base + end, value) !== true) return false;
    } catch (thrown) {
      throw run.note.note(thrown, { part: caller.part });
    }
    run.input.meter[meterCells.emitted] = shuffle.pairsEmitted;
    return true;
  };

  #isAscii(from: number, to: number): boolean {
    return this.#kernels?.findNonAscii(from, to) === to;
  }
}

/** Holds a view of the last chunk, as the reader of lines does. */
function createDecoder(): (bytes: Uint8Array, begin: number, end: number) => string {
  let chunk: Uint8Array | undefined;
  let view: Buffer = Buffer.alloc(0);
  return (bytes, begin, end) => {
    if (bytes !== chunk) {
      chunk = bytes;
      view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return view.toString("utf8", begin, end);
  };
}
