// A job as a person reads it before using it: parameters, inputs, outputs, and how it is called.

import type { JobProgram } from "@millrace/sdk/engine";
import { usageOf } from "./assign-paths.ts";

/** A parameter with its name, as the job declares it. */
export type NamedParam = { readonly name: string } & JobProgram["params"][string]["description"];

/** A job without anything that is run. */
export interface JobDescription {
  /** The word that stands for it on the command line. */
  readonly name: string;
  readonly description: string;
  /** The jobs of a chain, by name; itself alone else. */
  readonly parts: readonly string[];
  /** In declared order. */
  readonly params: readonly NamedParam[];
  /** `name` is "" for the only input. */
  readonly inputs: readonly { readonly name: string; readonly format: string; readonly numbers?: number | string }[];
  /** `name` is "" for the main output, else a folder below it. */
  readonly outputs: readonly { readonly name: string; readonly format: string; readonly extension: string }[];
  /** Side files that must be given. */
  readonly files: readonly string[];
  /** A command with what must be given. */
  readonly example: string;
}

/** Describe a job. @param word what stands for it on the command line. */
export function describeJob(word: string, description: string, program: JobProgram): JobDescription {
  const params = Object.entries(program.params).map(([name, param]) => ({ name, ...param.description }));
  return {
    name: word,
    description,
    parts: program.parts.map(({ name }) => name),
    params,
    inputs: program.inputs.map(({ name, format: { name: format, splitting, numbers = 0 } }) => ({
      name,
      format,
      ...(splitting === "numbers" ? { numbers } : {}),
    })),
    outputs: program.outputs.map(({ name, format }) => ({ name, format: format.name, extension: format.extension })),
    files: program.files,
    example: exampleOf(word, params, program),
  };
}

/** Say what values a parameter takes: `int`, `int from 1 to 9`, `fast | exact`. */
export function valuesOf({ type, choices, min, max }: NamedParam): string {
  if (choices !== undefined) return choices.join(" | ");
  if (min === undefined && max === undefined) return type;
  if (max === undefined) return `${type} from ${min}`;
  return min === undefined ? `${type} to ${max}` : `${type} from ${min} to ${max}`;
}

function exampleOf(word: string, params: readonly NamedParam[], program: JobProgram): string {
  const readers = program.inputs.filter(({ format }) => format.splitting !== "numbers");
  const needed = params.filter((param) => param.default === undefined);
  return [
    "millrace run",
    usageOf(word, readers),
    ...needed.map(({ name, type, choices }) => `-p ${name}=${choices?.[0] ?? type.toUpperCase()}`),
    ...program.files.map((name) => `--file ${name}=PATH`),
  ].join(" ");
}
