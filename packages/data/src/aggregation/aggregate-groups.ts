// The one aggregator of a shuffle that several groupings share: what is done with a value is decided by the ordinal in
// it, and with a state by the ordinal in the state, so that states merge without their key.
//
// Working state: uint32 ordinal + 1 (0 is the empty state), 4 bytes of 0, then the states of the grouping's parts. With
// one grouping there is no ordinal; with one grouping of one part the state is that part's.

import type { Aggregator, Place, StateCell } from "../aggregate/aggregator.ts";
import { presentState } from "../aggregate/laws.ts";
import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import { invariant } from "../data-error.ts";
import { type StatePart, StateParts } from "./state-parts.ts";

/** A row of a grouping: whoever emits may use one object again and again, nothing of it is kept. */
export interface GroupRow {
  /** Which grouping, 0 being the first. */
  readonly ordinal: number;
  /** A value for each part; a missing one is `null` or `undefined`. */
  readonly values: readonly unknown[];
}

/** What a group comes to. */
export interface GroupResult {
  /** The result of each part. */
  readonly results: readonly unknown[];
  /** The canonical state, for a grouping whose groups travel on; owned by the caller. */
  readonly state?: Uint8Array;
}

/** One grouping of a shuffle. */
export interface GroupingStates {
  readonly parts: readonly StatePart[];
  /** Whether results come with their state. */
  readonly keepsState: boolean;
}

/** Make the aggregator of all groupings. */
export function aggregateGroups(groupings: readonly GroupingStates[]): Aggregator<GroupRow, GroupResult> {
  const [first] = groupings;
  invariant(first !== undefined, "an aggregation has a grouping");
  if (groupings.length > 1) return aggregateSeveral(groupings);
  return aggregateGrouping(first);
}

/**
 * Make the reader of states that came with results.
 *
 * @param groupings - those of {@link aggregateGroups}.
 * @returns the results of a state of the grouping with an ordinal.
 */
export function createStateReader(
  groupings: readonly GroupingStates[],
): (ordinal: number, state: Uint8Array) => readonly unknown[] {
  const readers = groupings.map((grouping) =>
    groupings.length > 1 ? aggregateParts(grouping.parts) : aggregateRows(grouping.parts),
  );
  return (ordinal, state) => {
    const reader = readers[ordinal];
    invariant(reader !== undefined, "a state is of one of the groupings");
    return presentState(reader, state);
  };
}

function aggregateRows(parts: readonly StatePart[]): Presented {
  const [part, ...more] = parts;
  return part === undefined || more.length > 0 ? aggregateParts(parts) : aggregatePart(part);
}

function aggregateGrouping(grouping: GroupingStates): Aggregator<GroupRow, GroupResult> {
  return presentingState(aggregateRows(grouping.parts), grouping.keepsState);
}

type Presented = Aggregator<GroupRow, readonly unknown[]>;

function presentingState(aggregator: Presented, keepsState: boolean): Aggregator<GroupRow, GroupResult> {
  return {
    ...aggregator,
    present: (cell) => {
      const results = aggregator.present(cell);
      return keepsState ? { results, state: encoded(aggregator, cell) } : { results };
    },
  };
}

function encoded(aggregator: Aggregator<never, unknown>, cell: StateCell): Uint8Array {
  const sink = new ByteSink(64);
  aggregator.encode(cell, sink);
  return sink.toBytes();
}

function aggregatePart({ aggregator, everyRow }: StatePart): Presented {
  return {
    wire: [aggregator.wire],
    stateBytes: aggregator.stateBytes,
    add: (cell, row, place) => {
      const value = row.values[0];
      return everyRow || (value !== null && value !== undefined) ? aggregator.add(cell, value, place) : true;
    },
    merge: aggregator.merge,
    encode: aggregator.encode,
    present: (cell) => [aggregator.present(cell)],
  };
}

function aggregateParts(parts: readonly StatePart[]): Presented {
  const states = new StateParts(parts);
  const reader = new ByteReader();
  return {
    wire: parts.map(({ aggregator }) => aggregator.wire),
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
  readonly #keepsState: readonly boolean[];
  readonly #reader = new ByteReader();

  constructor(groupings: readonly GroupingStates[]) {
    this.#states = groupings.map(({ parts }) => new StateParts(parts));
    this.#keepsState = groupings.map(({ keepsState }) => keepsState);
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

  present(cell: StateCell): GroupResult {
    const mark = this.#mark(cell);
    invariant(mark > 0, "a group has a row");
    const states = this.#statesAt(mark - 1);
    const results = states.present(cell, ordinalBytes);
    if (this.#keepsState[mark - 1] !== true) return { results };
    const sink = new ByteSink(64);
    states.encode(cell, ordinalBytes, sink);
    return { results, state: sink.toBytes() };
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

function aggregateSeveral(groupings: readonly GroupingStates[]): Aggregator<GroupRow, GroupResult> {
  const states = new SeveralStates(groupings);
  return {
    wire: groupings.map(({ parts }) => parts.map(({ aggregator }) => aggregator.wire)),
    stateBytes: ordinalBytes,
    add: (cell, row, place) => states.add(cell, row, place),
    merge: (cell, bytes, start, end) => states.merge(cell, bytes, start, end),
    encode: (cell, sink) => states.encode(cell, sink),
    present: (cell) => states.present(cell),
  };
}
