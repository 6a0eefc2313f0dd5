// What a micro-bench of a kernel is: one way to do a thing, on memory with kernels and on memory without.

import type { KernelMemory } from "@millrace/data";

/** A kernel beside its twin. */
export interface KernelBench {
  readonly name: string;
  readonly about: string;
  /** Make the data, the same for the same seed. */
  readonly prepare: (options: DataOptions) => PreparedBench;
}

/** How much data, and which. */
export interface DataOptions {
  /** Of a batch; 1 MiB is what a job has. */
  readonly batchBytes: number;
  readonly seed: number;
}

/** A bench with its data. */
export interface PreparedBench {
  /** What a pass goes over, in bytes, on average. */
  readonly bytes: number;
  /** Begin, with empty hands: by kernels where the memory has them, else by their twin. The memory is the side's until its answer. */
  readonly open: (memory: KernelMemory) => Side;
}

/** One of the two. */
export interface Side {
  /** Called before each pass, outside of what is measured. */
  readonly ready?: () => void;
  readonly pass: () => void;
  /** What all passes came to, the same on both sides after as many passes. Ends the side. */
  readonly answer: () => string;
}

/** Bytes that a side's table or buffer has: a slot's. */
export const sideMemoryBytes: number = 256 * 1024 * 1024;
