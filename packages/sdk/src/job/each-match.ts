// A map function that jobs like grep have in common: what a regular expression matches in a text, one pair each.

import { withBatchPlan } from "../program/batch-plan.ts";
import type { ParamValues } from "../program/user-functions.ts";
import type { Emit } from "./context.ts";
import { plainPattern } from "./plain-pattern.ts";
import {
  type OptionForm,
  type ReadParams,
  flagReader,
  refuseValue,
  takeOptions,
  withReadParams,
} from "./read-params.ts";
import { requiredText } from "./required-text.ts";

/** Names of the parameters that say what {@link eachMatch} looks for. */
export interface EachMatchOptions {
  /** A regular expression, as `pattern()` takes it; it is read with the flag `u`. */
  readonly pattern: string;
  /** The group that is emitted, as `patternGroup()` takes it; without it, and of 0, all that is matched. */
  readonly group?: string;
  /** Whether the case of letters does not matter. */
  readonly ignoreCase?: string;
}

const forms: Readonly<Record<string, OptionForm>> = {
  pattern: { types: ["pattern", "text", "choice"], isRequired: true },
  group: { types: ["int"] },
  ignoreCase: { types: ["boolean"] },
};

/** What parameters come to. */
interface Sought {
  readonly params: ParamValues;
  readonly expression: RegExp;
  /** That each match holds. */
  readonly required: string;
  readonly group: number;
}

/**
 * A map function that emits each text that a pattern, or one of its groups, matches in a text, which may have several. A
 * group that takes no part in a match emits nothing.
 *
 * With `textLines()` lines that can hold no match are passed over without becoming strings. With `count()` matches of a
 * pattern that is a fixed number of characters of ASCII, as `" 50[03] ` or `ERROR \d\d`, are found and counted by kernels
 * in lines of ASCII.
 *
 * @throws {MillraceError} E_JOB_INVALID for options that are no names of parameters.
 * @example
 * ```ts
 * params: { pattern: pattern({ about: "what to count" }) },
 * input: textLines(),
 * map: eachMatch({ pattern: "pattern" }),
 * reduce: count(),
 * output: textTable(),
 * ```
 */
export function eachMatch(
  options: EachMatchOptions,
): (text: string, emit: Emit<string, void>, context: { readonly params: ParamValues }) => void {
  const reads = takeOptions("eachMatch", options, forms);
  const soughtBy = soughtReader(reads, options);
  // Parameters are one object for all of an attempt.
  let known: Sought | undefined;
  const map = (text: string, emit: Emit<string, void>, { params }: { readonly params: ParamValues }): void => {
    if (known?.params !== params) known = soughtBy(params);
    const { expression, required, group } = known;
    if (!text.includes(required)) return;
    if (group === 0) {
      // Without an object for each match, which is most of the time that a line takes.
      for (const found of text.match(expression) ?? []) emit(found);
      return;
    }
    for (const match of text.matchAll(expression)) {
      const found = match[group];
      if (found !== undefined) emit(found);
    }
  };
  return withBatchPlan(withReadParams(map, reads, soughtBy), {
    kind: "matches",
    choose: (params) => {
      const { expression, required, group } = soughtBy(params);
      const pattern = group === 0 ? plainPattern(expression) : undefined;
      return pattern === undefined ? { required } : { required, pattern };
    },
  });
}

/** @throws {MillraceError} E_PARAMETER from what it returns, for values that are no pattern, group or boolean. */
function soughtReader(reads: ReadParams, options: EachMatchOptions): (params: ParamValues) => Sought {
  const ignoresCase = flagReader(reads, "ignoreCase");
  return (params) => {
    const pattern = params[options.pattern];
    if (typeof pattern !== "string") refuseValue(reads, "pattern", pattern, "a regular expression");
    const group = options.group === undefined ? 0 : params[options.group];
    if (!isGroup(group)) refuseValue(reads, "group", group, "0, or the number of a group");
    const flags = ignoresCase(params) ? "giu" : "gu";
    const expression = compiled(pattern, flags) ?? refuseValue(reads, "pattern", pattern, "a regular expression");
    return { params, expression, required: requiredText(expression), group };
  };
}

/** A `text()`, unlike a `pattern()`, may be anything. */
function compiled(pattern: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(pattern, flags);
  } catch {
    return undefined;
  }
}

function isGroup(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
