// The law kit: what every aggregator must keep, checked on samples. For tests, of ours and of whoever adds one.

import { ByteSink } from "../bytes/byte-sink.ts";
import { compareBytes } from "../bytes/compare-bytes.ts";
import { invariant } from "../data-error.ts";
import type { Aggregator, Place } from "./aggregator.ts";
import { BufferCell } from "./buffer-cell.ts";

/** Samples, and a source of numbers in [0, 1) to shuffle them with. */
export interface LawSamples<V> {
  readonly values: readonly V[];
  readonly random: () => number;
  /** Groupings to try; 8 when absent. */
  readonly rounds?: number;
  /** Values emitted by each task, in order; 8 when absent. */
  readonly perTask?: number;
}

/** A value and where it was emitted: shuffled together. */
interface Placed<V> {
  readonly value: V;
  readonly place: Place;
}

/** Fold values in order, as emitted by one task. @returns the canonical encoding of the state. */
export function foldValues<V>(aggregator: Aggregator<V, unknown>, values: readonly V[]): Uint8Array {
  return foldPlaced(aggregator, placeInTasks(values, values.length));
}

/** The first `perTask` values are those of task 0, and so on. */
function placeInTasks<V>(values: readonly V[], perTask: number): Placed<V>[] {
  return values.map((value, index) => ({
    value,
    place: { task: Math.floor(index / perTask), position: index % perTask },
  }));
}

function foldPlaced<V>(aggregator: Aggregator<V, unknown>, values: readonly Placed<V>[]): Uint8Array {
  const cell = new BufferCell().clear(aggregator);
  for (const { value, place } of values)
    invariant(aggregator.add(cell, value, place), "add() never fails where there is room");
  return encodeState(aggregator, cell);
}

/** Merge encoded states in order. @returns the canonical encoding of the state. */
export function mergeStates<V>(aggregator: Aggregator<V, unknown>, states: readonly Uint8Array[]): Uint8Array {
  const cell = new BufferCell().clear(aggregator);
  for (const state of states)
    invariant(aggregator.merge(cell, state, 0, state.length), "merge() never fails where there is room");
  return encodeState(aggregator, cell);
}

/** Present an encoded state. */
export function presentState<A>(aggregator: Aggregator<never, A>, state: Uint8Array): A {
  const cell = new BufferCell().clear(aggregator);
  invariant(aggregator.merge(cell, state, 0, state.length), "merge() never fails where there is room");
  return aggregator.present(cell);
}

/**
 * Check the laws: order independence (each value keeps its place), grouping independence, canonical encoding, encoding that survives a round trip,
 * presentation that is a function of the state, and no change when there is no room.
 *
 * @returns the presented result. @throws {DataInvariantError} that names the law.
 */
export function checkAggregatorLaws<V, A>(aggregator: Aggregator<V, A>, samples: LawSamples<V>): A {
  const { random, rounds = 8 } = samples;
  const values = placeInTasks(samples.values, samples.perTask ?? 8);
  const expected = foldPlaced(aggregator, values);
  requireEqual(
    mergeStates(aggregator, [expected]),
    expected,
    "an encoded state merged alone encodes to the same bytes",
  );
  requireEqual(
    mergeStates(aggregator, [foldValues(aggregator, []), expected]),
    expected,
    "the empty state changes nothing",
  );
  const result = JSON.stringify(presentState(aggregator, expected), showExactly);
  for (let round = 0; round < rounds; round++) {
    const shuffled = shuffle(values, random);
    requireEqual(foldPlaced(aggregator, shuffled), expected, "the order of values changes nothing");
    const merged = mergeTree(aggregator, shuffled, random);
    requireEqual(merged, expected, "the grouping of values changes nothing");
    invariant(
      JSON.stringify(presentState(aggregator, merged), showExactly) === result,
      "equal states present equal results",
    );
    checkRefusal(aggregator, shuffled, random);
  }
  return presentState(aggregator, expected);
}

/** Adding to a full cell gives false and leaves the state. */
function checkRefusal<V>(aggregator: Aggregator<V, unknown>, values: readonly Placed<V>[], random: () => number): void {
  const limit = aggregator.stateBytes + Math.floor(random() * 64);
  const cell = new BufferCell(limit).clear(aggregator);
  const kept: Placed<V>[] = [];
  for (const value of values) {
    if (aggregator.add(cell, value.value, value.place)) kept.push(value);
  }
  requireEqual(
    encodeState(aggregator, cell),
    foldPlaced(aggregator, kept),
    "a value that found no room changed nothing",
  );
}

/** Fold runs of random length, then merge states in a random tree. */
function mergeTree<V>(
  aggregator: Aggregator<V, unknown>,
  values: readonly Placed<V>[],
  random: () => number,
): Uint8Array {
  const states: Uint8Array[] = [];
  for (let from = 0; from < values.length;) {
    const to = from + 1 + Math.floor(random() * 4);
    states.push(foldPlaced(aggregator, values.slice(from, to)));
    from = to;
  }
  while (states.length > 1) {
    const at = Math.floor(random() * (states.length - 1));
    const count = 2 + Math.floor(random() * 3);
    states.splice(at, count, mergeStates(aggregator, states.slice(at, at + count)));
  }
  return states[0] ?? foldPlaced(aggregator, []);
}

function encodeState(aggregator: Aggregator<never, unknown>, cell: BufferCell): Uint8Array {
  const sink = new ByteSink(64);
  aggregator.encode(cell, sink);
  return sink.toBytes();
}

function shuffle<V>(values: readonly V[], random: () => number): V[] {
  const shuffled = [...values];
  for (let index = shuffled.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [shuffled[index], shuffled[other]] = [shuffled[other]!, shuffled[index]!];
  }
  return shuffled;
}

function requireEqual(actual: Uint8Array, expected: Uint8Array, law: string): void {
  invariant(compareBytes(actual, expected) === 0, `aggregator law: ${law}`);
}

function showExactly(_name: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? `number ${Object.is(value, -0) ? "-0" : value}`
    : value;
}
