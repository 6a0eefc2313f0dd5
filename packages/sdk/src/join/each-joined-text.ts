// The reduce function of a join of texts.

import type { JoinKind } from "@millrace/data";
import type { Values, Write } from "../job/context.ts";
import { refuseValue, takeOptions, withReadParams } from "../job/read-params.ts";
import { withReducePlan } from "../program/reduce-plan.ts";
import { antiJoin, innerJoin, leftJoin, semiJoin } from "./join-rows.ts";

/** The texts of the two inputs for a key; `V` has the inputs' names. */
export type TextSides<V extends Readonly<Record<string, string>>> = { readonly [N in keyof V]: Values<V[N]> };
type AnySides = TextSides<Readonly<Record<string, string>>>;

const kinds = ["inner", "left", "right", "outer", "semi", "anti"] as const satisfies readonly JoinKind[];

/** What is used of the context. */
interface Parameters {
  readonly params: Readonly<Record<string, unknown>>;
}

/**
 * A reduce function of a join of two inputs whose values are texts: it writes the key, the text of the first input and
 * that of the second, one behind the other, for each two of a key. With the kinds `left`, `right` and `outer` also what the
 * other input does not have, without its text; with `semi` and `anti` the key and each text of the first input that has,
 * or has not, the key in the second.
 *
 * With `textLines()` as output its rows are made of bytes, without a string for one.
 *
 * @param options - `kind` names the parameter, a choice of the six, that says which join it is; an inner one without.
 * @throws {MillraceError} E_JOB_INVALID for options that are no names of parameters.
 * @example
 * ```ts
 * params: { kind: choice("inner", "left", "right", "outer", "semi", "anti", { default: "inner" }) },
 * inputs: {
 *   users: { input: textLines(), value: text(), map: (line, emit) => emit(line.slice(0, 8), line.slice(8)) },
 *   hits: { input: textLines(), value: text(), map: (line, emit) => emit(line.slice(0, 8), line.slice(8)) },
 * },
 * reduce: eachJoinedText({ kind: "kind" }),
 * output: textLines(),
 * ```
 */
export function eachJoinedText(
  options: { readonly kind?: string } = {},
): <V extends Readonly<Record<string, string>>>(
  key: string,
  sides: TextSides<V>,
  emit: Write<string>,
  context: Parameters,
) => void {
  const reads = takeOptions("eachJoinedText", options, { kind: { types: ["choice"], among: kinds } });
  const kindOf = (params: Readonly<Record<string, unknown>>): JoinKind => {
    if (options.kind === undefined) return "inner";
    const given = params[options.kind];
    return kinds.find((kind) => kind === given) ?? refuseValue(reads, "kind", given, `one of ${kinds.join(", ")}`);
  };
  const reduce = (key: string, sides: AnySides, emit: Write<string>, { params }: Parameters): void => {
    emitJoined(kindOf(params), { key, sides, emit });
  };
  return withReducePlan(withReadParams(reduce, reads, kindOf), { kind: "joined-texts", choose: kindOf });
}

function emitJoined(
  kind: JoinKind,
  { key, sides, emit }: { readonly key: string; readonly sides: AnySides; readonly emit: Write<string> },
): void {
  const [first = "", second = ""] = Object.keys(sides);
  if (kind === "semi" || kind === "anti") {
    for (const left of kind === "semi" ? semiJoin(sides, first) : antiJoin(sides, first)) emit(key + left);
    return;
  }
  if (kind === "inner") {
    for (const row of innerJoin(sides)) emit(key + row[first] + row[second]);
    return;
  }
  let isMatched = false;
  for (const row of leftJoin(sides, second)) {
    isMatched = true;
    if (row[first] !== null || kind !== "left") emit(key + (row[first] ?? "") + row[second]);
  }
  if (!isMatched && kind !== "right") for (const left of sides[first] ?? []) emit(key + left);
}
