// Checks where a job's records go: its main output and its named ones.

import { quote } from "@millrace/core";
import type { OutputFormat } from "../format/format.ts";
import type { OutputProgram } from "../program/job-program.ts";
import { type DefinitionLike, type Refuse, checkOutput } from "./definition-checks.ts";
import { kindOf } from "./kind-of.ts";

const outputName = /^[a-z0-9-]{1,64}$/u;

/** Where the records of a job go. */
export interface Destinations {
  readonly outputs: readonly OutputProgram[];
  /** Index of the main output, where there is one. */
  readonly main: number | undefined;
  /** Indexes of the named outputs, by name. */
  readonly named: Readonly<Record<string, number>>;
}

/** Take `output` and `outputs`. There is a main output where it is `required` and where no named one is. */
export function checkDestinations(definition: DefinitionLike, required: boolean, refuse: Refuse): Destinations {
  const formats = checkOutputs(definition["outputs"], refuse);
  const names = Object.keys(formats);
  const needed = required || names.length === 0;
  const hasMain = needed || definition["output"] !== undefined;
  const outputs: OutputProgram[] = hasMain
    ? [{ name: "", format: checkOutput(definition["output"], "output", refuse) }]
    : [];
  const named: Record<string, number> = {};
  for (const name of names) {
    named[name] = outputs.length;
    outputs.push({ name, format: formats[name] as OutputFormat<unknown> });
  }
  return { outputs, main: hasMain ? 0 : undefined, named };
}

/** Take the named outputs: a format for each name. */
export function checkOutputs(outputs: unknown, refuse: Refuse): Readonly<Record<string, OutputFormat<unknown>>> {
  if (outputs === undefined) return {};
  if (typeof outputs !== "object" || outputs === null || Array.isArray(outputs))
    return refuse(`"outputs" is ${kindOf(outputs)}; give an object`);
  const checked: Record<string, OutputFormat<unknown>> = {};
  for (const [name, output] of Object.entries(outputs)) {
    checkOutputName(name, refuse);
    checked[name] = checkOutput(output, `outputs.${name}`, refuse);
  }
  return checked;
}

/** Refuse a name that cannot be a folder below the job's output. */
export function checkOutputName(name: string, refuse: Refuse): void {
  if (outputName.test(name)) return;
  const kebab = name
    .replaceAll(/([a-z0-9])([A-Z])/gu, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/gu, "-")
    .slice(0, 64);
  refuse(
    `the output ${quote(name)} has no usable name, it is a folder below the job's output; use 1 to 64 of a-z, 0-9 and "-"${kebab === "" ? "" : `, such as ${quote(kebab)}`}`,
  );
}
