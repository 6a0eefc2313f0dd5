// Rows of records into groups. Columns are found for up to 1,024 records, then each grouping takes them: the columns stay
// in the processor's cache. A record that the finder leaves goes whole through the map; a row whose state a kernel does not
// know goes through it for that grouping alone, as all rows do of a grouping that no kernel does.

import { invariant } from "../data-error.ts";
import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import { type RecordBatch, batchRecordsMax } from "../split/split-reader.ts";
import { batchOffsets } from "./batch-offsets.ts";
import type { BatchStep } from "./batch-step.ts";
import type { RowLayout } from "./row-columns.ts";
import { type RowFinder, columnsBytes, createRowFinder, finderBytes, rowsMax } from "./row-finder.ts";
import { type RowKernels, rowKernels } from "./row-kernels.ts";
import type { RowProgram } from "./row-program.ts";
import { type WrittenPrograms, bucketTableBytes, writeRowProgram } from "./write-row-program.ts";

/** Slots double 15 times at most, then there is a spill: who has no room after that has none in an empty table. */
const triesMax = 20;
/** What is left of a row, in the word of its record: all of it, or a bit for each grouping. */
const allLeft = -1;

// In the memory for work: programs, buckets of quantiles, what is left of records, what is told of columns, columns, keys,
// what is hashed.
const KiB = 1024;
const programsBytes = 48 * KiB;
const leftAt = programsBytes + bucketTableBytes;
const finderAt = leftAt + batchRecordsMax * 4;
const columnsAt = finderAt + finderBytes;
const keysAt = columnsAt + columnsBytes;
const scratchAt = keysAt + 128 * KiB;

/** What a step is made of. */
export interface AddRowsOptions {
  readonly program: RowProgram;
  readonly layout: RowLayout;
  readonly output: MapOutput<unknown, unknown, unknown>;
  /** Called before a record is left to the map: the groupings, by bits of their ordinals, that it is left for; all with -1. */
  readonly leave: (groupings: number) => void;
  /** Raises a counter of the job. */
  readonly count: (name: string, by: number) => void;
}

/** Make the step that adds the rows of records to their groups. @returns undefined where no kernel can. */
export function addRows(memory: KernelMemory, options: AddRowsOptions): BatchStep | undefined {
  const kernels = memory.open(rowKernels);
  const { place } = memory;
  if (kernels === undefined || place === undefined || options.output.foldByKernel === undefined) return undefined;
  const { work } = place;
  const finder = createRowFinder(options.layout, wantedColumns(options.program), {
    memory,
    place,
    finder: work + finderAt,
    columns: work + columnsAt,
  });
  if (finder === undefined) return undefined;
  const programs = writeRowProgram(options.program, {
    bytes: place.bytes,
    begin: work,
    end: work + programsBytes,
    buckets: work + programsBytes,
    scratch: work + scratchAt,
    columns: finder.columns,
  });
  return programs === undefined ? undefined : new AddRowsStep(memory, { ...options, kernels, place, finder, programs });
}

function wantedColumns({ groupings, counters }: RowProgram): ReadonlySet<string> {
  const conditions = [...groupings, ...counters].flatMap((each) => each.conditions);
  const names = groupings.flatMap(({ keys, parts }) => [
    ...keys.map(({ column }) => column),
    ...parts.flatMap((part) => ("values" in part ? part.values.map(({ column }) => column) : [part.column])),
  ]);
  const tested = conditions.map((condition) => ("column" in condition ? condition.column : undefined));
  return new Set([...tested, ...names].filter((name) => name !== undefined));
}

interface OpenOptions extends AddRowsOptions {
  readonly kernels: RowKernels;
  readonly place: KernelPlace;
  readonly finder: RowFinder;
  readonly programs: WrittenPrograms;
}

class AddRowsStep implements BatchStep {
  readonly #memory: KernelMemory;
  readonly #options: OpenOptions;
  /** A word for each record of the batch. */
  readonly #left: Int32Array;
  readonly #offsetsOf: (batch: RecordBatch) => number;
  #batch: RecordBatch | undefined;

  constructor(memory: KernelMemory, options: OpenOptions) {
    this.#memory = memory;
    this.#options = options;
    this.#offsetsOf = batchOffsets(options.place);
    const { words, work } = options.place;
    const begin = (work + leftAt) >>> 2;
    this.#left = words.subarray(begin, begin + batchRecordsMax);
  }

  readonly mapFrom = (batch: RecordBatch, first: number): number => {
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#addAll(batch, first);
    }
    const left = this.#left;
    const { count } = batch;
    let index = first;
    while (index < count && left[index] === 0) index++;
    if (index < count) this.#options.leave(left[index]!);
    return index;
  };

  #addAll(batch: RecordBatch, first: number): void {
    const { place, finder, programs, program } = this.#options;
    const { groupings } = programs;
    const left = this.#left;
    const base = this.#memory.baseOf(batch);
    if (base === undefined) {
      left.fill(allLeft, 0, batch.count);
      return;
    }
    const offsets = this.#offsetsOf(batch);
    for (let from = first; from < batch.count; from += rowsMax) {
      const rows = Math.min(rowsMax, batch.count - from);
      finder.find(base, offsets + from * 8, rows, place.work + leftAt + from * 4);
      for (let index = 0; index < program.counters.length; index++) this.#countRows(index, from, rows);
      for (let index = 0; index < groupings.length; index++) this.#addRows(index, from, rows);
    }
    const { byRecord } = program;
    if (byRecord !== 0) for (let index = first; index < batch.count; index++) left[index]! |= byRecord;
  }

  /** Count rows that are not left: the map counts those. */
  #countRows(index: number, from: number, rows: number): void {
    const { kernels, place, programs, program, count } = this.#options;
    const counted = kernels.countRows(programs.counters[index]!, place.work + leftAt + from * 4, rows);
    if (counted > 0) count(program.counters[index]!.name, counted);
  }

  /** Add the rows of records from `from` on to the groups of a grouping. */
  #addRows(index: number, from: number, rows: number): void {
    const { kernels, place, output, programs, program } = this.#options;
    const { foldByKernel } = output;
    const address = programs.groupings[index]!;
    const left = place.work + leftAt + from * 4;
    const keys = place.work + keysAt;
    invariant(foldByKernel !== undefined, "the output folds by kernels");
    let row = 0;
    const fold = (table: number): number => {
      row = kernels.addRows(table, address, left, row, rows, keys);
      return kernels.rowsAdded.value;
    };
    for (let tries = 0; row < rows;) {
      const before = row;
      foldByKernel(fold);
      tries = row === before ? tries + 1 : 0;
      if (row === rows || (tries < triesMax && output.makeRoom())) continue;
      // Too large for all of the memory, or for what kernels want beside it: the map says so, or does it.
      this.#left[from + row]! |= 1 << program.groupings[index]!.ordinal;
      row++;
      tries = 0;
    }
  }
}
