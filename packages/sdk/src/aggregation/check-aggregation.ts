// Checks the definition of an aggregation when it is made, for authors whom no compiler told, and puts it in order.

import { quote } from "@millrace/core";
import { type ExpressionNode, groupingCountMax } from "@millrace/data";
import {
  type DefinitionLike,
  type Refuse,
  checkHead,
  checkInput,
  checkNumbers,
  checkParams,
} from "../job/definition-checks.ts";
import { kindOf } from "../job/kind-of.ts";
import type { AggregationPlan } from "./aggregation-plan.ts";
import { checkGrouping } from "./check-grouping.ts";
import { type ExpressionRules, checkCondition, filesOf, namesOfParams, tableOf } from "./expression-rules.ts";

const properties = ["name", "params", "input", "where", "counters", "aggregations"];

/** Check a definition. @throws {MillraceError} E_JOB_INVALID with the part to change. */
export function checkAggregation(given: unknown): AggregationPlan {
  const { definition, name, refuse } = checkHead(given, properties);
  const params = checkParams(definition["params"], refuse);
  const input = checkInput(definition["input"], "input", refuse);
  checkNumbers(input, params, refuse);
  const paramNames = namesOfParams(params, refuse);
  const rules: ExpressionRules = { table: tableOf(definition["input"]), paramNames, params, refuse };
  const where = definition["where"] === undefined ? undefined : checkCondition(definition["where"], "where", rules);
  if (where !== undefined && where.words !== undefined)
    refuse('"where" uses words(), which is a row for each; put that condition into the "where" of a grouping');
  const counters = checkCounters(definition["counters"], rules);
  const groupings = checkGroupings(definition["aggregations"], refuse).map(([each, of], ordinal) =>
    checkGrouping(of, { name: each, ordinal }, rules),
  );
  const nodes = groupings.flatMap((grouping) => [
    ...[grouping.where, grouping.having].filter((node) => node !== undefined),
    ...grouping.keys.map(({ node }) => node),
    ...grouping.parts.flatMap(({ columns }) => columns),
  ]);
  const outer = [...(where === undefined ? [] : [where.node]), ...counters.map(({ condition }) => condition)];
  return {
    name,
    params,
    paramNames,
    input,
    ...(where === undefined ? {} : { where: where.node }),
    counters,
    groupings,
    files: sideFiles([...outer, ...nodes]),
  };
}

const counterNameCharactersMax = 128;

function checkCounters(given: unknown, rules: ExpressionRules): AggregationPlan["counters"] {
  const { refuse } = rules;
  if (given === undefined) return [];
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return refuse(`"counters" is ${kindOf(given)}; give an object of conditions by name`);
  return Object.entries(given).map(([name, value]) => {
    if (name === "" || name.length > counterNameCharactersMax)
      refuse(`a counter has a name of ${name.length} characters; give it 1 to ${counterNameCharactersMax}`);
    const { node, words } = checkCondition(value, `counters.${name}`, rules);
    if (words !== undefined) refuse(`"counters.${name}" uses words(), which is a row for each; count records`);
    return { name, condition: node };
  });
}

function sideFiles(nodes: readonly ExpressionNode[]): readonly string[] {
  return [...new Set(nodes.flatMap((node) => filesOf(node)))];
}

function checkGroupings(given: unknown, refuse: Refuse): readonly (readonly [string, DefinitionLike])[] {
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return refuse(`"aggregations" is ${kindOf(given)}; give an object of { groupBy, reduce, output } by name`);
  const entries = Object.entries(given);
  if (entries.length < 1 || entries.length > groupingCountMax)
    refuse(`"aggregations" has ${entries.length} groupings; give 1 to ${groupingCountMax}`);
  return entries.map(([name, grouping]: readonly [string, unknown]) => {
    if (typeof grouping === "object" && grouping !== null) return [name, grouping as DefinitionLike];
    return refuse(`the aggregation ${quote(name)} is ${kindOf(grouping)}; give { groupBy, reduce, output }`);
  });
}
