// `linesWith` of a job: a map for those lines alone that hold a text. Others need not even be made into strings.

import type { InputFormat } from "../format/format.ts";
import type { Operator } from "../program/job-program.ts";
import type { MapStep, ParamValues } from "../program/user-functions.ts";
import { type Refuse, checkFunction } from "./definition-checks.ts";

/** Check `linesWith`, and make the map that keeps to it. @returns `map` itself when a job has none. */
export function filterLines(
  given: unknown,
  { map, input, refuse }: { readonly map: MapStep; readonly input: InputFormat<unknown>; readonly refuse: Refuse },
): Pick<Operator, "map" | "batch"> {
  const choose = checkFunction(given, "linesWith", refuse) as ((params: ParamValues) => unknown) | undefined;
  if (choose === undefined) return { map };
  if (input.layout?.kind !== "line")
    refuse(
      '"linesWith" is there with an input whose records are no lines; read textLines(), or look at records in map',
    );
  const textOf = (params: ParamValues): string => {
    const text = choose(params);
    return typeof text === "string"
      ? text
      : refuse(`"linesWith" gave ${text === null ? "null" : typeof text}; give a text`);
  };
  // Parameters are one object for all of an attempt.
  let known: { readonly params: ParamValues; readonly text: string } | undefined;
  return {
    map: (line, emit, context) => {
      if (known?.params !== context.params) known = { params: context.params, text: textOf(context.params) };
      return (line as string).includes(known.text) ? map(line, emit, context) : undefined;
    },
    batch: { kind: "lines-with", choose: textOf },
  };
}
