// `millrace version`: what this copy speaks, for comparing machines.

import { dataVersion } from "@millrace/data";
import { millraceVersion } from "../output/versions.ts";
import { terminalOf } from "../run-command.ts";

/** Print versions. */
export async function versionCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const versions = { millrace: millraceVersion(), data: dataVersion, protocol: "v1", node: process.versions.node };
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(versions)}\n`);
  else
    terminal.data(
      `millrace ${versions.millrace} (data version ${versions.data}, protocol ${versions.protocol}, Node ${versions.node})\n`,
    );
  return 0;
}
