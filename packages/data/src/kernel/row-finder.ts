// Finds the columns of records by the kernel of their layout.

import { ByteSink } from "../bytes/byte-sink.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import {
  type JsonLayout,
  type LogLayout,
  type MetricLayout,
  type PatternLayout,
  type RowLayout,
  jsonFieldsMax,
  logColumns,
  metricColumns,
} from "./row-columns.ts";
import { rowKernels } from "./row-kernels.ts";
import { patternKernels } from "./pattern-kernels.ts";
import { sampleKernels } from "./sample-kernels.ts";
import type { ColumnPlace } from "./write-row-program.ts";

/** Rows whose columns are found at a time. */
export const rowsMax = 1024;
/** Columns that have a place each; one more takes what is not wanted. */
const columnsMax = 15;
const columnBytes = rowsMax * 8;
/** What {@link createRowFinder} needs for columns. */
export const columnsBytes: number = (columnsMax + 1) * columnBytes;
/** And for what it tells the kernel of them. */
export const finderBytes: number = 4 * 1024;

const fieldBytes = 24;

/** Numbers by which kernels know what a layout says. Of what is not known here the format decides: it has no finder. */
type Codes = ReadonlyMap<string, number>;

const timesCodes: Codes = new Map([
  ["none", 0],
  ["required", 1],
  ["optional", 2],
]);
const jsonKinds: Codes = new Map([
  ["text", 0],
  ["int", 1],
  ["time", 1],
  ["double", 2],
  ["boolean", 3],
]);
const units: Codes = new Map([
  ["detect", 0],
  ["milliseconds", 1],
  ["seconds", 2],
]);
const valueEnds: Codes = new Map([
  ["word", 0],
  ["text", 1],
  ["list", 2],
  ["local", 3],
  ["bracketed", 4],
]);
const readings: Codes = new Map([
  ["text", 0],
  ["int", 1],
  ["double", 2],
  ["unix", 3],
  ["sum", 4],
  ["local", 5],
  ["iso", 6],
]);
const valueParts: Codes = new Map([
  ["all", 0],
  ["method", 1],
  ["path", 2],
  ["protocol", 3],
  ["all-but-dash", 4],
]);

/** Finds columns. */
export interface RowFinder {
  /** Where the wanted ones lie. */
  readonly columns: ReadonlyMap<string, ColumnPlace>;
  /**
   * Find them in up to {@link rowsMax} records, whose offsets from `base` stand at `offsets`, and say at `left` which are
   * left: a word each, -1 or 0.
   */
  readonly find: (base: number, offsets: number, rows: number, left: number) => void;
}

/** Where a finder may write: addresses of {@link finderBytes} and {@link columnsBytes}. */
export interface FinderPlace {
  readonly memory: KernelMemory;
  readonly place: KernelPlace;
  readonly finder: number;
  readonly columns: number;
}

/** Make the finder of a layout. @returns undefined where there are no kernels, or more columns or fields than they can take. */
export function createRowFinder(
  layout: RowLayout,
  wanted: ReadonlySet<string>,
  where: FinderPlace,
): RowFinder | undefined {
  if (wanted.size > columnsMax) return undefined;
  switch (layout.kind) {
    case "log":
      return logFinder(layout, wanted, where);
    case "json":
      return jsonFinder(layout, wanted, where);
    case "metrics":
      return metricFinder(layout, wanted, where);
    case "pattern":
      return patternFinder(layout, wanted, where);
  }
}

/** Gives columns that are wanted a place each, and one to all others. */
class ColumnPlacer {
  readonly columns = new Map<string, ColumnPlace>();
  readonly #wanted: ReadonlySet<string>;
  readonly #begin: number;

  constructor(wanted: ReadonlySet<string>, begin: number) {
    this.#wanted = wanted;
    this.#begin = begin;
  }

  addressOf(name: string, isText: boolean): number {
    if (!this.#wanted.has(name)) return this.#begin;
    const address = this.#begin + (this.columns.size + 1) * columnBytes;
    this.columns.set(name, { address, isText });
    return address;
  }
}

function logFinder({ times }: LogLayout, wanted: ReadonlySet<string>, where: FinderPlace): RowFinder | undefined {
  const { place, finder } = where;
  const kernels = where.memory.open(rowKernels);
  const mode = timesCodes.get(times ?? "none");
  if (kernels === undefined || mode === undefined) return undefined;
  const placer = new ColumnPlacer(wanted, where.columns);
  for (const [index, [name, content]] of logColumns.entries())
    place.words[(finder >>> 2) + index] = placer.addressOf(name, content === "text");
  let bits = 0;
  for (const [index, [name]] of logColumns.entries()) if (wanted.has(name)) bits |= 1 << index;
  place.words[(finder >>> 2) + logColumns.length] = bits;
  return {
    columns: placer.columns,
    find: (base, offsets, rows, left) => {
      kernels.findLogFields(base, offsets, rows, finder, left, mode);
    },
  };
}

function jsonFinder({ fields }: JsonLayout, wanted: ReadonlySet<string>, where: FinderPlace): RowFinder | undefined {
  const { place, finder } = where;
  const kernels = where.memory.open(rowKernels);
  if (kernels === undefined || fields.length > jsonFieldsMax) return undefined;
  const placer = new ColumnPlacer(wanted, where.columns);
  const name = new ByteSink();
  let nameAt = finder + fields.length * fieldBytes;
  for (const [index, field] of fields.entries()) {
    name.clear();
    name.writeText(field.name);
    const kind = jsonKinds.get(field.wire);
    if (kind === undefined || nameAt + name.length > finder + finderBytes) return undefined;
    place.bytes.set(name.view(), nameAt);
    const address = placer.addressOf(field.name, field.wire === "text");
    const words = [nameAt, name.length, kind, field.optional ? 1 : 0, address, 0];
    place.words.set(words, (finder + index * fieldBytes) >>> 2);
    nameAt += name.length;
  }
  return {
    columns: placer.columns,
    find: (base, offsets, rows, left) => {
      kernels.findJsonFields(base, offsets, rows, finder, fields.length, left);
    },
  };
}

/** Of four columns, the unit of times and the number of labels; then of each label. */
const metricHeadBytes = 24;
const labelBytes = 12;

function metricFinder(
  { timestamps, labels }: MetricLayout,
  wanted: ReadonlySet<string>,
  where: FinderPlace,
): RowFinder | undefined {
  const { place, finder } = where;
  const kernels = where.memory.open(sampleKernels);
  const unit = units.get(timestamps);
  if (kernels === undefined || unit === undefined) return undefined;
  const placer = new ColumnPlacer(wanted, where.columns);
  const columns = metricColumns.map(([name, content]) => placer.addressOf(name, content === "text"));
  // A label that no one wants is passed over.
  const kept = labels.filter((label) => wanted.has(label));
  const words = [...columns, unit, kept.length];
  let nameAt = finder + metricHeadBytes + kept.length * labelBytes;
  for (const label of kept) {
    if (nameAt + label.length > finder + finderBytes) return undefined;
    words.push(nameAt, label.length, placer.addressOf(label, true));
    // Names of labels are ASCII.
    for (let index = 0; index < label.length; index++) place.bytes[nameAt++] = label.charCodeAt(index);
  }
  place.words.set(words, finder >>> 2);
  return {
    columns: placer.columns,
    find: (base, offsets, rows, left) => {
      kernels.findSamples(base, offsets, rows, finder, left);
    },
  };
}

const patternHeadBytes = 16;
const stepBytes = 40;
const patternColumnBytes = 12;

function patternFinder(
  { prefix, steps }: PatternLayout,
  wanted: ReadonlySet<string>,
  where: FinderPlace,
): RowFinder | undefined {
  const { place, finder } = where;
  const kernels = where.memory.open(patternKernels);
  const columnsAt = finder + patternHeadBytes + steps.length * stepBytes;
  const textsAt = columnsAt + steps.reduce((sum, { columns }) => sum + columns.length, 0) * patternColumnBytes;
  if (kernels === undefined || textsAt > finder + finderBytes) return undefined;
  const placer = new ColumnPlacer(wanted, where.columns);
  const texts = new TextPlacer(place.bytes, textsAt, finder + finderBytes);
  place.words.set([...texts.place(prefix), steps.length, 0], finder >>> 2);
  let columnAt = columnsAt;
  for (const [index, { literal, end, reading, by, optional, columns }] of steps.entries()) {
    const at = finder + patternHeadBytes + index * stepBytes;
    const [endCode, readingCode] = [valueEnds.get(end), readings.get(reading)];
    if (endCode === undefined || readingCode === undefined) return undefined;
    const how = [endCode, readingCode, optional ? 1 : 0, columns.length, columnAt, 0];
    place.words.set([...texts.place(literal), ...how], at >>> 2);
    new DataView(place.bytes.buffer).setFloat64(at + 32, by, true);
    for (const { name, part, optional: isOptional } of columns) {
      const partCode = valueParts.get(part);
      if (partCode === undefined) return undefined;
      const address = placer.addressOf(name, reading === "text");
      place.words.set([address, partCode, isOptional ? 1 : 0], columnAt >>> 2);
      columnAt += patternColumnBytes;
    }
  }
  if (texts.isFull) return undefined;
  return {
    columns: placer.columns,
    find: (base, offsets, rows, left) => {
      kernels.findPatternFields(base, offsets, rows, finder, left);
    },
  };
}

/** Gives texts a place each, as UTF-8. */
class TextPlacer {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #sink = new ByteSink();
  #at: number;
  isFull = false;

  constructor(bytes: Uint8Array, begin: number, end: number) {
    this.#bytes = bytes;
    this.#at = begin;
    this.#end = end;
  }

  /** @returns address and length. */
  place(text: string): readonly [address: number, length: number] {
    this.#sink.clear();
    this.#sink.writeText(text);
    const { length } = this.#sink;
    const at = this.#at;
    if (at + length > this.#end) {
      this.isFull = true;
      return [at, 0];
    }
    this.#bytes.set(this.#sink.view(), at);
    this.#at += length;
    return [at, length];
  }
}
