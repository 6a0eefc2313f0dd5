// Tables that are shipped with a job, as side files in CSV or TSV: rows found by the value of one column.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import { type ColumnForm, type SideTableNode, type WireOf, showExpression } from "@millrace/data";
import { withoutOptions } from "../codec/compound.ts";
import { checkFileName } from "../job/check-files.ts";
import { type Expr, type KindOf, createExpr, isScalarWire, kindOfWire } from "./expr.ts";
import { refuseExpression, takeExpression } from "./operand.ts";
import type { Columns } from "./table.ts";

/** Key of the engine's side of a side table. Global, so that two copies of this module agree. */
const sideTableSymbol: unique symbol = Symbol.for("millrace.sideTable");

/** A table in a side file. */
export interface SideTable<out C, out N> {
  readonly columns: C;
  readonly key: N;
  readonly [sideTableSymbol]: SideTableNode;
}

/**
 * Name a table in a side file, which travels with the job: `--file countries.csv=PATH`. CSV (RFC 4180), or TSV when the
 * file's name ends in `.tsv`; its first line names the columns, in any order, and may name more. UTF-8. An empty field of
 * an `optional` column is missing. A key stands in one row at most.
 *
 * @param options - `key`: the column by whose value rows are found; a row without one is never found.
 * @throws {MillraceError} E_JOB_INVALID for columns that cannot be.
 * @example
 * ```ts
 * const countries = sideTable({ file: "countries.csv", columns: { id: text(), country: text() }, key: "id" });
 * ```
 */
export function sideTable<const C extends Columns, N extends keyof C>(options: {
  readonly file: string;
  readonly columns: C;
  readonly key: N;
}): SideTable<C, N> {
  const { file, columns, key } = options;
  const refuse = (reason: string): never => {
    throw new MillraceError("E_JOB_INVALID", `Cannot make a side table of ${quote(file)}: ${reason}`);
  };
  checkFileName(file, refuse);
  if (typeof columns !== "object" || columns === null)
    refuse('"columns" is missing; give an object such as { id: text() }');
  const forms = Object.fromEntries(
    Object.entries(columns).map(([name, codec]): [string, ColumnForm] => {
      const form = formOf(withoutOptions(codec).wire);
      return [
        name,
        form ?? refuse(`the column ${quote(name)} has no text form; use text(), int(), double(), boolean() or time()`),
      ];
    }),
  );
  if (!Object.hasOwn(forms, key))
    refuse(
      `its key is ${quote(String(key))}, none of its columns${didYouMean(String(key), Object.keys(forms))}; name one of them`,
    );
  return { columns, key, [sideTableSymbol]: { file, key: String(key), columns: forms } };
}

function formOf(wire: unknown): ColumnForm | undefined {
  const optional = typeof wire === "object" && wire !== null && "optional" in wire;
  const form = optional ? wire.optional : wire;
  return isScalarWire(form) && form !== "bytes" ? { wire: form, optional } : undefined;
}

/**
 * The value of another column in the row whose key equals `value`; missing when there is no such row, or `value` is.
 *
 * @throws {MillraceError} E_JOB_INVALID when `value` is of another kind than the key, or there is no such column.
 * @example
 * ```ts
 * groupBy: { country: lookup(log.user, countries, "country") },
 * ```
 */
export function lookup<C, N extends keyof C, X extends keyof C>(
  value: Expr<KindOf<WireOf<C[N]>>>,
  table: SideTable<C, N>,
  column: X,
): Expr<KindOf<WireOf<C[X]>>, null> {
  const making = { name: "lookup" };
  if (typeof table !== "object" || table === null || !(sideTableSymbol in table))
    refuseExpression(making, "its second argument is no side table; make one with sideTable()");
  const node = table[sideTableSymbol];
  const name = String(column);
  const form = Object.hasOwn(node.columns, name) ? node.columns[name] : undefined;
  if (form === undefined)
    return refuseExpression(
      making,
      `${quote(node.file)} has no column ${quote(name)}${didYouMean(name, Object.keys(node.columns))}; name one of its columns`,
    );
  const key = takeExpression(making, value);
  const wanted = kindOfWire(node.columns[node.key]?.wire ?? "text");
  takeExpression({ name: "lookup", beside: `${showExpression(key)} in ${quote(node.file)}` }, value, wanted);
  return createExpr(kindOfWire(form.wire) as KindOf<WireOf<C[X]>>, {
    node: "lookup",
    value: key,
    table: node,
    column: name,
    ...form,
  });
}
