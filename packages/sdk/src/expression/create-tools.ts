// What expressions need from an attempt: the job's parameters, side tables, patterns and time zones.

import type { ExpressionTools, ParameterMark } from "@millrace/data";
import type { SetupContext } from "../job/context.ts";
import type { ParamValues } from "../program/user-functions.ts";
import { compilePattern } from "./re2-pattern.ts";
import { readSideTable } from "./read-side-table.ts";
import { openTimeZone } from "./time-zone.ts";

/**
 * Make the tools of an attempt.
 *
 * @param names - of the parameters.
 */
export function createExpressionTools(
  names: ReadonlyMap<ParameterMark, string>,
  context: Pick<SetupContext<ParamValues>, "params" | "file">,
): ExpressionTools {
  return {
    parameter: (mark: ParameterMark) => context.params[names.get(mark) ?? ""] as string | number | boolean,
    pattern: compilePattern,
    // Several expressions often share a zone or a table.
    zone: once(openTimeZone),
    sideTable: once((table) => readSideTable(table, context.file(table.file))),
  };
}

/** Make each answer once. */
function once<K, T>(make: (of: K) => T): (of: K) => T {
  const made = new Map<K, T>();
  return (of) => {
    const known = made.get(of);
    if (known !== undefined) return known;
    const fresh = make(of);
    made.set(of, fresh);
    return fresh;
  };
}
