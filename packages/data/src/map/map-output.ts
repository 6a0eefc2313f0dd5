// What a map attempt's pairs go through: partition, combine or sort in a byte budget, spill, one merged run file.

import { ByteRange } from "../bytes/byte-range.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { bytesCodec, writeEscaped } from "../codec/bytes-codec.ts";
import type { KeyCodec } from "../codec/codec.ts";
import { textCodec } from "../codec/text-codec.ts";
import type { StateCollector } from "../combine/state-collector.ts";
import { digestVector } from "../conserve/vector-digest.ts";
import { DataError, invariant } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import { queueKernels } from "../kernel/queue-kernels.ts";
import { textKernels } from "../kernel/text-kernels.ts";
import { KernelMemory, type KernelPlace } from "../memory/kernel-memory.ts";
import { type CutLines, openCutCollector } from "../sort/cut-collector.ts";
import {
  type BufferFill,
  type FixedRecords,
  type KeyLines,
  type RecordCollector,
  openRecordCollector,
} from "../sort/record-collector.ts";
import { type RowPairsPlace, openRowPairCollector } from "../sort/row-pair-collector.ts";
import { combineRuns } from "./combine-runs.ts";
import { asKeyError, refuseLongKey } from "./key-errors.ts";
import { KeyBuffer } from "./key-buffer.ts";
import { KeyQueue, queuedInteger, queuedKeyBytesMax } from "./key-queue.ts";
import type { KeySlices, MapOutput, MapOutputResult, WordRange } from "./map-output-face.ts";
import {
  type MapOutputOptions,
  canAddPairs,
  canCollect,
  canCountWords,
  canFold,
  checkOptions,
  partitionChooser,
} from "./map-output-options.ts";
import { PairCollector } from "./pair-collector.ts";
import { SpillSet } from "./spill-set.ts";

/** Make a map output. @throws {DataError} E_JOB_INVALID for options that do not fit together. */
export function createMapOutput<K, V, Q = never>(options: MapOutputOptions<K, V, Q>): MapOutput<K, V, Q> {
  checkOptions(options);
  return new CollectingMapOutput(options);
}

/** What every pair needs, in one plain object: read and written without the checks that private members cost. */
interface HotState<K, V> {
  isOpen: boolean;
  readonly keyBuffer: KeyBuffer;
  readonly states: StateCollector<V> | undefined;
  readonly encodeKey: (key: K, sink: ByteSink) => void;
  readonly choosePartition: ((key: K, bytes: KeyBuffer) => number) | undefined;
  readonly partitions: number;
  /** Of the pair being emitted: its position is how many were emitted before. */
  readonly place: { readonly task: number; position: number };
  /** Pairs at which the open cut ends; -1 without a combiner. */
  cutAt: number;
}

/** Of an output whose keys wait for a kernel. */
interface QueueState<V> {
  readonly queue: KeyQueue;
  readonly integerOf: (value: V) => number;
  readonly kernelPlace: KernelPlace;
}

class CollectingMapOutput<K, V, Q> implements MapOutput<K, V, Q> {
  readonly #options: MapOutputOptions<K, V, Q>;
  readonly #hot: HotState<K, V>;
  readonly #memory: KernelMemory;
  readonly #collector: PairCollector<V>;
  /** Runs of the cut that is open: with `combine` they become one combined run, else they are the runs. */
  readonly #spills: SpillSet;
  readonly #cuts: SpillSet;
  readonly #sortKey = new ByteSink(256);
  readonly #value = new ByteSink(256);
  readonly #keyRange = new ByteRange();
  readonly #valueRange = new ByteRange();
  #spillCount = 0;
  readonly #queued: QueueState<V> | undefined;
  readonly emit: (key: K, value: V, order?: Q) => void;
  readonly countWords?: (range: WordRange) => number;
  readonly slices?: KeySlices<V>;
  readonly foldByKernel?: (fold: (table: number) => number) => void;
  addRecords?: (records: FixedRecords) => number;
  addLines?: (lines: KeyLines) => number;
  readonly wires: readonly [key: unknown, value: unknown];

  constructor(options: MapOutputOptions<K, V, Q>) {
    this.wires = [options.key.wire, options.value?.wire];
    this.#options = options;
    this.#spills = new SpillSet(options, "");
    this.#cuts = new SpillSet(options, "cut-");
    this.#memory = options.memory ?? new KernelMemory(options.memoryBytes - (options.memoryBytes % 8));
    const place = { task: options.task ?? 0, position: 0 };
    this.#collector = new PairCollector(this.#memory, place, options);
    this.#hot = {
      isOpen: true,
      keyBuffer: new KeyBuffer(),
      states: this.#collector.states,
      encodeKey: options.key.encodeTo,
      choosePartition: partitionChooser(options),
      partitions: options.partitions,
      place,
      cutAt: options.combine?.pairs ?? -1,
    };
    this.#queued = openQueue(options);
    this.emit = this.#queued === undefined ? this.#emitOne : this.#emitInto(this.#queued);
    if (this.#queued !== undefined && (options.key.wire === textCodec.wire || options.key.wire === bytesCodec.wire))
      this.slices = this.#slicesInto(this.#queued);
    if (canCountWords(options)) this.countWords = this.#countWords;
    if (canFold(options)) this.foldByKernel = this.#foldByKernel;
    this.#openCollector(options);
  }

  readonly #emitOne = (key: K, value: V, order?: Q): void => {
    const hot = this.#hot;
    const { keyBuffer, states } = hot;
    encodeKey(hot, key, keyBuffer.begin().sink);
    keyBuffer.end();
    // Both as unsigned 32-bit numbers, so that the remainder is the machine's own and not that of doubles.
    const partition =
      hot.choosePartition === undefined
        ? (keyBuffer.hash >>> 0) % (hot.partitions >>> 0)
        : hot.choosePartition(key, keyBuffer);
    if (states === undefined) this.#emitPair(partition, value, order);
    else if (!states.add(partition, keyBuffer, value)) this.#foldAgain(partition, value);
    hot.place.position++;
    if (hot.place.position === hot.cutAt) this.#closeCut();
  };

  /** Emit where keys wait for a kernel: nearly all of them, when they are texts and values integers. */
  #emitInto({ queue, integerOf }: QueueState<V>): (key: K, value: V) => void {
    const hot = this.#hot;
    const isText = this.#options.key.wire === textCodec.wire;
    return (key, value) => {
      const integer = integerOf(value);
      if (isText && hot.isOpen && !Number.isNaN(integer) && typeof key === "string" && queue.takeText(key, integer))
        hot.place.position++;
      else if (Number.isNaN(integer)) {
        this.#drain();
        // From here and not from below: what it throws shows the author's place, which is among the first ten frames.
        this.#emitOne(key, value);
      } else this.#emitHard(key, value, integer);
    };
  }

  #slicesInto({ queue, integerOf }: QueueState<V>): KeySlices<V> {
    const hot = this.#hot;
    return {
      take: (from, to, value) => {
        const integer = integerOf(value);
        if (!hot.isOpen || Number.isNaN(integer) || to - from > queuedKeyBytesMax) return false;
        if (!queue.takePlace(from, to, integer)) {
          this.#drain();
          queue.takePlace(from, to, integer);
        }
        hot.place.position++;
        return true;
      },
      settle: () => {
        this.#drain();
      },
    };
  }

  /** A key that is no short text of ASCII, or for which the queue has no room: it is encoded where it waits, if it can. */
  #emitHard(key: K, value: V, integer: number): void {
    const hot = this.#hot;
    const { queue } = this.#queued!;
    encodeKey(hot, key, queue.open());
    if (!queue.takeEncoded(integer)) {
      const { encoded } = queue;
      this.#drain();
      if (encoded.length > queuedKeyBytesMax) {
        this.#emitOne(key, value);
        return;
      }
      queue.takeBytes(encoded, encoded.length, integer);
    }
    hot.place.position++;
  }

  /** Add the keys that wait to the table. */
  #drain(): void {
    if (this.#queued === undefined) return;
    const { queue, kernelPlace } = this.#queued;
    const { count } = queue;
    if (count === 0) return;
    const states = this.#hot.states!;
    // A machine may have no such kernels: that shows here, so that they are compiled by who uses them alone.
    const kernels = this.#memory.open(queueKernels);
    let first = 0;
    const fold = (block: number): number => kernels!.addKeys(block, queue.address, first, count);
    while (first < count) {
      if (kernels !== undefined) first = states.lend(kernelPlace, fold);
      if (first === count) break;
      if (kernels === undefined || !states.wantsRoom(kernelPlace)) this.#addQueued(first++);
      else if (!states.makeRoomOrLog(count - first)) this.#spill();
    }
    queue.clear();
  }

  /** Add a key that a kernel left. */
  #addQueued(index: number): void {
    const { queue } = this.#queued!;
    const { keyBuffer, partitions } = this.#hot;
    keyBuffer.begin().sink.writeBytes(queue.keyAt(index));
    keyBuffer.end();
    const partition = (keyBuffer.hash >>> 0) % (partitions >>> 0);
    const value = queue.integerAt(index) as V;
    if (!this.#hot.states!.add(partition, keyBuffer, value)) this.#foldAgain(partition, value);
  }

  readonly #countWords = ({ from, to, letters }: WordRange): number => {
    const { states, place } = this.#hot;
    const kernels = this.#memory.open(textKernels);
    const kernelPlace = this.#memory.place;
    invariant(
      states !== undefined && kernels !== undefined && kernelPlace !== undefined,
      "words are counted by kernels, where keys have states",
    );
    this.#drain();
    const before = place.position;
    for (let at = from; at < to;) {
      const begin = at;
      at = states.lend(kernelPlace, (block) =>
        letters === undefined
          ? kernels.countWords(block, begin, to)
          : kernels.countLetterWords(block, begin, to, letters),
      );
      place.position += kernels.wordsCounted.value;
      invariant(at === to || states.wantsRoom(kernelPlace), "the state of a counted word lies in its slot");
      if (at < to && !states.makeRoomOrLog(0)) this.#spill();
    }
    return place.position - before;
  };

  readonly #foldByKernel = (fold: (table: number) => number): void => {
    const { states, place } = this.#hot;
    const kernelPlace = this.#memory.place;
    invariant(states !== undefined && kernelPlace !== undefined, "pairs are folded in a table, by kernels");
    this.#drain();
    if (!states.isTable) {
      this.#spill();
      states.useTable();
    }
    place.position += states.lend(kernelPlace, fold);
  };

  /** @param add - those from the one on that it is given; it says how many there was room for. @returns how many were taken. */
  #addByKernel(count: number, collector: RecordCollector, add: (buffer: BufferFill, first: number) => number): number {
    let taken = 0;
    while (taken < count) {
      const first = taken;
      const added = this.#collector.addByKernel((buffer) => add(buffer, first));
      taken += added;
      if (taken === count || collector.isHard || (added === 0 && this.#collector.count === 0)) break;
      this.#spill();
    }
    this.#hot.place.position += taken;
    return taken;
  }

  readonly openRowPairs = (where: RowPairsPlace): ((from: number, to: number) => number) | undefined => {
    const { memory, partitions } = this.#options;
    const collector = canAddPairs(this.#options) ? openRowPairCollector(memory, where, partitions) : undefined;
    if (collector === undefined) return undefined;
    return (from, to) => {
      for (let row = from; ;) {
        const first = row;
        row += this.#collector.addByKernel((buffer) => collector.addRows(first, to, buffer));
        this.#hot.place.position += row - first;
        if (!collector.isFull || this.#collector.count === 0) return row;
        this.#spill();
      }
    };
  };

  readonly openCuts = (): ((lines: CutLines) => number) | undefined => {
    const { orderBy, memory, partitions } = this.#options;
    const isTaken = canAddPairs(this.#options) && orderBy?.wire === "input";
    const collector = isTaken ? openCutCollector(memory, partitions) : undefined;
    if (collector === undefined) return undefined;
    return (lines) => {
      for (let taken = 0; ;) {
        const first = taken;
        taken += this.#collector.addByKernel((buffer) => collector.addLines(lines, first, buffer));
        this.#hot.place.position += taken - first;
        if (!collector.isFull || this.#collector.count === 0) return taken;
        this.#spill();
      }
    };
  };

  #openCollector(options: MapOutputOptions<K, V, Q>): void {
    const collector = canCollect(options) ? openRecordCollector(options.memory, options) : undefined;
    if (collector === undefined) return;
    this.addLines = (lines) =>
      this.#addByKernel(lines.count, collector, (buffer, first) =>
        collector.addLines({ ...lines, offsets: lines.offsets + first * 8, count: lines.count - first }, buffer),
      );
    if (options.key.wire !== bytesCodec.wire || options.value?.wire !== bytesCodec.wire) return;
    this.addRecords = (records) =>
      this.#addByKernel(records.count, collector, (buffer, first) => {
        const address = records.address + first * records.recordBytes;
        return collector.addRecords({ ...records, address, count: records.count - first }, buffer);
      });
  }

  readonly makeRoom = (): boolean => {
    if (this.#hot.states?.makeRoom() === true) return true;
    if (this.#collector.count === 0) return false;
    this.#spill();
    return true;
  };

  get pairsEmitted(): number {
    return this.#hot.place.position;
  }

  readonly finish = (): MapOutputResult => {
    invariant(this.#hot.isOpen, "a map output is finished once");
    const { aggregator, runName } = this.#options;
    this.#drain();
    if (this.#options.combine !== undefined) this.#closeCut();
    const runs = this.#options.combine === undefined ? this.#spills : this.#cuts;
    const written = runs.writeLast(runName, aggregator, this.#collector);
    this.#hot.isOpen = false;
    this.#giveMemoryBack();
    runs.clear();
    return {
      vector: written.vector,
      vectorDigest: digestVector(written.vector),
      storedBytes: written.storedBytes,
      pairs: written.pairs,
      rawBytes: written.rawBytes,
      pairsEmitted: this.pairsEmitted,
      spills: this.#spillCount,
    };
  };

  readonly discard = (): void => {
    if (!this.#hot.isOpen) return;
    this.#hot.isOpen = false;
    this.#giveMemoryBack();
    this.#spills.clear();
    this.#cuts.clear();
  };

  #giveMemoryBack(): void {
    this.#collector.clear();
    this.#memory.giveBack();
  }

  /** The table was full. */
  #foldAgain(partition: number, value: V): void {
    this.#spill();
    if (this.#collector.states!.add(partition, this.#hot.keyBuffer, value)) return;
    throw new DataError(
      "E_RECORD_TOO_LARGE",
      `Cannot aggregate a value: its state needs more than the ${this.#memory.budget.limit} bytes of the slot; ` +
        "emit less at once, or give slots more memory",
    );
  }

  #emitPair(partition: number, value: V, order: Q | undefined): void {
    this.#value.clear();
    this.#options.value!.encodeTo(value, this.#value);
    if (this.#value.length > dataLimits.recordBytesMax) {
      throw new DataError(
        "E_RECORD_TOO_LARGE",
        `Cannot emit a value: it has ${this.#value.length} bytes, more than ${dataLimits.recordBytesMax}; emit it in parts`,
      );
    }
    const key =
      this.#options.orderBy === undefined
        ? this.#keyRange.set(this.#hot.keyBuffer.bytes, 0, this.#hot.keyBuffer.length)
        : this.#orderedKey(this.#options.orderBy, order as Q);
    const range = this.#valueRange.set(this.#value.bytes, 0, this.#value.length);
    if (this.#collector.add(partition, key, range)) return;
    this.#spill();
    if (this.#collector.add(partition, key, range)) return;
    // Larger than all the memory there is: a run of its own, between what came before and what comes after.
    this.#spillCount++;
    this.#spills.write((writer) => writer.append(partition, key, range));
  }

  #orderedKey(orderBy: KeyCodec<Q>, order: Q): ByteRange {
    this.#sortKey.clear();
    writeEscaped(this.#sortKey, this.#hot.keyBuffer.bytes, 0, this.#hot.keyBuffer.length);
    const before = this.#sortKey.length;
    try {
      orderBy.encodeTo(order, this.#sortKey);
    } catch (thrown) {
      throw asKeyError(thrown);
    }
    if (this.#sortKey.length - before > dataLimits.keyBytesMax)
      refuseLongKey("order key", this.#sortKey.length - before);
    return this.#keyRange.set(this.#sortKey.bytes, 0, this.#sortKey.length);
  }

  #spill(): void {
    if (this.#collector.count === 0) return;
    this.#spillCount++;
    this.#spills.write((writer) => this.#collector.writeTo(writer));
  }

  /** The pairs since the last cut, wherever they are, become one combined run. */
  #closeCut(): void {
    this.#hot.cutAt = this.#hot.place.position + this.#options.combine!.pairs;
    this.#spill();
    if (this.#spills.count === 0) return;
    const { combine, key, value } = this.#options;
    this.#spills.narrow(undefined);
    this.#cuts.write((writer) =>
      combineRuns(this.#spills.names, { options: this.#options, writer, key, value: value!, run: combine!.run }),
    );
    this.#spills.clear();
  }
}

/** Encode a key behind what a sink holds. */
function encodeKey<K, V>({ isOpen, encodeKey }: HotState<K, V>, key: K, sink: ByteSink): void {
  if (!isOpen) invariant(false, "pairs are emitted before the end");
  const before = sink.length;
  try {
    encodeKey(key, sink);
  } catch (thrown) {
    throw asKeyError(thrown);
  }
  if (sink.length - before > dataLimits.keyBytesMax) refuseLongKey("key", sink.length - before);
}

/** The queue of keys, where there can be one. */
function openQueue<K, V, Q>(options: MapOutputOptions<K, V, Q>): QueueState<V> | undefined {
  const { aggregator, partition, cuts, memory } = options;
  if (aggregator === undefined || partition !== undefined || cuts !== undefined) return undefined;
  const integerOf = queuedInteger(aggregator);
  const kernelPlace = memory?.place;
  if (integerOf === undefined || kernelPlace === undefined) return undefined;
  return { queue: new KeyQueue(kernelPlace), integerOf, kernelPlace };
}
