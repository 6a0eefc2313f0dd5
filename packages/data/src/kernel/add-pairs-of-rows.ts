// Pairs of rows into a sort buffer. Columns are found for up to 1,024 records, then a kernel makes their pairs, up to the
// first that it leaves: that one goes through the map before it goes on, so that pairs stay in the order of the records.

import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import type { RecordBatch } from "../split/split-reader.ts";
import { batchOffsets } from "./batch-offsets.ts";
import type { BatchStep } from "./batch-step.ts";
import { type PairProgram, columnsOfPair } from "./pair-program.ts";
import type { RowLayout } from "./row-columns.ts";
import { type RowFinder, columnsBytes, createRowFinder, finderBytes, rowsMax } from "./row-finder.ts";
import { writePairProgram } from "./write-row-program.ts";

// In the memory for work: the program, what is left of records, what is told of columns, columns.
const programBytes = 8 * 1024;
const leftAt = programBytes;
const finderAt = leftAt + rowsMax * 4;
const columnsAt = finderAt + finderBytes;
/** From here on the memory for work is the output's. */
const outputAt = columnsAt + columnsBytes;

/** Make the step that emits the pairs of rows. @returns undefined where no kernel can. */
export function addPairsOfRows(
  memory: KernelMemory,
  {
    program,
    layout,
    output,
  }: {
    readonly program: PairProgram;
    readonly layout: RowLayout;
    readonly output: Pick<MapOutput<unknown, unknown, unknown>, "openRowPairs">;
  },
): BatchStep | undefined {
  const { place } = memory;
  if (place === undefined) return undefined;
  const { work } = place;
  const finder = createRowFinder(layout, columnsOfPair(program), {
    memory,
    place,
    finder: work + finderAt,
    columns: work + columnsAt,
  });
  if (finder === undefined) return undefined;
  const written = writePairProgram(program, {
    bytes: place.bytes,
    begin: work,
    end: work + programBytes,
    columns: finder.columns,
  });
  if (written === undefined) return undefined;
  const add = output.openRowPairs({ program: written, left: work + leftAt, counts: work + outputAt });
  return add === undefined ? undefined : new AddPairsStep(memory, place, { finder, add });
}

interface FoundPairs {
  readonly finder: RowFinder;
  /** Adds the pairs of rows that were found. @returns the first that was not. */
  readonly add: (from: number, to: number) => number;
}

class AddPairsStep implements BatchStep {
  readonly #memory: KernelMemory;
  readonly #finder: RowFinder;
  readonly #add: (from: number, to: number) => number;
  /** Where it is said which records are left. */
  readonly #left: number;
  readonly #offsetsOf: (batch: RecordBatch) => number;
  #batch: RecordBatch | undefined;
  /** The records of the batch whose columns were found. */
  #begin = 0;
  #end = 0;

  constructor(memory: KernelMemory, place: KernelPlace, { finder, add }: FoundPairs) {
    this.#memory = memory;
    this.#finder = finder;
    this.#add = add;
    this.#left = place.work + leftAt;
    this.#offsetsOf = batchOffsets(place);
  }

  readonly mapFrom = (batch: RecordBatch, first: number): number => {
    const base = this.#memory.baseOf(batch);
    if (base === undefined) return first;
    if (batch !== this.#batch) {
      this.#batch = batch;
      this.#end = first;
    }
    for (let index = first; index < batch.count;) {
      if (index >= this.#end) this.#find(batch, base, index);
      const to = this.#end - this.#begin;
      const stopped = this.#add(index - this.#begin, to);
      index = this.#begin + stopped;
      if (stopped < to) return index;
    }
    return batch.count;
  };

  #find(batch: RecordBatch, base: number, from: number): void {
    const rows = Math.min(rowsMax, batch.count - from);
    this.#finder.find(base, this.#offsetsOf(batch) + from * 8, rows, this.#left);
    this.#begin = from;
    this.#end = from + rows;
  }
}
