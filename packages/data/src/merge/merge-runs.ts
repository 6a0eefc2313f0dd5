// Merges whole run files of one attempt: for each partition the segments of all files, into one writer.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { dataLimits } from "../data-limits.ts";
import { MemoryBudget } from "../memory/memory-budget.ts";
import type { ByteSource, RunStore, RunTools } from "../run/byte-store.ts";
import { openRunFile, type RunFile } from "../run/run-file.ts";
import type { RunOrigin } from "../run/run-fault.ts";
import type { RunWriter } from "../run/run-writer.ts";
import { SegmentCursor } from "../run/segment-cursor.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { type MergeKernels, openMergeKernels } from "./merge-kernel.ts";
import { mergePartition } from "./merge-partition.ts";

/** What to merge, in the order that decides between equal keys. At most `mergeFanInMax` names. */
export interface MergeRunsOptions {
  readonly store: RunStore;
  readonly tools: RunTools;
  readonly names: readonly string[];
  readonly aggregator?: Aggregator<never, unknown>;
  /** Memory that is lent to who calls, who has nothing in it, with kernels. */
  readonly memory?: KernelMemory | undefined;
}

/** Read runs partition by partition, each with one cursor a run whose memory is used again. */
export class RunSetReader {
  readonly #options: MergeRunsOptions;
  readonly #sources: ByteSource[] = [];
  readonly #files: RunFile[] = [];
  readonly #cursors: (SegmentCursor | undefined)[] = [];
  readonly #budget: MemoryBudget;
  readonly byKernel: MergeKernels | undefined;

  /** Open the files. @throws {DataError} E_WORK_DISK when one is not whole. */
  constructor(options: MergeRunsOptions) {
    this.#options = options;
    this.byKernel = kernelsFor(options);
    this.#budget = new MemoryBudget(dataLimits.mergeFanInMax * dataLimits.mergeCursorBytes);
    try {
      for (const name of options.names) {
        const source = options.store.openRun(name);
        this.#sources.push(source);
        this.#budget.take(dataLimits.mergeCursorBytes);
        this.#files.push(openRunFile(source, options.tools, originOf(name)));
      }
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  get partitions(): number {
    return this.#files[0]?.partitions ?? 0;
  }

  /** Cursors at the begin of each run's segment, those without pairs left out. The ones handed out before are used again. */
  cursorsOf(partition: number): SegmentCursor[] {
    const cursors: SegmentCursor[] = [];
    for (const [index, file] of this.#files.entries()) {
      const segment = file.segments[partition]!;
      if (segment.pairs === 0) continue;
      const place = { offset: segment.offset, bytes: segment.bytes, expected: segment };
      let cursor = this.#cursors[index];
      if (cursor === undefined) {
        cursor = new SegmentCursor({
          ...place,
          source: this.#sources[index]!,
          tools: this.#options.tools,
          origin: originOf(this.#options.names[index]!),
          kind: file.kind,
          buffer: this.byKernel?.region.blockOf(index),
          memory: this.#options.memory,
        });
        this.#cursors[index] = cursor;
      } else cursor.reopen(place);
      cursors.push(cursor);
    }
    return cursors;
  }

  /** Close the files. Twice is fine. */
  close(): void {
    for (const source of this.#sources.splice(0)) {
      source.close();
      this.#budget.give(dataLimits.mergeCursorBytes);
    }
    this.#cursors.length = 0;
    this.#budget.close();
  }
}

/** Merge runs into a writer, which the caller finishes. */
export function mergeRuns(options: MergeRunsOptions, writer: RunWriter): void {
  const reader = new RunSetReader(options);
  try {
    for (let partition = 0; partition < reader.partitions; partition++) {
      const cursors = reader.cursorsOf(partition);
      const { aggregator } = options;
      if (cursors.length > 0) mergePartition(cursors, { writer, partition }, { aggregator, byKernel: reader.byKernel });
    }
  } finally {
    reader.close();
  }
}

function kernelsFor({ memory, names, tools }: MergeRunsOptions): MergeKernels | undefined {
  if (memory === undefined) return undefined;
  return openMergeKernels(memory, memory.lent, { count: names.length, unpacks: tools.codecs.length > 0 });
}

function originOf(name: string): RunOrigin {
  return { name, code: "E_WORK_DISK" };
}
