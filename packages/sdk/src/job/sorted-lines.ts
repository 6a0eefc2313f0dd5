// Map and reduce functions of jobs that sort lines.

import { withBatchPlan } from "../program/batch-plan.ts";
import { withReducePlan } from "../program/reduce-plan.ts";
import type { Emit, Values, Write } from "./context.ts";
import { flagReader, takeOptions, withReadParams } from "./read-params.ts";

/** What lines are sorted by: the number that a line begins with, if it counts, and the line. */
export type LineKey = readonly [number: number | null, line: string];

/** What is used of the context. */
interface Parameters {
  readonly params: Readonly<Record<string, unknown>>;
}

const leadingNumber = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/u;

/**
 * A map function that emits each line as the key `[number, line]` with the value `true`, which {@link eachSortedLine}
 * takes. The number is the one that the line begins with where the parameter says so, and `null` otherwise and for lines
 * without one, which come first.
 *
 * With `textLines()` it runs at several times the speed of a function of one's own.
 *
 * @param options - `numeric` names the parameter, a boolean, that says whether numbers count.
 * @throws {MillraceError} E_JOB_INVALID for options that are no names of parameters.
 * @example
 * ```ts
 * params: { numeric: boolean({ default: false }), unique: boolean({ default: false }) },
 * input: textLines(),
 * key: tuple(optional(double()), text()),
 * value: boolean(),
 * map: eachLineAsKey({ numeric: "numeric" }),
 * partition: sampledRanges(),
 * reduce: eachSortedLine({ unique: "unique" }),
 * output: textLines(),
 * ```
 */
export function eachLineAsKey(
  options: { readonly numeric?: string } = {},
): (line: string, emit: Emit<LineKey, boolean>, context: Parameters) => void {
  const reads = takeOptions("eachLineAsKey", options, { numeric: { types: ["boolean"] } });
  const isNumeric = flagReader(reads, "numeric");
  const map = (line: string, emit: Emit<LineKey, boolean>, { params }: Parameters): void => {
    const number = isNumeric(params) ? leadingNumber.exec(line) : null;
    emit([number === null ? null : Number(number[1]), line], true);
  };
  return withBatchPlan(withReadParams(map, reads, isNumeric), {
    kind: "line-keys",
    choose: (params) => ({
      wires: [keyWire, "boolean"],
      before: noNumber,
      value: trueValue,
      numbers: isNumeric(params),
    }),
  });
}

/**
 * A reduce function that writes the line of each key of {@link eachLineAsKey}, as often as it occurs.
 *
 * @param options - `unique` names the parameter, a boolean, that says whether equal lines are written once.
 * @throws {MillraceError} E_JOB_INVALID for options that are no names of parameters.
 * @example
 * ```ts
 * input: textLines(),
 * key: tuple(optional(double()), text()),
 * value: boolean(),
 * map: eachLineAsKey(),
 * reduce: eachSortedLine(),
 * output: textLines(),
 * ```
 */
export function eachSortedLine(
  options: { readonly unique?: string } = {},
): (key: LineKey, values: Values<boolean>, emit: Write<string>, context: Parameters) => void {
  const reads = takeOptions("eachSortedLine", options, { unique: { types: ["boolean"] } });
  const isUnique = flagReader(reads, "unique");
  const reduce = ([, line]: LineKey, values: Values<boolean>, emit: Write<string>, { params }: Parameters): void => {
    if (isUnique(params)) emit(line);
    else for (const _ of values) emit(line);
  };
  return withReducePlan(withReadParams(reduce, reads, isUnique), {
    kind: "lines",
    choose: (params) => ({ skip: noNumber.length, once: isUnique(params), numbers: true }),
    keyWire,
    textOf: (key) => (key as LineKey)[1],
  });
}

const keyWire = [{ optional: "double" }, "text"];
/** `null` as an optional number, and `true`, encoded. */
const noNumber = Uint8Array.of(0);
const trueValue = Uint8Array.of(1);
