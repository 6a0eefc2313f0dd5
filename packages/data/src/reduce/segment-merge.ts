// The segments of a reduce attempt as few enough cursors: when there are more than one merge may read, neighbours are
// merged into intermediate runs first. Segments without pairs are never opened.

import type { Aggregator } from "../aggregate/aggregator.ts";
import { DataError, invariant } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import { nextMergeWindow } from "../merge/merge-plan.ts";
import { openMergeKernels } from "../merge/merge-kernel.ts";
import type { MergeRegion } from "../merge/merge-region.ts";
import { mergePartition } from "../merge/merge-partition.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { MemoryBudget } from "../memory/memory-budget.ts";
import type { ByteSource, RunStore, RunTools } from "../run/byte-store.ts";
import { openRunFile } from "../run/run-file.ts";
import { failRun, type RunOrigin } from "../run/run-fault.ts";
import { RunWriter } from "../run/run-writer.ts";
import { SegmentCursor } from "../run/segment-cursor.ts";
import type { ReduceSegment } from "./reduce-input.ts";

/** What to merge. */
export interface SegmentMergeOptions {
  readonly segments: readonly ReduceSegment[];
  readonly aggregator?: Aggregator<never, unknown>;
  readonly store: RunStore;
  readonly tools: RunTools;
  readonly runName: string;
  readonly fanIn?: number;
  readonly blockRawBytesMax?: number;
  /** Where kernels are. */
  readonly memory?: KernelMemory;
}

/** Something that a cursor can be opened on. */
interface MergeInput {
  readonly bytes: number;
  readonly open: (buffer?: Uint8Array) => { readonly source: ByteSource; readonly cursor: SegmentCursor };
  /** Removes an intermediate run. */
  readonly remove?: () => void;
}

/** Merge down to one merge's worth, then open it. */
export class SegmentMerge {
  readonly #options: SegmentMergeOptions;
  readonly #inputs: MergeInput[];
  readonly #sources: ByteSource[] = [];
  /** What all segments must hold; each is verified when its cursor ends. */
  readonly total: { readonly segments: number; readonly pairs: number; readonly rawBytes: number };
  /** One place a cursor: never more than one merge reads. */
  readonly #budget = new MemoryBudget(dataLimits.mergeFanInMax * dataLimits.mergeCursorBytes);
  /** Pairs read by intermediate passes. */
  pairsMerged = 0;
  #made = 0;

  constructor(options: SegmentMergeOptions) {
    this.#options = options;
    const segments = options.segments.toSorted((a, b) => a.task - b.task);
    for (let index = 1; index < segments.length; index++)
      invariant(
        segments[index]!.task !== segments[index - 1]!.task,
        `one segment for each map task: ${segments[index]!.task}`,
      );
    const add = (total: number, next: number): number => total + next;
    this.total = {
      segments: segments.length,
      pairs: segments.map((segment) => segment.expected.pairs).reduce(add, 0),
      rawBytes: segments.map((segment) => segment.expected.rawBytes).reduce(add, 0),
    };
    for (const segment of segments) checkEmpty(segment);
    this.#inputs = segments
      .filter((segment) => segment.expected.pairs > 0)
      .map((segment) => this.#segmentInput(segment));
  }

  /** How many cursors the last merge will have. */
  get lastCount(): number {
    return Math.min(this.#inputs.length, this.#options.fanIn ?? dataLimits.mergeFanInMax);
  }

  /**
   * Run the intermediate passes and open the last merge. On a throw everything is closed.
   *
   * @param region - of borrowed memory, which the last merge's cursors read blocks into, and passes before it use as well.
   */
  openLast(region?: MergeRegion): SegmentCursor[] {
    const { fanIn = dataLimits.mergeFanInMax } = this.#options;
    try {
      for (;;) {
        const window = nextMergeWindow(
          this.#inputs.map((input) => input.bytes),
          fanIn,
        );
        if (window === undefined) return this.#openAll(this.#inputs, region);
        const merged = this.#mergeWindow(this.#inputs.slice(window.begin, window.end), region?.bytes);
        const done = this.#inputs.splice(window.begin, window.end - window.begin, merged);
        for (const input of done) input.remove?.();
      }
    } catch (thrown) {
      this.close();
      throw thrown;
    }
  }

  /** Close files and remove intermediate runs. Twice is fine. */
  close(): void {
    this.#closeSources();
    for (const input of this.#inputs.splice(0)) input.remove?.();
  }

  #openAll(inputs: readonly MergeInput[], region: MergeRegion | undefined): SegmentCursor[] {
    return inputs.map((input, index) => {
      const { source, cursor } = input.open(region?.blockOf(index));
      this.#sources.push(source);
      this.#budget.take(dataLimits.mergeCursorBytes);
      return cursor;
    });
  }

  #closeSources(): void {
    for (const source of this.#sources.splice(0)) {
      source.close();
      this.#budget.give(dataLimits.mergeCursorBytes);
    }
    this.#budget.close();
  }

  #mergeWindow(inputs: readonly MergeInput[], bytes: Uint8Array | undefined): MergeInput {
    const { store, tools, aggregator, blockRawBytesMax, memory } = this.#options;
    const name = `${this.#options.runName}.${this.#made++}`;
    const kind = aggregator === undefined ? "values" : "states";
    const writer = new RunWriter({
      target: store.createRun(name),
      crc32: tools.crc32,
      partitions: 1,
      kind,
      sources: "mixed",
      memory,
      ...(blockRawBytesMax === undefined ? {} : { blockRawBytesMax }),
    });
    try {
      const layout = { count: inputs.length, unpacks: tools.codecs.length > 0 };
      const byKernel = bytes === undefined ? undefined : openMergeKernels(memory, bytes, layout);
      const cursors = this.#openAll(inputs, byKernel?.region);
      mergePartition(cursors, { writer, partition: 0 }, { aggregator, byKernel });
      for (const cursor of cursors) this.pairsMerged += cursor.pairsRead;
      const written = writer.finish();
      this.#closeSources();
      return {
        bytes: written.storedBytes,
        open: (buffer) => this.#openRun(store.openRun(name), { partition: 0, buffer }, { name, code: "E_WORK_DISK" }),
        remove: () => store.removeRun(name),
      };
    } catch (thrown) {
      writer.discard();
      throw thrown;
    }
  }

  #segmentInput(segment: ReduceSegment): MergeInput {
    const { tools, aggregator, memory } = this.#options;
    const origin: RunOrigin = { name: `segment of map task ${segment.task}`, code: "E_SEGMENT", task: segment.task };
    const open = (buffer?: Uint8Array): ReturnType<MergeInput["open"]> => {
      const source = openSegment(segment, origin);
      if (segment.form === "run")
        return this.#openRun(source, { partition: segment.partition, buffer }, origin, segment);
      return {
        source,
        cursor: new SegmentCursor({
          source,
          offset: 0,
          bytes: source.size,
          expected: segment.expected,
          tools,
          origin,
          kind: aggregator === undefined ? "values" : "states",
          buffer,
          memory,
        }),
      };
    };
    return { bytes: segment.expected.rawBytes, open };
  }

  /** Open one partition of a run file; for a segment, what the file's index says must be what is expected. */
  #openRun(
    source: ByteSource,
    { partition, buffer }: { readonly partition: number; readonly buffer: Uint8Array | undefined },
    origin: RunOrigin,
    segment?: ReduceSegment,
  ): ReturnType<MergeInput["open"]> {
    const { tools, aggregator, memory } = this.#options;
    try {
      const file = openRunFile(source, tools, origin);
      const entry = file.segment(partition);
      const kind = aggregator === undefined ? "values" : "states";
      if (entry === undefined || file.kind !== kind)
        return failRun(
          origin,
          "corrupt",
          `it has ${file.partitions} partitions of ${file.kind}, and partition ${partition} of ${kind} is wanted`,
        );
      const expected = segment?.expected ?? entry;
      return {
        source,
        cursor: new SegmentCursor({
          source,
          offset: entry.offset,
          bytes: entry.bytes,
          expected,
          tools,
          origin,
          kind,
          buffer,
          memory,
        }),
      };
    } catch (thrown) {
      source.close();
      throw thrown;
    }
  }
}

function openSegment(segment: ReduceSegment, origin: RunOrigin): ByteSource {
  try {
    return segment.open();
  } catch (thrown) {
    // Whatever the store's own error is: the segment is not there to be read.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new DataError(
      "E_SEGMENT",
      `Cannot open ${JSON.stringify(origin.name)}: ${reason}; it has to be fetched again`,
      { reason: "missing", name: origin.name, task: segment.task },
    );
  }
}

/** A segment without pairs has no bytes either; it is not opened. */
function checkEmpty(segment: ReduceSegment): void {
  const { pairs, rawBytes } = segment.expected;
  if (pairs === 0 && rawBytes !== 0)
    throw new DataError(
      "E_CONSERVATION",
      `Cannot reduce: the segment of map task ${segment.task} is said to hold ${rawBytes} bytes without a pair; this is a bug`,
    );
}
