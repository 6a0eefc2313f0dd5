// An input whose columns stand on it as expressions: `log.status`. Makers of formats use it; see `createTable`.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import {
  type KeyCodec,
  type TableMark,
  booleanCodec,
  bytesCodec,
  doubleCodec,
  intCodec,
  optionalCodec,
  textCodec,
  timeCodec,
} from "@millrace/data";
import type { ObjectOf, WiresOf } from "../codec/compound.ts";
import { withoutOptions } from "../codec/compound.ts";
import { checkInputFormat, checkOutputFormat } from "../format/check-format.ts";
import {
  type Input,
  type InputFormat,
  type Output,
  type OutputFormat,
  inputSymbol,
  outputSymbol,
} from "../format/format.ts";
import { type Expr, type KindOf, createExpr, isScalarWire, kindOfWire } from "./expr.ts";

type ScalarForm = "text" | "int" | "double" | "boolean" | "time" | "bytes";
/** No index signature may end up in a format's type: it would turn `log.bites` from an error into a column. */
export type Columns = Readonly<
  // Codecs of any values: only `any` is both in and out.
  // eslint-disable-next-line typescript/no-explicit-any
  Record<string, KeyCodec<any, ScalarForm | { readonly optional: ScalarForm }>>
>;

type ColumnOf<W> = W extends { readonly optional: infer U } ? Expr<KindOf<U>, null> : Expr<KindOf<W>, never>;
type FormOf<W> = W extends { readonly optional: infer U } ? U : W;
/** The columns of an object's wire form: the fields that are scalars, or may be missing ones. */
type FieldColumns<W> = {
  readonly [N in keyof W as [KindOf<FormOf<W[N]>>] extends [never] ? never : N]: ColumnOf<W[N]>;
};
/** The columns that stand on a format of records with wire form `W`: none unless they are objects. */
export type ColumnsOf<W> = [W] extends [readonly unknown[] | string | { readonly optional: unknown }]
  ? unknown
  : FieldColumns<W>;

/** An input of records `R` with columns `C`, which stand on it as expressions. */
export type Table<C extends Columns, R = ObjectOf<C>> = Input<R> & FieldColumns<WiresOf<C>>;

/** Symbol of the mark by which a table's columns know it. */
export const tableSymbol: unique symbol = Symbol.for("millrace.table");

/** What a table knows of itself. */
export interface TableFace {
  readonly mark: TableMark;
  readonly columns: Columns;
  /** Set when each record is itself the one column of this name. */
  readonly record?: string;
}

/** Say how records carry columns. */
export interface TableOptions {
  /** The one column that is the record itself, as in `textLines().line`; records are then no objects. */
  readonly record?: string;
}

/**
 * Make an input, and an output if one is given, on which the columns stand as expressions. A record has the columns as
 * properties of the same name, which may be getters that find the value only when it is read; a missing value is `null`.
 * A column that is not there is refused with the nearest name, for authors whom no compiler told.
 *
 * @throws {MillraceError} E_JOB_INVALID for a column without a name, named `__proto__`, or of a codec that is no scalar.
 */
export function createTable<R, const C extends Columns>(
  input: InputFormat<R>,
  columns: C,
): Input<R> & FieldColumns<WiresOf<C>>;
export function createTable<R, const C extends Columns>(
  input: InputFormat<R>,
  columns: C,
  output: OutputFormat<R>,
  options?: TableOptions,
): Input<R> & Output<R> & FieldColumns<WiresOf<C>>;
export function createTable(
  input: InputFormat<unknown>,
  columns: Columns,
  output?: OutputFormat<unknown>,
  options: TableOptions = {},
): object {
  const mark: TableMark = { name: input.name };
  const face: TableFace = { mark, columns, ...options };
  // Formats that do not say what their records are: what their columns are.
  const wire = wireOfColumns(columns, options);
  const table: Record<string | symbol, unknown> = {
    [inputSymbol]: { wire, ...checkInputFormat(input) },
    [tableSymbol]: face,
  };
  if (output !== undefined) table[outputSymbol] = { wire, ...checkOutputFormat(output) };
  for (const [name, codec] of Object.entries(columns)) table[name] = columnExpr(face, name, codec);
  return new Proxy(table, { get: (target, name) => readColumn(target, name, input.name, columns) });
}

function wireOfColumns(columns: Columns, { record }: TableOptions): unknown {
  if (record !== undefined) return columns[record]?.wire;
  return Object.fromEntries(Object.entries(columns).map(([name, codec]) => [name, codec.wire]));
}

/** The columns of a value's codec: its fields that are scalars, when it is of an object; else none. */
export function columnsOfWire(wire: unknown): Columns {
  if (typeof wire !== "object" || wire === null || Array.isArray(wire)) return {};
  const fields = Object.entries(wire);
  // The wire form of `optional(…)`, which is no object of its own.
  if (fields.length === 1 && "optional" in wire) return {};
  return Object.fromEntries(
    fields.flatMap(([name, form]) => {
      const codec = scalarCodecOf(form);
      return codec === undefined ? [] : [[name, codec]];
    }),
  ) as Columns;
}

const scalarCodecs = {
  text: textCodec,
  int: intCodec,
  double: doubleCodec,
  boolean: booleanCodec,
  time: timeCodec,
  bytes: bytesCodec,
} as const;

/** The codec of a scalar wire form. */
export function scalarCodec(wire: ScalarForm): KeyCodec<unknown, ScalarForm> {
  return scalarCodecs[wire] as KeyCodec<unknown, ScalarForm>;
}

/** The codec of a scalar wire form, or of one that may be missing; undefined for any other. */
export function scalarCodecOf(form: unknown): Columns[string] | undefined {
  if (isScalarWire(form)) return scalarCodec(form);
  const { optional } = (typeof form === "object" && form !== null ? form : {}) as { readonly optional?: unknown };
  return isScalarWire(optional) ? optionalCodec(scalarCodec(optional)) : undefined;
}

function columnExpr(face: TableFace, name: string, codec: Columns[string]): Expr<never> {
  const refuse = (reason: string): never => {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot make the column ${quote(name)} of ${quote(face.mark.name)}: ${reason}`,
    );
  };
  if (name === "" || name === "__proto__") refuse("it has no usable name; give it another");
  const wire = withoutOptions(codec).wire;
  const optional = typeof wire === "object";
  const form = optional ? wire.optional : wire;
  if (!isScalarWire(form))
    return refuse(
      `its codec ${JSON.stringify(wire)} is no scalar; use text(), int(), double(), boolean(), time(), bytes() or optional() of one`,
    );
  const from = face.record === name ? "record" : "property";
  return createExpr(kindOfWire(form) as never, { node: "column", name, wire: form, optional, from, table: face.mark });
}

// What tools and the language itself ask of any object.
const asked = new Set([
  "then",
  "toJSON",
  "constructor",
  "valueOf",
  "toString",
  "asymmetricMatch",
  "nodeType",
  "$$typeof",
]);

function readColumn(
  table: Record<string | symbol, unknown>,
  name: string | symbol,
  format: string,
  columns: Columns,
): unknown {
  if (typeof name === "symbol" || name in table || asked.has(name)) return table[name];
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot use the column ${quote(name)} of ${quote(format)}: there is none of this name${didYouMean(name, Object.keys(columns))}; use one of ${Object.keys(
      columns,
    )
      .map((each) => quote(each))
      .join(", ")}`,
  );
}
