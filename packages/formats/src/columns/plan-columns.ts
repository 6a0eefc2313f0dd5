// The columns of a text format, from the codecs that its author gave: what each text is parsed as. Columns are found in
// declared order, which is why names that JavaScript would sort by itself are refused.

import { MillraceError, quote } from "@millrace/core";
import { type Columns, object } from "@millrace/sdk";

/** What the text of a column is parsed as. */
export type ColumnKind = "text" | "int" | "double" | "boolean" | "time";

/** One column, ready for a parser. */
export interface PlannedColumn {
  readonly name: string;
  /** Place among the columns, from 0. */
  readonly index: number;
  readonly kind: ColumnKind;
  /** Whether it may be missing, which is `null`. */
  readonly optional: boolean;
}

const kinds: ReadonlySet<unknown> = new Set<ColumnKind>(["text", "int", "double", "boolean", "time"]);
/** Names that mean something to JavaScript or to `JSON.stringify` on any object. */
const reserved: ReadonlySet<string> = new Set(["__proto__", "toJSON", "constructor"]);

/**
 * Make a plan of an author's columns.
 *
 * @throws {MillraceError} E_JOB_INVALID for no columns, a name or a codec that a text format cannot have.
 */
export function planColumns(format: string, columns: Columns): readonly PlannedColumn[] {
  const entries = Object.entries(columns ?? {});
  if (entries.length === 0) throw refused(format, "it has no columns; name at least one");
  // Refuses codecs that were made with a parameter's options.
  object(columns);
  return entries.map(([name, codec], index) => {
    checkName(format, name);
    const { kind, optional } = kindOf(codec.wire);
    if (!isKind(kind)) {
      throw refused(
        format,
        `the column ${quote(name)} has the codec ${JSON.stringify(codec.wire)}; use text(), int(), double(), boolean(), time() or optional() of one`,
      );
    }
    return { name, index, kind, optional };
  });
}

/** Refuse a column name that no record can have. @throws {MillraceError} E_JOB_INVALID. */
export function checkName(format: string, name: string): void {
  if (name === "" || reserved.has(name))
    throw refused(format, `the column name ${quote(name)} is taken by the language; choose another`);
  if (/^(?:0|[1-9]\d*)$/u.test(name)) {
    throw refused(format, `the column name ${quote(name)} is a number, which would lose its place; choose another`);
  }
}

function kindOf(wire: unknown): { readonly kind: unknown; readonly optional: boolean } {
  if (typeof wire === "object" && wire !== null && "optional" in wire) return { kind: wire.optional, optional: true };
  return { kind: wire, optional: false };
}

function isKind(kind: unknown): kind is ColumnKind {
  return kinds.has(kind);
}

function refused(format: string, reason: string): MillraceError {
  return new MillraceError("E_JOB_INVALID", `Cannot use the columns of ${quote(format)}: ${reason}`);
}
