// The functions of a join between the engine and its author: a map for each input that tags what it emits, and a reduce
// that sorts the values of a key out again.

import { MillraceError, quote } from "@millrace/core";
import type { MapStep, ReduceRun, StepEmit } from "../program/user-functions.ts";
import type { JoinLimits } from "../program/reduce-plan.ts";
import type { SideValue } from "./side-codecs.ts";

/**
 * What the values of one key of all inputs but the last may take in memory: their encoded bytes and
 * {@link valueOverheadBytes} each. As JavaScript objects they are about three times that, of 512 MiB that a host has.
 */
export const joinBytesMax = 64 * 1024 * 1024;
/** An array's place, an object's header and its first fields. */
const valueOverheadBytes = 64;

/** Make the map of one input: `emit` takes a key and a value, what goes on is tagged with the input. */
export function sideMap(side: number, map: MapStep): MapStep {
  let from: StepEmit | undefined;
  let tagging: StepEmit = () => undefined;
  return (record, emit, context) => {
    // One closure and one tag for an attempt, not for a record: the codec keeps nothing of what it is given.
    if (emit !== from) [from, tagging] = [emit, taggingEmit(side, emit)];
    return map(record, tagging, context);
  };
}

function taggingEmit(side: number, emit: StepEmit): StepEmit {
  const tagged: SideValue = { side, value: undefined, bytes: 0 };
  return (key, value) => {
    tagged.value = value;
    emit(key, tagged, side);
  };
}

/** A reduce of a join: `sides` has the values of each input by its name. */
export type JoinRun = (
  key: unknown,
  sides: Readonly<Record<string, Iterable<unknown>>>,
  emit: Parameters<ReduceRun>[2],
  context: Parameters<ReduceRun>[3],
) => unknown;

/**
 * Make the reduce of a join out of the author's: the values of all inputs but the last are collected, those of the last
 * stream once.
 *
 * @param names - of the inputs, in declared order.
 */
export function joinReduce(job: string, names: readonly string[], reduce: JoinRun): ReduceRun {
  const last = names.length - 1;
  return (key, values, emit, context) => {
    const iterator = (values as Iterable<SideValue>)[Symbol.iterator]();
    const kept: unknown[][] = Array.from({ length: last }, () => []);
    let bytes = 0;
    let next = iterator.next();
    for (; next.done !== true && next.value.side < last; next = iterator.next()) {
      bytes += next.value.bytes + valueOverheadBytes;
      if (bytes > joinBytesMax) throw tooLarge(job, { key, names, side: next.value.side, kept });
      kept[next.value.side]?.push(next.value.value);
    }
    const sides: Record<string, Iterable<unknown>> = {};
    for (const [index, name] of names.entries())
      sides[name] = index < last ? (kept[index] ?? []) : new StreamedValues(next, iterator, name);
    return reduce(key, sides, emit, context);
  };
}

/** What {@link joinReduce} keeps at most of the first of two inputs, for who does the same in another way. */
export function joinLimits(job: string, names: readonly string[]): JoinLimits {
  return {
    bytesMax: joinBytesMax,
    overheadBytes: valueOverheadBytes,
    tooLarge: (key, count) => tooLarge(job, { key, names, side: 0, kept: [{ length: count }] }),
  };
}

/** The values of the last input: the one that was read already, then the rest. */
class StreamedValues implements Iterable<unknown> {
  readonly #first: IteratorResult<SideValue>;
  readonly #rest: Iterator<SideValue>;
  readonly #name: string;
  #opened = false;

  constructor(first: IteratorResult<SideValue>, rest: Iterator<SideValue>, name: string) {
    this.#first = first;
    this.#rest = rest;
    this.#name = name;
  }

  [Symbol.iterator](): Iterator<unknown> {
    if (this.#opened)
      throw new MillraceError(
        "E_USER_CODE",
        `Cannot read the values of the input ${quote(this.#name)} again: those of the last input stream once; loop over it outside and over the others inside, or keep what is needed`,
      );
    this.#opened = true;
    const rest = this.#rest;
    let held: IteratorResult<SideValue> | undefined = this.#first;
    return {
      next: () => {
        const next = held ?? rest.next();
        // The end stays the end: the engine's values are not asked again.
        held = next.done === true ? next : undefined;
        return next.done === true ? { done: true, value: undefined } : { done: false, value: next.value.value };
      },
      return: () => ({ done: true, value: undefined }),
    };
  }
}

function tooLarge(
  job: string,
  at: {
    readonly key: unknown;
    readonly names: readonly string[];
    readonly side: number;
    readonly kept: readonly { readonly length: number }[];
  },
): MillraceError {
  const name = at.names[at.side] ?? "";
  const count = at.kept.reduce((sum, values) => sum + values.length, 0);
  return new MillraceError(
    "E_JOIN_MEMORY",
    `Cannot join the key ${quote(showKey(at.key))} of job ${quote(job)}: with its input ${quote(name)} the values before the last input take more than ${joinBytesMax} bytes, after ${count} values; put the input with the most values of one key last, or emit smaller values`,
    { details: { input: name, values: count, bytesMax: joinBytesMax } },
  );
}

function showKey(key: unknown): string {
  try {
    return typeof key === "string" ? key : (JSON.stringify(key) ?? typeof key);
  } catch {
    return typeof key;
  }
}
