// What one durable append costs on this disk: the floor under every latency of the coordinator.

import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { tmpdir } from "node:os";

/** Measure appends of 200 bytes with fdatasync. @returns milliseconds, sorted. */
export function measureFsync(count: number, directory = tmpdir()): readonly number[] {
  const scratch = mkdtempSync(join(directory, "millrace-fsync-"));
  const descriptor = openSync(join(scratch, "journal"), "a");
  const bytes = new Uint8Array(200).fill(0x61);
  const times: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const begun = performance.now();
    writeSync(descriptor, bytes);
    fdatasyncSync(descriptor);
    times.push(performance.now() - begun);
  }
  closeSync(descriptor);
  rmSync(scratch, { recursive: true });
  return times.toSorted((a, b) => a - b);
}

/** Take a percentile of sorted values. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
