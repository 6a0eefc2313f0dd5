// What attempts printed, as `run` shows it at a job's end: equal texts of one task once, and without the failure that
// the error line has anyway.

import type { PrintedText } from "../embedded/embedded-cluster.ts";
import { escapeLines } from "./escape-text.ts";

/**
 * Describe what was printed, a block for each text.
 *
 * @param failure - the text of the job's failure; "" when it succeeded.
 */
export function describePrinted(printed: readonly PrintedText[], failure: string): readonly string[] {
  const blocks = new Map<string, { readonly first: string; readonly body: string; count: number }>();
  for (const { attempt, text, cut } of printed) {
    const body = withoutFailure(text, failure).trimEnd();
    if (body === "") continue;
    const task = attempt.slice(0, attempt.lastIndexOf("."));
    const shown = `${escapeLines(body)}${cut ? "\n(more was printed)" : ""}`;
    const key = `${task} ${shown}`;
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, { first: attempt, body: shown, count: 1 });
    else block.count += 1;
  }
  return [...blocks.values()].map(
    ({ first, body, count }) => `==> printed by ${first}${count === 1 ? "" : ` (${count} times)`} <==\n${body}`,
  );
}

/** The log of a failed attempt ends with its failure, as `CODE: message`. */
function withoutFailure(text: string, failure: string): string {
  const last = [...text.matchAll(/^E_[A-Z_]+: /gm)].at(-1);
  if (last === undefined) return text;
  const message = text.slice(last.index + last[0].length).trimEnd();
  return failure.includes(message) ? text.slice(0, last.index) : text;
}
