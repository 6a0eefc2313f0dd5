// Parameters that are a regular expression, or a group of one: checked before anything starts, as a job would else fail
// in each of its tasks.

import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { compilePattern } from "../expression/re2-pattern.ts";
import type { Param, ParamDescription } from "./param.ts";

/** Options of a pattern. */
export interface PatternOptions {
  /**
   * `"javascript"` (the default): what `new RegExp(text, "u")` takes. `"re2"`: what `matches` takes, which needs time
   * linear in the text and has no look-around and no back-references.
   */
  readonly syntax?: "javascript" | "re2";
  readonly default?: string;
  readonly about?: string;
}

/**
 * A regular expression, as text. With `syntax: "re2"` it may stand in `matches`.
 *
 * @throws {MillraceError} E_JOB_INVALID when the default is no pattern.
 * @example
 * ```ts
 * params: { only: pattern({ default: "^/api/" }) },
 * setup: ({ params }) => new RegExp(params.only, "u"),
 * ```
 */
export function pattern(options: PatternOptions = {}): Param<string> {
  const { syntax = "javascript", about } = options;
  const check = syntax === "re2" ? checkRe2 : checkJavaScript;
  if (options.default !== undefined) {
    const mistake = check(options.default);
    if (mistake !== undefined) throw badDefault("pattern", options.default, mistake);
  }
  return {
    description: { type: "pattern", syntax, ...stated(options.default, about) },
    parse: (given) => {
      const mistake = check(given);
      if (mistake === undefined) return given;
      throw new MillraceError("E_PARAMETER", `${quote(given)} is no regular expression: ${mistake}`);
    },
  };
}

/** Options of a group of a pattern. */
export interface PatternGroupOptions {
  readonly default?: number;
  readonly about?: string;
}

/**
 * The number of a group of a `pattern()` of the same job in JavaScript's syntax: 0 for all that is matched, 1 for what
 * the first parentheses catch.
 *
 * @param of - name of the parameter that has the pattern.
 * @throws {MillraceError} E_JOB_INVALID when the default is no whole number from 0 to 99.
 * @example
 * ```ts
 * params: { form: pattern({ default: "(\\d+) ms" }), group: patternGroup("form", { default: 1 }) },
 * ```
 */
export function patternGroup(of: string, options: PatternGroupOptions = {}): Param<number> {
  const initial = options.default === undefined ? undefined : String(options.default);
  if (initial !== undefined && !groupForm.test(initial))
    throw badDefault("patternGroup", initial, "not a whole number from 0 to 99");
  return {
    description: { type: "int", min: 0, max: 99, ...stated(initial, options.about) },
    parse: (given) => {
      if (groupForm.test(given)) return Number(given);
      throw new MillraceError("E_PARAMETER", `${quote(given)} is not a whole number from 0 to 99`);
    },
    check: (value, all) => {
      const text = all[of];
      if (typeof text !== "string") return `there is no parameter ${quote(of)} with a pattern`;
      const groups = groupsOf(text);
      if (value <= groups) return undefined;
      return `the pattern ${quote(text)} has ${groups === 0 ? "no group" : `${groups} group${groups === 1 ? "" : "s"}`}; give ${groups === 0 ? "0, which is all that is matched, or put parentheses around what is wanted" : `one from 1 to ${groups}, or 0 for all that is matched`}`;
    },
  };
}

/** Up to 99, as in a JavaScript replacement. */
const groupForm = /^\d{1,2}$/u;

/** With an empty alternative a pattern matches the empty text, and the match says how many groups there are. */
function groupsOf(text: string): number {
  return (new RegExp(`${text}|`, "u").exec("")?.length ?? 1) - 1;
}

function checkJavaScript(text: string): string | undefined {
  try {
    void new RegExp(text, "u");
    return undefined;
  } catch (thrown) {
    // "Invalid regular expression: /(/u: Unterminated group": the pattern stands before it already.
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return `${reason.slice(reason.lastIndexOf(": ") + 2)}; write it in JavaScript's syntax, with a \\ before a character that is meant as it stands`;
  }
}

function checkRe2(text: string): string | undefined {
  try {
    compilePattern(text);
    return undefined;
  } catch (thrown) {
    if (!isMillraceError(thrown)) throw thrown;
    return thrown.message.slice(
      thrown.message.indexOf(": ", thrown.message.indexOf(quote(text)) + quote(text).length) + 2,
    );
  }
}

function stated(initial: string | undefined, about: string | undefined): Pick<ParamDescription, "default" | "about"> {
  return { ...(initial === undefined ? {} : { default: initial }), ...(about === undefined ? {} : { about }) };
}

function badDefault(made: string, given: string, mistake: string): MillraceError {
  return new MillraceError("E_JOB_INVALID", `Cannot use ${quote(given)} as default of ${made}(): ${mistake}`);
}
