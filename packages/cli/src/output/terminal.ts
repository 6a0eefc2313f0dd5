// Where output goes: stdout is data, stderr is everything else. One object, handed to every command, so that tests
// and the demo can catch what is printed.

import { styleText } from "node:util";

/** What commands print to. */
export interface Terminal {
  /** Print data to stdout, exactly as given. */
  readonly data: (text: string) => void;
  /** Print one line for people to stderr, unless `--quiet`. */
  readonly note: (line: string) => void;
  /** Print one line to stderr, always. */
  readonly error: (line: string) => void;
  /** Whether progress is wanted at all: neither `--no-progress` nor `--quiet`. */
  readonly progress: boolean;
  /** Whether the last progress text can be replaced; else each change of it is a line. */
  readonly interactive: boolean;
  readonly raw: (text: string) => void;
  readonly style: (format: "bold" | "dim" | "green" | "red" | "yellow" | "cyan", text: string) => string;
}

/** How the process was told to print. */
export interface TerminalOptions {
  readonly quiet: boolean;
  readonly progress: boolean;
}

/** Make the terminal of this process. Colours only on a terminal that wants them (`NO_COLOR`, `FORCE_COLOR`). */
export function createTerminal(options: TerminalOptions): Terminal {
  const progress = options.progress && !options.quiet;
  const interactive = process.stderr.isTTY && progress && process.env["TERM"] !== "dumb";
  return {
    data: (text) => void process.stdout.write(text),
    note: (line) => {
      if (!options.quiet) process.stderr.write(`${line}\n`);
    },
    error: (line) => void process.stderr.write(`${line}\n`),
    progress,
    interactive,
    raw: (text) => void process.stderr.write(text),
    style: (format, text) => styleText(format, text, { stream: process.stderr, validateStream: true }),
  };
}
