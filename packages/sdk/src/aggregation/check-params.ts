// Checks the values of parameters that an aggregation's own checks could not see: how long a top list is, patterns. Done
// when the job is submitted, before anything runs.

import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { type ExpressionNode, type ParameterMark, topCountMax } from "@millrace/data";
import { compilePattern } from "../expression/re2-pattern.ts";
import type { ParamValues } from "../program/user-functions.ts";
import type { AggregationPlan } from "./aggregation-plan.ts";
import { nodesOf } from "./expression-rules.ts";

/** Check values. @throws {MillraceError} E_PARAMETER that names the parameter. */
export function checkParamValues(plan: AggregationPlan, params: ParamValues): void {
  for (const { top } of plan.groupings) if (top !== undefined) topCountOf(plan, top.count, params);
  for (const node of expressionsOf(plan).flatMap(nodesOf))
    if (node.node === "textTest" && node.test === "matches" && node.what.node === "parameter")
      checkPattern(plan, node.what.parameter, params);
}

/** The length of a top list. @throws {MillraceError} E_PARAMETER when a parameter gives none. */
export function topCountOf(plan: AggregationPlan, count: number | ParameterMark, params: ParamValues): number {
  if (typeof count === "number") return count;
  const name = plan.paramNames.get(count) ?? "";
  const value = params[name];
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= topCountMax) return value;
  throw refused(name, `it counts a top list and is ${String(value)}; pass -p ${name}= with 1 to ${topCountMax}`);
}

function checkPattern(plan: AggregationPlan, mark: ParameterMark, params: ParamValues): void {
  const name = plan.paramNames.get(mark) ?? "";
  try {
    compilePattern(String(params[name]));
  } catch (thrown) {
    throw isMillraceError(thrown) ? refused(name, thrown.message.replace(/^Cannot use /u, ""), thrown) : thrown;
  }
}

function refused(name: string, reason: string, cause?: unknown): MillraceError {
  return new MillraceError("E_PARAMETER", `Cannot use parameter ${quote(name)}: ${reason}`, {
    details: { parameter: name },
    ...(cause === undefined ? {} : { cause }),
  });
}

function expressionsOf({ where, counters, groupings }: AggregationPlan): readonly ExpressionNode[] {
  return [
    where,
    ...counters.map(({ condition }) => condition),
    ...groupings.flatMap((grouping) => [
      grouping.where,
      grouping.having,
      ...grouping.keys.map(({ node }) => node),
      ...grouping.parts.flatMap(({ columns }) => columns),
    ]),
  ].filter((node) => node !== undefined);
}
