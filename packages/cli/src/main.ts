// Entry of the `millrace` command: parse, run, give the exit code. Usage errors exit with 2, as the error table says.

import { CommanderError } from "commander";
import type { Command } from "commander";
import { MillraceError } from "@millrace/core";
import { exitAfterWrites, watchStream } from "./output/dead-pipe.ts";
import { createProgram } from "./program.ts";
import { reportError } from "./report-error.ts";
import { terminalOf } from "./run-command.ts";

/** Run the command line. @param argv without node and script. @returns the exit code. */
export async function runCli(argv: readonly string[]): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) watchStream(stream);
  const exit = await runProgram(argv);
  // What comes of the last write is told a turn later; an error of a stream then ends the process with this code.
  process.exitCode = exit;
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
  return exitAfterWrites(exit);
}

async function runProgram(argv: readonly string[]): Promise<number> {
  let exit = 0;
  const program = createProgram((code) => {
    exit = code;
  });
  let refusal: string | undefined;
  overrideExits(program, (message) => {
    refusal = message;
  });
  try {
    await program.parseAsync(wordsOf(argv), { from: "user" });
    return exit;
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return 0;
    if (refusal === undefined) return 2;
    return reportError(new MillraceError("E_USAGE", refusal), terminalOf({}), wantsJson(argv));
  }
}

/** Tell whether a command line that cannot be read asks for JSON: its flags are not known then. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, index) =>
      ["-ojson", "--output=json"].includes(word) ||
      (word === "json" && ["-o", "--output"].includes(argv[index - 1] ?? "")),
  );
}

/** Give the words to parse: without any, help is wanted; `--version` is the command of that name, with its flags. */
function wordsOf(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first === undefined) return ["--help"];
  return first === "--version" || first === "-V" ? ["version", ...rest] : [...argv];
}

/** Make every command throw instead of ending the process, and tell what it refuses in our words. */
function overrideExits(command: Command, refuse: (message: string) => void): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (text) => {
      const [first = "", ...rest] = text
        .trim()
        .replace(/^error: /, "")
        .split("\n");
      // Other commands of the trade write it so.
      const suggested = first === "unknown option '--json'" ? ["(Did you mean -o json?)"] : rest;
      const hint = suggested.length > 0 ? ` ${suggested.join(" ")}` : "";
      refuse(
        `Cannot read the command line: ${first}${hint}; see \`millrace ${command.name() === "millrace" ? "" : `${pathOf(command)} `}--help\``,
      );
    },
  });
  for (const child of command.commands) overrideExits(child, refuse);
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.name() === "millrace" ? command.name() : `${pathOf(parent)} ${command.name()}`;
}
