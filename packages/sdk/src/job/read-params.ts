// Parameters that a ready-made function, as `eachWord()` is one, reads by their names. What it is made of is checked when it
// is made, names and kinds of parameters when a job is defined with it, their values when the job is submitted.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { ParamDescription, Params } from "../param/param.ts";
import type { ParamValues } from "../program/user-functions.ts";
import { type DefinitionLike, type Refuse, checkProperties } from "./definition-checks.ts";
import { kindOf } from "./kind-of.ts";

/** What an option of a maker names. */
export interface OptionForm {
  /** Types of the parameters that it may name; of a counter there are none. */
  readonly types?: readonly ParamDescription["type"][];
  /** What the values of a `choice` may be; anything when left out. */
  readonly among?: readonly string[];
  readonly isRequired?: boolean;
  /** Whether `true` or `false` may stand for a name. */
  readonly orBoolean?: boolean;
}

/** A parameter that a function reads. */
interface ReadParam {
  readonly name: string;
  /** The option by which it was named. */
  readonly option: string;
  readonly form: OptionForm;
}

/** All that a function reads. */
export interface ReadParams {
  /** Who made the function: `eachWord`. */
  readonly maker: string;
  readonly reads: readonly ReadParam[];
}

/**
 * Check what a maker of functions is given.
 *
 * @param forms - by the names of its options.
 * @returns which parameters the function reads.
 * @throws {MillraceError} E_JOB_INVALID for options that there are not, are missing or are no names.
 */
export function takeOptions(maker: string, given: unknown, forms: Readonly<Record<string, OptionForm>>): ReadParams {
  const refuse: Refuse = (reason) => {
    throw new MillraceError("E_JOB_INVALID", `Cannot make ${maker}(): ${reason}`);
  };
  const names = Object.keys(forms);
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return refuse(`its options are ${kindOf(given)}; give an object of ${names.join(", ")}`);
  const options = given as DefinitionLike;
  checkProperties("it", options, names, refuse);
  const reads: ReadParam[] = [];
  for (const [option, form] of Object.entries(forms)) {
    const name = options[option];
    const what = form.types === undefined ? "a counter" : "a parameter";
    if (name === undefined) {
      if (form.isRequired === true) refuse(`"${option}" is missing; give the name of ${what}`);
    } else if (typeof name === "string" && name !== "") {
      if (form.types !== undefined) reads.push({ name, option, form });
    } else if (typeof name !== "boolean" || form.orBoolean !== true)
      refuse(
        `"${option}" is ${name === "" ? "an empty text" : kindOf(name)}; give the name of ${what}${form.orBoolean === true ? ", or true or false" : ""}`,
      );
  }
  return { maker, reads };
}

const readParamsSymbol: unique symbol = Symbol.for("millrace.readParams");

/** What a function says of its parameters. */
interface Said extends ReadParams {
  readonly check: (params: ParamValues) => unknown;
}

/**
 * Say of a function which parameters it reads.
 *
 * @param check - throws E_PARAMETER for values with which the function cannot run.
 * @returns the same function.
 */
export function withReadParams<F extends object>(
  run: F,
  reads: ReadParams,
  check: (params: ParamValues) => unknown,
): F {
  const said: Said = { ...reads, check };
  return Object.assign(run, { [readParamsSymbol]: said });
}

/**
 * Check that a job declares what its functions read.
 *
 * @param runs - functions of the job, or what stands in their places.
 * @returns how values are checked when the job is submitted; nothing where no function reads any.
 */
export function checkReadParams(
  runs: readonly unknown[],
  params: Params,
  refuse: Refuse,
): { readonly checkParams?: (values: ParamValues) => void } {
  const all = runs.map(saidOf).filter((said) => said !== undefined);
  for (const { maker, reads } of all) for (const read of reads) checkRead(maker, read, params, refuse);
  if (!all.some(({ reads }) => reads.length > 0)) return {};
  return {
    checkParams: (values) => {
      for (const { check } of all) check(values);
    },
  };
}

function saidOf(run: unknown): Said | undefined {
  return typeof run === "function" ? (run as { [readParamsSymbol]?: Said })[readParamsSymbol] : undefined;
}

function checkRead(maker: string, { name, option, form }: ReadParam, params: Params, refuse: Refuse): void {
  const { types = [], among } = form;
  const param = Object.hasOwn(params, name) ? params[name] : undefined;
  const place = `${maker}() takes its ${option} from the parameter ${quote(name)}`;
  const declaration = declared(form);
  if (param === undefined)
    return refuse(
      `${place}, which "params" does not declare${didYouMean(name, Object.keys(params))}; declare it with ${declaration}`,
    );
  const { type, choices = [] } = param.description;
  if (!types.includes(type)) refuse(`${place}, which is of type ${type}; declare it with ${declaration}`);
  const other = among === undefined ? undefined : choices.find((each) => !among.includes(each));
  if (other !== undefined)
    refuse(`${place}, which may be ${quote(other)}; let it be one of ${among?.join(", ") ?? ""}`);
}

function declared({ types = [], among = [] }: OptionForm): string {
  const words = among.map((word) => JSON.stringify(word)).join(", ");
  return types.map((type) => `${type}(${type === "choice" ? words : ""})`).join(" or ");
}

/** Refuse the value of a parameter. @throws {MillraceError} E_PARAMETER always. */
export function refuseValue({ maker, reads }: ReadParams, option: string, value: unknown, wanted: string): never {
  const name = reads.find((read) => read.option === option)?.name ?? option;
  const shown = typeof value === "string" ? quote(value) : typeof value === "number" ? String(value) : kindOf(value);
  throw new MillraceError(
    "E_PARAMETER",
    `Cannot use parameter ${quote(name)}: ${maker}() takes its ${option} from it, and it is ${shown}; give ${wanted}`,
    { details: { parameter: name } },
  );
}

/**
 * Make what reads a boolean parameter: always false where the option is left out.
 *
 * @returns a function that throws E_PARAMETER for what is no boolean.
 */
export function flagReader(of: ReadParams, option: string): (params: ParamValues) => boolean {
  const name = of.reads.find((each) => each.option === option)?.name;
  if (name === undefined) return () => false;
  return (params) => {
    const value = params[name];
    return typeof value === "boolean" ? value : refuseValue(of, option, value, "true or false");
  };
}
