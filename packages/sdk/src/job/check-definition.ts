// Checks a job's definition when it is made, for authors whom no compiler told, and fills in its defaults.

import { MillraceError, limits, nearestName, quote } from "@millrace/core";
import { type Aggregator, type Codec, type KeyCodec, isKeyCodec, textCodec } from "@millrace/data";
import { withoutOptions } from "../codec/compound.ts";
import { type InputFormat, type OutputFormat, inputSymbol, outputSymbol } from "../format/format.ts";
import type { Param } from "../param/param.ts";
import type { JobParts, ReduceStep } from "./job-parts.ts";

/** A definition before anything is known about it. */
export type DefinitionLike = Readonly<Record<string, unknown>>;

const properties = ["name", "params", "setup", "input", "key", "value", "map", "combine", "reduce", "output"];
const paramName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/u;

/** Check a definition. @throws {MillraceError} E_JOB_INVALID with the part to change. */
export function checkDefinition(definition: DefinitionLike): JobParts {
  const name = checkName(definition["name"]);
  const refuse = (reason: string): never => {
    throw new MillraceError("E_JOB_INVALID", `Cannot define job ${quote(name)}: ${reason}`);
  };
  for (const property of Object.keys(definition)) {
    if (properties.includes(property)) continue;
    const nearest = nearestName(property, properties);
    refuse(
      `it has no property ${quote(property)}; ${nearest === undefined ? `the properties are ${properties.join(", ")}` : `did you mean ${quote(nearest)}?`}`,
    );
  }
  const setup = checkFunction(definition, "setup", refuse);
  const map =
    checkFunction(definition, "map", refuse) ?? refuse('"map" is missing; give a function (record, emit, context)');
  return {
    name,
    params: checkParams(definition["params"], refuse),
    ...(setup === undefined ? {} : { setup: setup as NonNullable<JobParts["setup"]> }),
    input: checkFormat(definition, "input", inputSymbol, refuse) as InputFormat<unknown>,
    map: map as JobParts["map"],
    reduce: checkReduce(definition, refuse),
    output: checkFormat(definition, "output", outputSymbol, refuse) as OutputFormat<unknown>,
  };
}

type Refuse = (reason: string) => never;

function checkName(name: unknown): string {
  if (typeof name !== "string")
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot define a job: its name is ${name === undefined ? "missing" : `a ${typeof name}`}; give it a text`,
    );
  if (name.length === 0 || name.length > limits.jobNameCharactersMax) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot define job ${quote(name)}: its name has ${name.length} characters; give it 1 to ${limits.jobNameCharactersMax}`,
    );
  }
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(name)) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot define job ${quote(name)}: its name has characters that cannot be shown; use printable ones`,
    );
  }
  return name;
}

function checkFunction(definition: DefinitionLike, property: string, refuse: Refuse): unknown {
  const value = definition[property];
  if (value !== undefined && typeof value !== "function") refuse(`"${property}" is ${kindOf(value)}; give a function`);
  return value;
}

function checkFormat(
  definition: DefinitionLike,
  property: "input" | "output",
  symbol: symbol,
  refuse: Refuse,
): unknown {
  const value = definition[property];
  if (typeof value === "object" && value !== null && symbol in value) return (value as Record<symbol, unknown>)[symbol];
  const hint =
    typeof value === "function"
      ? "call it, as in textLines()"
      : property === "input"
        ? "give one such as textLines()"
        : "give one such as textTable()";
  return refuse(
    value === undefined
      ? `"${property}" is missing; ${hint}`
      : `"${property}" is ${kindOf(value)}, no ${property} format; ${hint}`,
  );
}

function checkParams(params: unknown, refuse: Refuse): JobParts["params"] {
  if (params === undefined) return {};
  if (typeof params !== "object" || params === null) return refuse(`"params" is ${kindOf(params)}; give an object`);
  for (const [name, param] of Object.entries(params)) {
    if (!paramName.test(name))
      refuse(
        `the parameter ${quote(name)} has no usable name; use a letter, then up to 63 letters, digits, "_" or "-"`,
      );
    if (!isParam(param))
      refuse(
        `the parameter ${quote(name)} is ${kindOf(param)}; declare it with text(), int(), double(), boolean(), time() or choice()`,
      );
  }
  return params as JobParts["params"];
}

function checkReduce(definition: DefinitionLike, refuse: Refuse): ReduceStep {
  const { reduce, value } = definition;
  const combine = checkFunction(definition, "combine", refuse);
  if (reduce === undefined) {
    for (const property of ["key", "value", "combine"])
      if (definition[property] !== undefined)
        refuse(`"${property}" is there without "reduce"; add a reduce, or leave it out`);
    return { kind: "none" };
  }
  const key = checkKey(definition["key"], refuse);
  if (value !== undefined && !isCodec(value)) refuse(`"value" is ${kindOf(value)}, no codec; give one such as int()`);
  if (isAggregator(reduce)) {
    if (combine !== undefined) refuse('"combine" is there with an aggregator, which combines by itself; leave it out');
    return { kind: "aggregator", key, aggregator: reduce };
  }
  if (typeof reduce !== "function")
    return refuse(`"reduce" is ${kindOf(reduce)}; give a function or an aggregator such as sum()`);
  if (value === undefined) return refuse('a reduce function needs "value": a codec beside it, such as value: int()');
  type Run = Extract<ReduceStep, { kind: "function" }>["run"];
  return {
    kind: "function",
    key,
    value: withoutOptions(value),
    run: reduce as Run,
    ...(combine === undefined ? {} : { combine: combine as Run }),
  };
}

function checkKey(key: unknown, refuse: Refuse): KeyCodec<unknown> {
  if (key === undefined) return textCodec as unknown as KeyCodec<unknown>;
  if (!isCodec(key)) return refuse(`"key" is ${kindOf(key)}, no codec; give one such as text()`);
  if (!isKeyCodec(key))
    return refuse(
      `"key" is ${JSON.stringify(key.wire)}, which has no order; use a codec such as text(), int() or a tuple() of them`,
    );
  return withoutOptions(key);
}

function isCodec(value: unknown): value is Codec<unknown> {
  return typeof value === "object" && value !== null && "encodeTo" in value && "decodeFrom" in value && "wire" in value;
}

function isAggregator(value: unknown): value is Aggregator<unknown, unknown> {
  return typeof value === "object" && value !== null && "present" in value && "merge" in value && "stateBytes" in value;
}

function isParam(value: unknown): value is Param<unknown> {
  return typeof value === "object" && value !== null && "parse" in value && "description" in value;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
