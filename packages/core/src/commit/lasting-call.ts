// What a storage step leaves behind that a clean-up has to know of.

import type { StorageCall } from "../model/storage-call.ts";

const lasts: Readonly<Record<StorageCall["kind"], boolean>> = {
  "list-inputs": false,
  "inspect-output": false,
  "make-staging": true,
  measure: false,
  place: false,
  "list-files": false,
  "write-file": false,
  publish: true,
  rename: true,
  remove: true,
};

/**
 * Tell whether a step changes more than what lies in the staging directory, which goes away whole: then what was decided
 * has to be durable before it, or nobody clears up after a process that ended there.
 */
export function isLastingCall({ kind }: StorageCall): boolean {
  return lasts[kind];
}
