// The map function of a join of lines by one of their columns.

import type { Emit } from "../job/context.ts";
import { withBatchPlan } from "../program/batch-plan.ts";
import type { ParamValues } from "../program/user-functions.ts";

/** Names of the parameters that say how lines are cut. */
export interface LineCutOptions {
  /** A text: what stands between columns. */
  readonly separator: string;
  /** A number: the column that is the key; 1 is the first. */
  readonly column: string;
  /** Of the counter of lines without the column. */
  readonly malformed: string;
}

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
  const choose = (params: ParamValues): { readonly column: number; readonly separator: string } => ({
    column: params[options.column] as number,
    separator: params[options.separator] as string,
  });
  const map = (line: string, emit: Emit<string, string>, { params, count }: Parameters): void => {
    const { column, separator } = choose(params);
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
  return withBatchPlan(map, { kind: "line-cut", choose });
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
