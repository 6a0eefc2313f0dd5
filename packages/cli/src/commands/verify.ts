// `millrace verify`: every file of an output against its manifest.

import { MillraceError } from "@millrace/core";
import { createLocalStorage, toUri, verifyOutput } from "@millrace/storage";
import { formatBytes, formatCount } from "../output/units.ts";
import type { GlobalFlags } from "../run-command.ts";
import { terminalOf } from "../run-command.ts";

/** Check an output. */
export async function verifyCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const output = String(positional[0]);
  const result = await verifyOutput(createLocalStorage(), toUri(output));
  const terminal = terminalOf(flags as GlobalFlags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(result)}\n`);
  for (const problem of result.problems) terminal.error(`${problem.name}: ${problem.text}`);
  if (result.problems.length > 0) {
    throw new MillraceError(
      "E_VERIFY",
      `Cannot trust the output ${JSON.stringify(output)}: ${result.problems.length} file(s) do not match its manifest; run the job again`,
    );
  }
  terminal.note(
    `${output}: ${result.files} part(s), ${formatBytes(result.bytes)}, ${formatCount(result.records)} records match the manifest of ${result.job}`,
  );
  return 0;
}
