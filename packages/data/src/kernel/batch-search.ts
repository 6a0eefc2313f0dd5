// Searches in the bytes of a batch whose answers are kept: where each line is left, a step searches again behind each.

import type { RecordBatch } from "../split/split-reader.ts";
import { endOfShort, recordAt } from "./record-at.ts";

/** Finds the first place in [from, to) where something stands, `to` when it does not: addresses. */
export type Search = (from: number, to: number) => number;

/** Finds it in a batch, of which `to` is the same in all calls. */
export type BatchSearch = (batch: object, from: number, to: number) => number;

/**
 * Make a search that keeps its answer while `from` lies between where it began and that answer, in the same batch: who
 * searches behind each line searches no byte twice.
 */
export function keepAnswer(find: Search): BatchSearch {
  let last: object | undefined;
  let [begin, answer] = [0, 0];
  return (batch, from, to) => {
    if (batch === last && begin <= from && from <= answer) return answer;
    last = batch;
    begin = from;
    answer = find(from, to);
    return answer;
  };
}

/**
 * Make what finds the end of the records from `first` on that hold no byte which `find` finds, and are no longer than
 * `bytesMax`: kept as an answer of {@link keepAnswer} is.
 */
export function endOfPlain(
  find: Search,
  bytesMax: number,
): (batch: RecordBatch, base: number, first: number) => number {
  const search = keepAnswer(find);
  let last: object | undefined;
  let [begin, stop] = [0, 0];
  return (batch, base, first) => {
    if (batch === last && begin <= first && first <= stop) return stop;
    const { offsets, count } = batch;
    const end = offsets[2 * count - 1]!;
    const found = search(batch, base + offsets[2 * first]!, base + end) - base;
    last = batch;
    begin = first;
    stop = endOfShort(batch, first, { last: found === end ? count : recordAt(offsets, found, first, count), bytesMax });
    return stop;
  };
}
