// Writes what a kernel does with rows into kernel memory, in the form of kernels/aggregate-program.ts.

import type { KernelState } from "../aggregate/aggregator.ts";
import { bucketLogarithm } from "../aggregate/quantile.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { CompareTest } from "../expression/expression.ts";
import type { PairProgram } from "./pair-program.ts";
import type {
  ColumnKey,
  NumberPart,
  RowCondition,
  RowCounter,
  RowGrouping,
  RowKey,
  RowPart,
  RowProgram,
} from "./row-program.ts";

const headBytes = 56;
const conditionBytes = 24;
const keyBytes = 32;
const partBytes = 32;
const logGammaAt = 40;
const bucketsAt = 48;

const compareTests: Readonly<Record<CompareTest, number>> = {
  equals: 0,
  notEquals: 1,
  lessThan: 2,
  atMost: 3,
  greaterThan: 4,
  atLeast: 5,
};
const operations = {
  compare: 0,
  and: 1,
  or: 2,
  not: 3,
  missingNumber: 4,
  missingText: 5,
  textEquals: 6,
  textPrefix: 7,
};
const keyKinds = { text: 0, number: 1, floor: 2, double: 3, missing: 4, decimal: 5, before: 6 };
const partKinds: Readonly<Record<KernelState, number>> = {
  count: 0,
  sum: 1,
  mean: 2,
  quantile: 3,
  distinct: 4,
  min: 7,
  max: 8,
};
const doubleKinds = { sum: 5, mean: 6 };

/** Where a column lies, and what it is. */
export interface ColumnPlace {
  readonly address: number;
  readonly isText: boolean;
}

/** Where a program is written: addresses in the memory. */
export interface ProgramPlace {
  readonly bytes: Uint8Array;
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
  readonly columns: ReadonlyMap<string, ColumnPlace>;
  /** {@link bucketTableBytes}, which are set to 0. */
  readonly buckets: number;
  /** 64 KiB. */
  readonly scratch: number;
}

/** 31 powers of two, in 64 parts each: see kernels/aggregate-buckets.ts. */
export const bucketTableBytes: number = 31 * 64 * 8;

/** Addresses of programs, in the order of groupings and of counters. */
export interface WrittenPrograms {
  readonly groupings: readonly number[];
  readonly counters: readonly number[];
}

/** Write the programs of all groupings and counters. @returns undefined when there is no room. */
export function writeRowProgram(program: RowProgram, place: ProgramPlace): WrittenPrograms | undefined {
  place.bytes.fill(0, place.buckets, place.buckets + bucketTableBytes);
  const writer = new ProgramWriter(place);
  const groupings = program.groupings.map((grouping) => writer.write(grouping, program.isSeveral));
  const counters = program.counters.map((counter) => writer.writeCounter(counter));
  const all = [...groupings, ...counters].filter((address) => address !== undefined);
  if (all.length < groupings.length + counters.length) return undefined;
  return { groupings: all.slice(0, groupings.length), counters: all.slice(groupings.length) };
}

/** Write the program of pairs, in the form of kernels/samples-pairs.ts. @returns its address, or undefined when there is no room. */
export function writePairProgram(
  program: PairProgram,
  place: Pick<ProgramPlace, "bytes" | "begin" | "end" | "columns">,
): number | undefined {
  return new ProgramWriter({ ...place, buckets: 0, scratch: 0 }).writePairs(program);
}

class ProgramWriter {
  readonly #view: DataView;
  readonly #place: ProgramPlace;
  #at: number;

  constructor(place: ProgramPlace) {
    this.#place = place;
    this.#view = new DataView(place.bytes.buffer, place.bytes.byteOffset, place.bytes.length);
    this.#at = place.begin;
  }

  write({ ordinal, conditions, keys, parts }: RowGrouping, isSeveral: boolean): number | undefined {
    const begin = this.#at;
    const keysAt = begin + headBytes + conditions.length * conditionBytes;
    const partsAt = keysAt + keys.length * keyBytes;
    const valuesAt = partsAt + parts.length * partBytes;
    const values = parts.reduce((sum, part) => sum + ("values" in part ? part.values.length : 0), 0);
    const end = valuesAt + values * keyBytes;
    if (end > this.#place.end) return undefined;
    this.#at = end;
    const placed = placeParts(parts, isSeveral);
    const growing = parts.filter(isGrowing).length;
    this.#writeHead(begin, [1 << ordinal, ordinal, placed.stateBytes, isSeveral ? ordinal + 1 : 0]);
    this.#writeHead(begin + 16, [conditions.length, keys.length, parts.length, growing, keysAt, partsAt]);
    this.#view.setFloat64(begin + logGammaAt, bucketLogarithm, true);
    this.#writeHead(begin + bucketsAt, [this.#place.buckets, this.#place.scratch]);
    if (!this.#writeConditions(begin, conditions)) return undefined;
    for (const [index, key] of keys.entries())
      this.#writeKey(keysAt + index * keyBytes, key, index === keys.length - 1);
    this.#writeParts(partsAt, placed.parts);
    return begin;
  }

  /** A program of conditions alone. */
  writeCounter({ conditions }: RowCounter): number | undefined {
    const begin = this.#at;
    const end = begin + headBytes + conditions.length * conditionBytes;
    if (end > this.#place.end) return undefined;
    this.#at = end;
    this.#place.bytes.fill(0, begin, end);
    this.#writeHead(begin + 16, [conditions.length]);
    return this.#writeConditions(begin, conditions) ? begin : undefined;
  }

  writePairs({ conditions, key, order, value }: PairProgram): number | undefined {
    const begin = this.#at;
    const sorted = order === undefined ? key : [...key, order];
    const sortedAt = begin + headBytes + conditions.length * conditionBytes;
    const valuesAt = sortedAt + sorted.length * keyBytes;
    const end = valuesAt + value.length * keyBytes;
    if (end > this.#place.end) return undefined;
    this.#at = end;
    this.#place.bytes.fill(0, begin, end);
    const isOrdered = order === undefined ? 0 : 1;
    this.#writeHead(begin + 16, [conditions.length, sorted.length, value.length, isOrdered, sortedAt, valuesAt]);
    for (const [index, each] of sorted.entries())
      this.#writeKey(sortedAt + index * keyBytes, each, index === sorted.length - 1);
    for (const [index, each] of value.entries())
      this.#writeKey(valuesAt + index * keyBytes, each, index === value.length - 1);
    return this.#writeConditions(begin, conditions) ? begin : undefined;
  }

  #writeConditions(begin: number, conditions: readonly RowCondition[]): boolean {
    return conditions.every((condition, index) =>
      this.#writeCondition(begin + headBytes + index * conditionBytes, condition),
    );
  }

  #writeParts(at: number, parts: readonly PlacedPart[]): void {
    let values = at + parts.length * partBytes;
    for (const [index, { part, head, start, behind }] of parts.entries()) {
      const from = "values" in part ? values : part.column === undefined ? 0 : this.#column(part.column).address;
      const count = "values" in part ? part.values.length : 0;
      const words = [kindOf(part), from, part.stateBytes, head, start, behind, count, 0];
      this.#writeHead(at + index * partBytes, words);
      if (!("values" in part)) continue;
      for (const [place, value] of part.values.entries())
        this.#writeKey(values + place * keyBytes, value, place === count - 1);
      values += count * keyBytes;
    }
  }

  #writeHead(at: number, words: readonly number[]): void {
    for (const [index, word] of words.entries()) this.#view.setInt32(at + index * 4, word, true);
  }

  #column(name: string): ColumnPlace {
    return this.#place.columns.get(name) ?? { address: 0, isText: false };
  }

  #writeCondition(at: number, condition: RowCondition): boolean {
    switch (condition.operation) {
      case "compare": {
        const { address } = this.#column(condition.column);
        this.#writeHead(at, [operations.compare, address, compareTests[condition.test], 0]);
        this.#view.setFloat64(at + 16, condition.value, true);
        return true;
      }
      case "text":
        return this.#writeTextTest(at, condition);
      case "isMissing": {
        const { address, isText } = this.#column(condition.column);
        this.#writeHead(at, [isText ? operations.missingText : operations.missingNumber, address, 0, 0]);
        return true;
      }
      case "and":
      case "or":
        this.#writeHead(at, [operations[condition.operation], 0, condition.count, 0]);
        return true;
      case "not":
        this.#writeHead(at, [operations.not, 0, 0, 0]);
        return true;
    }
  }

  #writeTextTest(at: number, condition: Extract<RowCondition, { operation: "text" }>): boolean {
    const text = utf8Of(condition.value);
    const from = this.#at;
    const end = (from + text.length + 7) & ~7;
    if (end > this.#place.end) return false;
    this.#place.bytes.set(text, from);
    this.#at = end;
    const { address } = this.#column(condition.column);
    const operation = condition.test === "hasPrefix" ? operations.textPrefix : operations.textEquals;
    this.#writeHead(at, [operation, address, condition.test === "notEquals" ? 1 : 0, text.length, from]);
    return true;
  }

  #writeKey(at: number, key: RowKey, isLast: boolean): void {
    if (key.column === undefined) {
      this.#writeHead(at, [keyKinds.missing, 0, 1, isLast ? 1 : 0, 0, 0, 0, 0]);
      return;
    }
    const { column, optional, floor, before } = key;
    const { address, isText } = this.#column(column);
    this.#writeHead(at, [keyKindOf(key, isText), address, optional ? 1 : 0, isLast ? 1 : 0]);
    this.#view.setFloat64(at + 16, floor?.width ?? 0, true);
    this.#view.setFloat64(at + 24, floor?.origin ?? 0, true);
    if (before !== undefined) this.#writeHead(at + 16, [before.charCodeAt(0)]);
  }
}

function keyKindOf({ isDouble, floor, before, isDecimal }: ColumnKey, isText: boolean): number {
  if (isText) return before === undefined ? keyKinds.text : keyKinds.before;
  if (isDecimal === true) return keyKinds.decimal;
  if (isDouble === true) return keyKinds.double;
  return floor === undefined ? keyKinds.number : keyKinds.floor;
}

/** A part, and where it lies in a state: see state-parts.ts. */
interface PlacedPart {
  readonly part: RowPart;
  /** Where its length stands, -1 when it is the whole state. */
  readonly head: number;
  /** Where it begins while all before it are empty. */
  readonly start: number;
  /** Growing parts before it. */
  readonly behind: number;
}

interface PlacedParts {
  /** Those that do not grow by a row first. */
  readonly parts: readonly PlacedPart[];
  /** Of a new state in the arena; 0 for one of 8 bytes, which lies in its slot. */
  readonly stateBytes: number;
}

function isGrowing(part: RowPart): boolean {
  return part.state === "quantile" || "values" in part || isDoubleSum(part);
}

function isDoubleSum(part: RowPart): part is NumberPart & { readonly state: "sum" | "mean" } {
  return (part.state === "sum" || part.state === "mean") && part.isDouble === true;
}

function kindOf(part: RowPart): number {
  return isDoubleSum(part) ? doubleKinds[part.state] : partKinds[part.state];
}

function placeParts(parts: readonly RowPart[], isSeveral: boolean): PlacedParts {
  const [only] = parts;
  if (!isSeveral && only !== undefined && parts.length === 1)
    return {
      parts: [{ part: only, head: -1, start: 0, behind: 0 }],
      stateBytes: only.stateBytes === 8 ? 0 : only.stateBytes,
    };
  const lengths = isSeveral ? 8 : 0;
  let start = lengths + padded(parts.length * 4);
  let behind = 0;
  const placed = parts.map((part, index): PlacedPart => {
    const place = { part, head: lengths + index * 4, start, behind };
    start += padded(part.stateBytes);
    if (isGrowing(part)) behind++;
    return place;
  });
  const growing = placed.filter(({ part }) => isGrowing(part));
  return { parts: [...placed.filter(({ part }) => !isGrowing(part)), ...growing], stateBytes: start };
}

function utf8Of(text: string): Uint8Array {
  const sink = new ByteSink();
  sink.writeText(text);
  return sink.toBytes();
}

function padded(length: number): number {
  return (length + 7) & ~7;
}
