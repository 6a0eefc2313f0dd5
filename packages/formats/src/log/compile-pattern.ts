// A log pattern as nginx or Apache writes it, as steps: a text that stands there, a value, the next text, and so on.

import { MillraceError, quote } from "@millrace/core";
import { type LogVariable, apacheForms, apachePrefixes, apacheVariables, knownVariables } from "./log-variables.ts";

/** A variable, and the text between it and the next; empty for one that ends the line. */
export interface PatternStep {
  /** As the pattern has it: `$status`, `%>s`. */
  readonly written: string;
  readonly variable: LogVariable;
  readonly literal: string;
}

/** A pattern that has been read. */
export interface LogPattern {
  /** What stands before the first variable. */
  readonly prefix: string;
  readonly steps: readonly PatternStep[];
}

/** A variable as it stands in a pattern. */
interface Found {
  readonly written: string;
  readonly name: string;
  readonly at: number;
}

const nginxVariable = /\$(?:\{([^{}]+)\}|([a-zA-Z0-9_]+))/gu;
const apacheDirective = /%(?:(%)|[!<>\d,]*(?:\{([^{}]*)\})?([a-zA-Z]))/gu;

/**
 * Read a pattern. It is nginx's when it has a `$variable`, else Apache's.
 *
 * @throws {MillraceError} E_JOB_INVALID for a pattern without variables, an unknown directive, or two variables with
 *   nothing between them.
 */
export function compilePattern(pattern: string): LogPattern {
  const nginx = Array.from(pattern.matchAll(nginxVariable), (match) => foundIn(match, match[1] ?? match[2] ?? ""));
  const found = nginx.length > 0 ? nginx : apacheVariablesOf(pattern);
  const first = found[0];
  if (first === undefined) throw refused(pattern, "it has no variable such as $status or %>s; write one");
  const literal = (from: number, to: number): string => unescapeLiteral(pattern.slice(from, to), nginx.length === 0);
  const steps = found.map((each, index): PatternStep => {
    const next = found[index + 1];
    const between = literal(each.at + each.written.length, next?.at ?? pattern.length);
    if (next !== undefined && between === "") {
      throw refused(
        pattern,
        `nothing stands between ${each.written} and ${next.written}, so where one ends is not to be seen; write what separates them`,
      );
    }
    return { written: each.written, variable: variableOf(each.name), literal: between };
  });
  return { prefix: literal(0, first.at), steps };
}

/** The column that a variable without an entry in the table gives. */
export function camelCase(name: string): string {
  return name.replace(/_+(.?)/gu, (_all, next: string) => next.toUpperCase());
}

function variableOf(name: string): LogVariable {
  if (Object.hasOwn(knownVariables, name)) return knownVariables[name as keyof typeof knownVariables];
  return { columns: { [camelCase(name)]: "text?" }, end: "text", reading: { kind: "text" } };
}

function foundIn(match: RegExpExecArray, name: string): Found {
  return { written: match[0], name, at: match.index };
}

function apacheVariablesOf(pattern: string): readonly Found[] {
  return Array.from(pattern.matchAll(apacheDirective)).flatMap((match) => {
    const [written, percent, braced, letter = ""] = match;
    if (percent !== undefined) return [];
    const name = braced === undefined ? letterVariable(letter) : bracedVariable(braced, letter);
    if (name === undefined) {
      throw refused(
        pattern,
        `the directive ${written} is not known here; use one of %${Object.keys(apacheVariables).join(" %")}, %{Name}i, %{Name}o, %{Name}C, %{sec}t, %{msec}t, %{usec}t or %{ms}T`,
      );
    }
    return [foundIn(match, name)];
  });
}

function letterVariable(letter: string): string | undefined {
  return Object.hasOwn(apacheVariables, letter) ? apacheVariables[letter as keyof typeof apacheVariables] : undefined;
}

function bracedVariable(name: string, letter: string): string | undefined {
  const form = `${name} ${letter}`;
  if (Object.hasOwn(apacheForms, form)) return apacheForms[form as keyof typeof apacheForms];
  if (Object.hasOwn(apachePrefixes, letter)) {
    return `${apachePrefixes[letter as keyof typeof apachePrefixes]}${name.toLowerCase().replaceAll("-", "_")}`;
  }
  // The braces of %{remote}p or %{c}a choose among values of one form; those of a time choose the form itself.
  return letter === "t" || letter === "T" ? undefined : letterVariable(letter);
}

function unescapeLiteral(text: string, isApache: boolean): string {
  return isApache ? text.replaceAll("%%", "%") : text;
}

function refused(pattern: string, reason: string): MillraceError {
  return new MillraceError("E_JOB_INVALID", `Cannot use the log pattern ${quote(pattern)}: ${reason}`);
}
