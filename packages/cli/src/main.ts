// Entry of the `millrace` command: parse, run, give the exit code. Usage errors exit with 2, as the error table says.

import { CommanderError } from "commander";
import type { Command } from "commander";
import { exitAfterWrites, watchStream } from "./output/dead-pipe.ts";
import { createProgram } from "./program.ts";

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
  overrideExits(program);
  try {
    await program.parseAsync(wordsOf(argv), { from: "user" });
    return exit;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    throw thrown;
  }
}

/** Give the words to parse: without any, help is wanted; `--version` is the command of that name, with its flags. */
function wordsOf(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first === undefined) return ["--help"];
  return first === "--version" || first === "-V" ? ["version", ...rest] : [...argv];
}

/** Make every command throw instead of ending the process, and print its errors in our form. */
function overrideExits(command: Command): void {
  command.exitOverride();
  command.configureOutput({
    outputError: (text, write) => {
      const [first = "", ...rest] = text
        .trim()
        .replace(/^error: /, "")
        .split("\n");
      // Other commands of the trade write it so.
      const suggested = first === "unknown option '--json'" ? ["(Did you mean -o json?)"] : rest;
      const hint = suggested.length > 0 ? ` ${suggested.join(" ")}` : "";
      write(
        `error Cannot read the command line: ${first}${hint}; see \`millrace ${command.name() === "millrace" ? "" : `${pathOf(command)} `}--help\` [E_USAGE]\n`,
      );
    },
  });
  for (const child of command.commands) overrideExits(child);
}

function pathOf(command: Command): string {
  const parent = command.parent;
  return parent === null || parent.name() === "millrace" ? command.name() : `${pathOf(parent)} ${command.name()}`;
}
