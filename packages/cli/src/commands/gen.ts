// `millrace gen`: files to try things on.

import { existsSync } from "node:fs";
import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { GeneratedKind, KindOfFile } from "../gen/generate-files.ts";
import { generateFiles, generatedKinds } from "../gen/generate-files.ts";
import { formatBytes, formatDuration, parseBytes, parseWhole } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

const terabyte = 2 ** 40;
/** Numbers of rows stay whole numbers of JavaScript, whatever follows the first. */
const rowsMax = 2 ** 52;

/** Generate files of a kind. */
export async function genCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const [kind, out] = positional as readonly [string, string];
  if (!Object.hasOwn(generatedKinds, kind)) {
    const known = Object.keys(generatedKinds);
    throw new MillraceError(
      "E_USAGE",
      `Cannot generate ${quote(kind)}: unknown kind${didYouMean(kind, known)}; use one of ${known.join(", ")}`,
    );
  }
  if (existsSync(out))
    throw new MillraceError("E_OUTPUT_EXISTS", `Cannot generate into ${quote(out)}: it exists; choose another name`);
  const rows = rowsOf(kind as GeneratedKind, flags);
  const bytes = rows.bytes ?? parseBytes(String(flags["bytes"]), "--bytes");
  if (bytes > terabyte)
    throw new MillraceError("E_USAGE", `Cannot generate ${formatBytes(bytes)}: more than 1 TiB; choose less`);
  const files = parseWhole(String(flags["files"]), "--files", { min: 1, max: 100_000 });
  const seed = parseWhole(String(flags["seed"]), "--seed", { min: 0, max: 2 ** 32 - 1 });
  const terminal = terminalOf(flags);
  const begun = performance.now();
  const made = generateFiles({ kind: kind as GeneratedKind, out, bytes, files, seed, firstRow: rows.first });
  const ms = performance.now() - begun;
  terminal.note(
    `${formatBytes(made.bytes)} in ${made.paths.length} file(s) in ${formatDuration(ms)} (${Math.round(made.bytes / 1e3 / ms)} MB/s)`,
  );
  if (flags["output"] === "json")
    terminal.data(`${JSON.stringify({ paths: made.paths, bytes: made.bytes, ms: Math.round(ms) })}\n`);
  else terminal.data(made.paths.map((path) => `${path}\n`).join(""));
  return 0;
}

/** What rows are asked for. @throws {MillraceError} E_USAGE for options of rows with a kind of lines, and for a seed of rows. */
function rowsOf(
  kind: GeneratedKind,
  flags: Readonly<Record<string, unknown>>,
): { readonly bytes?: number; readonly first: number } {
  const { rowBytes }: KindOfFile = generatedKinds[kind];
  const rows = flags["rows"] as string | undefined;
  const firstRow = flags["firstRow"] as string | undefined;
  if (rowBytes === undefined) {
    if (rows === undefined && firstRow === undefined) return { first: 0 };
    throw new MillraceError(
      "E_USAGE",
      `Cannot generate rows of ${quote(kind)}: it has lines; use --bytes, and neither --rows nor --first-row`,
    );
  }
  if (String(flags["seed"]) !== "1")
    throw new MillraceError(
      "E_USAGE",
      `Cannot generate ${quote(kind)} with a seed: its rows are the same everywhere; leave out --seed, or choose others by --first-row`,
    );
  const first = firstRow === undefined ? 0 : parseWhole(firstRow, "--first-row", { min: 0, max: rowsMax });
  if (rows === undefined) return { first };
  return { first, bytes: parseWhole(rows, "--rows", { min: 0, max: Math.floor(terabyte / rowBytes) }) * rowBytes };
}
