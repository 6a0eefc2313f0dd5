// Where Millrace keeps what must outlive a process, by the XDG base directory rules.

import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Give the directory of this user's state: `$XDG_STATE_HOME/millrace` or `~/.local/state/millrace`. */
export function stateHome(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment["XDG_STATE_HOME"];
  return join(home !== undefined && isAbsolute(home) ? home : join(homedir(), ".local", "state"), "millrace");
}
