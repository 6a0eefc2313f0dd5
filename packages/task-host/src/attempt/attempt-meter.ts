// What the runtime counts of a running attempt, in memory that the I/O thread reads as well: progress costs the compute
// thread one addition a record and no message, and an attempt that hangs shows by standing still.

import type { AttemptProgress, AttemptRef } from "@millrace/core";

/** Places of the cells. Each is a double that only the compute thread writes. */
export const meterCells = {
  /** Records read by a map, pairs read by a reduce. */
  records: 0,
  /** Pairs emitted, or records written. */
  emitted: 1,
  /** Bytes read or written, spills and merges included. */
  bytes: 2,
  /** Of the work that `total` is: input bytes of a map, pairs of a reduce. */
  done: 3,
  total: 4,
  phase: 5,
  /** Of a map: the part of its split and the place in it of the record that is read; −1 when there is none. */
  part: 6,
  offset: 7,
} as const;

const phases = ["map", "reduce", "write"] as const;
const cellCount = 8;

/** Progress, and where in the split it is: for the text of a failure, if that should come. */
export interface PlacedProgress extends AttemptProgress {
  readonly at?: { readonly part: number; readonly offset: number };
}

/** Make the cells. The I/O thread keeps one view, the compute thread another. */
export function createMeterCells(): Float64Array {
  return new Float64Array(new SharedArrayBuffer(cellCount * 8));
}

/** Begin an attempt: all at zero. */
export function resetMeter(cells: Float64Array, phase: "map" | "reduce", total: number): void {
  cells.fill(0);
  cells[meterCells.offset] = -1;
  cells[meterCells.total] = total;
  setPhase(cells, phase);
}

/** Say what the attempt is doing. */
export function setPhase(cells: Float64Array, phase: (typeof phases)[number]): void {
  cells[meterCells.phase] = phases.indexOf(phase);
}

/** Add to a cell. */
export function addToMeter(cells: Float64Array, cell: keyof typeof meterCells, by: number): void {
  cells[meterCells[cell]] = (cells[meterCells[cell]] ?? 0) + by;
}

/** @returns a number that moves whenever anything moves: an attempt whose motion stands still makes no progress. */
export function meterMotion(cells: Float64Array): number {
  return (
    (cells[meterCells.records] ?? 0) +
    (cells[meterCells.emitted] ?? 0) +
    (cells[meterCells.bytes] ?? 0) +
    (cells[meterCells.offset] ?? 0) +
    (cells[meterCells.phase] ?? 0)
  );
}

/** Read the cells as the progress of `attempt`. */
export function readMeter(cells: Float64Array, attempt: AttemptRef): PlacedProgress {
  const part = cells[meterCells.part] ?? 0;
  const offset = cells[meterCells.offset] ?? -1;
  const total = cells[meterCells.total] ?? 0;
  const done = cells[meterCells.done] ?? 0;
  return {
    attempt,
    phase: phases[cells[meterCells.phase] ?? 0] ?? "map",
    fraction: total > 0 ? Math.min(1, Math.max(0, done / total)) : 0,
    records: cells[meterCells.records] ?? 0,
    bytes: cells[meterCells.bytes] ?? 0,
    ...(offset < 0 ? {} : { at: { part, offset } }),
  };
}
