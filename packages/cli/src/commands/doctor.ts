// `millrace doctor`: is this machine set up, and do the storages that jobs would use do what jobs need? Each check says
// what it found, and what to do when it is not well.

import { createDefaultStorages } from "@millrace/storage";
import type { Check } from "../doctor/check.ts";
import { CheckList } from "../doctor/check.ts";
import { checkDirectory } from "../doctor/check-directory.ts";
import { checkHdfs } from "../doctor/check-hdfs.ts";
import { checkMachine } from "../doctor/check-machine.ts";
import { uriOf } from "../fs/named-files.ts";
import { escapeText } from "../output/escape-text.ts";
import type { Terminal } from "../output/terminal.ts";
import { terminalOf } from "../run-command.ts";

/** Check this machine and each directory. @returns 1 when a check failed. */
export async function doctorCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const words = positional[0] as readonly string[];
  const terminal = terminalOf(flags);
  const list = new CheckList();
  const storage = createDefaultStorages(process.env);
  await checkMachine(list, process.env);
  const clusters = new Map<string, boolean>();
  for (const word of words.length === 0 ? ["."] : words) {
    const uri = uriOf(word);
    const cluster = /^(?:hdfs|s?webhdfs):\/\/[^/]*/u.exec(uri)?.[0];
    if (cluster !== undefined && !clusters.has(cluster)) clusters.set(cluster, await checkHdfs(list, uri, process.env));
    if (cluster === undefined || clusters.get(cluster) === true) await checkDirectory(list, storage, uri);
  }
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(list.checks)}\n`);
  else print(list.checks, terminal);
  return list.checks.some(({ state }) => state === "failed") ? 1 : 0;
}

const colours = { ok: "green", warning: "yellow", failed: "red", skipped: "dim" } as const;

/** One line a check below its subject, and what to do below that. */
function print(checks: readonly Check[], terminal: Terminal): void {
  let subject = "";
  for (const check of checks) {
    if (check.subject !== subject) terminal.data(`${escapeText(check.subject)}\n`);
    subject = check.subject;
    const state = terminal.style(colours[check.state], check.state.padEnd(7));
    terminal.data(`  ${state}  ${escapeText(`${check.name}: ${check.detail}`)}\n`);
    if (check.next !== undefined) terminal.data(`           next: ${escapeText(check.next)}\n`);
  }
  const count = (state: string): number => checks.filter((check) => check.state === state).length;
  terminal.note(
    `${count("ok")} ok, ${count("warning")} warning(s), ${count("failed")} failed, ${count("skipped")} skipped`,
  );
}
