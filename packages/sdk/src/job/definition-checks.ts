// The checks that the definitions of all forms share, made when a job is defined, for authors whom no compiler told.
// Each refuses in one sentence that names the job, the part and what to do.

import { MillraceError, limits, nearestName, quote } from "@millrace/core";
import { type Aggregator, type Codec, type KeyCodec, isKeyCodec, textCodec } from "@millrace/data";
import { isCodec, withoutOptions } from "../codec/compound.ts";
import { type InputFormat, type OutputFormat, inputSymbol, outputSymbol } from "../format/format.ts";
import type { Param, Params } from "../param/param.ts";
import { kindOf } from "./kind-of.ts";

/** A definition before anything is known about it. */
export type DefinitionLike = Readonly<Record<string, unknown>>;

/** Refuse a definition for a reason: `"map" is missing; give a function`. @throws {MillraceError} E_JOB_INVALID always. */
export type Refuse = (reason: string) => never;

const paramName = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/u;

/**
 * Check a definition's name and the names of its properties.
 *
 * @returns the name, and a way to refuse the rest with it.
 * @throws {MillraceError} E_JOB_INVALID.
 */
export function checkHead(
  definition: unknown,
  properties: readonly string[],
): { readonly definition: DefinitionLike; readonly name: string; readonly refuse: Refuse } {
  if (typeof definition !== "object" || definition === null)
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot define a job: its definition is ${kindOf(definition)}; give an object`,
    );
  const checked = definition as DefinitionLike;
  const name = checkName(checked["name"]);
  const refuse: Refuse = (reason) => {
    throw new MillraceError("E_JOB_INVALID", `Cannot define job ${quote(name)}: ${reason}`);
  };
  checkProperties("it", checked, properties, refuse);
  return { definition: checked, name, refuse };
}

/** Refuse properties that are not of `properties`, with the nearest one. `what` has them: `it`, `the input "users"`. */
export function checkProperties(
  what: string,
  given: DefinitionLike,
  properties: readonly string[],
  refuse: Refuse,
): void {
  for (const property of Object.keys(given)) {
    if (properties.includes(property)) continue;
    const nearest = nearestName(property, properties);
    refuse(
      `${what} has no property ${quote(property)}; ${nearest === undefined ? `the properties are ${properties.join(", ")}` : `did you mean ${quote(nearest)}?`}`,
    );
  }
}

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

/** Take a function, or undefined where there is none. `what` is the property's name, with its place: `map`, `inputs.users.map`. */
export function checkFunction(value: unknown, what: string, refuse: Refuse): unknown {
  if (value !== undefined && typeof value !== "function") refuse(`"${what}" is ${kindOf(value)}; give a function`);
  return value;
}

/** Take the engine's side of an input. */
export function checkInput(value: unknown, what: string, refuse: Refuse): InputFormat<unknown> {
  return checkFormat(
    value,
    { what, kind: "input", symbol: inputSymbol, example: "textLines()" },
    refuse,
  ) as InputFormat<unknown>;
}

/** Take the engine's side of an output. */
export function checkOutput(value: unknown, what: string, refuse: Refuse): OutputFormat<unknown> {
  return checkFormat(
    value,
    { what, kind: "output", symbol: outputSymbol, example: "textTable()" },
    refuse,
  ) as OutputFormat<unknown>;
}

function checkFormat(
  value: unknown,
  wanted: {
    readonly what: string;
    readonly kind: "input" | "output";
    readonly symbol: symbol;
    readonly example: string;
  },
  refuse: Refuse,
): unknown {
  const { what, kind, symbol, example } = wanted;
  if (typeof value === "object" && value !== null && symbol in value) return (value as Record<symbol, unknown>)[symbol];
  const hint = typeof value === "function" ? "call it, as in textLines()" : `give one such as ${example}`;
  return refuse(
    value === undefined ? `"${what}" is missing; ${hint}` : `"${what}" is ${kindOf(value)}, no ${kind} format; ${hint}`,
  );
}

/** Take the parameters. */
export function checkParams(params: unknown, refuse: Refuse): Params {
  if (params === undefined) return {};
  if (typeof params !== "object" || params === null) return refuse(`"params" is ${kindOf(params)}; give an object`);
  for (const [name, param] of Object.entries(params)) {
    if (!paramName.test(name))
      refuse(
        `the parameter ${quote(name)} has no usable name; use a letter, then up to 63 letters, digits, "_" or "-"`,
      );
    if (!isParam(param))
      refuse(
        `the parameter ${quote(name)} is ${kindOf(param)}; declare it with text(), int(), double(), boolean(), time(), choice() or pattern()`,
      );
  }
  return params as Params;
}

/** Refuse numbers whose count is a parameter that the job does not declare as a whole number. */
export function checkNumbers(input: InputFormat<unknown>, params: Params, refuse: Refuse): void {
  const { numbers } = input;
  if (typeof numbers !== "string") return;
  const param = Object.hasOwn(params, numbers) ? params[numbers] : undefined;
  if (param === undefined)
    refuse(
      `its input counts to the parameter ${quote(numbers)}, which "params" does not declare; add ${numbers}: int({ min: 0 }) to it`,
    );
  else if (param.description.type !== "int")
    refuse(
      `its input counts to the parameter ${quote(numbers)}, which is a ${param.description.type}; declare it with int({ min: 0 })`,
    );
}

/** Take a key codec, text where none is given. `what` is the property's name. */
export function checkKey(key: unknown, what: string, refuse: Refuse): KeyCodec<unknown> {
  if (key === undefined) return textCodec as unknown as KeyCodec<unknown>;
  if (!isCodec(key)) return refuse(`"${what}" is ${kindOf(key)}, no codec; ${codecHint(key, "text()")}`);
  if (!isKeyCodec(key))
    return refuse(
      `"${what}" is ${JSON.stringify(key.wire)}, which has no order; use a codec such as text(), int() or a tuple() of them`,
    );
  return withoutOptions(key);
}

/** Take a value codec, or undefined where none is given. */
export function checkValue(value: unknown, what: string, refuse: Refuse): Codec<unknown> | undefined {
  if (value === undefined) return undefined;
  if (!isCodec(value)) return refuse(`"${what}" is ${kindOf(value)}, no codec; ${codecHint(value, "int()")}`);
  return withoutOptions(value);
}

function codecHint(value: unknown, example: string): string {
  return typeof value === "function" ? "call it, as in int()" : `give one such as ${example}`;
}

/** Tell whether a value is an aggregator of pairs. */
export function isAggregator(value: unknown): value is Aggregator<unknown, unknown> {
  return typeof value === "object" && value !== null && "present" in value && "merge" in value && "stateBytes" in value;
}

function isParam(value: unknown): value is Param<unknown> {
  return typeof value === "object" && value !== null && "parse" in value && "description" in value;
}
