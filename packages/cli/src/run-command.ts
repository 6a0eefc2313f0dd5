// Run one command: failures become one line and an exit code, in one place.

import type { Terminal } from "./output/terminal.ts";
import { createTerminal } from "./output/terminal.ts";
import { reportError } from "./report-error.ts";

/** Flags that every command has. */
export interface GlobalFlags {
  readonly quiet?: boolean;
  readonly progress?: boolean;
  readonly output?: "text" | "json";
}

/** Make the terminal that the flags ask for. */
export function terminalOf(flags: GlobalFlags): Terminal {
  return createTerminal({ quiet: flags.quiet ?? false, progress: flags.progress ?? true });
}

/** Run an action and give the process's exit code. */
export async function runCommand(flags: GlobalFlags, act: () => Promise<number>): Promise<number> {
  try {
    return await act();
  } catch (thrown) {
    return reportError(thrown, terminalOf(flags), flags.output === "json");
  }
}
