// `emits` of a job: the pairs that columns of its records make, said in data beside the map, which takes the other records.

import {
  type Codec,
  type ColumnKey,
  type ExpressionNode,
  type RowCondition,
  chosenExpression,
  compileExpressions,
  conditionDepthMax,
  isKeyCodec,
  rowKeysMax,
  showExpression,
  wireOfExpression,
} from "@millrace/data";
import {
  type ExpressionRules,
  checkCondition,
  checkExpression,
  namesOfParams,
  tableOf,
} from "../aggregation/expression-rules.ts";
import { type RowContext, ColumnFinder, columnOf, conditionsOf } from "../aggregation/row-conditions.ts";
import { keyOf } from "../aggregation/rows-plan.ts";
import { createExpressionTools } from "../expression/create-tools.ts";
import { type Condition, type Expr, type Kind, isExpr, isScalarWire } from "../expression/expr.ts";
import type { Params } from "../param/param.ts";
import type { PairsChoice } from "../program/batch-plan.ts";
import type { Operator, ShuffleProgram } from "../program/job-program.ts";
import type { MapStep, ParamValues, StepEmit, StepMapContext } from "../program/user-functions.ts";
import { type DefinitionLike, type Refuse, checkFunction, checkProperties, kindOf } from "./definition-checks.ts";

/** A column, or an object of columns by the names of the fields that the codec has. */
export type EmittedValue = Expr<Kind> | Readonly<Record<string, Expr<Kind>>>;

/** The pair that columns of a record make. */
export interface EmittedColumns {
  /** Of which records; of all where it is left out, but for those in which one of the columns is missing. */
  readonly where?: Condition;
  readonly key: EmittedValue;
  readonly value: EmittedValue;
  /** With `orderBy`. */
  readonly order?: Expr<Kind>;
}

/** One value of a pair, encoded in a form. */
interface EmittedPart {
  readonly name: string;
  readonly node: ExpressionNode;
  readonly wire: string;
}

/** Key, value or order: parts by the names of a codec's fields, or the one without a name. */
interface EmittedParts {
  readonly isObject: boolean;
  /** Whether its bytes are those of its parts, one after the other. */
  readonly isTuple: boolean;
  readonly parts: readonly EmittedPart[];
}

interface Emitted {
  readonly where: ExpressionNode | undefined;
  readonly key: EmittedParts;
  readonly value: EmittedParts;
  readonly order: EmittedParts | undefined;
}

/** What stands around `emits`. */
export interface EmittedAround {
  readonly definition: DefinitionLike;
  readonly params: Params;
  readonly map: MapStep;
  readonly shuffle: ShuffleProgram | undefined;
  readonly refuse: Refuse;
}

/** Check `emits`, and make the map and the plan that keep to it. @returns undefined when a job has none. */
export function emittingOperator(around: EmittedAround): Pick<Operator, "map" | "batch"> | undefined {
  const { definition, params, map, shuffle, refuse } = around;
  const choose = checkFunction(definition["emits"], "emits", refuse) as ((params: ParamValues) => unknown) | undefined;
  if (choose === undefined) return undefined;
  if (definition["linesWith"] !== undefined)
    refuse('"linesWith" is there with "emits", which sees all records; leave one of the two out');
  if (shuffle?.pairs.kind !== "value")
    return refuse('"emits" is there without a reduce function; give one, or leave "emits" out');
  const paramNames = namesOfParams(params, refuse);
  const rules: ExpressionRules = { table: tableOf(definition["input"]), paramNames, params, refuse };
  const { key, orderBy, pairs } = shuffle;
  const codecs = { key, value: pairs.value, orderBy };
  // Parameters are one object for all of an attempt.
  let known: { readonly params: ParamValues; readonly emitted: Emitted | undefined } | undefined;
  const emittedOf = (values: ParamValues): Emitted | undefined => {
    if (known?.params !== values) known = { params: values, emitted: checkEmitted(choose(values), codecs, rules) };
    return known.emitted;
  };
  let open: { readonly context: object; readonly emitRecord: EmitRecord | undefined } | undefined;
  return {
    map: (record, emit, context) => {
      if (open?.context !== context) {
        const emitted = emittedOf(context.params);
        open = {
          context,
          emitRecord: emitted === undefined ? undefined : createEmitRecord(emitted, paramNames, context),
        };
      }
      return open.emitRecord?.(record, emit) === true ? undefined : map(record, emit, context);
    },
    batch: {
      kind: "columns",
      choose: (columns, values) => {
        const emitted = emittedOf(values);
        if (emitted === undefined) return { reason: "the map takes all records" };
        const parameter: RowContext["parameter"] = (mark) => values[paramNames.get(mark) ?? ""];
        return pairsOf(emitted, { find: new ColumnFinder(columns), parameter });
      },
    },
  };
}

interface Codecs {
  readonly key: Codec<unknown>;
  readonly value: Codec<unknown>;
  readonly orderBy: Codec<unknown> | undefined;
}

function checkEmitted(given: unknown, { key, value, orderBy }: Codecs, rules: ExpressionRules): Emitted | undefined {
  const { refuse } = rules;
  if (given === undefined) return undefined;
  if (typeof given !== "object" || given === null)
    return refuse(`"emits" gave ${kindOf(given)}; give { key, value } of columns, or undefined for none`);
  const of = given as DefinitionLike;
  checkProperties('what "emits" gives', of, ["where", "key", "value", "order"], refuse);
  if (orderBy === undefined && of["order"] !== undefined)
    refuse('"emits" gives an order, and there is no "orderBy"; leave it out');
  return {
    where: of["where"] === undefined ? undefined : withoutWords("where", of["where"], rules, checkCondition),
    key: checkParts("key", of["key"], key, rules),
    value: checkParts("value", of["value"], value, rules),
    order: orderBy === undefined ? undefined : checkParts("order", of["order"], orderBy, rules),
  };
}

function withoutWords(
  what: string,
  value: unknown,
  rules: ExpressionRules,
  check: typeof checkExpression,
): ExpressionNode {
  const { node, words } = check(value, `emits.${what}`, rules);
  if (words !== undefined)
    rules.refuse(`"emits.${what}" uses words(), of which a record has several; emit them in map`);
  return node;
}

function checkParts(what: string, given: unknown, codec: Codec<unknown>, rules: ExpressionRules): EmittedParts {
  const { refuse } = rules;
  const { wire } = codec;
  const isTuple = isKeyCodec(codec);
  const part = (name: string, value: unknown, form: unknown, place: string): EmittedPart => {
    if (typeof form !== "string" || !isScalarWire(form))
      return refuse(
        `"emits.${place}" is ${JSON.stringify(form)} by its codec; columns make texts, numbers, booleans, times and bytes`,
      );
    const node = withoutWords(place, value, rules, checkExpression);
    const own = wireOfExpression(node);
    if (own !== form && !(own === "int" && form === "double"))
      refuse(`"emits.${place}" is ${showExpression(node)}, ${own}, and its codec is of ${form}; make them the same`);
    return { name, node, wire: form };
  };
  if (isExpr(given) || typeof wire !== "object" || wire === null || Array.isArray(wire))
    return { isObject: false, isTuple, parts: [part("", given, wire, what)] };
  if (typeof given !== "object" || given === null)
    return refuse(`"emits.${what}" is ${kindOf(given)}; give an object of columns, one for each field of its codec`);
  const fields = Object.entries(wire);
  checkProperties(`"emits.${what}"`, given as DefinitionLike, Object.keys(wire), refuse);
  return {
    isObject: true,
    isTuple,
    parts: fields.map(([name, form]) => part(name, (given as DefinitionLike)[name], form, `${what}.${name}`)),
  };
}

/** Emits the pair of a record. @returns false for one that the map is for. */
type EmitRecord = (record: unknown, emit: StepEmit) => boolean;

function createEmitRecord(
  { where, key, value, order }: Emitted,
  names: ExpressionRules["paramNames"],
  context: StepMapContext,
): EmitRecord {
  const groups = [key, value, ...(order === undefined ? [] : [order])];
  const nodes = [
    ...(where === undefined ? [] : [where]),
    ...groups.flatMap(({ parts }) => parts.map(({ node }) => node)),
  ];
  const { evaluate, useRecord } = compileExpressions(nodes, createExpressionTools(names, context));
  let at = 0;
  const holds = where === undefined ? undefined : evaluate[at++];
  const makers = groups.map(({ isObject, parts }) => {
    const of = parts.map(({ name }) => ({ name, evaluate: evaluate[at++] }));
    // Bytes of values are copied at once: one object does for all.
    const made: Record<string, unknown> = {};
    return (): unknown => {
      for (const { name, evaluate: next } of of) {
        const each = next?.() ?? null;
        if (each === null) return null;
        if (!isObject) return each;
        made[name] = each;
      }
      return made;
    };
  });
  const [makeKey, makeValue, makeOrder] = makers;
  return (record, emit) => {
    useRecord(record);
    if (holds !== undefined && holds() !== true) return false;
    const madeKey = makeKey?.();
    const madeValue = makeValue?.();
    if (madeKey === null || madeValue === null) return false;
    if (makeOrder === undefined) emit(madeKey, madeValue);
    else {
      const madeOrder = makeOrder();
      if (madeOrder === null) return false;
      emit(madeKey, madeValue, madeOrder);
    }
    return true;
  };
}

/** The same for kernels. */
function pairsOf({ where, key, value, order }: Emitted, context: RowContext): PairsChoice {
  const conditions = conditionsOf(where, context);
  if (typeof conditions === "string") return { reason: conditions };
  const all = [key, value, ...(order === undefined ? [] : [order])];
  if (!all.every(({ isTuple }) => isTuple)) return { reason: "no kernel writes its codecs" };
  // What chooses the partition of a key with an order is the text as it stands in the record.
  const [only] = key.parts;
  const isText = key.parts.length === 1 && only?.wire === "text" && columnOf(only.node, context) !== undefined;
  if (order !== undefined && (!isText || order.parts.length > 1))
    return { reason: "no kernel orders the values of a key that is no column of texts" };
  const made = all.map(({ parts }) => columnsOf(parts, context));
  const refusal = made.find((each) => typeof each === "string");
  if (refusal !== undefined) return { reason: refusal };
  const [keys = [], values = [], [ordered] = []] = made as readonly (readonly ColumnKey[])[];
  const found = [...keys, ...values, ...(ordered === undefined ? [] : [ordered])];
  const complete = present(conditions, found);
  if (complete.length > conditionDepthMax) return { reason: "its condition is long" };
  const strict = (columns: readonly ColumnKey[]): ColumnKey[] => columns.map((each) => ({ ...each, optional: false }));
  return {
    program: {
      conditions: complete,
      key: strict(keys),
      value: strict(values),
      ...(ordered === undefined ? {} : { order: { ...ordered, optional: false } }),
    },
  };
}

/** Columns as their codecs write them, or why no kernel does. */
function columnsOf(parts: readonly EmittedPart[], context: RowContext): readonly ColumnKey[] | string {
  if (parts.length > rowKeysMax) return `it emits more than ${rowKeysMax} columns as one`;
  const columns: ColumnKey[] = [];
  for (const { node, wire } of parts) {
    const chosen = chosenExpression(node, context.parameter);
    if (chosen === null) return `${showExpression(node)} is missing`;
    const made = keyOf(chosen, context);
    if (typeof made === "string") return made;
    columns.push({ ...made, ...(wire === "double" ? { isDouble: true } : {}) });
  }
  return columns;
}

/** Conditions, and that none of the columns is missing. */
function present(conditions: readonly RowCondition[], columns: readonly ColumnKey[]): readonly RowCondition[] {
  const names = new Set(columns.filter(({ optional }) => optional).map(({ column }) => column));
  const all: (readonly RowCondition[])[] = [...names].map((column) => [
    { operation: "isMissing", column },
    { operation: "not" },
  ]);
  if (conditions.length > 0) all.unshift(conditions);
  return all.length > 1 ? [...all.flat(), { operation: "and", count: all.length }] : all.flat();
}
