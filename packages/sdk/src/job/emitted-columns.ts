// `emits` of a job: the pairs that columns of its records make, said in data beside the map, which takes the other records.

import { compileExpressions } from "@millrace/data";
import { type ExpressionRules, namesOfParams, tableOf } from "../aggregation/expression-rules.ts";
import { type RowContext, ColumnFinder } from "../aggregation/row-conditions.ts";
import { createExpressionTools } from "../expression/create-tools.ts";
import type { Condition, Expr, Kind } from "../expression/expr.ts";
import type { Params } from "../param/param.ts";
import type { Operator, ShuffleProgram } from "../program/job-program.ts";
import type { MapStep, ParamValues, StepEmit, StepMapContext } from "../program/user-functions.ts";
import { type Emitted, checkEmitted } from "./check-emitted.ts";
import { type DefinitionLike, type Refuse, checkFunction } from "./definition-checks.ts";
import { pairsOf } from "./emitted-plan.ts";

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
