// What expressions need from outside: values of parameters, regular expressions, time zones, side tables.

import type { ExpressionValue, ParameterMark, SideTableNode } from "./expression.ts";
import type { TimeZone } from "./floor-time.ts";

/** A row of a side table by column name. */
export type SideRow = Readonly<Record<string, ExpressionValue>>;

/** Given once for each attempt. */
export interface ExpressionTools {
  /** The value of a parameter; never missing. */
  readonly parameter: (parameter: ParameterMark) => Exclude<ExpressionValue, null>;
  /** Make the test whether a text matches somewhere. @throws what the engine throws for a pattern that RE2 refuses. */
  readonly pattern: (pattern: string) => (text: string) => boolean;
  /** Look a zone up by its name, which is known to exist; never asked for `UTC`. */
  readonly zone: (name: string) => TimeZone;
  /** Make the function that finds a row by its key; undefined where there is none. */
  readonly sideTable: (table: SideTableNode) => (key: Exclude<ExpressionValue, null>) => SideRow | undefined;
}
