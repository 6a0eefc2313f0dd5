// Writes the rows of a join: by kernels, which leave to the twin, JoinedGroup, a group with something that is not plain, at
// the pair where it comes: keys with zero bytes, values that lie apart, line feeds, more kept values than there is room for.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { readEscaped } from "../codec/bytes-codec.ts";
import { type MergeKernel, made } from "../merge/merge-kernel.ts";
import { appendValue } from "../merge/state-fold.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";
import type { JoinKind, JoinPlan, JoinTarget } from "./join-plan.ts";
import { type GroupPairs, JoinedGroup } from "./joined-group.ts";
import type { RowsWritten } from "./row-plan.ts";

/** Of an order key: the index of the input. */
const orderBytes = 1;
/** Of a kept text in kernel memory: its length before it. */
const keptHeadBytes = 4;

// Numbers of kernels/joining.ts: rows of both inputs, of the first or the second alone, of the first that has a second.
const [both, firstAlone, secondAlone, firstOfBoth] = [1, 2, 4, 8];
const rowsOf: Readonly<Record<JoinKind, number>> = {
  inner: both,
  left: both | firstAlone,
  right: both | secondAlone,
  outer: both | firstAlone | secondAlone,
  semi: firstOfBoth,
  anti: firstAlone,
};

/** A join by kernels. */
export class JoinMerge {
  readonly #kernel: MergeKernel;
  readonly #target: JoinTarget;
  readonly #plan: JoinPlan;
  readonly #group: JoinedGroup;
  readonly #pairs: TwinPairs;
  #firstKey: Uint8Array | undefined;

  constructor(kernel: MergeKernel, plan: JoinPlan, target: JoinTarget) {
    this.#kernel = kernel;
    this.#plan = plan;
    this.#target = target;
    this.#pairs = new TwinPairs(kernel);
    this.#group = new JoinedGroup(this.#pairs, plan, target);
  }

  /** Encoded key of the group that the twin has, else of the rows made last. */
  get key(): Uint8Array {
    return this.#pairs.isAt ? this.#group.key : this.#kernel.writtenKey;
  }

  /** Write all rows. @throws {DataError} E_SEGMENT, E_WORK_DISK, and what the target throws. */
  write(): RowsWritten {
    const kernel = this.#kernel;
    const { kind, limits } = this.#plan;
    // What the twin would count for so many: each is one byte longer there.
    const keptBytesMax = (limits.bytesMax * keptHeadBytes) / (limits.overheadBytes + 1);
    kernel.setJoin({ rows: rowsOf[kind], orderBytes, keptBytesMax });
    const progress = (): void => this.#target.progress(kernel.pairs);
    for (let isDone = false; !isDone;) {
      kernel.make(made.joins);
      kernel.clearMade();
      const stopped = kernel.run(progress);
      const { bytes, records } = kernel.takeMade();
      if (records > 0) this.#target.rows(bytes, records);
      progress();
      if (kernel.noteFirstWritten()) this.#firstKey ??= kernel.writtenKey.slice();
      isDone = stopped === "done" || (stopped === "twin" && this.#writeByTwin());
    }
    return { firstKey: this.#firstKey, lastKey: this.#firstKey && kernel.writtenKey.slice() };
  }

  /** @returns whether nothing is left. */
  #writeByTwin(): boolean {
    const kernel = this.#kernel;
    const { count } = this.#target;
    kernel.make(made.none);
    this.#pairs.begin();
    this.#group.write(kernel.takeJoin());
    while (this.#pairs.nextPair());
    if (this.#target.count > count) {
      kernel.noteWritten(this.#group.key);
      kernel.noteFirstWritten();
      this.#firstKey ??= this.#group.key.slice();
    }
    this.#pairs.isAt = false;
    return this.#pairs.isDone;
  }
}

/** The pairs of a group from the one on that the kernels have left. */
class TwinPairs implements GroupPairs {
  /** Whether it is at a group. */
  isAt = false;
  /** Whether no group is left. */
  isDone = false;
  readonly #kernel: MergeKernel;
  readonly #reader = new ByteReader();
  readonly #key = new ByteSink(256);
  /** Whether the pair at hand is still to be handed out. */
  #isDue = false;
  #isOver = false;
  /** What has the pair at hand: asked for once a pair, whether its value is read or not. */
  #current: SegmentCursor | undefined;

  constructor(kernel: MergeKernel) {
    this.#kernel = kernel;
  }

  begin(): void {
    const key = this.#kernel.currentKey;
    const part = readEscaped(this.#reader.reset(key, 0, key.length));
    this.#key.clear();
    this.#key.writeBytes(part.bytes, part.start, part.end);
    [this.isAt, this.#isDue, this.#isOver] = [true, true, false];
  }

  nextPair(): boolean {
    if (this.#isOver) return false;
    if (!this.#isDue) {
      this.#kernel.noteTaken();
      this.isDone = this.#kernel.run() === "done";
      this.#isOver = this.isDone || !this.#kernel.isSame;
      if (this.#isOver) return false;
    }
    this.#isDue = false;
    this.#current = this.#kernel.takeCurrent();
    return true;
  }

  appendValue(sink: ByteSink): void {
    appendValue(this.#current!, sink);
  }

  appendKey(sink: ByteSink): void {
    sink.writeBytes(this.#key.bytes, 0, this.#key.length);
  }
}

/** Write the rows of a join from group to group. @returns the keys of the first and the last row. */
export function joinByGroups(
  groups: GroupPairs & { readonly nextGroup: () => boolean; readonly pairsRead: number },
  plan: JoinPlan,
  target: JoinTarget,
): RowsWritten {
  const group = new JoinedGroup(groups, plan, target);
  let firstKey: Uint8Array | undefined;
  const lastKey = new ByteSink(64);
  while (groups.nextGroup()) {
    const { count } = target;
    group.write();
    if (target.count > count) {
      lastKey.clear();
      lastKey.writeBytes(group.key);
      firstKey ??= lastKey.toBytes();
    }
    target.progress(groups.pairsRead);
  }
  return { firstKey, lastKey: firstKey === undefined ? undefined : lastKey.view() };
}
