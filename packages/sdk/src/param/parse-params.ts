// Job parameters as given, checked against those that the job declares.

import { MillraceError, nearestName, quote } from "@millrace/core";
import type { Param } from "./param.ts";

/**
 * Parse all parameters of a job.
 *
 * @param declared - the job's own, by name.
 * @param given - text by name, as from `-p name=value`.
 * @returns a value for each declared parameter; a fresh object without prototype.
 * @throws {MillraceError} E_PARAMETER for an unknown name (with the nearest known one), a missing value, a text of the
 *   wrong type, or a value that does not fit the others.
 */
export function parseParams(
  declared: Readonly<Record<string, Param<unknown>>>,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  for (const name of Object.keys(given)) if (!Object.hasOwn(declared, name)) throw unknown(name, Object.keys(declared));
  const values: Record<string, unknown> = Object.create(null);
  for (const [name, param] of Object.entries(declared)) {
    const text = Object.hasOwn(given, name) ? given[name] : param.description.default;
    if (text === undefined)
      throw new MillraceError(
        "E_PARAMETER",
        `Cannot use parameter ${quote(name)}: it has no default and was not given; pass -p ${name}=<${param.description.type}>`,
        { details: { parameter: name } },
      );
    values[name] = parseOne(name, param, text);
  }
  for (const [name, param] of Object.entries(declared)) {
    const misfit = param.check?.(values[name], values);
    if (misfit !== undefined)
      throw new MillraceError(
        "E_PARAMETER",
        `Cannot use ${quote(String(values[name]))} as parameter ${quote(name)}: ${misfit}`,
        {
          details: { parameter: name },
        },
      );
  }
  return values;
}

function parseOne(name: string, param: Param<unknown>, text: string): unknown {
  try {
    return param.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    throw new MillraceError("E_PARAMETER", `Cannot use parameter ${quote(name)}: ${thrown.message}`, {
      details: { parameter: name },
      cause: thrown,
    });
  }
}

function unknown(name: string, known: readonly string[]): MillraceError {
  const nearest = nearestName(name, known);
  const hint =
    nearest !== undefined
      ? `did you mean ${quote(nearest)}?`
      : known.length === 0
        ? "the job has none"
        : `the job has ${known.map((each) => quote(each)).join(", ")}`;
  return new MillraceError("E_PARAMETER", `Cannot use parameter ${quote(name)}: the job does not declare it; ${hint}`, {
    details: { parameter: name },
  });
}
