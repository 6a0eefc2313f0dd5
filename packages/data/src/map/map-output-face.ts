// What a map output is to those that put pairs into it, by kernels too. What it does: map-output.ts.

import type { SegmentVector } from "../conserve/segment-vector.ts";
import type { CutLines } from "../sort/cut-collector.ts";
import type { FixedRecords, KeyLines } from "../sort/record-collector.ts";
import type { RowPairsPlace } from "../sort/row-pair-collector.ts";

/** What a finished map output holds. */
export interface MapOutputResult {
  readonly vector: SegmentVector;
  /** 128-bit digest over the vector: 32 lower-case hexadecimal digits. */
  readonly vectorDigest: string;
  /** Bytes of the run file. */
  readonly storedBytes: number;
  readonly pairs: number;
  readonly rawBytes: number;
  /** Pairs that `emit` took; more than `pairs` when an aggregator or combiner folded some. */
  readonly pairsEmitted: number;
  readonly spills: number;
}

/** Takes pairs whose keys are bytes that lie in kernel memory: neither a string nor a copy is made of them. */
export interface KeySlices<V> {
  /**
   * Take a pair, as `emit` would take the key that is encoded so: of a text its UTF-8, of bytes themselves.
   *
   * @param from - address in kernel memory; `to` is exclusive. The bytes stay there until `settle`.
   * @returns false, and nothing is done, for what only `emit` takes: a long key, or a value that is no integer.
   */
  readonly take: (from: number, to: number, value: V) => boolean;
  /** End with the bytes of all that were taken. */
  readonly settle: () => void;
}

/** A text whose words are counted. */
export interface WordRange {
  readonly from: number;
  readonly to: number;
  /** Where {@link letterBits} lie when words are runs of letters; without, they are what stands between white space. */
  readonly letters?: number | undefined;
}

/** Take pairs, end with one run file. */
export interface MapOutput<K, V, Q = never> {
  /** Take one pair; its bytes are copied before this returns. @throws {DataError} E_KEY_INVALID, E_VALUE_INVALID, E_RECORD_TOO_LARGE. */
  readonly emit: (key: K, value: V, order?: Q) => void;
  readonly pairsEmitted: number;
  /**
   * Take (word, 1) for each word of a text, as `emit` would. There when keys are texts, partitions those of the hash, the
   * aggregator counts, and there are kernels.
   *
   * @param range - addresses in kernel memory; `to` is exclusive. No word has more than `keyBytesMax` bytes.
   * @returns how many words there were.
   */
  readonly countWords?: (range: WordRange) => number;
  /** There when keys are texts or bytes, partitions those of the hash, the aggregator counts or sums, and there are kernels. */
  readonly slices?: KeySlices<V>;
  /**
   * Let a kernel fold pairs into states, there when partitions are those of the hash and there are kernels. `fold` is given
   * the address of the table's block (kernels/table.ts) and says how many pairs were folded.
   */
  readonly foldByKernel?: (fold: (table: number) => number) => void;
  /**
   * Take records that are key and value, as `emit` would take these. There when keys and values are bytes, nothing folds
   * or orders them, partitions are those of the hash or of key ranges, and there are kernels.
   *
   * @returns how many were taken: fewer than all when one is larger than the memory.
   */
  readonly addRecords?: (records: FixedRecords) => number;
  /**
   * Take lines as keys, all with one value, as `emit` would take what these bytes are the encodings of. There when nothing
   * folds or orders values, partitions are those of the hash or of key ranges, and there are kernels.
   *
   * @returns how many were taken.
   */
  readonly addLines?: (lines: KeyLines) => number;
  /**
   * Open the way of rows that become pairs, which are taken as `emit` would take them: for keys whose encodings a program
   * makes of columns. Gives undefined where something folds pairs, partitions are not those of the hash, or there are no
   * kernels.
   *
   * @returns what takes rows from one up to another, and says which it took none of: one that is left, or is larger than
   * the memory, or the end.
   */
  readonly openRowPairs: (where: RowPairsPlace) => ((from: number, to: number) => number) | undefined;
  /**
   * Open the way of lines that are pairs of a join by one of their columns, as kernels/cuts.ts makes them: for keys and
   * values of text, the latter behind the index of the input, by which pairs of a key are ordered. Gives undefined where
   * something else is done with pairs, partitions are not those of the hash, or there are no kernels.
   *
   * @returns what takes lines, and says how many: up to one that is left, or is larger than the memory.
   */
  readonly openCuts: () => ((lines: CutLines) => number) | undefined;
  /** Wire forms of keys and values, for who makes their encodings without the codecs. */
  readonly wires: readonly [key: unknown, value: unknown];
  /** Make room where a kernel found none. @returns false when there is nothing to make it of. */
  readonly makeRoom: () => boolean;
  /** Write the one run file and remove the spills; exactly once, or `discard`. */
  readonly finish: () => MapOutputResult;
  /** Give memory back and remove every file. Also after a throw; twice is fine. */
  readonly discard: () => void;
}
