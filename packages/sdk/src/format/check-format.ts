// Checks of formats when they are made, for authors whom no compiler told: planning goes by what a format declares.

import { MillraceError, limits, nearestName, quote } from "@millrace/core";
import type { InputFormat, OutputFormat } from "./format.ts";

const splittings = ["none", "delimiter", "sync-mark", "numbers"];
const rowKinds = ["pair", "line", "table"];
const framings = ["delimited", "fixed", "events", "sync-mark", "whole-file"];
const extension = /^(?:|[a-z0-9]{1,16}(?:\.[a-z0-9]{1,16})?)$/u;
const nameCharactersMax = 128;
/** A longer delimiter would be looked for in more than one read. */
const delimiterBytesMax = 64;

type Refuse = (reason: string) => never;

/** Check an input format. @returns it. @throws {MillraceError} E_JOB_INVALID with the member to change. */
export function checkInputFormat<F extends InputFormat<unknown>>(format: F): F {
  const { given, refuse } = head(format, "input");
  const splitting = given["splitting"];
  if (splitting === undefined)
    refuse(
      'it has no splitting rule; say how planning may cut a file: splitting: "none" for one task a file, "delimiter" for any place, "numbers" for no file',
    );
  if (!splittings.includes(splitting as string))
    refuse(`its splitting is ${shown(splitting)}; ${choose(splitting, splittings)}`);
  if (typeof given["createReader"] !== "function")
    refuse(`its createReader is ${shown(given["createReader"])}; give a function that makes a reader`);
  if (splitting === "numbers") checkCount(given["numbers"], refuse);
  else checkFraming(given["framing"], splitting as string, refuse);
  checkLayout(given["layout"], given["framing"], refuse);
  return format;
}

/** Check an output format. @returns it. @throws {MillraceError} E_JOB_INVALID with the member to change. */
export function checkOutputFormat<F extends OutputFormat<never>>(format: F): F {
  const { given, refuse } = head(format, "output");
  if (typeof given["extension"] !== "string" || !extension.test(given["extension"]))
    refuse(
      `its extension is ${shown(given["extension"])}; give one of a-z and 0-9 without the dot, such as "csv" or "csv.gz", or ""`,
    );
  if (typeof given["createWriter"] !== "function")
    refuse(`its createWriter is ${shown(given["createWriter"])}; give a function that makes a writer`);
  checkRows(given["rows"], refuse);
  return format;
}

function head(
  format: unknown,
  kind: string,
): { readonly given: Readonly<Record<string, unknown>>; readonly refuse: Refuse } {
  if (typeof format !== "object" || format === null)
    throw new MillraceError("E_JOB_INVALID", `Cannot make an ${kind} format: it is ${shown(format)}; give an object`);
  const given = format as Readonly<Record<string, unknown>>;
  const name = given["name"];
  if (typeof name !== "string" || name === "" || name.length > nameCharactersMax)
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot make an ${kind} format: its name is ${shown(name)}; give a text of 1 to ${nameCharactersMax} characters, such as "json-lines"`,
    );
  return {
    given,
    refuse: (reason) => {
      throw new MillraceError("E_JOB_INVALID", `Cannot make the ${kind} format ${quote(name)}: ${reason}`);
    },
  };
}

function checkCount(numbers: unknown, refuse: Refuse): void {
  if (typeof numbers === "string" ? numbers !== "" : Number.isSafeInteger(numbers) && (numbers as number) >= 0) return;
  refuse(`it counts to ${shown(numbers)}; give numbers: a whole number of 0 or more, or the name of a parameter`);
}

function checkFraming(framing: unknown, splitting: string, refuse: Refuse): void {
  if (typeof framing !== "object" || framing === null)
    return refuse(
      `its framing is ${shown(framing)}; say how records lie in a file, such as framing: { kind: "delimited", delimiter: "line" }`,
    );
  const { kind, delimiter, bytes, startsWith, layout } = framing as Readonly<Record<string, unknown>>;
  if (!framings.includes(kind as string)) refuse(`its framing is of kind ${shown(kind)}; ${choose(kind, framings)}`);
  if (kind === "delimited" && delimiter !== "line" && !isDelimiter(delimiter))
    refuse(`its delimiter is ${shown(delimiter)}; give "line", or a Uint8Array of 1 to ${delimiterBytesMax} bytes`);
  if (
    kind === "fixed" &&
    !(Number.isSafeInteger(bytes) && (bytes as number) >= 1 && (bytes as number) <= limits.recordBytesMax)
  )
    refuse(`its records have ${shown(bytes)} bytes; give a whole number from 1 to ${limits.recordBytesMax}`);
  if (kind === "events" && typeof startsWith !== "function")
    refuse(
      `its startsWith is ${shown(startsWith)}; give a function (bytes, begin, end) that tells whether a line begins an event`,
    );
  if (kind === "sync-mark" && typeof (layout as { open?: unknown } | undefined)?.open !== "function")
    refuse(`its layout is ${shown(layout)}; give an object whose open(head, isWhole) looks at a file's first bytes`);
  if ((kind === "sync-mark") !== (splitting === "sync-mark") && splitting !== "none")
    refuse(
      `its framing is of kind ${shown(kind)} and its splitting ${shown(splitting)}; use splitting: ${kind === "sync-mark" ? '"sync-mark"' : '"delimiter"'}, or "none"`,
    );
  if (kind === "whole-file" && splitting !== "none")
    refuse(`its records are whole files, which splitting ${quote(splitting)} would cut; use splitting: "none"`);
}

/** Kernels take the records of a framing as they lie: a layout of other ones would give other records than the reader. */
function checkLayout(layout: unknown, framing: unknown, refuse: Refuse): void {
  if (layout === undefined) return;
  const { kind, keyBytes, valueBytes } = (layout ?? {}) as Readonly<Record<string, unknown>>;
  const { kind: framed, delimiter, bytes } = (framing ?? {}) as Readonly<Record<string, unknown>>;
  const ofLines: readonly unknown[] = ["line", "log", "json", "metrics", "pattern"];
  const isOfLines = ofLines.includes(kind) && framed === "delimited" && delimiter === "line";
  const isOfPairs = kind === "pair" && framed === "fixed" && bytes === Number(keyBytes) + Number(valueBytes);
  if (!isOfLines && !isOfPairs)
    refuse(
      `its layout is ${shown(kind)} and its framing ${shown(framed)}; leave the layout out, and each record goes through the reader`,
    );
}

/** Kernels write rows as they are said to lie: what they cannot know would be written otherwise than by the writer. */
function checkRows(rows: unknown, refuse: Refuse): void {
  if (rows === undefined) return;
  const { kind, keyBytes, valueBytes } = (rows ?? {}) as Readonly<Record<string, unknown>>;
  if (!rowKinds.includes(kind as string))
    refuse(
      `its rows are of kind ${shown(kind)}; ${choose(kind, rowKinds)}, or leave rows out, and each record goes through the writer`,
    );
  if (kind === "pair" && !(isLength(keyBytes, limits.keyBytesMax) && isLength(valueBytes, limits.recordBytesMax)))
    refuse(
      `its rows have ${shown(keyBytes)} bytes of key and ${shown(valueBytes)} of value; give whole numbers from 0 to ${limits.keyBytesMax} and ${limits.recordBytesMax}`,
    );
}

function isLength(bytes: unknown, max: number): boolean {
  return Number.isSafeInteger(bytes) && (bytes as number) >= 0 && (bytes as number) <= max;
}

function isDelimiter(delimiter: unknown): boolean {
  return delimiter instanceof Uint8Array && delimiter.length >= 1 && delimiter.length <= delimiterBytesMax;
}

function choose(given: unknown, known: readonly string[]): string {
  const nearest = typeof given === "string" ? nearestName(given, known) : undefined;
  return nearest === undefined
    ? `use ${known.map((each) => quote(each)).join(", ")}`
    : `did you mean ${quote(nearest)}?`;
}

function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") return quote(value, 60);
  if (typeof value === "number" || value === null) return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
