// `millrace gen`: files to try things on.

import { existsSync } from "node:fs";
import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { GeneratedKind } from "../gen/generate-files.ts";
import { generateFiles, generatedKinds } from "../gen/generate-files.ts";
import { formatBytes, formatDuration, parseBytes, parseWhole } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

const terabyte = 2 ** 40;

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
  const bytes = parseBytes(String(flags["bytes"]), "--bytes");
  if (bytes > terabyte)
    throw new MillraceError("E_USAGE", `Cannot generate ${formatBytes(bytes)}: more than 1 TiB; choose less`);
  const files = parseWhole(String(flags["files"]), "--files", { min: 1, max: 100_000 });
  const seed = parseWhole(String(flags["seed"]), "--seed", { min: 0, max: 2 ** 32 - 1 });
  const terminal = terminalOf(flags);
  const begun = performance.now();
  const made = generateFiles({ kind: kind as GeneratedKind, out, bytes, files, seed });
  const ms = performance.now() - begun;
  terminal.note(
    `${formatBytes(made.bytes)} in ${made.paths.length} file(s) in ${formatDuration(ms)} (${Math.round(made.bytes / 1e3 / ms)} MB/s)`,
  );
  if (flags["output"] === "json")
    terminal.data(`${JSON.stringify({ paths: made.paths, bytes: made.bytes, ms: Math.round(ms) })}\n`);
  else terminal.data(made.paths.map((path) => `${path}\n`).join(""));
  return 0;
}
