// The one aggregator of a shuffle that several groupings share: what is done with a value is decided by the ordinal in
// it, and with a state by the ordinal in the state, so that states merge without their key.
//
// Working state: uint32 ordinal + 1 (0 is the empty state), 4 bytes of 0, then the states of the grouping's parts. With
// one grouping there is no ordinal; with one grouping of one part the state is that part's.

import type { Aggregator, Place, StateCell } from "../aggregate/aggregator.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import { invariant } from "../data-error.ts";
import { presentPart, type StatePart, StateParts, wireOfPart } from "./state-parts.ts";

/** A row of a grouping: whoever emits may use one object again and again, nothing of it is kept. */
export interface GroupRow {
  /** Which grouping, 0 being the first. */
  readonly ordinal: number;
  /** A value for each part; a missing one is `null` or `undefined`. */
  readonly values: readonly unknown[];
}

/** Results of the parts of a group, in order; several of a part that presents several. */
export type GroupResults = readonly unknown[];

/** Make the aggregator of all groupings of a shuffle: for each, its parts. */
export function aggregateGroups(groupings: readonly (readonly StatePart[])[]): Aggregator<GroupRow, GroupResults> {
  const [first] = groupings;
  invariant(first !== undefined, "an aggregation has a grouping");
  if (groupings.length > 1) return aggregateSeveral(groupings);
  const [part, ...more] = first;
  const aggregator = part === undefined || more.length > 0 ? aggregateParts(first) : aggregatePart(part);
  return { ...aggregator, wire: [first.map(wireOfPart)] };
}

type Unnamed = Omit<Aggregator<GroupRow, GroupResults>, "wire">;

function aggregatePart(part: StatePart): Unnamed {
  const { aggregator, everyRow } = part;
  return {
    stateBytes: aggregator.stateBytes,
    add: (cell, row, place) => {
      const value = row.values[0];
      return everyRow || (value !== null && value !== undefined) ? aggregator.add(cell, value, place) : true;
    },
    merge: aggregator.merge,
    encode: aggregator.encode,
    present: (cell) => {
      const results: unknown[] = [];
      presentPart(part, cell, results);
      return results;
    },
  };
}

function aggregateParts(parts: readonly StatePart[]): Unnamed {
  const states = new StateParts(parts);
  const reader = new ByteReader();
  return {
    stateBytes: states.emptyBytes,
    add: (cell, row, place) => states.add(cell, 0, row.values, place),
    merge: (cell, bytes, start, end) => states.merge(cell, 0, reader.reset(bytes, start, end)),
    encode: (cell, sink) => states.encode(cell, 0, sink),
    present: (cell) => states.present(cell, 0),
  };
}

const ordinalBytes = 8;

/** Groupings side by side: each state is of one of them. */
class SeveralStates {
  readonly #states: readonly StateParts[];
  readonly #reader = new ByteReader();

  constructor(groupings: readonly (readonly StatePart[])[]) {
    this.#states = groupings.map((parts) => new StateParts(parts));
  }

  add(cell: StateCell, row: GroupRow, place: Place): boolean {
    const states = this.#statesAt(row.ordinal);
    const isEmpty = cell.length === ordinalBytes && this.#mark(cell) === 0;
    if (isEmpty && !this.#open(cell, row.ordinal)) return false;
    let done = false;
    try {
      done = states.add(cell, ordinalBytes, row.values, place);
    } finally {
      if (!done && isEmpty) this.#close(cell);
    }
    return done;
  }

  merge(cell: StateCell, bytes: Uint8Array, start: number, end: number): boolean {
    const reader = this.#reader.reset(bytes, start, end);
    const mark = reader.readVarint();
    if (mark === 0) return true;
    const states = this.#statesAt(mark - 1);
    const isEmpty = this.#mark(cell) === 0;
    if (isEmpty && !this.#open(cell, mark - 1)) return false;
    invariant(this.#mark(cell) === mark, "states of one key are of one grouping");
    let done = false;
    try {
      done = states.merge(cell, ordinalBytes, reader);
    } finally {
      if (!done && isEmpty) this.#close(cell);
    }
    return done;
  }

  encode(cell: StateCell, sink: ByteSink): void {
    const mark = this.#mark(cell);
    sink.writeVarint(mark);
    if (mark > 0) this.#statesAt(mark - 1).encode(cell, ordinalBytes, sink);
  }

  present(cell: StateCell): GroupResults {
    const mark = this.#mark(cell);
    invariant(mark > 0, "a group has a row");
    return this.#statesAt(mark - 1).present(cell, ordinalBytes);
  }

  #mark(cell: StateCell): number {
    return cell.view.getUint32(cell.offset, true);
  }

  #statesAt(ordinal: number): StateParts {
    const states = this.#states[ordinal];
    invariant(states !== undefined, "a row is of one of the groupings");
    return states;
  }

  /** Make an empty state one of a grouping. */
  #open(cell: StateCell, ordinal: number): boolean {
    const length = ordinalBytes + this.#statesAt(ordinal).emptyBytes;
    if (!cell.resize(length)) return false;
    cell.bytes.fill(0, cell.offset + ordinalBytes, cell.offset + length);
    cell.view.setUint32(cell.offset, ordinal + 1, true);
    return true;
  }

  #close(cell: StateCell): void {
    cell.resize(ordinalBytes);
    cell.view.setUint32(cell.offset, 0, true);
  }
}

function aggregateSeveral(groupings: readonly (readonly StatePart[])[]): Aggregator<GroupRow, GroupResults> {
  const states = new SeveralStates(groupings);
  return {
    wire: groupings.map((parts) => parts.map(wireOfPart)),
    stateBytes: ordinalBytes,
    add: (cell, row, place) => states.add(cell, row, place),
    merge: (cell, bytes, start, end) => states.merge(cell, bytes, start, end),
    encode: (cell, sink) => states.encode(cell, sink),
    present: (cell) => states.present(cell),
  };
}
