// The text for an output whose parent takes no new names: what a submission is refused with, and a dry run as well.

import { quote, unquoted } from "../errors/millrace-error.ts";
import { splitUri } from "../commit/commit-names.ts";
import type { WriteDenial } from "../model/storage-call.ts";

/**
 * Say why an output cannot be written: a parent that is missing and one that may not be written are told apart.
 *
 * @param denial - what storage says; absent when it gave no reason.
 */
export function outputDenialText(uri: string, denial?: WriteDenial): string {
  const head = `Cannot write ${quote(uri)}: its parent`;
  if (denial === undefined) return `${head} is missing or not writable; make it, or grant access`;
  const parent = quote(splitUri(uri).parent);
  if (denial.reason === "missing") return `${head} ${parent} is missing; make it, or choose another output`;
  if (denial.reason === "invalid") return `${head} ${parent} is no directory; choose another output`;
  return `${head} ${parent} may not be written, ${unquoted(denial.because)}; grant access to it, or choose another output`;
}
