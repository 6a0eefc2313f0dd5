// Measures kernels beside their twins, and checks that both give the same.

import { KernelMemory, createKernelMemory } from "@millrace/data";
import { measure } from "mitata";
import { formatTable } from "../measure/format-table.ts";
import { sideMemoryBytes } from "./kernel-bench.ts";
import type { DataOptions, KernelBench, PreparedBench, Side } from "./kernel-bench.ts";

/** What a bench came to. MB/s are of the median pass: 10^6 bytes a second of the processor. */
export interface KernelFigures {
  readonly name: string;
  readonly about: string;
  readonly bytes: number;
  readonly kernel: SideFigures;
  readonly twin: SideFigures;
  /** Time of the twin over that of the kernel. */
  readonly ratio: number;
}

/** Of one side. */
export interface SideFigures {
  readonly megabytesPerSecond: number;
  readonly medianMs: number;
  readonly passes: number;
}

/** A quarter of a second, as each side warms up before. */
const sideNanoseconds = 0.25e9;
const passesMin = 3;
/** In which both are compared: more than once, so that what is there already counts too. */
const comparedPasses = 3;

/** Memory of both sides, for one bench after the other. */
export interface SideMemories {
  readonly kernel: KernelMemory;
  readonly twin: KernelMemory;
}

/** Make them. Pages that nobody touches cost nothing. */
export function createSideMemories(): SideMemories {
  return { kernel: createKernelMemory(sideMemoryBytes), twin: new KernelMemory(sideMemoryBytes) };
}

/** Measure one. @throws {Error} when both sides do not give the same. */
export async function measureKernel(
  bench: KernelBench,
  options: DataOptions,
  memories: SideMemories,
): Promise<KernelFigures> {
  const { name, about } = bench;
  const prepared = bench.prepare(options);
  compare(name, prepared, memories);
  const kernel = await measureSide(prepared, memories.kernel);
  const twin = await measureSide(prepared, memories.twin);
  return { name, about, bytes: prepared.bytes, kernel, twin, ratio: twin.medianMs / kernel.medianMs };
}

/** Run both sides of a bench on the same data. @throws {Error} when they do not give the same. */
export function compareKernel(bench: KernelBench, options: DataOptions, memories: SideMemories): void {
  compare(bench.name, bench.prepare(options), memories);
}

function compare(name: string, prepared: PreparedBench, memories: SideMemories): void {
  const kernel = answerOf(prepared.open(memories.kernel));
  const twin = answerOf(prepared.open(memories.twin));
  if (kernel !== twin)
    throw new Error(`Cannot trust the kernel of "${name}": it gives ${kernel} and its twin ${twin}; mend it first`);
}

function answerOf({ ready, pass, answer }: Side): string {
  for (let count = 0; count < comparedPasses; count += 1) {
    ready?.();
    pass();
  }
  return answer();
}

async function measureSide({ bytes, open }: PreparedBench, memory: KernelMemory): Promise<SideFigures> {
  const { ready, pass, answer } = open(memory);
  const settings = { now: processorNanoseconds, min_cpu_time: sideNanoseconds, min_samples: passesMin, gc: false };
  // The one shape in which mitata does something before each pass that it does not measure; its types have not got it.
  const passes = function* () {
    yield {
      0: () => {
        ready?.();
        return pass;
      },
      bench: (act: () => void) => {
        act();
      },
    };
  };
  const { p50, ticks } = await measure(passes as never, settings);
  answer();
  return { megabytesPerSecond: bytes / (p50 / 1000), medianMs: p50 / 1e6, passes: ticks };
}

/** Of all threads: what others do on the machine does not count, and collecting garbage does. */
function processorNanoseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
}

/** Make a table for people. */
export function formatKernels(figures: readonly KernelFigures[]): string {
  return formatTable(
    ["kernel", "MB/s", "twin MB/s", "ratio", "what"],
    figures.map(({ name, kernel, twin, ratio, about }) => [
      name,
      kernel.megabytesPerSecond.toFixed(0),
      twin.megabytesPerSecond.toFixed(0),
      ratio.toFixed(2),
      about,
    ]),
  );
}
