// `millrace verify`: every file of an output against its manifest.

import { MillraceError, quote } from "@millrace/core";
import type { ManifestPart } from "@millrace/core";
import { createDefaultStorages, outputUriOf, verifyOutput } from "@millrace/storage";
import { escapeText } from "../output/escape-text.ts";
import { formatBytes, formatCount } from "../output/units.ts";
import { reportError } from "../report-error.ts";
import { terminalOf } from "../run-command.ts";

/** Check an output. */
export async function verifyCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const output = String(positional[0]);
  const storage = createDefaultStorages(process.env);
  const uri = outputUriOf(output, process.cwd());
  if ((await storage.status(uri)) === undefined) {
    throw new MillraceError(
      "E_INPUT_MISSING",
      `Cannot verify ${quote(output)}: there is no such directory; check the path`,
    );
  }
  const report = await verifyOutput(storage, uri);
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(report)}\n`);
  for (const { name, problem } of report.problems) terminal.error(`${escapeText(name)} ${problem}`);
  if (!report.ok) {
    const failure = new MillraceError(
      "E_VERIFY",
      `Cannot trust the output ${quote(output)}: ${report.problems.length} file(s) do not match its manifest; run the job again`,
    );
    // The report is the document of it: it says itself that the output is not ok.
    return reportError(failure, terminal, false);
  }
  for (const { name, parts, records } of outputTotals(report.manifest?.parts ?? []))
    terminal.note(escapeText(`  ${name}: ${formatCount(records)} records in ${formatCount(parts)} part(s)`));
  terminal.note(
    `${output}: ${report.parts} part(s), ${formatBytes(report.bytes)}, ${formatCount(report.records)} records match the manifest of ${report.manifest?.job ?? ""}`,
  );
  return 0;
}

/** Add up the files of each folder, where there is more than the output's own. The main one first. */
function outputTotals(
  parts: readonly ManifestPart[],
): readonly { readonly name: string; readonly parts: number; readonly records: number }[] {
  const totals = new Map<string, { name: string; parts: number; records: number }>();
  for (const { name, records } of parts) {
    const folder = name.includes("/") ? `${name.slice(0, name.lastIndexOf("/"))}/` : "(main)";
    const total = totals.get(folder) ?? { name: folder, parts: 0, records: 0 };
    totals.set(folder, { name: folder, parts: total.parts + 1, records: total.records + records });
  }
  return totals.size === 1 && totals.has("(main)")
    ? []
    : [...totals.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
