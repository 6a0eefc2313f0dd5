// Texts: parts of them, tests of them, their words.

import { type TextTest, showExpression } from "@millrace/data";
import { kindOf } from "../job/kind-of.ts";
import type { Param } from "../param/param.ts";
import { condition } from "./conditions.ts";
import { type Condition, type Expr, createExpr } from "./expr.ts";
import { type Making, isParam, refuseExpression, takeConstant, takeExpression } from "./operand.ts";
import { compilePattern } from "./re2-pattern.ts";

/**
 * A part of a text, by characters (code points). Missing when the text is; empty beyond its end.
 *
 * @param from - 0 is the first character.
 * @param length - characters at most; to the end when absent.
 * @example
 * ```ts
 * groupBy: { area: substring(log.path, 0, 4) },
 * ```
 */
export function substring<M extends null>(value: Expr<"text", M>, from: number, length?: number): Expr<"text", M> {
  const making: Making = { name: "substring" };
  const node = takeExpression(making, value, "text");
  for (const [name, count] of [
    ["from", from],
    ["length", length ?? 0],
  ] as const)
    if (!Number.isSafeInteger(count) || count < 0)
      refuseExpression(
        { ...making, beside: showExpression(node) },
        `"${name}" is ${String(count)}; give a whole number of 0 or more`,
      );
  return createExpr("text", { node: "substring", value: node, from, ...(length === undefined ? {} : { length }) });
}

/**
 * What of a text stands before the first `what`; all of it where there is none. Missing when the text is.
 *
 * @example
 * ```ts
 * groupBy: { page: before(log.path, "?") },
 * ```
 */
export function before<M extends null>(value: Expr<"text", M>, what: string): Expr<"text", M> {
  const making: Making = { name: "before" };
  const node = takeExpression(making, value, "text");
  const beside: Making = { ...making, beside: showExpression(node) };
  if (typeof what !== "string") refuseExpression(beside, `"what" is ${kindOf(what)}; give a text such as "?"`);
  if (what === "") refuseExpression(beside, 'nothing stands before an empty text; give one such as "?"');
  if (!what.isWellFormed()) refuseExpression(beside, `"what" holds a lone surrogate; give well-formed text`);
  return createExpr("text", { node: "before", value: node, what });
}

/**
 * A number as text, as JavaScript writes it: to stand beside texts. Missing when the number is.
 *
 * @example
 * ```ts
 * groupBy: { status: textOf(log.status) },
 * ```
 */
export function textOf<M extends null>(value: Expr<"number", M>): Expr<"text", M> {
  return createExpr("text", { node: "textOf", value: takeExpression({ name: "textOf" }, value, "number") });
}

function testText(test: TextTest, value: unknown, what: unknown): Condition {
  const node = takeExpression({ name: test }, value, "text");
  const constant = takeConstant({ name: test, beside: showExpression(node) }, what, "text");
  if (test === "matches" && constant.node === "literal") compilePattern(constant.value as string);
  if (test === "matches" && isParam(what) && what.description.syntax === "javascript")
    refuseExpression(
      { name: test, beside: showExpression(node) },
      "its parameter is a pattern in JavaScript's syntax, and matches() reads RE2's; write pattern({ syntax: \"re2\" })",
    );
  return condition({ node: "textTest", test, value: node, what: constant });
}

/**
 * Whether a text begins with another. False when it is missing.
 *
 * @example
 * ```ts
 * where: hasPrefix(log.path, "/api/"),
 * ```
 */
export function hasPrefix(value: Expr<"text">, what: string | Param<string>): Condition {
  return testText("hasPrefix", value, what);
}

/**
 * Whether a text holds another. False when it is missing.
 *
 * @example
 * ```ts
 * where: contains(lines.line, "ERROR"),
 * ```
 */
export function contains(value: Expr<"text">, what: string | Param<string>): Condition {
  return testText("contains", value, what);
}

/**
 * Whether a text matches a regular expression somewhere (`^…$` for the whole). False when it is missing. The syntax is
 * RE2's: linear in the text, no look-around, no back-references.
 *
 * @throws {MillraceError} E_JOB_INVALID for a pattern that RE2 refuses, with the place. A parameter that is a
 * `pattern({ syntax: "re2" })` is checked before anything starts, one that is a `text()` when the job runs.
 * @see https://github.com/google/re2/wiki/Syntax
 * @example
 * ```ts
 * where: matches(log.userAgent, "(?i)bot|crawler|spider"),
 * ```
 */
export function matches(value: Expr<"text">, what: string | Param<string>): Condition {
  return testText("matches", value, what);
}

/**
 * The words of a text: a grouping that uses it has a row for each word of a record, and none for a record without.
 * Words are what stands between white space. One text a grouping can be taken apart.
 *
 * @example
 * ```ts
 * groupBy: { word: words(lines.line) },
 * reduce: { count: count() },
 * ```
 */
export function words(value: Expr<"text">): Expr<"text", never> {
  return createExpr("text", { node: "words", value: takeExpression({ name: "words" }, value, "text") });
}
