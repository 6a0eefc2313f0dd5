// Script tests: a file of `command`, `----`, `output` blocks that reads like a story. REWRITE=1 writes the outputs anew;
// the difference in version control then shows what a change means.

import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";

/** One block of a script. */
export interface ScriptBlock {
  /** Comment lines (`# …`) and blank lines before the command. */
  readonly lead: string;
  /** The command's lines, without the `----`. */
  readonly command: string;
  readonly output: string;
}

/** Split a script into blocks: command lines up to `----`, then output up to the next empty line. */
export function parseScript(text: string): readonly ScriptBlock[] {
  const blocks: ScriptBlock[] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    const lead: string[] = [];
    while (at < lines.length && /^(#.*)?$/.test(lines[at] ?? "")) lead.push(lines[at++] ?? "");
    if (at >= lines.length) break;
    const command: string[] = [];
    while (at < lines.length && lines[at] !== "----") command.push(lines[at++] ?? "");
    at += 1;
    const output: string[] = [];
    while (at < lines.length && lines[at] !== "") output.push(lines[at++] ?? "");
    blocks.push({ lead: lead.join("\n"), command: command.join("\n"), output: output.join("\n") });
  }
  return blocks;
}

/**
 * Register one test for a script file: each command is run in order and must print its output.
 * @param run performs one command on the state that the caller keeps for this file. @returns what it prints.
 */
export function scriptTest(file: string, makeRun: () => (command: string) => string): void {
  it(`script ${file.slice(file.lastIndexOf("/") + 1)}`, () => {
    const run = makeRun();
    const blocks = parseScript(readFileSync(file, "utf8"));
    const got = blocks.map((block) => ({ ...block, output: run(block.command).trimEnd() }));
    if (process.env["REWRITE"] === "1") writeFileSync(file, printScript(got));
    else expect(printScript(got)).toBe(printScript(blocks));
  });
}

function printScript(blocks: readonly ScriptBlock[]): string {
  return blocks
    .map(
      ({ lead, command, output }) =>
        `${lead === "" ? "" : `${lead}\n`}${command}\n----\n${output === "" ? "" : `${output}\n`}`,
    )
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n");
}
