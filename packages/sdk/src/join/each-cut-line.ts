// The map function of a join of lines by one of their columns.

import type { Emit } from "../job/context.ts";
import { type OptionForm, refuseValue, takeOptions, withReadParams } from "../job/read-params.ts";
import { withBatchPlan } from "../program/batch-plan.ts";
import type { ParamValues } from "../program/user-functions.ts";

/** Names of the parameters that say how lines are cut. */
export interface LineCutOptions {
  /** A text, not empty: what stands between columns. */
  readonly separator: string;
  /** A whole number: the column that is the key; 1 is the first. */
  readonly column: string;
  /** Of the counter of lines without the column. */
  readonly malformed: string;
}

const forms: Readonly<Record<string, OptionForm>> = {
  separator: { types: ["text", "choice"], isRequired: true },
  column: { types: ["int"], isRequired: true },
  malformed: { isRequired: true },
};

/** What is used of the context. */
interface Parameters {
  readonly params: Readonly<Record<string, unknown>>;
  readonly count: (name: string) => void;
}

/**
 * A map function of an input of `defineJoin` with keys and values of text: it emits each line under one of its columns, the
 * value being the other columns, each behind a separator. Lines without the column are counted.
 *
 * With `textLines()`, and a separator of one character, it runs at several times the speed of a function of one's own.
 *
 * @param options - names of parameters and of the counter.
 * @throws {MillraceError} E_JOB_INVALID for options that are no names. A job is refused with E_PARAMETER for a column below 1
 *   and for an empty separator.
 * @example
 * ```ts
 * params: { separator: text({ default: "\t" }), column: int({ default: 1, min: 1 }) },
 * inputs: {
 *   users: { input: textLines(), value: text(), map: eachCutLine({ separator: "separator", column: "column", malformed: "malformed" }) },
 *   hits: { input: textLines(), value: text(), map: eachCutLine({ separator: "separator", column: "column", malformed: "malformed" }) },
 * },
 * reduce: eachJoinedText(),
 * output: textLines(),
 * ```
 */
export function eachCutLine(
  options: LineCutOptions,
): (line: string, emit: Emit<string, string>, context: Parameters) => void {
  const reads = takeOptions("eachCutLine", options, forms);
  const choose = (params: ParamValues): Cut => {
    const column = params[options.column];
    if (!isColumn(column)) refuseValue(reads, "column", column, "a whole number from 1 on");
    const separator = params[options.separator];
    if (typeof separator !== "string" || separator === "")
      return refuseValue(reads, "separator", separator, "what stands between columns");
    return { params, column, separator };
  };
  // Parameters are one object for all of an attempt.
  let known: Cut | undefined;
  const map = (line: string, emit: Emit<string, string>, { params, count }: Parameters): void => {
    if (known?.params !== params) known = choose(params);
    const { column, separator } = known;
    const begin = beginOf(line, separator, column);
    if (begin === undefined) {
      count(options.malformed);
      return;
    }
    const next = line.indexOf(separator, begin);
    const end = next < 0 ? line.length : next;
    const before = column === 1 ? "" : separator + line.slice(0, begin - separator.length);
    emit(line.slice(begin, end), before + line.slice(end));
  };
  return withBatchPlan(withReadParams(map, reads, choose), { kind: "line-cut", choose });
}

/** What parameters come to. */
interface Cut {
  readonly params: ParamValues;
  readonly column: number;
  readonly separator: string;
}

function isColumn(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Where a column begins. */
function beginOf(line: string, separator: string, column: number): number | undefined {
  let begin = 0;
  for (let before = 1; before < column; before++) {
    const at = line.indexOf(separator, begin);
    if (at < 0) return undefined;
    begin = at + separator.length;
  }
  return begin;
}
