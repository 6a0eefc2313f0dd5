// The last look before publishing: the data directory holds exactly the manifest's files, to the byte.

import { quote } from "../errors/millrace-error.ts";
import { manifestName } from "./commit-names.ts";
import type { CommitOrder } from "./commit-order.ts";

/** Compare a listing with the manifest. @returns the first difference by name; undefined for none. Linear in files. */
export function listingFault(
  order: CommitOrder,
  files: readonly { readonly name: string; readonly bytes: number }[],
): string | undefined {
  const found = new Map(files.map(({ name, bytes }) => [name, bytes]));
  const expected = new Map(order.manifest.parts.map(({ name, bytes }) => [name, bytes]));
  expected.set(manifestName, order.manifestBytes);
  for (const [name, bytes] of expected) {
    const bytesFound = found.get(name);
    if (bytesFound === undefined) return `${quote(name)} is not there`;
    if (bytesFound !== bytes) return `${quote(name)} has ${bytesFound} bytes, not ${bytes}`;
  }
  const stranger = [...found.keys()].find((name) => !expected.has(name));
  return stranger === undefined ? undefined : `${quote(stranger)} does not belong there`;
}
