// Several states side by side in one cell, as `{ hits: count(), bytes: sum(log.bytes) }` has for each group.
//
// Working state, from `at` on: uint32 length of each part less its empty state's (padded to 8 bytes in all), then the
// parts in order, each padded to a multiple of 8. Zero bytes are all empty states. Encoded: for each part its length as
// a varint, and its own encoding.

import type { Aggregator, Place, StateCell } from "../aggregate/aggregator.ts";
import type { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";

/** One state of a row of them. */
export interface StatePart {
  // The values of a part are its caller's.
  // eslint-disable-next-line typescript/no-explicit-any
  readonly aggregator: Aggregator<any, unknown>;
  /** What is presented of the state, when it is more than its own result: aggregators with the same state. */
  // eslint-disable-next-line typescript/no-explicit-any
  readonly presents?: readonly Aggregator<any, unknown>[];
  /** Set when each row is added, whatever it holds, as `count()` does; else a missing value is skipped. */
  readonly everyRow: boolean;
}

/** The state of one part inside the state of all: it grows by moving what lies behind it. */
class PartCell implements StateCell {
  bytes: Uint8Array = new Uint8Array(0);
  view: DataView = new DataView(this.bytes.buffer);
  offset = 0;
  length = 0;
  #outer!: StateCell;
  /** Where its length is stored, and where it begins, after the outer state's begin. */
  #head = 0;
  #start = 0;
  #emptyBytes = 0;

  open(outer: StateCell, head: number, start: number, emptyBytes: number): this {
    this.#outer = outer;
    this.#head = head;
    this.#start = start;
    this.#emptyBytes = emptyBytes;
    this.bytes = outer.bytes;
    this.view = outer.view;
    this.offset = outer.offset + start;
    this.length = emptyBytes + outer.view.getUint32(outer.offset + head, true);
    return this;
  }

  resize(length: number): boolean {
    const outer = this.#outer;
    const before = padded(this.length);
    const after = padded(length);
    const outerLength = outer.length;
    if (after > before && !outer.resize(outerLength + after - before)) return false;
    const behind = outer.offset + this.#start + before;
    outer.bytes.copyWithin(outer.offset + this.#start + after, behind, outer.offset + outerLength);
    if (after < before) outer.resize(outerLength + after - before);
    // A state never becomes shorter than the empty one, so the stored difference has no sign.
    outer.view.setUint32(outer.offset + this.#head, length - this.#emptyBytes, true);
    this.open(outer, this.#head, this.#start, this.#emptyBytes);
    return true;
  }
}

/** Append the results of a part. */
export function presentPart({ aggregator, presents }: StatePart, cell: StateCell, results: unknown[]): void {
  if (presents === undefined) results.push(aggregator.present(cell));
  else for (const each of presents) results.push(each.present(cell));
}

/** The name of a part, for plans: `["quantile", 0.5, 0.99]` for one that presents both. */
export function wireOfPart({ aggregator, presents = [] }: StatePart): unknown {
  const parameters = presents.map(({ wire }) => (Array.isArray(wire) ? (wire.slice(1) as unknown[]) : []));
  return aggregator.stateName === undefined || presents.length < 2
    ? aggregator.wire
    : [aggregator.stateName, ...parameters.flat()];
}

/** Round up to a multiple of 8. */
export function padded(length: number): number {
  return (length + 7) & ~7;
}

// Up to so many bytes a loop over words is quicker than the call of `set`, which costs about 60 ns.
const loopBytesMax = 128;

// A state of more has a large part, such as a set: it is added last and not saved, for a part that finds no room leaves
// itself alone. Else each row of a hot key would copy all of it.
const savedBytesMax = 1024;

/** The part that is added last, as it lies before a row is added. */
interface LargePart {
  /** -1 for none. */
  index: number;
  start: number;
  end: number;
}

/** Add a value to a part's state. @returns false, with nothing changed, when there was no room. */
function addValue({ aggregator, everyRow }: StatePart, cell: StateCell, value: unknown, place: Place): boolean {
  return (!everyRow && (value === null || value === undefined)) || aggregator.add(cell, value, place);
}

/** States side by side. Its cells are its own: not for two threads, and never inside itself. */
export class StateParts {
  /** Bytes of all empty states. */
  readonly emptyBytes: number;
  readonly #parts: readonly StatePart[];
  readonly #headBytes: number;
  readonly #cell = new PartCell();
  readonly #nested = new ByteSink(256);
  #saved = new Uint8Array(256);
  #savedView = new DataView(this.#saved.buffer);
  readonly #large: LargePart = { index: -1, start: 0, end: 0 };

  constructor(parts: readonly StatePart[]) {
    this.#parts = parts;
    this.#headBytes = padded(parts.length * 4);
    this.emptyBytes = parts.reduce((bytes, { aggregator }) => bytes + padded(aggregator.stateBytes), this.#headBytes);
  }

  /** Add a row to the states from `at` on: a value for each part. @returns false, with nothing changed, when there was no room. */
  add(outer: StateCell, at: number, values: readonly unknown[], place: Place): boolean {
    const length = outer.length;
    this.#findLarge(outer, at);
    if (this.#large.index < 0) this.#save(outer);
    else this.#saveSmall(outer);
    let done = false;
    try {
      done = this.#addEach(outer, at, values, place);
    } finally {
      if (!done && this.#large.index < 0) this.#restore(outer, length);
      else if (!done) this.#restoreSmall(outer, at, length);
    }
    return done;
  }

  /** Merge encoded states into those from `at` on. @returns false, with nothing changed, when there was no room. */
  merge(outer: StateCell, at: number, encoded: ByteReader): boolean {
    const length = outer.length;
    this.#save(outer);
    let done = false;
    try {
      done = this.#mergeEach(outer, at, encoded);
    } finally {
      if (!done) this.#restore(outer, length);
    }
    return done;
  }

  /** Append the canonical encoding of the states from `at` on. */
  encode(outer: StateCell, at: number, sink: ByteSink): void {
    const nested = this.#nested;
    this.#visit(outer, at, ({ aggregator }, cell) => {
      nested.clear();
      aggregator.encode(cell, nested);
      sink.writeVarint(nested.length);
      sink.writeBytes(nested.bytes, 0, nested.length);
    });
  }

  /** The results of all parts, one after the other. */
  present(outer: StateCell, at: number): readonly unknown[] {
    const results: unknown[] = [];
    this.#visit(outer, at, (part, cell) => presentPart(part, cell, results));
    return results;
  }

  #addEach(outer: StateCell, at: number, values: readonly unknown[], place: Place): boolean {
    const parts = this.#parts;
    const cell = this.#cell;
    const large = this.#large.index;
    let start = at + this.#headBytes;
    let largeStart = 0;
    for (let index = 0; index < parts.length; index++) {
      const part = parts[index]!;
      cell.open(outer, at + index * 4, start, part.aggregator.stateBytes);
      if (index === large) largeStart = start;
      else if (!addValue(part, cell, values[index], place)) return false;
      start += padded(cell.length);
    }
    if (large < 0) return true;
    const part = parts[large]!;
    cell.open(outer, at + large * 4, largeStart, part.aggregator.stateBytes);
    return addValue(part, cell, values[large], place);
  }

  #mergeEach(outer: StateCell, at: number, encoded: ByteReader): boolean {
    let start = at + this.#headBytes;
    for (let index = 0; index < this.#parts.length; index++) {
      const { aggregator } = this.#parts[index]!;
      const length = encoded.readVarint();
      const from = encoded.take(length);
      const cell = this.#cell.open(outer, at + index * 4, start, aggregator.stateBytes);
      if (!aggregator.merge(cell, encoded.bytes, from, from + length)) return false;
      start += padded(cell.length);
    }
    return true;
  }

  #visit(outer: StateCell, at: number, visit: (part: StatePart, cell: StateCell) => void): void {
    let start = at + this.#headBytes;
    for (let index = 0; index < this.#parts.length; index++) {
      const part = this.#parts[index]!;
      const cell = this.#cell.open(outer, at + index * 4, start, part.aggregator.stateBytes);
      visit(part, cell);
      start += padded(cell.length);
    }
  }

  /** Keep the state's bytes until a change is through: a later part may find no room. */
  #save(outer: StateCell): void {
    const { length, offset } = outer;
    if (length > this.#saved.length) {
      this.#saved = new Uint8Array(length * 2);
      this.#savedView = new DataView(this.#saved.buffer);
    }
    if (length > loopBytesMax) {
      this.#saved.set(outer.bytes.subarray(offset, offset + length));
      return;
    }
    // A state of parts is a multiple of 8 long.
    for (let at = 0; at < length; at += 4) this.#savedView.setInt32(at, outer.view.getInt32(offset + at, true), true);
  }

  /** Find the part that is added last: the longest of a long state. */
  #findLarge(outer: StateCell, at: number): void {
    const large = this.#large;
    large.index = -1;
    if (outer.length <= savedBytesMax) return;
    large.start = 0;
    large.end = 0;
    let start = at + this.#headBytes;
    for (let index = 0; index < this.#parts.length; index++) {
      const { stateBytes } = this.#parts[index]!.aggregator;
      const end = start + padded(this.#cell.open(outer, at + index * 4, start, stateBytes).length);
      if (end - start > large.end - large.start) {
        large.index = index;
        large.start = start;
        large.end = end;
      }
      start = end;
    }
  }

  /** Keep all but the large part. */
  #saveSmall({ bytes, offset, length }: StateCell): void {
    const { start, end } = this.#large;
    const small = length - (end - start);
    if (small > this.#saved.length) {
      this.#saved = new Uint8Array(small * 2);
      this.#savedView = new DataView(this.#saved.buffer);
    }
    this.#saved.set(bytes.subarray(offset, offset + start));
    this.#saved.set(bytes.subarray(offset + end, offset + length), start);
  }

  /** Undo what was done to all but the large part, which has not changed but may have moved. */
  #restoreSmall(outer: StateCell, at: number, length: number): void {
    const { index: large, start, end } = this.#large;
    let now = at + this.#headBytes;
    for (let index = 0; index < large; index++) {
      const { stateBytes } = this.#parts[index]!.aggregator;
      now += padded(this.#cell.open(outer, at + index * 4, now, stateBytes).length);
    }
    if (outer.length < length) outer.resize(length);
    outer.bytes.copyWithin(outer.offset + start, outer.offset + now, outer.offset + now + end - start);
    outer.resize(length);
    outer.bytes.set(this.#saved.subarray(0, start), outer.offset);
    outer.bytes.set(this.#saved.subarray(start, length - (end - start)), outer.offset + end);
  }

  #restore(outer: StateCell, length: number): void {
    outer.resize(length);
    outer.bytes.set(this.#saved.subarray(0, length), outer.offset);
  }
}
