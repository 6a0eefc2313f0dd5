// The daemon's log: JSON lines by pino. Nothing in a line can move a terminal's cursor or turn text around, and nothing
// that looks like a token or key leaves the process.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import { pino } from "pino";
import type { Logger } from "pino";

/** Where lines go; a line ends with a newline. */
export interface LogSink {
  write(line: string): unknown;
}

/** Characters that JSON leaves as they are and terminals or editors act upon: C1 controls, DEL, format and bidi marks. */
const acting = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;
/** Tokens and shuffle keys are 64 hexadecimal digits. So are digests, which may go as well. */
const secret = /\b[0-9a-f]{64}\b/gi;

/** Make a line safe. What is replaced stands inside JSON strings alone, so that the line stays JSON. */
export function safeLine(line: string): string {
  return line
    .replace(secret, "[64 digits]")
    .replace(acting, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const levels: readonly string[] = [...Object.keys(pino.levels.values), "silent"];

/** Check a level before it is used. @throws {MillraceError} E_CONFIGURATION for one that is unknown. */
export function requireLogLevel(level: string): void {
  if (levels.includes(level)) return;
  throw new MillraceError(
    "E_CONFIGURATION",
    `Cannot log at the level ${quote(level)}: there is none of that name${didYouMean(level, levels)}; set logLevel to one of ${levels.join(", ")}`,
    { details: { key: "logLevel" } },
  );
}

/** Make the log. @param level one of pino's: `trace` to `fatal`, or `silent`. */
export function createLog(level: string, sink: LogSink): Logger {
  return pino(
    { level, base: { pid: process.pid, name: "coordinator" } },
    { write: (line) => sink.write(safeLine(line)) },
  );
}
